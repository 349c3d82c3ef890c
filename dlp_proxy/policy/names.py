"""Names of the whole set: who defines them, who refers to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.policy import values
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.grammar import BLOCKS, NAMED
from dlp_proxy.policy.places import STANDARD_PLACES
from dlp_proxy.policy.problem import Problems
from dlp_proxy.policy.words import listed, nearest

_KINDS: Final = ("detector", "record", "destination", "people", "schedule", "rule", "exception")
_LIBRARY_KINDS: Final = ("detector", "record", "destination", "people", "schedule")


@dataclass(slots=True)
class Names:
    """Every definition of the set by kind and name; detectors and records share one space, as rules find both."""

    standard: Collection[str] = ()
    found: dict[tuple[str, str], Checked] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    """Lists of hosts of the program that the set refers to."""

    def of(self, kind: str) -> tuple[Checked, ...]:
        return tuple(block for (found, _), block in self.found.items() if found == kind)

    def get(self, kind: str, name: str) -> Checked | None:
        return self.found.get((kind, name))


def define(files: Iterable[Checked], standard: Collection[str], problems: Problems) -> Names:
    """Return all names of the set; a name that is there twice is an error that shows both places."""
    names = Names(standard)
    policies: dict[str, Given] = {}
    for file in sorted(files, key=lambda each: each.place.path):
        policy = file.one("policy")
        if policy is not None and policy.text in policies:
            first = policies[policy.text].place
            hint = "each file has a policy name of its own"
            problems.error("DUPLICATE", policy.place, f"policy `{policy.text}` is already defined", hint, first)
        elif policy is not None:
            policies[policy.text] = policy
        for key in NAMED:
            for block in file.blocks(key):
                _add(names, block, problems)
    return names


def _add(names: Names, block: Checked, problems: Problems) -> None:
    rivals = ("detector", "record") if block.kind in {"detector", "record"} else (block.kind,)
    for kind in rivals:
        if (other := names.get(kind, block.name)) is not None:
            message = f"{block.kind} `{block.name}` is already defined"
            if kind != block.kind:
                message = f"`{block.name}` is already the name of a {kind}"
            hint = "names are shared by all files of the folder; choose another"
            problems.error("DUPLICATE", block.place, message, hint, other.place)
            return
    names.found[block.kind, block.name] = block


def resolve(files: Iterable[Checked], names: Names, problems: Problems, *, complete: bool) -> None:
    """Complain about references to names that nobody defines.

    `complete` is false when a file of the set could not be read. A name may be in there, so only plain slips are told.
    """
    unknown: dict[str, list[_Reference]] = {}
    for file in files:
        for block in file.walk():
            for kinds, given in _references(block):
                if not _resolve(kinds, given, names, problems):
                    unknown.setdefault(given.text, []).append((kinds, given))
    for name, some in unknown.items():
        _tell(name, some, names, problems, complete=complete)


def _references(block: Checked) -> Iterator[tuple[tuple[str, ...], Given]]:
    for key in BLOCKS[block.kind].keys:
        if key.kind == "ref":
            for given in block.all(key.name):
                yield key.words, given


def _resolve(kinds: tuple[str, ...], given: Given, names: Names, problems: Problems) -> bool:
    """Tell whether a reference leads somewhere, or is a fault of another kind that has been told."""
    name = given.text
    if is_literal(kinds, name):
        if "destination" in kinds:
            try:
                values.host(name)
            except values.BadValueError as bad:
                problems.error(bad.code, given.place, bad.message, bad.hint)
        return True
    for kind in kinds:
        if (kind, name) in names.found:
            names.used.add((kind, name))
            return True
    if "detector" in kinds and name in names.standard:
        return True
    if "destination" in kinds and name in STANDARD_PLACES:
        names.places.add(name)
        return True
    return False


type _Reference = tuple[tuple[str, ...], Given]


def _tell(name: str, some: list[_Reference], names: Names, problems: Problems, *, complete: bool) -> None:
    """Complain about a name that nobody defines: where it is referred to, or where its definition has a slip."""
    kinds, first = some[0]
    hint, _, near = _hint(kinds, name, names)
    slip = next((block for (kind, known), block in names.found.items() if known == near and kind in kinds), None)
    if slip is not None and not any((kind, near) in names.used for kind in kinds) and is_slip(near, name):
        for kind in kinds:
            names.used.add((kind, near))
        if len(some) > 1:
            message = f"`{near}` is what nothing refers to, and `{name}` is what nothing defines"
            hint = f"did you mean `{name}`? it is referred to {len(some)} times"
            problems.error("UNKNOWN-NAME", slip.place, message, hint, first.place, fix=name)
            return
        message = f"no {' or '.join(kinds)} is named `{name}`, and nothing refers to `{near}`"
        problems.error("UNKNOWN-NAME", first.place, message, hint, slip.place, fix=near)
        return
    for kinds, given in some:
        hint, certain, near = _hint(kinds, name, names)
        if complete or certain:
            message = f"no {' or '.join(kinds)} is named `{name}`"
            problems.error("UNKNOWN-NAME", given.place, message, hint, fix=near)


def is_slip(one: str, other: str) -> bool:
    """Tell whether one word is the other with one letter more, less, changed, or two changed about."""
    if abs(len(one) - len(other)) > 1:
        return False
    begin = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[begin:], other[begin:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def is_literal(kinds: tuple[str, ...], name: str) -> bool:
    """Tell whether a reference names no thing but is a host or a user itself."""
    if "destination" in kinds:
        return "." in name or "*" in name or ":" in name
    return "people" in kinds and ("@" in name or "*" in name)


def _hint(kinds: tuple[str, ...], name: str, names: Names) -> tuple[str, bool, str]:
    """Return what to write instead, whether it is plain that a known name was meant, and which."""
    for kind in _KINDS:
        if kind not in kinds and (kind, name) in names.found:
            a = "an" if kind[0] in "aeiou" else "a"
            return f"`{name}` is {a} {kind}, but this place takes a {' or '.join(kinds)}", True, ""
    choices = {known: block.place.path for (kind, known), block in names.found.items() if kind in kinds}
    if "detector" in kinds:
        choices |= dict.fromkeys(names.standard, "built in")
    if "destination" in kinds:
        choices |= dict.fromkeys(STANDARD_PLACES, "built in")
    near = nearest(name, choices)
    if near:
        return f"did you mean `{near}` ({choices[near]})?", choices[near] != "built in", near
    if name.startswith("std/"):
        built_in = STANDARD_PLACES if "destination" in kinds else names.standard
        return f"built in are: {listed(sorted(built_in))}", True, ""
    known = f"known: {listed(sorted(choices))}" if choices else f"define it under `{_plural(kinds[0])}:`"
    return known, False, ""


def _plural(kind: str) -> str:
    return next(key for key, value in NAMED.items() if value == kind)


def unused(files: Iterable[Checked], names: Names, problems: Problems) -> None:
    """Warn of things that nothing refers to. A file without rules is a library: what it offers need not be taken."""
    for file in files:
        if "rules" not in file.written:
            continue
        for block in (found for key in NAMED for found in file.blocks(key)):
            if block.kind in _LIBRARY_KINDS and (block.kind, block.name) not in names.used:
                hint = "delete it, or look for a slip in the rule that was meant to use it"
                problems.warning("UNUSED", block.place, f"nothing refers to {block.kind} `{block.name}`", hint)
