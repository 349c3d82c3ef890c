"""A body with values replaced and every other byte as it was, or the reason why that cannot be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.unpack import charset, coding
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.leaves import Leaf, NotExactError, leaves
from dlp_proxy.unpack.unpack import codings

_MARKS: Final = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_SIGNED: Final = ("signature", "x-amz-content-sha256", "x-hub-signature", "x-hub-signature-256")
"""Headers that make a promise about the body which only the sender can renew."""
_ALNUM: Final = "[A-Za-z0-9]"
_HEAD: Final = 6


class Replacement(NamedTuple):
    """What stands in the place of a value, and of which kind the value is."""

    text: str
    kind: str


def rewrite(
    message: Message, form: str, limits: Limits, values: Mapping[str, Replacement]
) -> tuple[bytes, Mapping[str, int]]:
    """Return the body, its Content-Encoding taken off, with `values` replaced wherever they stand, and how many were.

    Args:
        form: format of the body, as unpacking it told.
        values: as they are read; one within a longer word or number is another value and stays.

    Raises:
        NotExactError: it cannot be done exactly.
        Deferred: the decoder it takes may not run here.
    """
    if any(message.header(name) for name in _SIGNED):
        raise NotExactError("the sender signed the body")
    content = _plain(message, limits)
    read = charset.decode(content.data)
    if read is None:
        raise NotExactError("the body is no text")
    text, name = read
    try:
        written = text.encode(name)
        mark = content.data[: len(content.data) - len(written)]
        if mark not in _MARKS or mark + written != content.data:
            raise NotExactError("the body's characters are not clear")
        counts: Counter[str] = Counter()
        replaced = _replaced(text, content, form, values, counts)
        return mark + replaced.encode(name), counts
    except UnicodeError:
        raise NotExactError("the body's characters are not clear") from None


def _plain(message: Message, limits: Limits) -> Content:
    content = Content(message.body, Location("body"), label=message.header("content-type"))
    names = codings(message)
    if not names:
        return content
    try:
        pieces = list(coding.peel(content, names, Budget(limits)))
    except Exhausted:
        raise NotExactError("the body unpacks to too much") from None
    if len(pieces) != 1 or not isinstance(pieces[0], Content):
        raise NotExactError("the body is not what its Content-Encoding says")
    return pieces[0]


def _replaced(text: str, content: Content, form: str, values: Mapping[str, Replacement], counts: Counter[str]) -> str:
    wanted = _Wanted(values)
    pieces: list[str] = []
    done = 0
    for leaf in leaves(text, content, form):
        found = list(wanted.in_text(leaf.value))
        if not found:
            continue
        counts.update(values[one.value].kind for one in found)
        pieces += (text[done : leaf.at[0]], _leaf(leaf, text, found, lambda value: values[value].text))
        done = leaf.at[-1]
    return "".join((*pieces, text[done:]))


def _leaf(leaf: Leaf, text: str, found: list[_Found], becomes: Callable[[str], str]) -> str:
    if leaf.whole:
        return leaf.written(becomes(found[0].value))
    pieces: list[str] = []
    at = 0
    for one in found:
        pieces += (text[leaf.at[at] : leaf.at[one.start]], leaf.written(becomes(one.value)))
        at = one.end
    whole = "".join((*pieces, text[leaf.at[at] : leaf.at[-1]]))
    return leaf.around(whole) if leaf.around else whole


class _Found(NamedTuple):
    """Where a value stands."""

    start: int
    end: int
    value: str


class _Wanted:
    """Finds any of many values, the longest first, each only where it is a word by itself.

    One pattern of alternatives tries each of them at each place, which is hours for a table of a megabyte. Here a place
    at which one may begin is looked up by its first characters, which say how long those are that begin so.
    """

    def __init__(self, values: Iterable[str]) -> None:
        self._values = frozenset(value for value in values if value)
        self._head = min((_HEAD, *map(len, self._values)))
        lengths: dict[str, set[int]] = {}
        for value in self._values:
            lengths.setdefault(value[: self._head], set()).add(len(value))
        self._lengths = {head: tuple(sorted(some, reverse=True)) for head, some in lengths.items()}
        first = {value[0] for value in self._values}
        words = re.escape("".join(sorted(filter(_is_alnum, first))))
        others = "".join(map(re.escape, sorted(one for one in first if not _is_alnum(one))))
        begins = [rf"(?<!{_ALNUM})[{words}]"] * bool(words) + [f"[{others}]"] * bool(others)
        self._may_begin = re.compile("|".join(begins) or "(?!)")

    def in_text(self, text: str) -> Iterator[_Found]:
        done = 0
        for place in self._may_begin.finditer(text):
            start = place.start()
            if start < done:
                continue
            for length in self._lengths.get(text[start : start + self._head], ()):
                end = start + length
                value = text[start:end]
                within = end < len(text) and _is_alnum(value[-1]) and _is_alnum(text[end])
                if end <= len(text) and value in self._values and not within:
                    yield _Found(start, end, value)
                    done = end
                    break


def _is_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
