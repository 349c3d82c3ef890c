"""Tests of limits that nobody needs to write: one fewer than each limit, and exactly as many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.detect.sample import sample
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.policy.conditions import When
from dlp_proxy.policy.made import MIME, make_body
from dlp_proxy.policy.policy import Limit, Policy, Rule
from dlp_proxy.policy.problem import Place

_HOST: Final = "edge-test.example"
_USER: Final = "edge-test"
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Edge:
    """One limit of one rule with two messages: `under` holds one fewer than it, and `one_more` brings it to it.

    `why_not` says why none can be made, where that is so.
    """

    rule: Rule
    number: int
    limit: Limit
    place: Place
    under: Message | None = None
    one_more: Message | None = None
    why_not: str = ""


def edges(policy: Policy, moment: float) -> Iterator[Edge]:
    """Yield an edge for each limit of each rule."""
    for rule in policy.rules:
        written = policy.written("rule", rule.name)
        places = [block.place for block in written.blocks("limits")] if written is not None else []
        for number, (limit, place) in enumerate(zip(rule.ladder.limits, places, strict=True), 1):
            try:
                yield Edge(rule, number, limit, place, *_messages(policy, rule, limit, moment))
            except ValueError as error:
                yield Edge(rule, number, limit, place, why_not=str(error))


def _messages(policy: Policy, rule: Rule, limit: Limit, moment: float) -> tuple[Message, Message]:
    """Return the two messages.

    Raises:
        ValueError: why there can be none.
    """
    if limit.sharing:
        raise ValueError("it counts people; write a test in which several send")
    if limit.at_least > _MOST:
        raise ValueError(f"more than {_MOST} records")
    sender, where, method, path = _fitting(rule.when)
    at_least = limit.at_least
    if limit.seconds:
        bodies = (_body(policy, rule, at_least - 1, 0), _body(policy, rule, 1, at_least - 1))
    else:
        bodies = (_body(policy, rule, at_least - 1, 0), _body(policy, rule, at_least, 0))
    first, second = (
        Message(
            uid=f"edge-{at_least}-{number}",
            time=moment + number,
            channel="http",
            principal=sender,
            destination=where,
            method=method,
            target=path,
            headers=((b"host", where.host.encode()), (b"content-type", MIME["csv" if named else "text"].encode())),
            body=body,
        )
        for number, (body, named) in enumerate(bodies)
    )
    return first, second


def _body(policy: Policy, rule: Rule, count: int, start: int) -> tuple[bytes, bool]:
    """Return a body that holds `count` of what the rule looks for first, and whether it is a table."""
    if rule.areas and "body" not in rule.areas:
        raise ValueError("it does not look in bodies")
    sought = rule.find[0]
    if sought.record is not None:
        return make_body(policy.record_specs[sought.name], policy.detector_specs, count, "csv", start).body, True
    spec = policy.detector_specs[sought.name]
    if not spec.sample:
        raise ValueError(f"detector `{spec.name}` has no sample")
    if count > 1 and "{n" not in spec.sample:
        raise ValueError(f"the sample of detector `{spec.name}` makes one value only; write e.g. `{{n:6}}` into it")
    return "\n\n".join(sample(spec, start + number + 1) for number in range(count)).encode(), False


def _fitting(when: When) -> tuple[Principal, Destination, str, str]:
    """Return a sender, a place, a method and a path for which the conditions hold."""
    if when.unreadable or when.after or when.any_of or when.contents or when.during or when.not_during:
        raise ValueError("its conditions are of a kind that no message is made for")
    if when.size_at_least or when.size_at_most is not None:
        raise ValueError("its conditions ask for a size")
    host, sender = fitting_host(when), fitting_sender(when)
    if not host:
        raise ValueError("no host fits its `to`")
    if sender is None:
        raise ValueError("it speaks of networks")
    path = like(when.paths[0]) if when.paths else "/edge-test"
    method = "POST" if not when.methods or "POST" in when.methods else min(when.methods)
    return sender, Destination("https", host, 443), method, path


def fitting_host(when: When) -> str:
    """Return a host for which `to` and `not_to` hold; empty when there is none by name."""
    hosts = [_HOST]
    if when.to is not None:
        named = sorted(when.to.exact, key=lambda host: (not host.endswith(".example"), host))
        hosts = [*named, *(f"edge-test{below}" for below in when.to.below)]
    return next((one for one in hosts if when.not_to is None or not when.not_to.covers(one)), "")


def fitting_sender(when: When) -> Principal | None:
    """Return a sender for whom `from` holds; None when it speaks of networks only."""
    user, device = _USER, ""
    groups: tuple[str, ...] = ()
    if when.people is not None:
        if when.people.users:
            user = like(when.people.users[0])
        elif when.people.groups:
            groups = tuple(sorted(when.people.groups))[:1]
        elif when.people.devices:
            device = like(when.people.devices[0])
        else:
            return None
    return Principal(user, "declared", "strong", groups=groups, device=device)


def like(glob: re.Pattern[str]) -> str:
    """Return a text that a compiled glob fits."""
    plain = glob.pattern.replace(".*", "edge-test").replace("\\.", "\0").replace(".", "x").replace("\0", ".")
    return re.sub(r"\\(.)", r"\1", plain)
