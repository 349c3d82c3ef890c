"""A PDF file by its bytes: streams and strings as they lie there, whatever its tables say (ISO 32000-1, 7.3).

For what pages do not show, and for files that no library opens. Fonts that number their glyphs are read by the maps to
Unicode that lie in the same file, all taken together.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Meter
from dlp_proxy.unpack.han import COMMON
from dlp_proxy.unpack.inflate import inflate

_STREAM: Final = re.compile(rb"stream\r?\n")
_FILTER: Final = re.compile(rb"/(FlateDecode|Fl|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")
_NAMED: Final = re.compile(rb"/(?:JS|XFA)\s{0,8}((?:\[[^\]]{0,4000}\]|[0-9]{1,10}\s{1,4}[0-9]{1,5}\s{1,4}R\b))")
_TO: Final = re.compile(rb"(?<![0-9])([0-9]{1,10})\s{1,4}[0-9]{1,5}\s{1,4}R\b")
_BEGUN: Final = re.compile(rb"(?<![0-9])([0-9]{1,10})\s{1,4}[0-9]{1,5} obj\Z")
_NUMBER: Final = 24
_OF_FILE: Final = re.compile(rb"/Type\s*/(?:ObjStm|XRef|Metadata)\b|/Image\b|/Linearized\b")
_END_OF_OBJECT: Final = b"endobj"
_DICTIONARY: Final = 4096
_STRING: Final = re.compile(rb"\(((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+)\)|<([0-9A-Fa-f\s]{8,})>", re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NOT_HEX: Final = re.compile(rb"[^0-9A-Fa-f]+")
_DIGITS: Final = re.compile(rb"[0-9A-Fa-f\s]*+>?\s*")
_END_OF_STREAM: Final = b"endstream"
_CHECKSUM: Final = 8
_NOT_85: Final = re.compile(rb"[^!-uz]+")
_SHOWN: Final = re.compile(
    rb"(\[[^\]]*+\])\s*TJ|(\((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+\)|<[0-9A-Fa-f\s]*+>)\s*(?:Tj|'|\")"
    rb"|(T\*|Td|TD|Tm|ET|'|\")(?=\s)",
    re.DOTALL,
)
_PIECE: Final = re.compile(rb"\(((?:[^\\()]++|\\.|\((?:[^\\()]++|\\.)*+\))*+)\)|<([0-9A-Fa-f\s]*+)>", re.DOTALL)
_CHAR: Final = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4,16})>")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4,8})>")
_SECTION: Final = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)
_WIDE: Final = re.compile(r"[\t\r\n -~\u00a0-\u00ff\u2000-\u2fff\u3000-\u9fff\uff00-\uffef]+")
_FONT: Final = re.compile(rb"/(?:FontFile[23]?|Length[123])\b|/Subtype\s*/(?:Type1C|CIDFontType0C|OpenType)")
_KEPT: Final = re.compile(rb"/Type\s*/ObjStm|/Type\s*/Metadata")


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: what its dictionary says, and its bytes without deflate."""

    head: bytes
    data: bytes


def streams(data: bytes, meter: Meter, *, keep: bool, rest: list[bytes] | None = None) -> Iterator[Stream]:
    """Yield the streams that are no pictures.

    Args:
        keep: all of them; else only those that hold objects or metadata, the others are measured.
        rest: is told what of a stream is not packed as its dictionary says.

    Raises:
        Exhausted: they hold more than may be unpacked.
    """
    at = ends = 0
    rest = [] if rest is None else rest
    while found := _STREAM.search(data, at):
        head = data[max(at, found.start() - _DICTIONARY) : found.start()]
        head = head[head.rfind(b" obj") + 1 :]
        at = found.end()
        if b"/Image" in head:
            continue
        filters = _FILTER.findall(head)
        wanted = keep or _KEPT.search(head) is not None
        if filters == [b"FlateDecode"]:
            if wanted:
                inner, end = _inflated(data, at, meter)
                yield Stream(head, inner)
                at = max(at, min(end, len(data)))
            else:
                at = _measured(data, at, meter)
            ends = data.find(_END_OF_STREAM, at) if ends >= 0 else -1  # where there is none, none is looked for again
            if ends - at > _CHECKSUM and (behind := data[at:ends].strip()):
                rest.append(behind)
        elif wanted or filters:
            end = data.find(_END_OF_STREAM, at)
            inner = data[at : end if end >= 0 else len(data)]
            if filters and not filters[0].startswith(b"Fl") and not _DIGITS.fullmatch(inner):
                rest.append(inner)  # a text may be ASCII85 by its letters
            for name in filters if wanted else filters[:-1]:
                inner = _inflated(inner, 0, meter)[0] if name.startswith(b"Fl") else _from_ascii(inner, name)
            if wanted:
                yield Stream(head, inner)
            elif filters[-1].startswith(b"Fl"):
                _measured(inner, 0, meter)


def _inflated(data: bytes, at: int, meter: Meter) -> tuple[bytes, int]:
    result = inflate("zlib", data, at, meter)
    if result.exhausted:
        raise result.exhausted
    return result.data, result.end


def _from_ascii(packed: bytes, name: bytes) -> bytes:
    """Take ASCII85 or hexadecimal off (7.4.2, 7.4.3); what is broken ends it."""
    if name in {b"ASCIIHexDecode", b"AHx"}:
        digits = _NOT_HEX.sub(b"", packed.partition(b">")[0])
        return bytes.fromhex(_even(digits))
    signs = b"".join(packed.partition(b"~>")[0].split()).removeprefix(b"<~")
    try:
        return base64.a85decode(_NOT_85.sub(b"", signs))
    except ValueError:
        return b""


def _measured(data: bytes, at: int, meter: Meter) -> int:
    """Inflate without keeping anything. Return where the stream ends."""
    inflater = zlib.decompressobj()
    chunk = b""
    try:
        while not inflater.eof:
            if not chunk:
                chunk = data[at : at + 65536]
                at += len(chunk)
                if not chunk:
                    break
            made = len(inflater.decompress(chunk, 1 << 20))
            chunk = inflater.unconsumed_tail
            room = meter.room
            meter.charge(min(made, room))
            if made > room:
                raise meter.overrun()
    except zlib.error:
        return at - len(chunk) if at > len(chunk) else at
    return at - len(inflater.unused_data)


def named(data: bytes, objects: Sequence[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the streams that are scripts (12.6.4.16) or forms of XFA (12.7.8), in the order in which they are named.

    Args:
        data: the file.
        objects: what its streams of objects hold.

    Raises:
        Exhausted: they hold more than may be unpacked.
    """
    # Of a number that comes again the last one stands.
    places = {number: (place, end) for number, place, end in _objects(data)}
    seen: set[bytes] = set()
    wanted = [number for some in (data, *objects) for said in _NAMED.findall(some) for number in _TO.findall(said)]
    for number in wanted:
        if number in seen or number not in places:
            continue
        seen.add(number)
        place, end = places[number]
        inner = _held_at(data, place, end, meter)
        if inner is None:  # the pieces of a form are a list
            wanted += _TO.findall(data[place : min(end, place + _DICTIONARY)])
        else:
            yield inner


def orphans(data: bytes, objects: Sequence[bytes], meter: Meter) -> Iterator[bytes]:
    """Yield the streams to which nothing refers: no reader shows them, and they are in the file.

    Raises:
        Exhausted: they hold more than may be unpacked.
    """
    known = {number for some in (outside_streams(data), *objects) for number in _TO.findall(some)}
    for number, place, end in _objects(data):
        if number in known:
            continue
        head = _STREAM.search(data, place, end)
        inner = None
        if head is not None and not _OF_FILE.search(data, place, head.start()):
            inner = _held_at(data, place, end, meter)
        if inner:
            yield inner


def _objects(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the number of each object, and where behind it the object begins and ends."""
    at = end = 0
    while (place := data.find(b" obj", at)) >= 0:
        at = place + 4
        found = _BEGUN.search(data, max(0, place - _NUMBER), at)
        if found is not None:
            end = data.find(_END_OF_OBJECT, at) if end >= 0 else -1  # where there is none, none is looked for again
            if end >= 0:
                yield found[1], at, end
                at = end
            else:
                following = data.find(b" obj", at)
                yield found[1], at, following if following >= 0 else len(data)


def _held_at(data: bytes, place: int, end: int, meter: Meter) -> bytes | None:
    """Return what the stream of the object from `place` to `end` holds; None where it has none.

    Raises:
        Exhausted: it holds more than may be unpacked.
    """
    found = _STREAM.search(data, place, end)
    if found is None:
        return None
    inner = data[found.end() : end].rstrip(b"\r\n").removesuffix(_END_OF_STREAM)
    for name in _FILTER.findall(data[place : found.start()]):
        inner = _inflated(inner, 0, meter)[0] if name.startswith(b"Fl") else _from_ascii(inner, name)
    return inner


def strings(objects: bytes) -> Iterator[str]:
    """Yield the texts written in dictionaries and arrays: titles, notes, values of fields, addresses of links."""
    for literal, digits in _STRING.findall(objects):
        raw = bytes.fromhex(_even(digits)) if digits else unescaped(literal)
        if text := _text(raw).strip("\0 \r\n"):
            yield text


def outside_streams(data: bytes) -> bytes:
    """Return what lies between the streams."""
    pieces: list[bytes] = []
    at = 0
    while found := _STREAM.search(data, at):
        pieces.append(data[at : found.start()])
        end = data.find(_END_OF_STREAM, found.end())
        if end < 0:
            return b"".join(pieces)
        at = end + 9
    pieces.append(data[at:])
    return b"".join(pieces)


def unescaped(raw: bytes) -> bytes:
    """Return a literal string's bytes (7.3.4.2)."""
    return _ESCAPE.sub(_unescape, raw) if b"\\" in raw else raw


def _unescape(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return bytes([int(found[1], 8) & 255])
    return _ESCAPES.get(found[2], found[2]) if found[2] else b""


def _text(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    decoded = charset.decode(raw)
    return decoded[0] if decoded else ""


def _even(digits: bytes) -> str:
    text = b"".join(digits.split()).decode()
    return text + "0" if len(text) % 2 else text


class Glyphs(dict[bytes, str]):
    """What glyphs' numbers of two bytes mean, by every map to Unicode in the file (9.10.3)."""

    def learn(self, cmap: bytes) -> None:
        for kind, lines in _SECTION.findall(cmap):
            if kind == b"bfchar":
                for code, text in _CHAR.findall(lines):
                    self[bytes.fromhex(_even(code))] = bytes.fromhex(_even(text)).decode("utf-16-be", "replace")
            else:
                for first, last, text in _RANGE.findall(lines):
                    self._learn_range(int(first, 16), int(last, 16), int(text, 16))

    def _learn_range(self, first: int, last: int, start: int) -> None:
        for code in range(first, min(last, first + 65535) + 1):
            point = start + code - first
            if point < 0xD800 or 0xDFFF < point < 0x110000:
                self[code.to_bytes(2, "big")] = chr(point)

    def read(self, raw: bytes) -> str:
        """Return the text of one shown string."""
        pairs = [raw[place : place + 2] for place in range(0, len(raw), 2)]
        known = [self[pair] for pair in pairs if pair in self]
        if known and len(known) * 2 >= len(pairs):
            return "".join(known)
        wide = raw.decode("utf-16-be", "replace")
        # Fonts of Chinese, Japanese and Korean come numbered by Unicode too (UniGB-UCS2-H and its like).
        likely = not raw.isascii() or sum(map(COMMON.__contains__, wide)) * 2 > len(wide)
        return wide if likely and _WIDE.fullmatch(wide) else _text(raw)


def shown(content: bytes, glyphs: Glyphs) -> str:
    """Return the text that a content stream shows, a line for each place it moves to (9.4)."""
    pieces: list[str] = []
    for array, single, move in _SHOWN.findall(content):
        if move:
            if pieces and pieces[-1] != "\n":
                pieces.append("\n")
            continue
        for literal, digits in _PIECE.findall(array or single):
            pieces.append(glyphs.read(bytes.fromhex(_even(digits)) if digits else unescaped(literal)))
    return "".join(pieces)


def is_font(stream: Stream) -> bool:
    return _FONT.search(stream.head) is not None
