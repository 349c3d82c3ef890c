"""Values known by their name: what follows a label in text, and the whole of a field or of a cell so named.

A label in text is the name, perhaps a closing quote or bracket, a mark, perhaps an opening quote, and the value:
``收货人：王伟``, ``"receiver_name": "..."``, ``Order No. #1001``. Such a pattern is one more pattern of its detector,
and the names are the literals that its gate asks for. Fields and columns are looked up by name, once for each name of
a part, so a part without such a name costs one look at its names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Final

import regex

from dlp_proxy.detect.alternatives import any_of, first_of
from dlp_proxy.detect.detector import Candidate, CompiledNamed, Detector, Named
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.ready import compiled
from dlp_proxy.detect.regions import Patience
from dlp_proxy.model.message import CELL, Part

_JOINTS: Final = ("", " ", "_", "-")
_EVERYWHERE: Final = frozenset(
    {"number", "name", "code", "person", "account", "full", "real", "client", "mail", "time", "guest"}
)
"""Words that many texts hold: alone they say too little to look closer."""
_LONGEST: Final = 80
"""Characters at the end of a field's name that are looked at."""

# A name may follow a hump or a joint: receiverName, order_no; Han needs no border: 客户姓名.
_BEFORE: Final = r"(?-i:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z])|(?![A-Za-z0-9]))"
_WHOLE: Final = r"(?<![\p{L}\p{M}\p{N}])"
# What may stand at the end of a column's name: 姓名*, Name (required), 收货人【必填】:, Order No.
_END: Final = r"[\s*:：.]*(?:[(（\[【][^)）\]】]{0,20}[)）\]】]?)?[\s*:：]*$"

_BEHIND: Final = " \t\r\n\f\v*:：.\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BRACKETS: Final = "(（[【"
"""What of `_END` may follow a name."""

# Few and short repeats: Hyperscan spells every bounded repeat out.
_CLOSING: Final = r"""(?:\\?["'`”’」』*)\]）】]{1,2}| ?[（(][^()（）\n]{0,12}[)）])?"""
_OPENING: Final = r"""(?:\\?["'`“‘「『\[(（【<#*]{1,2})?"""
_MARK: Final = (
    rf"{_CLOSING}\.?(?:[ \t]{{0,2}}(?:[=-]>|[:：=＝|\t#>]|value=|is\b|are\b|是|为|為)[:=]?\s{{0,2}}{_OPENING}"
    r"|\. ?[:#]? ?|[\]】][ \t]{0,2}|</\w{1,6}>\s{0,2}<\w{1,6}(?:[^<>\n]{0,30}>| (?:[^<>\n]{0,30} )?value=[\"']))"
)
_LOOSE: Final = rf"(?:{_MARK}|[ \t]{{1,2}}[-–][ \t]{{1,2}}|[ \t]{{0,2}}\n?[ \t]{{0,2}}[(（]?)"


def written(names: Iterable[str]) -> Iterator[str]:
    """Yield each of `names` with its words joined in the usual ways."""
    for name in names:
        words = name.split(" ")
        for joints in product(_JOINTS, repeat=len(words) - 1):
            yield "".join(word + joint for word, joint in zip(words, (*joints, ""), strict=True))


def any_written(names: Iterable[str]) -> str:
    """Return a pattern for any of `names`, with its words joined in any of the usual ways."""
    return any_of(names).replace(regex.escape(" "), "[ _-]?")


def label_pattern(named: Named) -> str:
    """Return the pattern of a label of `named` with the value behind it, or the empty text when it has no labels."""
    if not named.labels:
        return ""
    before, after = (_WHOLE, r"(?![\p{L}\p{M}])") if named.whole else (_BEFORE, "(?-i:(?![a-z]))")
    return (
        rf"(?i:(?={first_of(named.labels)})){before}(?i:{any_written(named.labels)}){after}"
        rf"{_LOOSE if named.loose else _MARK}(?P<value>{named.value})"
    )


def literals(named: Named) -> tuple[str, ...]:
    """Return words, case-folded, one of which is in every text that holds a label of `named`."""
    words: set[str] = set()
    for label in named.labels:
        longest = max(label.casefold().split(" "), key=len)
        words.update(written([label.casefold()]) if longest in _EVERYWHERE else [longest])
    return tuple(sorted(word for word in words if not any(other != word and other in word for other in words)))


def field_patterns(named: Named) -> tuple[regex.Pattern[str], regex.Pattern[str]]:
    """Return what the name of a field ends with, and what it is, to be one of `named`."""
    return (
        compiled(rf"{_WHOLE if named.whole else _BEFORE}(?i:{any_written(named.labels)}){_END}"),
        compiled(rf"^\s*(?i:{any_written(named.fields)}){_END}"),
    )


def any_name_pattern(detectors: Iterable[Detector]) -> regex.Pattern[str]:
    """Return what every name of a field or column has that any of `detectors` knows a value by."""
    names = {name for one in detectors for named in one.spec.named for name in (*named.labels, *named.fields)}
    return compiled(rf"{_BEFORE}(?i:{any_written(names)}){_END}")


def ends_of(detectors: Iterable[Detector]) -> frozenset[str]:
    """Return the last two characters, case-folded, of all names that any of `detectors` knows a value by."""
    names = {
        name.casefold() for one in detectors for named in one.spec.named for name in (*named.labels, *named.fields)
    }
    return frozenset(way.rstrip(_BEHIND)[-2:] for way in written(names))


def may_end(name: str, ends: frozenset[str]) -> bool:
    """Tell by its last two characters whether a name may be one of those that have `ends`.

    A file of messages has thousands of names, and the pattern of all begins at each of their characters.
    """
    short = name.rstrip(_BEHIND).casefold()
    return short[-2:] in ends or short[-1:] in ends or any(sign in name for sign in _BRACKETS)


def value_pattern(named: Named) -> str:
    """Return the pattern of a whole field of `named`; spaces, quotes and brackets may stand around the value."""
    return rf"\s*{_OPENING}\s*(?P<value>{named.value})\s*{_CLOSING}\s*"


class Names:
    """The named fields and the columns of one part, asked by many detectors.

    Most names say nothing to any of them: `any_name` tells that once for all, which matters where there are a million.
    """

    def __init__(
        self, part: Part, any_name: Callable[[], regex.Pattern[str]], ends: Callable[[], frozenset[str]]
    ) -> None:
        self._part = part
        self._ends = ends
        self._any = any_name
        self._fields: dict[str, list[tuple[int, int]]] | None = None
        self._columns: list[tuple[int, str]] | None = None

    def candidates(self, detector: Detector, patience: Patience) -> Iterator[Candidate]:
        """Yield the fields and cells that `detector` knows by their names, at their places in the part.

        Raises:
            TimeoutError: there was no time left.
        """
        for named in detector.named:
            for start, end in self._places(named, patience):
                seconds = patience.left()
                folded = fold(self._part.text[start:end])
                match = named.value.pattern.fullmatch(folded.text, timeout=seconds)
                if match is not None:
                    first, last = folded.span(*match.span("value"))
                    yield detector.judge(named.value, match.group("value"), start + first, start + last, seconds)

    def _places(self, named: CompiledNamed, patience: Patience) -> Iterator[tuple[int, int]]:
        if self._part.columns:
            wanted = [False] * len(self._part.columns)
            for number, name in self._telling(patience):
                wanted[number] = fits(named, name)
            if any(wanted):
                yield from self._cells(wanted)
        elif self._part.fields:
            for name, places in self._by_name(patience).items():
                patience.left()
                if fits(named, name):
                    yield from places

    def _cells(self, wanted: list[bool]) -> Iterator[tuple[int, int]]:
        for unit in self._part.units:
            start = unit.start
            cells = self._part.text[start : unit.end].rstrip("\n").split(CELL)
            for cell, is_wanted in zip(cells, wanted, strict=False):
                if is_wanted and cell:
                    yield start, start + len(cell)
                start += len(cell) + 1

    def _telling(self, patience: Patience) -> list[tuple[int, str]]:
        """Return the columns, by number, whose names may say something."""
        if self._columns is None:
            columns = enumerate(map(end_of, self._part.columns))
            self._columns = [(number, name) for number, name in columns if self._says(name, patience)]
        return self._columns

    def _by_name(self, patience: Patience) -> dict[str, list[tuple[int, int]]]:
        """Return where the fields are whose names may say something."""
        if self._fields is None:
            telling = {}
            for name in {field.name for field in self._part.fields}:
                if self._says(short := end_of(name), patience):
                    telling[name] = short
            self._fields = {}
            for start, end, name in self._part.fields:
                if name in telling:
                    self._fields.setdefault(telling[name], []).append((start, end))
        return self._fields

    def _says(self, name: str, patience: Patience) -> bool:
        if not may_end(name, self._ends()):
            return False
        patience.left()
        return self._any().search(name) is not None


def end_of(name: str) -> str:
    """Return the end of a name that is looked at, folded."""
    return fold(name[-_LONGEST:]).text


def fits(named: CompiledNamed, name: str) -> bool:
    """Say whether a field or column called `name`, folded and no longer than its end, holds a value of `named`."""
    return named.ends.search(name) is not None or named.whole.match(name) is not None
