"""Tests that would notice a change of a rule: requests at its edges, tried on both policies, written as YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final, cast

from dlp_proxy.detect.sample import sample
from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.verdict import Verdict
from dlp_proxy.policy.conditions import Hosts, When
from dlp_proxy.policy.edges import fitting_host, fitting_sender, like
from dlp_proxy.policy.made import MIME, make_body
from dlp_proxy.policy.policy import Policy, Rule

_HOST: Final = "elsewhere.example"
_USER: Final = "somebody@corp.example"
_PATH: Final = "/elsewhere"
_MOST: Final = 3000
_TRIES: Final = 300

type Judge = Callable[[list[Message]], list[Verdict]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a proposed test."""

    user: str
    host: str
    path: str
    method: str
    record: str = ""
    words: str = ""
    rows: int = 0
    start: int = 0
    unreadable: str = ""

    @property
    def yaml(self) -> str:
        start = f", start: {self.start}" if self.start else ""
        made = f"make: {{record: {self.record}, rows: {self.rows}{start}}}" if self.record else f"body: '{self.words}'"
        why = f", unreadable: {self.unreadable}" if self.unreadable else ""
        method = f", method: {self.method}" if self.method != "POST" else ""
        return f"{{from: {self.user}, to: 'https://{self.host}{self.path}'{method}, {made}{why}}}"


def propose(policy: Policy, rule: Rule, moment: float, ours: Judge, theirs: Judge) -> str:
    """Return a test in YAML on which two policies differ, expecting what the first one answers; empty for none found.

    Args:
        ours: judges messages one after the other by the policy as it is, on empty windows.
        theirs: the same by the changed one.
    """
    for number, steps in enumerate(_candidates(policy, rule)):
        if number >= _TRIES:
            break
        messages = [_message(policy, step, moment + at) for at, step in enumerate(steps)]
        answer, other = ours(messages)[-1], theirs(messages)[-1]
        if _differ(answer, other):
            return _written(rule, steps, answer)
    return ""


def _candidates(policy: Policy, rule: Rule) -> Iterator[tuple[Request, ...]]:
    whens = [rule.when, *(one.when for one in rule.exemptions)]
    hosts = list(dict.fromkeys([*filter(None, map(fitting_host, whens)), _HOST, *_excluded(whens)]))
    senders = [sender for when in whens if (sender := fitting_sender(when)) is not None]
    users = list(dict.fromkeys([*(sender.user for sender in senders), _USER]))
    paths = list(dict.fromkeys([*(like(when.paths[0]) for when in whens if when.paths), _PATH]))
    method = "POST" if not rule.when.methods or "POST" in rule.when.methods else min(rule.when.methods)
    limits = [*rule.ladder.limits, *(limit for one in rule.exemptions if one.ladder for limit in one.ladder.limits)]
    at_once = sorted({1, *(limit.at_least - less for limit in limits if not limit.seconds for less in (0, 1))} - {0})
    over_time = [limit.at_least for limit in limits if limit.seconds and not limit.sharing]
    for host, user, path in product(hosts, users, paths):
        for rows in at_once if rule.find else ():
            if rows <= _MOST:
                yield (_request(policy, rule, Request(user, host, path, method, rows=rows)),)
        for total in over_time if rule.find else ():
            yield from _in_steps(policy, rule, Request(user, host, path, method), total)
        if not rule.find:
            for reason in sorted(rule.when.unreadable):
                yield (Request(user, host, path, method, words="x", unreadable=reason),)


def _in_steps(policy: Policy, rule: Rule, like_this: Request, total: int) -> Iterator[tuple[Request, ...]]:
    for last in (total, total - 1):
        if 1 < last <= _MOST:
            head = _request(policy, rule, _with(like_this, last - 1, 0))
            yield (head, _request(policy, rule, _with(like_this, 1, last - 1)))


def _with(one: Request, rows: int, start: int) -> Request:
    return Request(one.user, one.host, one.path, one.method, rows=rows, start=start)


def _request(policy: Policy, rule: Rule, one: Request) -> Request:
    sought = rule.find[0]
    if sought.record is not None:
        return Request(one.user, one.host, one.path, one.method, sought.name, rows=one.rows, start=one.start)
    spec = policy.detector_specs[sought.name]
    words = " ".join(sample(spec, one.start + number + 1) for number in range(one.rows)) if spec.sample else "x"
    return Request(one.user, one.host, one.path, one.method, words=words.replace("'", "''"), rows=one.rows)


def _excluded(whens: list[When]) -> Iterator[str]:
    for hosts in (when.not_to for when in whens if when.not_to is not None):
        yield from _some(hosts)


def _some(hosts: Hosts) -> list[str]:
    return [*sorted(hosts.exact)[:1], *(f"a{below}" for below in hosts.below[:1])]


def _message(policy: Policy, one: Request, moment: float) -> Message:
    if one.record:
        body = make_body(policy.record_specs[one.record], policy.detector_specs, one.rows, "csv", one.start).body
    else:
        body = one.words.replace("''", "'").encode()
    gaps = (Gap(cast("GapReason", one.unreadable), Location("body")),) if one.unreadable else ()
    kind = MIME["csv" if one.record else "text"]
    return Message(
        uid=f"proposed-{moment}",
        time=moment,
        channel="http",
        principal=Principal(one.user, "declared", "strong", device="test"),
        destination=Destination("https", one.host, 443),
        method=one.method,
        target=one.path,
        headers=((b"host", one.host.encode()), (b"content-type", kind.encode())),
        body=body,
        gaps=gaps,
    )


def _differ(one: Verdict, other: Verdict) -> bool:
    """Tell whether a test that expects `one` fails on `other`; that no exception applies cannot be expected."""
    first, second = (
        next((each for each in verdict.reasons if each.effective == verdict.action), None) for verdict in (one, other)
    )
    if one.action != other.action or first is None or second is None:
        return one.action != other.action
    excused = bool(first.exception) and first.exception != second.exception
    return (first.rule, first.count) != (second.rule, second.count) or excused


def _written(rule: Rule, steps: tuple[Request, ...], answer: Verdict) -> str:
    first = next((one for one in answer.reasons if one.effective == answer.action and one.policy != "default"), None)
    expect = [f"action: {answer.action.word}"]
    if first is not None:
        expect += [f"rule: {first.rule}", f"count: {first.count}"] if first.count else [f"rule: {first.rule}"]
        expect += [f"exception: {first.exception}"] if first.exception else []
    wanted = f"{{{', '.join(expect)}}}"
    last = steps[-1]
    what = f"{last.start + last.rows} {last.record or rule.find[0].name}" if rule.find else last.unreadable
    name = f"{what} from {re.sub(r'[^a-z0-9-]', ' ', last.user.split('@')[0])} to {last.host}{last.path}"
    lines = [f"  - name: '{answer.action.word}: {name}'"]
    if len(steps) == 1:
        lines += [f"    request: {last.yaml}", f"    expect: {wanted}"]
    else:
        lines.append("    steps:")
        lines += [f"      - {{request: {step.yaml}}}" for step in steps[:-1]]
        lines.append(f"      - {{request: {last.yaml}, expect: {wanted}}}")
    return "\n".join(lines)
