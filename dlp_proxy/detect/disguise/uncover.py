"""Taking disguises off a text, and off what that shows, as deep as the limits allow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from dlp_proxy.detect.disguise import tag_characters
from dlp_proxy.detect.disguise.hints import hints, hints_at
from dlp_proxy.detect.disguise.patch import Patch, Stretch
from dlp_proxy.detect.disguise.view import View, views
from dlp_proxy.detect.fold import Folded
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Part

_TOO_LARGE: Final = "More disguised text was found than is read again."


class Noticing(Protocol):
    """What a glance at a text says of the disguises that it may be wearing."""

    @property
    def noticed(self) -> Mapping[int, Sequence[Stretch]] | None:
        """Each one's number, and where; None when nobody looked."""


def uncover[G: Noticing](  # noqa: PLR0917 - one part and how it is read; called in one place
    part: Part, folded: Folded, limits: Limits, gaps: list[Gap], seen: G, glance: Callable[[str], G]
) -> Iterator[tuple[View, G]]:
    """Yield every further reading of `part`, outer before inner; what the limits forbid to read is a gap.

    Args:
        folded: the part's text, folded.
        gaps: takes what could not be read.
        seen: what a glance at that text said.
        glance: looks at a text; what it says of a reading is yielded with that.
    """
    reader = _Reader(part, limits, gaps, glance)
    if folded.cuts:
        patches = tag_characters.patches(part.text)
        if patches:
            yield from reader.read(tag_characters.NAME, part.text, patches, _as_it_is, 1)
    yield from reader.beneath(folded.text, seen, folded.span, 1)


class _Reader[G: Noticing]:
    """One part; counts how much of it was read again."""

    def __init__(self, part: Part, limits: Limits, gaps: list[Gap], glance: Callable[[str], G]) -> None:
        self._part, self._limits, self._gaps, self._glance = part, limits, gaps, glance
        self._room = limits.read_again
        self._told: set[str] = set()

    def beneath(self, text: str, seen: G, back: Callable[[int, int], Stretch], depth: int) -> Iterator[tuple[View, G]]:
        """Yield the readings of `text`, of which `back` gives the places in the part."""
        taken: list[Stretch] = []
        worn = hints(text) if seen.noticed is None else hints_at(text, seen.noticed)
        for disguise, stretches in worn:
            patches = disguise.patches(text, stretches)
            if taken:
                patches = [patch for patch in patches if not _inside((patch.start, patch.end), taken)]
            if self._part.opened:
                opened = self._part.opened
                patches = [patch for patch in patches if not _inside(back(patch.start, patch.end), opened)]
            if len(patches) > self._limits.patches:
                self._tell("too-large", _TOO_LARGE)
                patches = patches[: self._limits.patches]
            if patches:
                taken = sorted([*taken, *((patch.start, patch.end) for patch in patches if patch.apart)])
                yield from self.read(disguise.NAME, text, patches, back, depth)

    def read(
        self, name: str, text: str, patches: Sequence[Patch], back: Callable[[int, int], Stretch], depth: int
    ) -> Iterator[tuple[View, G]]:
        """Yield the views of `patches`, and the readings beneath them."""
        if depth > self._limits.disguises:
            self._tell("too-deep", "A value is disguised more times over than is read.")
            return
        for view, size in views(name, text, patches, back):
            self._room -= size
            if self._room < 0:
                self._tell("too-large", _TOO_LARGE)
                return
            seen = self._glance(view.text)
            yield view, seen
            yield from self.beneath(view.text, seen, view.span, depth + 1)

    def _tell(self, reason: str, detail: str) -> None:
        if reason not in self._told:
            self._told.add(reason)
            self._gaps.append(Gap("too-deep" if reason == "too-deep" else "too-large", self._part.location, detail))


def _inside(stretch: Stretch, others: Sequence[Stretch]) -> bool:
    """Tell whether a stretch lies within one of `others`, ascending and apart from each other."""
    number = bisect_right(others, (stretch[0], 1 << 62)) - 1
    return number >= 0 and stretch[1] <= others[number][1]


def _as_it_is(start: int, end: int) -> Stretch:
    return start, end
