"""The values of a body with their places in its text, so that one can be replaced and every other byte stays.

Text, JSON (RFC 8259; also lines of JSON, and JSON in its strings), posted forms (WHATWG URL, section 5) and CSV
(RFC 4180). Names of fields are no values: replacing them could make two of one name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import quote_plus

from dlp_proxy.unpack import table
from dlp_proxy.unpack.content import Content

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?', re.DOTALL)
_ESCAPE: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)
_NAME: Final = re.compile(r"\s*:")
_BETWEEN: Final = re.compile(r"[\s,\x1e]*")
_OPENING: Final = re.compile(r"\s*[\[{]")
_DEPTH: Final = 4
_DECODER: Final = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)


class NotExactError(Exception):
    """A body whose values cannot be replaced with every other byte left as it is; the text says why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a text.

    Attributes:
        value: as it is read.
        at: where in the text each of its characters begins, and where the last one ends.
        written: how another text is written there.
        whole: it can only be replaced as a whole, from `at[0]` to `at[-1]`.
        around: what a plain stretch becomes when what was put into it needs it: quotes around a cell.
    """

    value: str
    at: Sequence[int]
    written: Callable[[str], str]
    whole: bool = False
    around: Callable[[str], str] | None = None


def leaves(text: str, content: Content, form: str) -> Iterator[Leaf]:
    """Yield the values of `text`, by place.

    Raises:
        NotExactError: it is not of a format, or not in a shape, that can be written again.
    """
    reader = _READERS.get(form)
    if reader is None:
        raise NotExactError(f"values of {form or 'this format'} cannot be replaced")
    for leaf in reader(text, content):
        yield from _opened(leaf, 0)


def _opened(leaf: Leaf, depth: int) -> Iterator[Leaf]:
    """Yield the values of JSON that is written as one value, else the value."""
    if leaf.whole or leaf.around or depth >= _DEPTH or not _OPENING.match(leaf.value):
        yield leaf
        return
    try:
        inner = list(_json(leaf.value))
    except NotExactError:
        yield leaf
        return
    for one in inner:
        moved = replace(one, at=[leaf.at[place] for place in one.at], written=_both(leaf.written, one.written))
        yield from _opened(moved, depth + 1)


def _both(outer: Callable[[str], str], inner: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: outer(inner(text))


def _as_it_is(text: str) -> str:
    return text


def _text(text: str, _content: Content) -> Iterator[Leaf]:
    yield Leaf(text, range(len(text) + 1), _as_it_is)


def _json_of(text: str, _content: Content) -> Iterator[Leaf]:
    return _json(text)


def _json(text: str) -> Iterator[Leaf]:
    at = _after(text, 0)
    while at < len(text):
        try:
            _, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise NotExactError("broken JSON") from None
        for token in _TOKEN.finditer(text, at, end):
            if token.group().startswith('"'):
                if not _NAME.match(text, token.end()):
                    yield _string(token)
            else:
                yield Leaf(token.group(), range(token.start(), token.end() + 1), json.dumps, whole=True)
        at = _after(text, end)


def _after(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _string(token: re.Match[str]) -> Leaf:
    raw, begin = token.group(), token.start()
    if "\\" not in raw:
        return Leaf(raw[1:-1], range(begin + 1, token.end()), _in_string)
    value: list[str] = []
    at: list[int] = []
    for piece in _ESCAPE.finditer(raw, 1, len(raw) - 1):
        read = json.JSONDecoder(strict=False).decode(f'"{piece.group()}"')
        value.append(read)
        at += [begin + piece.start()] * len(read)
    return Leaf("".join(value), [*at, token.end() - 1], _in_string)


def _in_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _form(text: str, _content: Content) -> Iterator[Leaf]:
    at = 0
    for pair in text.split("&"):
        name, equals, raw = pair.partition("=")
        if equals:
            yield _field(raw, at + len(name) + 1)
        at += len(pair) + 1


def _field(raw: str, begin: int) -> Leaf:
    data = bytearray()
    places: list[int] = []
    at = 0
    while at < len(raw):
        code = raw[at + 1 : at + 3] if raw[at] == "%" else ""
        if len(code) == 2 and code.isascii() and re.fullmatch("[0-9a-fA-F]{2}", code):
            piece, width = bytes([int(code, 16)]), 3
        else:
            piece, width = (b" " if raw[at] == "+" else raw[at].encode()), 1
        data += piece
        places += [begin + at] * len(piece)
        at += width
    try:
        value = data.decode()
    except UnicodeDecodeError:
        raise NotExactError("a form that is not in UTF-8") from None
    starts = [place for place, byte in zip(places, data, strict=True) if byte & 0xC0 != 0x80]
    return Leaf(value, [*starts, begin + len(raw)], quote_plus)


def _csv(text: str, content: Content) -> Iterator[Leaf]:
    said = any(map(content.says, ("csv", "tsv", "tab-separated-values")))
    delimiter = table.delimiter(text, said=said)
    if not delimiter:
        raise NotExactError("a table whose cells are not clear")
    special = re.compile(f'[{re.escape(delimiter)}"\r\n]')
    plain = re.compile(f"[^{re.escape(delimiter)}\r\n]*")
    at = 0
    while at < len(text):
        if text[at] == '"':
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise NotExactError("a table with broken quoting")
            yield _cell(quoted)
            at = quoted.end()
            if at < len(text) and text[at] not in {delimiter, "\r", "\n"}:
                raise NotExactError("a table with broken quoting")
        else:
            cell = plain.match(text, at)
            end = cell.end() if cell else at
            yield Leaf(text[at:end], range(at, end + 1), _as_it_is, around=_quotes(special))
            at = end
        at += 1


_QUOTED: Final = re.compile(r'"(?:[^"]|"")*"')


def _cell(quoted: re.Match[str]) -> Leaf:
    raw, begin = quoted.group(), quoted.start()
    value: list[str] = []
    at: list[int] = []
    for piece in re.finditer(r'""|[^"]', raw[1:-1]):
        value.append(piece.group()[0])
        at.append(begin + 1 + piece.start())
    return Leaf("".join(value), [*at, quoted.end() - 1], lambda text: text.replace('"', '""'))


def _quotes(special: re.Pattern[str]) -> Callable[[str], str]:
    return lambda cell: '"' + cell.replace('"', '""') + '"' if special.search(cell) else cell


_READERS: Final[Mapping[str, Callable[[str, Content], Iterator[Leaf]]]] = MappingProxyType(
    {"text": _text, "markdown": _text, "json": _json_of, "form": _form, "csv": _csv}
)
