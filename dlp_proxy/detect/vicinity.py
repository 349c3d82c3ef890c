"""Customers in free text: by lines, items and blocks, and by nearness where these say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import regex

from dlp_proxy.detect.flow import cut
from dlp_proxy.detect.membership import ONE_CUSTOMER, Membership

_LINE: Final = 1
_ITEM: Final = 1_000
_BLOCK: Final = 2_000
_LEVELS: Final = (_LINE, _ITEM, _BLOCK)
"""How far a finding is set apart from the one before: line ends between them, a new item, a blank line or a rule."""

_APART: Final = regex.compile(r"\n[ \t\r\f\u3000>|*=_~+#-]*+\n|\n[ \t>|]*+[-=_*~—]{3}")
"""A line of nothing but white space, quote marks and rules, as in Markdown and in mails (RFC 3676, section 4.5)."""

_NEW_ITEM: Final = regex.compile(
    r"""\n[\ \t\u3000>|*•·▪●◆#-]{0,12}+
        (?: [(（\[【]?\d{1,4}[)）\]】]? \s{0,2} [.、,，:：)）\]】]
        |   [(（\[【]\d{1,4}[)）\]】]
        |   [①-⑳㈠-㈩❶-❿]
        |   第 \s? [\d一二三四五六七八九十百]{1,5} \s? [个位单条户项件批票笔名份]
        |   (?: 客户 | 顾客 | 订单 | 收件人 | 收货人 | 买家 | 用户 | 会员 | 联系人
            | customer | client | buyer | order | contact | recipient | item | record | no\.? | number | \#
            ) \s{0,2} [.\#]? \s{0,2} (?: \d{1,4} | [一二三四五六七八九十]{1,3} ) (?!\d)
        )""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""The beginning of a line that numbers what follows: *3.*, *(3)*, *③*, *第三位*, *客户3：*, *Customer #3*."""


class Stretch(NamedTuple):
    """One customer of a text: the findings that make it, and those that only stand beside them; both ascending."""

    held: tuple[int, ...]
    beside: tuple[int, ...] = ()


def in_text(text: str, left: Sequence[int], member: Membership) -> tuple[list[Stretch], list[int]]:
    """Return the customers, and what belongs to nobody.

    Every stretch of text is read by its parts first (lines in items in blocks), then as a flow without line ends; the
    reading with more complete customers stands.
    """
    reading = _Reading(text, left, member)
    formed, free = reading.settle(0, len(left), len(_LEVELS))
    return reading.joined(formed, free)


def gaps_between(text: str, held: Sequence[int], member: Membership) -> list[int]:
    """Return for each finding how far it is set apart from the one before it; 0 on one line and for the first."""
    gaps: list[int] = []
    findings = member.findings
    end = -1
    for index in held:
        finding = findings[index]
        gap = 0
        if end >= 0:
            gap = text.count("\n", end, finding.start)
            if gap and _NEW_ITEM.search(text, max(end - 1, 0), finding.start + 1):
                gap = min(gap, _ITEM - 1) + _ITEM
            if gap > 1 and _APART.search(text, end, finding.start):
                gap = min(gap, _ITEM - 1) + _BLOCK
        gaps.append(gap)
        end = max(end, finding.end)
    return gaps


class _Reading:
    """One text with what may be in it, by place in `left`."""

    def __init__(self, text: str, left: Sequence[int], member: Membership) -> None:
        self._left = left
        self._member = member
        self._gaps = gaps_between(text, left, member)
        self._window = member.spec.text_window

    def settle(self, low: int, high: int, level: int) -> tuple[list[list[int]], list[int]]:
        """Return the customers in a stretch, and what is nobody's in it, both as places."""
        if level == 0:
            return self._flow(range(low, high))
        gaps, least = self._gaps, _LEVELS[level - 1]
        edges = [low, *(place for place in range(low + 1, high) if gaps[place] >= least), high]
        if len(edges) == 2:
            return self.settle(low, high, level - 1)
        formed: list[list[int]] = []
        free: list[int] = []
        for begin, end in pairwise(edges):
            some, rest = self.settle(begin, end, level - 1)
            formed += some
            free += rest
        whole = len(formed)
        if len(free) > 1:
            more, free = self._flow(free)
            formed += more
        if whole and (free or len(formed) > whole):
            flowing, rest = self._flow(range(low, high))
            if len(flowing) > len(formed) or (
                len(flowing) == len(formed)
                and len(rest) <= len(free)
                and (len(formed) > whole or self._cuts_lines(formed, free, len(rest)))
            ):
                return flowing, rest
        return formed, free

    def _cuts_lines(self, formed: list[list[int]], free: list[int], rest: int) -> bool:
        """Say whether a reading leaves more than `rest` to nobody, some of it on lines that it gives to somebody."""
        owned = {place for places in formed for place in places}
        gaps, last = self._gaps, len(self._gaps) - 1  # no copy: this is asked of every item of a long text
        if all(
            (gaps[one] or one - 1 not in owned) and (one == last or gaps[one + 1] or one + 1 not in owned)
            for one in free
        ):
            return False
        return len(self._join(formed, free)[1]) > rest

    def joined(self, formed: list[list[int]], free: list[int]) -> tuple[list[Stretch], list[int]]:
        """Return everything as findings, with what is left given to the customers that it may be of."""
        left = self._left
        beside: dict[int, list[int]] = {}
        if formed and free:
            beside, free = self._join(formed, free)
        customers = [
            Stretch(
                tuple([left[place] for place in places]),
                tuple([left[place] for place in sorted(beside.get(number, ()))]),
            )
            for number, places in enumerate(formed)
        ]
        return customers, [left[place] for place in free]

    def _flow(self, places: Sequence[int]) -> tuple[list[list[int]], list[int]]:
        left, member = self._left, self._member
        if len(places) < 2:
            return ([list(places)], []) if places and member.complete(member.bits[left[places[0]]]) else ([], [*places])
        held = [left[place] for place in places]
        mask = member.mask(held)
        if mask.bit_count() == len(held) and not self._reaches(held):
            # No kind twice: nothing to cut.
            return ([list(places)], []) if member.complete(mask) else ([], [*places])
        formed: list[list[int]] = []
        free: list[int] = []
        for begin, end in cut(held, member, self._gaps_of(places), self._window):
            stretch = places[begin:end]
            if member.complete(member.mask(held[begin:end])):
                formed.append(list(stretch))
            else:
                free += stretch
        return formed, free

    def _reaches(self, held: Sequence[int]) -> bool:
        """Say whether there may be more than the window between two of some findings."""
        findings = self._member.findings
        return findings[held[-1]].start - findings[held[0]].end > self._window

    def _gaps_of(self, places: Sequence[int]) -> list[int]:
        """Return how far each of some findings is set apart from the one before it among them."""
        gaps = self._gaps
        if places[-1] - places[0] == len(places) - 1:
            return gaps[places[0] : places[-1] + 1]
        own = [0]
        for before, place in pairwise(places):
            own.append(gaps[place] if place == before + 1 else max(gaps[before + 1 : place + 1]))
        return own

    def _join(self, formed: list[list[int]], free: list[int]) -> tuple[dict[int, list[int]], list[int]]:
        """Return what stands beside each of the customers, in its item, and what is still free.

        What brings a kind of value that is there already, and another kind besides, is somebody else.
        """
        owners = {place: number for number, places in enumerate(formed) for place in places}
        holdings: dict[int, _Holding] = {}
        joined: dict[int, list[int]] = {}
        still: list[int] = []
        for piece in self._pieces(free):
            held = [self._left[place] for place in piece]
            for owner in self._neighbours(piece[0], piece[-1], owners):
                if owner not in holdings:
                    holdings[owner] = _Holding(self._member)
                    holdings[owner].add(self._left[place] for place in formed[owner])
                if holdings[owner].takes(held):
                    joined.setdefault(owner, []).extend(piece)
                    owners.update(dict.fromkeys(piece, owner))
                    break
            else:
                still += piece
        return joined, still

    def _neighbours(self, first: int, last: int, owners: Mapping[int, int]) -> list[int]:
        """Return the customers before and behind a piece of an item, the nearer one first."""
        either = [owners[first - 1]] if first - 1 in owners and self._beside(first) else []
        if last + 1 in owners and self._beside(last + 1):
            either.append(owners[last + 1])
            if len(either) > 1 and self._gaps[last + 1] < self._gaps[first]:
                either.reverse()
        return either

    def _beside(self, place: int) -> bool:
        """Say whether a finding stands in one item with the one before it, within the window."""
        if not 0 < place < len(self._gaps) or self._gaps[place] >= _ITEM:
            return False
        findings = self._member.findings
        return findings[self._left[place]].start - findings[self._left[place - 1]].end <= self._window

    def _pieces(self, free: Sequence[int]) -> Iterator[list[int]]:
        """Yield runs of free findings with no other between, no new item, and one value of a kind."""
        piece: list[int] = []
        holding = _Holding(self._member)
        for place in free:
            index = self._left[place]
            if piece and (place != piece[-1] + 1 or not self._beside(place) or holding.repeated([index])):
                yield piece
                piece = []
                holding = _Holding(self._member)
            piece.append(place)
            holding.add([index])
        if piece:
            yield piece


class _Holding:
    """The different values of one customer, by detector."""

    def __init__(self, member: Membership) -> None:
        self._member = member
        self._values: dict[int, set[bytes]] = {}

    def add(self, indices: Iterable[int]) -> None:
        bits, findings = self._member.bits, self._member.findings
        for index in indices:
            self._values.setdefault(bits[index], set()).add(findings[index].fingerprint)

    def repeated(self, indices: Sequence[int]) -> set[int]:
        """Return the detectors that have found another value here than in `indices`."""
        bits, findings = self._member.bits, self._member.findings
        return {
            bits[index]
            for index in indices
            if bits[index] in self._values and findings[index].fingerprint not in self._values[bits[index]]
        }

    def takes(self, indices: Sequence[int]) -> bool:
        """Take in `indices`, or say that they are somebody else's."""
        repeated = self.repeated(indices)
        kinds = {self._member.bits[index] for index in indices}
        if repeated and (len(kinds) > 1 or any(len(self._values[bit]) >= ONE_CUSTOMER for bit in repeated)):
            return False
        self.add(indices)
        return True
