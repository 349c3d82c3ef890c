"""A file with errors whose only fault is one line at a wrong depth: which line, and where it belongs.

YAML complains of the lines around it, or takes it for a part of something else, so that several errors speak of places
where nothing is wrong. Each line near an error is tried at the depths of its neighbours; when the file then reads
well, that line was it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from dlp_proxy.policy.problem import Place, Problem, Problems

_LARGEST: Final = 200_000
_LOOK_AT: Final = 2
_BEFORE: Final = 6
_AFTER: Final = 2
_STEP: Final = 2
_CODES: Final = frozenset(
    {"YAML", "UNKNOWN-KEY", "MISSING", "TYPE", "ONE-OF", "NEEDS", "EMPTY", "BAD-NAME", "BAD-VALUE", "DUPLICATE"}
)


class Misplaced(NamedTuple):
    """A line, from 1, with its indentation and that which makes the file well-formed, in spaces."""

    line: int
    is_at: int
    belongs_at: int


def misplaced(
    path: str, text: str, found: Sequence[Problem], faults: Callable[[str], Sequence[int] | None]
) -> Misplaced | None:
    """Return the one line whose depth is the fault behind `found`, or None when that is not plain.

    Args:
        faults: text -> the lines of the errors of shape it has; None when it is not YAML.
    """
    errors = [one for one in found if one.severity == "error" and one.path == path and one.code in _CODES]
    if not errors or len(text) > _LARGEST:
        return None
    lines = text.split("\n")
    wrong = faults(text)
    now = None if wrong is None else len(wrong)
    best: list[tuple[int, int, Misplaced]] = []
    for number in _near(errors, lines):
        own = _depth(lines[number])
        for depth in _depths(lines, number):
            line = f"{' ' * depth}{lines[number].lstrip(' ')}"
            left = faults("\n".join((*lines[:number], line, *lines[number + 1 :])))
            # Where the line itself or another is wrong only then, the errors did not go: nobody looks at them any more.
            if left is None or number + 1 in left or (wrong is not None and not set(left) < set(wrong)):
                continue
            if now is None or len(left) < now:
                best.append((len(left), _oddness(lines, number, depth), Misplaced(number + 1, own, depth)))
    if not best:
        return None
    best.sort(key=lambda each: each[:2])
    least, _, first = best[0]
    if least and now is not None and now - least < 2:
        return None  # one error less is what any change near an error may do
    return first


def mended(text: str, line: Misplaced) -> str:
    """Return the file with that line where it belongs, so that the rest of it can be judged."""
    lines = text.split("\n")
    lines[line.line - 1] = " " * line.belongs_at + lines[line.line - 1].lstrip(" ")
    return "\n".join(lines)


def tell(path: str, text: str, line: Misplaced, problems: Problems) -> None:
    """Write down that a line stands at a wrong depth."""
    shown = text.split("\n")[line.line - 1]
    place = Place(path, line.line, line.is_at + 1, max(1, len(shown.strip())))
    message = f"this line is indented by {line.is_at} spaces, which does not fit the lines around it"
    problems.error("YAML", place, message, f"indent it by {line.belongs_at} spaces")


def _near(errors: Sequence[Problem], lines: Sequence[str]) -> Iterator[int]:
    filled = [
        number
        for number, line in enumerate(lines)
        if line.strip() and line.lstrip()[:3] != "---" and line.lstrip()[0] != "#"
    ]
    seen: dict[int, None] = {}
    for one in errors[:_LOOK_AT]:
        before = [number for number in filled if number < one.line][-_BEFORE:]
        after = [number for number in filled if number >= one.line][:_AFTER]
        seen |= dict.fromkeys((*reversed(before), *after))
    yield from seen


def _depths(lines: Sequence[str], number: int) -> Iterator[int]:
    own = _depth(lines[number])
    above = next((_depth(line) for line in reversed(lines[:number]) if line.strip()), 0)
    below = next((_depth(line) for line in lines[number + 1 :] if line.strip()), 0)
    wanted = dict.fromkeys((above, below, above + 2, below - 2, above - 2, own - 2, own + 2, above - 4, above - 6))
    yield from (depth for depth in wanted if depth >= 0 and depth != own)


def _oddness(lines: Sequence[str], number: int, depth: int) -> int:
    """Return how odd it would be that this line was meant to be at `depth`: one at an odd depth is the likely one."""
    own = _depth(lines[number])
    above = next((_depth(line) for line in reversed(lines[:number]) if line.strip() and _depth(line) < own), -2)
    return 4 * (own - above == _STEP) + 2 * (own % 2 == 0) + (depth % 2) + abs(own - depth) // 4


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
