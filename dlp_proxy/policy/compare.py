"""What is different in meaning between two sets of policies: stricter, looser, the same, or not to be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.grammar import NAMED, RULE_ACTIONS
from dlp_proxy.policy.grammar_of_parts import CONFIDENCES
from dlp_proxy.policy.policy import Policy

type Effect = Literal["stricter", "LOOSER", "same", "unclear"]

_EVERYTHING: Final = frozenset(
    {"to", "from", "method", "path", "content", "during", "look_in", "unit", "any", "unreadable"}
)
"""Lists that hold for everything when they are not there; more in them is more that is covered."""

_AGAINST: Final = frozenset({"not_to", "not_from", "not_during", "values", "patterns", "values_from", "checks", "has"})
"""Lists of which more is less that is covered; none when they are not there."""

_FOR: Final = frozenset(
    {"find", "hosts", "hosts_from", "categories", "networks", "users", "groups", "devices", "words", "words_from", "of"}
)
"""Lists of which more is more that is covered."""

_ORDERED: Final[Mapping[str, Sequence[str]]] = {
    "action": ("allow", *reversed(RULE_ACTIONS)),
    "mode": ("off", "monitor", "enforce"),
    "cannot_ask": ("log", "block"),
    "cannot_redact": ("log", "block"),
}
"""Words by strictness; in a detector, `confidence` goes up with it, in a rule down."""

_SAME: Final = frozenset({
    "description", "owner", "severity", "tags", "references", "notify", "message", "why", "from_incident", "examples",
    "sample", "replace_with", "ask", "choices", "remember", "policy",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` is the thing and the key; `was` or `becomes` is empty for what is new or gone."""

    path: str
    line: int
    what: str
    was: str
    becomes: str
    effect: Effect

    @property
    def row(self) -> str:
        return f"  {self.what:<44} {self.was or '-'} -> {self.becomes or '-'}   {self.effect}"


def compare(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return every difference between two sets, by file and line. What a file is called means nothing."""
    before, after = _named(old), _named(new)
    changes: list[Change] = []
    for kind, name in sorted(before.keys() | after.keys()):
        sign = _sign(kind, name, (old, new))
        was, becomes = before.get((kind, name)), after.get((kind, name))
        if was is None and becomes is not None:
            changes.append(_whole(becomes, "", "new", sign if _acts(becomes) else 0))
        elif becomes is None and was is not None:
            changes.append(_whole(was, "there", "", -sign if _acts(was) else 0))
        elif was is not None and becomes is not None:
            changes += _block(was, becomes, sign, name)
    changes += _modes(old, new)
    return tuple(sorted(changes, key=lambda one: (one.path, one.line, one.what)))


def _named(policy: Policy) -> dict[tuple[str, str], Checked]:
    blocks = (block for file in policy.files for key in NAMED for block in file.blocks(key))
    return {(block.kind, block.name): block for block in blocks}


def _modes(old: Policy, new: Policy) -> Iterator[Change]:
    before = {file.text("policy"): file for file in old.files}
    for file in new.files:
        was = before.get(file.text("policy"))
        if was is not None and was.text("mode", "enforce") != file.text("mode", "enforce"):
            one, other = was.text("mode", "enforce"), file.text("mode", "enforce")
            yield _change(file, f"policy {file.text('policy')} mode", one, other, _order("mode", one, other))


def _sign(kind: str, name: str, policies: Sequence[Policy]) -> int:
    """Return 1 where more of a thing is stricter, -1 where it is looser, 0 where it is both or nothing uses it."""
    if kind in {"rule", "detector", "record"}:
        return 1
    if kind == "exception":
        return -1
    signs = set()
    for policy in policies:
        for file in policy.files:
            for key, outer in (("rules", 1), ("exceptions", -1)):
                for owner in file.blocks(key):
                    for block in owner.walk():
                        for used, inner in (("to", 1), ("from", 1), ("during", 1), ("not_to", -1), ("not_from", -1),
                                            ("not_during", -1)):  # fmt: skip
                            if name in block.texts(used):
                                signs.add(outer * inner)
    return signs.pop() if len(signs) == 1 else 0


def _acts(block: Checked) -> bool:
    return block.kind in {"rule", "exception"} and block.text("mode") != "off"


def _whole(block: Checked, was: str, becomes: str, direction: int) -> Change:
    effect: Effect = "same" if not direction else "stricter" if direction > 0 else "LOOSER"
    return Change(block.place.path, block.place.line, f"{block.kind} {block.name}", was, becomes, effect)


def _block(was: Checked, becomes: Checked, sign: int, what: str) -> Iterator[Change]:
    for key in dict.fromkeys((*was.given, *becomes.given)):
        one, other = was.all(key), becomes.all(key)
        if _plain(one) == _plain(other):
            continue
        name = f"{what} {key}"
        if key == "limits":
            yield from _limits(was, becomes, sign, what)
        elif _is_block(one) and _is_block(other) and len(one) == len(other) == 1:
            yield from _block(was.blocks(key)[0], becomes.blocks(key)[0], sign, name)
        elif key == "when" or (key == "coach" and (not one or not other)):
            yield from _block(was.block(key) or _EMPTY, becomes.block(key) or _EMPTY, sign, name)
        else:
            effect = _effect(becomes.kind if becomes is not _EMPTY else was.kind, key, one, other, sign)
            place = (other or one)[0].place
            yield Change(place.path, place.line, name, _shown(one), _shown(other), effect)


def _effect(kind: str, key: str, one: tuple[Given, ...], other: tuple[Given, ...], sign: int) -> Effect:
    if key in _SAME:
        return "same"
    direction = _direction(kind, key, one, other)
    if direction is None or not sign:
        return "unclear"
    return "same" if not direction else "stricter" if direction * sign > 0 else "LOOSER"


def _direction(kind: str, key: str, one: tuple[Given, ...], other: tuple[Given, ...]) -> int | None:
    """Return 1 when the change covers more or does more, -1 for less, None when that cannot be told."""
    before, after = set(_plain(one)), set(_plain(other))
    if key in _EVERYTHING and any(isinstance(given.value, str) for given in (*one, *other)):
        if not before or not after:
            return -1 if not before else 1
        return _more(before, after)
    if key in _AGAINST:
        less = _more(before, after)
        return None if less is None else -less
    if key in _FOR:
        return _more(before, after)
    if key in _ORDERED:
        default = {"mode": "enforce", "cannot_ask": "block", "cannot_redact": "block"}.get(key, "")
        return _order(key, one[0].text if one else default, other[0].text if other else default)
    if key == "confidence":
        ranks = [CONFIDENCES.index(some[0].text if some else "medium") for some in (one, other)]
        grown = (ranks[1] > ranks[0]) - (ranks[1] < ranks[0])
        return grown if kind in {"detector", "pattern", "named"} else -grown
    if key == "expires":
        return (other[0].text > one[0].text) - (other[0].text < one[0].text)
    if key in {"at_least", "at_most", "sharing"} and one and other:
        grown = (_number(other) > _number(one)) - (_number(other) < _number(one))
        return grown if key == "at_most" else -grown
    if key == "rules":
        return _more(before, after)
    return None


def _order(key: str, one: str, other: str) -> int | None:
    words = _ORDERED[key]
    if one not in words or other not in words:
        return None
    return (words.index(other) > words.index(one)) - (words.index(other) < words.index(one))


def _more(before: set[object], after: set[object]) -> int | None:
    return 0 if before == after else 1 if before < after else -1 if after < before else None


def _limits(was: Checked, becomes: Checked, sign: int, what: str) -> Iterator[Change]:
    """Compare ladders: limits with the same window, key and action belong together, then those left, in their order."""
    before, after = list(was.blocks("limits")), list(becomes.blocks("limits"))
    if not before or not after:  # without limits, one finding is enough
        place = (after or before)[0].place
        effect: Effect = "stricter" if (not after) == (sign > 0) else "LOOSER"
        yield Change(place.path, place.line, f"{what} limits", _ladder(before), _ladder(after), effect)
        return
    pairs: list[tuple[Checked, Checked]] = []
    for alike in (_base, _window):
        for one in list(before):
            other = next((each for each in after if alike(each) == alike(one)), None)
            if other is not None:
                before.remove(one)
                after.remove(other)
                pairs.append((one, other))
    for one, other in pairs:
        yield from _block(one, other, sign, f"{what} limit {_words(one)}")
    for one in before:
        yield Change(
            one.place.path, one.place.line, f"{what} limit", _words(one), "", "LOOSER" if sign > 0 else "stricter"
        )
    for one in after:
        yield Change(
            one.place.path, one.place.line, f"{what} limit", "", _words(one), "stricter" if sign > 0 else "LOOSER"
        )


def _base(limit: Checked) -> tuple[object, ...]:
    return (*_window(limit), limit.text("action"))


def _window(limit: Checked) -> tuple[object, ...]:
    return (limit.text("per"), limit.number("within"), frozenset(limit.texts("by")), limit.text("count", "distinct"))


def _ladder(limits: Sequence[Checked]) -> str:
    return ", ".join(map(_words, limits))


def _words(limit: Checked) -> str:
    within = limit.one("within")
    window = f"in {within.scalar.text} by {'+'.join(limit.texts('by'))}" if within and within.scalar else "per request"
    people = " people" if limit.text("count") == "people" else ""
    return f"{limit.number('at_least')}{people} {window}{f' {limit.text("action")}' if limit.text('action') else ''}"


def _plain(some: tuple[Given, ...]) -> tuple[object, ...]:
    return tuple(
        (tuple(sorted((key, _plain(value)) for key, value in given.value.given.items())))
        if isinstance(given.value, Checked)
        else (given.name, given.value) if given.name else given.value
        for given in some
    )  # fmt: skip


def _is_block(some: tuple[Given, ...]) -> bool:
    return bool(some) and isinstance(some[0].value, Checked)


def _number(some: tuple[Given, ...]) -> float:
    return some[0].value if isinstance(some[0].value, int | float) else 0.0


def _shown(some: tuple[Given, ...]) -> str:
    words = [given.scalar.text if given.scalar is not None else "{...}" for given in some]
    text = ", ".join(words[:6]) + (f" and {len(words) - 6} more" if len(words) > 6 else "")
    return text if len(text) <= 60 else f"{text[:57]}..."


def _change(file: Checked, what: str, was: str, becomes: str, direction: int | None) -> Change:
    effect: Effect = "unclear" if direction is None else "stricter" if direction > 0 else "LOOSER"
    return Change(file.place.path, 1, what, was, becomes, effect)


_EMPTY: Final = Checked("when", "", "", None)  # type: ignore[arg-type]  # it has no place, and nothing asks for it
