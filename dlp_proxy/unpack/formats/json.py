"""JSON (RFC 8259), JSON lines, and values written one after the other; also JSON inside JSON strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import Final

import msgspec

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import LatePart, Part
from dlp_proxy.unpack import pieces, tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import text as plain
from dlp_proxy.unpack.sketch import sketch

NAME: Final = "json"

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_OPENING: Final = re.compile(r'\s*[\[{"]')
_PASSING_OVER: Final = msgspec.json.Decoder(msgspec.Raw)
_BETWEEN: Final = re.compile(r"[\s,\x1e]*")


def accepts(content: Content) -> bool:
    return content.text is not None and _OPENING.match(content.text) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    yield from _values(content, budget)
    yield from pieces.in_json(content.text or "", content.location)


def _values(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    try:
        rendering = tree.Rendering(content.location, budget.limits, budget.is_new)
        document = None
        broken = False
        if not is_document(text) and (document := _document(text)) is None:
            broken = _render(text, rendering, budget.limits.values)
        else:
            rendering.expect(_commas(text, budget.limits.values))
            drawn = sketch(text)
            if drawn is not None:
                if drawn.text:
                    lay_out = partial(_part, text, content.location, budget.limits)
                    yield LatePart(content.location, drawn.text, drawn.names, lay_out)
                return
            rendering.add(_document(text) if document is None else document, tree.ROOT)
    except (RecursionError, tree.TooDeep):
        yield Gap("too-deep", content.location, "JSON nested deeper than is followed; read as plain text")
        raise Mismatch from None
    except tree.TooMany:
        yield Gap("too-large", content.location, "JSON with more values than are laid out; read as plain text")
        yield from plain.read(content, budget)  # YAML, which JSON is too, would lay it out
        return
    if broken and content.says("json"):
        yield Gap("malformed", content.location, "broken JSON; what does not parse is read as plain text")
    if broken and not rendering.values:
        raise Mismatch
    if rendering.unopened:
        yield Gap("too-deep", content.location, "JSON inside JSON strings deeper than is opened")
    yield from rendering.finish()


def is_document(text: str) -> bool:
    """Tell whether `text` is surely one document (RFC 8259), without making anything of it.

    Parsed by `tree.DECODER` it costs ten times as much. That one also takes what is not quite JSON.
    """
    try:
        _PASSING_OVER.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return False
    return True


def _document(text: str) -> object:
    """Return `text` as one document; None when it is not exactly one."""
    try:
        document: object = tree.DECODER.decode(text)
    except json.JSONDecodeError:
        return None
    return document


def value_at(text: str, start: int) -> tuple[object, int]:
    """Return the value that begins at `start`, and where it ends.

    Raises:
        json.JSONDecodeError: there is none.
    """
    return tree.DECODER.raw_decode(text, start)


def _part(text: str, location: Location, limits: Limits) -> Part:
    """Return the part of a document in which nothing is set apart.

    It is parsed once more: parsed, it takes ten times the memory of its text, and nobody may ask for it.
    """
    rendering = tree.Rendering(location, limits)
    rendering.add(_document(text), tree.ROOT)
    (part,) = rendering.finish()
    if not isinstance(part, Part):
        raise TypeError("a document was laid out as something else than a part")
    return part


def _commas(text: str, most: int) -> int:
    """Return how many commas stand between values, where there may be more than `most`: maps of programs have a million
    within one string.
    """
    count = text.count(",")
    return count if count <= most else _STRING.sub("", text).count(",")


def _render(text: str, rendering: tree.Rendering, most: int) -> bool:
    """Render every value of `text`. Return whether something is left that does not parse."""
    rendering.expect(_commas(text, most))
    at = _after(_BETWEEN, text, 0)
    line, counted = 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, end = tree.DECODER.raw_decode(text, at)
        except json.JSONDecodeError:
            return _render_lines(text[at:], line, rendering)
        following = _after(_BETWEEN, text, end)
        alone = following == len(text) and not rendering.values
        if not alone and not rendering.values and isinstance(value, str):
            return True
        rendering.add(value, tree.ROOT if alone else f"line {line}")
        at = following
    return False


def _render_lines(text: str, number: int, rendering: tree.Rendering) -> bool:
    """Render the rest line by line, so that each broken line costs only itself. Return True: something is broken."""
    lines = text.split("\n")
    rendering.expect(len(lines))
    values = [_line_value(line) for line in lines]
    good = len(values) - values.count(None)
    junk = sum(value is None and bool(line.strip()) for line, value in zip(lines, values, strict=True))
    if not rendering.values and good < junk:
        return True
    for offset, (line, value) in enumerate(zip(lines, values, strict=True)):
        if value is not None:
            rendering.add(value, f"line {number + offset}")
        elif line.strip():
            rendering.plain(line)
    return True


def _line_value(line: str) -> object:
    line = line.strip(" \t\r,")
    if not line.startswith(("{", "[")):
        return None
    try:
        value: object = tree.DECODER.decode(line)
    except json.JSONDecodeError:
        return None
    return value


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
