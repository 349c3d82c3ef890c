"""Base64 (RFC 4648 sections 4 and 5): both alphabets, wrapped or not, with or without padding.

A run of letters is only looked at where a dozen bytes in a row would be readable: each readable byte fixes some of the
bits of its signs, which identifiers, digests and packed data meet by chance once in tens of thousands of characters.
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dlp_proxy.encodings import readable
from dlp_proxy.encodings.run import MAGIC, PICTURES, Run

NAME: Final = "base64"

_SIGN: Final = r"[A-Za-z0-9+/_-]"
# What readable bytes make of the four signs of a group of three. Numbers and what stands in them (20..3F); ASCII from
# the space on; Chinese in UTF-8 (E4..E9, 80..BF, 80..BF) whose characters begin with the first, the second or the third
# byte of a group; and ASCII in UTF-16. Repeated until chance makes it no more than once in a hundred thousand signs.
_NUMBERS: Final = r"(?:[I-P][CDSTijyz][AEIMQUYcgkosw048][g-z0-9+/_-]){3}"
_ASCII: Final = r"[I-Za-f][C-HS-Xi-nyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589]"
_CHINESE: Final = (
    rf"(?:[56][I-LYZabo-r4-7][CGKOSWaeimquy26+-]{_SIGN}){{3}}"
    rf"|(?:[g-v][Oeu+-][SWaeim]{_SIGN}){{3}}"
    r"|(?:[g-v][I-LYZabo-r4-7][DHLPTXbfjnrvz37/_][k-p]){3}"
)
_WIDE: Final = rf"[I-Za-f][AQgw][AB]{_SIGN}A[C-H][AEIMQUYcgkosw048]A"
GATE: Final = rf"{_NUMBERS}|(?:{_ASCII}{_SIGN}){{4}}{_ASCII}|{_CHINESE}|{_WIDE}"
"""In every run that is read."""

_GATE: Final = re.compile(GATE)
_LINE: Final = b"A" * 60
_SIGNS_IN_LINES: Final = re.compile(rf"{_SIGN}++(?:\r?\n{_SIGN}++)*+")
_ON: Final = re.compile(rf"{_SIGN}*+")
_BORDERS: Final = bytes(65 if re.fullmatch(_SIGN, chr(code)) else 46 for code in range(256))
_GLANCE: Final = 4096
_PADDING: Final = re.compile(r"(?:=|%3[Dd]){0,2}")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_NEAR: Final = (128, 4096)
"""Signs to either side of a hit that are read: few first."""

_NARROWEST: Final = 16
_OPENINGS: Final = tuple(
    binascii.b2a_base64(magic + b"\0" * 4, newline=False)[:4].decode() for magic in MAGIC + PICTURES
)

_ZLIB: Final = "e(?:J[w-z]|N[o-r]|A[E-H])"  # its two first bytes, at the usual levels
_OPENED: Final = re.compile(rf"(?<![A-Za-z0-9+_-])(?:{'|'.join(map(re.escape, _OPENINGS))}|{_ZLIB}){_SIGN}{{60,}}+")


def runs(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the runs between `start` and `end`, ascending; one may begin before and go on behind."""
    at = start
    first = last = -1
    while (hit := _GATE.search(text, at, end)) is not None:
        if hit.start() >= last:
            first = _first(text, hit.start())
            last = _ON.match(text, hit.end()).end()  # type: ignore[union-attr]  # matches the empty text too
            whole = _lines(text, first, last) or _whole(text, first, last, hit.start())
            if whole is not None:
                yield from [whole] if whole.reading is not None else _pieces(whole)
                at = last = whole.end
                continue
        piece = _around(text, hit, first, last)
        if piece is not None:
            yield piece
        at = max(hit.start() + 4, piece.end if piece is not None else 0)


def is_packed(data: bytes) -> bool:
    """Tell whether a zlib stream begins here: its two bytes are no proof, what it inflates to is."""
    if data[:1] != b"\x78" or int.from_bytes(data[:2]) % 31:
        return False
    try:
        return len(zlib.decompressobj().decompress(data[:4096], 4096)) > len(data[:64])
    except zlib.error:
        return False


def opened(text: str, start: int, end: int) -> Iterator[Run]:
    """Yield the runs from `start` to `end` that hold a document, an archive or a picture, told by its first bytes.

    A slash before them may be that of a path.
    """
    for found in _OPENED.finditer(text, start, end):
        whole = _lines(text, *found.span()) or _plain(text, *found.span())
        if whole is not None and (whole.data.startswith(MAGIC + PICTURES) or is_packed(whole.data)):
            yield whole


def long_runs(text: str, begins: Callable[[bytes], bool]) -> Iterator[Run]:
    """Yield the runs of a line or more of whose first bytes `begins` says that they are something."""
    end = 0
    for first, last in _long(text):
        if first < end:
            continue
        beginning = _SIGNS_IN_LINES.match(text, first, first + _GLANCE)
        if beginning is None or not begins(decoded("".join(beginning[0].split()))):
            continue
        whole = _lines(text, first, last) or _plain(text, first, last)
        if whole is not None:
            end = whole.end
            yield whole


def _long(text: str) -> Iterator[tuple[int, int]]:
    """Yield where runs of a line or more stand: as bytes, for a pattern takes twenty times as long."""
    signs = text.encode("ascii", "replace").translate(_BORDERS)
    end = 0
    while (start := signs.find(_LINE, end)) >= 0:
        end = signs.find(b".", start + len(_LINE))
        end = len(signs) if end < 0 else end
        yield start, end


def _first(text: str, at: int) -> int:
    """Return where the signs before `at` begin."""
    width = 64
    while True:
        low = max(0, at - width)
        border = text[low:at].encode("ascii", "replace").translate(_BORDERS).rfind(b".")
        if border >= 0 or low == 0:
            return low + border + 1
        width *= 8


def _whole(text: str, first: int, last: int, hit: int) -> Run | None:
    """Return the run from `first` to `last` if it is readable, from the beginning or from its first whole group on."""
    for begin in dict.fromkeys((first + (hit - first) % 4, first)):
        if last - begin > _GLANCE and not begins_readable(text[begin : begin + _GLANCE]):
            continue
        run = _plain(text, begin, last)
        if run is not None and run.reading is not None:
            return run
    return None


def begins_readable(signs: str) -> bool:
    """Tell whether the beginning of a long run is text; its last character may be cut."""
    return readable.begins(decoded(signs))


def _plain(text: str, first: int, last: int) -> Run | None:
    data = decoded(text[first:last])
    stop = _PADDING.match(text, last).end()  # type: ignore[union-attr]
    return None if not data else Run(first, stop, data, 6, range(first, last), range(first + 1, last + 1))


def _lines(text: str, first: int, last: int) -> Run | None:
    """Return the run that is wrapped into lines of one width, of which `first` to `last` is one."""
    width = last - first
    if width < _NARROWEST or width % 4:
        return None
    eol = "\r\n" if text.startswith("\r\n", last) else "\n"
    above = first - len(eol) - width
    while above >= 0 and text.startswith(eol, above + width) and _ON.fullmatch(text, above, above + width):
        first = above
        above = first - len(eol) - width
    lines = re.compile(rf"(?:{_SIGN}{{{width}}}{eol})++{_SIGN}{{1,{width}}}+(?!{_SIGN})")
    found = lines.match(text, first)
    if found is None:
        return None
    signs = _Wrapped(first, width, len(eol), len(found[0].replace(eol, "")), 0)
    data = decoded(found[0].replace(eol, ""))
    stop = _PADDING.match(text, found.end()).end()  # type: ignore[union-attr]
    run = Run(first, stop, data, 6, signs, _Wrapped(first, width, len(eol), len(signs), 1))
    return run if data else None


def _pieces(run: Run) -> Iterator[Run]:
    """Yield what is readable of a run: the strings of a certificate or a picture."""
    for begin, stop in readable.stretches(run.data):
        yield run.part(begin, stop)


def _around(text: str, hit: re.Match[str], first: int, last: int) -> Run | None:
    """Return what is readable around a hit in a run that is not readable as a whole."""
    for near in _NEAR:
        low = max(first, hit.start() - near)
        low += (hit.start() - low) % 4
        high = min(last, hit.end() + near)
        data = decoded(text[low:high])
        inside = (hit.start() - low) * 3 // 4 + 3
        for begin, stop in readable.stretches(data):
            if begin <= inside < stop and (near == _NEAR[-1] or (begin > 0 and stop < len(data))):
                return Run(low, high, data, 6, range(low, high), range(low + 1, high + 1)).part(begin, stop)
            if begin > inside:
                return None
    return None


def decoded(signs: str) -> bytes:
    """Return what signs of either alphabet write, whether or not they are padded."""
    raw = signs.encode().translate(_URL_SAFE)
    raw = raw[: len(raw) - 1] if len(raw) % 4 == 1 else raw
    return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))


class _Wrapped(Sequence[int]):
    """Places of signs in lines of one width."""

    def __init__(self, first: int, width: int, eol: int, count: int, side: int) -> None:
        self._first, self._width, self._eol, self._count, self._side = first, width, eol, count, side

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        return self._first + index + index // self._width * self._eol + self._side
