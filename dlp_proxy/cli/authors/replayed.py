"""Recorded requests judged by two sets of policies, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final

from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.model.verdict import Action, Verdict
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.attempt import Attempt, Feed
from dlp_proxy.replay.fates import FATES, UNCHANGED, UNDECIDABLE
from dlp_proxy.replay.fates import fate as fate_of
from dlp_proxy.replay.progress import Progress
from dlp_proxy.replay.what_if import customers_of
from dlp_proxy.stores.state_dir import passing_fingerprint

_EXAMPLES: Final = 3
_NAMES: Final = 3


@dataclass(frozen=True, slots=True)
class Replayed:
    """One request and its two answers. `path` has customers masked; `rule` decided, empty for none.

    Attributes:
        rules: rule -> its action of old and of new; empty where it did not match.
        gaps: a part of it could not be inspected.
        customers: fingerprints of whom the rules counted, under a key that ends with this process.
    """

    user: str
    site: str
    method: str
    path: str
    old: str
    new: str
    old_rule: str
    new_rule: str
    fate: str
    rules: Mapping[str, tuple[str, str]]
    gaps: bool
    customers: frozenset[bytes] = frozenset()

    @property
    def says(self) -> str:
        by = f" by {self.new_rule or self.old_rule}" if self.new_rule or self.old_rule else ""
        return f"{self.old} -> {self.new}{by}: {self.user} {self.method} {self.site}{self.path}"


def replay_both(
    old: Policy, new: Policy, messages: Sequence[Message], *, enforced: bool, feed: Feed = "actual"
) -> list[Replayed]:
    """Judge each message by both, each with windows of its own.

    Args:
        enforced: as if every mode were enforce.
        feed: what the windows of `new` count: what was attempted, or only what it let go.
    """
    key = passing_fingerprint()
    pairs = zip(messages, _judged(old, messages, key), _judged(new, messages, key, feed), strict=True)
    return [_replayed(message, before, after, enforced=enforced) for message, before, after in pairs]


def _judged(
    policy: Policy, messages: Sequence[Message], key: Fingerprint, feed: Feed = "actual"
) -> Iterator[Judgement]:
    engine = Engine(policy, key)
    with Progress(None, {}) as progress:
        attempt = Attempt(progress.connection, progress.windows, feed)
        for message in messages:
            yield attempt.of(partial(examine, message, engine, progress.windows), message.time)


def _replayed(message: Message, before: Judgement, after: Judgement, *, enforced: bool) -> Replayed:
    old, new = (_action(one.verdict, enforced=enforced) for one in (before, after))
    old_rule, new_rule = (_decided(one.verdict, enforced=enforced) for one in (before, after))
    was, becomes = (_rules(one.verdict, enforced=enforced) for one in (before, after))
    return Replayed(
        user=message.principal.user,
        site=message.destination.site,
        method=message.method,
        path=after.inspection.path,
        old=old.word,
        new=new.word,
        old_rule=old_rule,
        new_rule=new_rule,
        fate=UNDECIDABLE if _not_there(message) else fate_of(old, new, old_rule, new_rule),
        rules={name: (was.get(name, ""), becomes.get(name, "")) for name in sorted(was.keys() | becomes.keys())},
        gaps=bool(after.inspection.gaps),
        customers=customers_of(before) | customers_of(after),
    )


def _action(verdict: Verdict, *, enforced: bool) -> Action:
    return verdict.would if enforced else verdict.action


def _decided(verdict: Verdict, *, enforced: bool) -> str:
    action = _action(verdict, enforced=enforced)
    return next(
        (one.rule for one in verdict.reasons if (one.action if enforced else one.effective) == action),
        "",
    )


def _rules(verdict: Verdict, *, enforced: bool) -> dict[str, str]:
    return {one.rule: (one.action if enforced else one.effective).word for one in reversed(verdict.reasons)}


def _not_there(message: Message) -> bool:
    """Tell whether the recording did not keep the body, so that nobody knows what either would have said."""
    return bool(message.gaps) and not message.body


def as_rows(replayed: Sequence[Replayed]) -> Iterator[str]:
    """Yield the report for people: requests by fate with examples, then each rule with whom and what it meets."""
    people, sites = ({one.user for one in replayed}, {one.site for one in replayed})
    gaps = sum(one.gaps for one in replayed)
    blind = f"; of {gaps} a part could not be inspected" if gaps else ""
    yield f"on {_many(len(replayed), 'request')} of {_people(people)} to {_many(len(sites), 'site')}{blind}:"
    for fate in FATES:
        some = [one for one in replayed if one.fate == fate]
        if not some and fate != UNCHANGED:
            continue
        customers = len({one for each in some for one in each.customers})
        of = f" with {customers} customers" if customers and fate != UNCHANGED else ""
        yield f"  {fate:<16} {len(some)}{of}{_whom(some)}"
        if fate != UNCHANGED:
            yield from (f"      {one.says}" for one in some[:_EXAMPLES])
            if len(some) > _EXAMPLES:
                yield f"      ... {len(some) - _EXAMPLES} more"
    names = sorted({name for one in replayed for name in one.rules})
    yield "by rule:" if names else "no rule matched"
    for name in names:
        mine = [one for one in replayed if name in one.rules]
        yield f"  {name:<28} {_row(name, mine)}"


def as_plain(replayed: Sequence[Replayed]) -> dict[str, Any]:
    """Return the same for JSON; only the requests that changed are listed."""
    rules = sorted({name for one in replayed for name in one.rules})
    return {
        "requests": len(replayed),
        "not_inspected_whole": sum(one.gaps for one in replayed),
        "fates": {fate: sum(one.fate == fate for one in replayed) for fate in FATES},
        "rules": {name: _rule(name, [one for one in replayed if name in one.rules]) for name in rules},
        "customers": {
            fate: len({one for each in replayed if each.fate == fate for one in each.customers}) for fate in FATES
        },
        "changed": [_plain(one) for one in replayed if one.fate != UNCHANGED],
    }


def _plain(one: Replayed) -> dict[str, Any]:
    return {**asdict(replace(one, customers=frozenset())), "customers": len(one.customers)}


def _rule(name: str, mine: Sequence[Replayed]) -> dict[str, Any]:
    old, new = _counts(name, mine)
    return {
        "old": old,
        "new": new,
        "people": sorted({one.user for one in mine}),
        "sites": sorted({one.site for one in mine}),
    }


def _counts(name: str, mine: Sequence[Replayed]) -> tuple[Counter[str], Counter[str]]:
    old, new = (Counter(one.rules[name][side] for one in mine if one.rules[name][side]) for side in (0, 1))
    return old, new


def _row(name: str, mine: Sequence[Replayed]) -> str:
    old, new = _counts(name, mine)
    words = [action.word for action in Action if old[action.word] or new[action.word]]
    said = ", ".join(
        f"{word} {old[word]} -> {new[word]}" if old[word] != new[word] else f"{word} {new[word]}" for word in words
    )
    changed = [one for one in mine if one.rules[name][0] != one.rules[name][1]]
    return f"{said}{_whom(changed)}" if changed else f"{said}   no change"


def _whom(some: Sequence[Replayed]) -> str:
    if not some:
        return ""
    sites = sorted({one.site for one in some})
    return f"   ({_people({one.user for one in some})} to {_listed(sites)})"


def _people(users: set[str]) -> str:
    known = sorted(users)
    return f"{len(known)} people" if len(known) > _NAMES else _listed(known)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMES]) + (f" and {len(names) - _NAMES} more" if len(names) > _NAMES else "")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
