"""Tables as text: comma, tab, semicolon or pipe between cells (RFC 4180 and what programs really write)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings import character_dump
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import table
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.carve import within_text
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.sheet import Sheet

NAME: Final = "csv"

_SOURCE: Final = re.compile(r"[ \t]*+[A-Za-z_$.:&]{0,40}[ \t]?[(\[{].*[)\]}][,;]?[ \t]*+\r?")
"""A line of a program that lists values: C(n='x', t='y'), and [\"x\", \"y\"], and {\"x\",\"y\"};"""
_LOOK: Final = 4096

_EXPONENT: Final = re.compile(r"(?<![\w.+-])([1-9])\.([0-9]{8,11})[Ee]\+(1[01])(?![\w.])")
"""What spreadsheets make of long numbers, where all digits were kept."""


def accepts(content: Content) -> bool:
    return content.text is not None and table.may_be(content.text)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    if "E+1" in text or "e+1" in text:
        text = _EXPONENT.sub(_whole, text)
    delimiter = table.delimiter(text, said=_said(content))
    if not delimiter or (not _said(content) and (_is_source(text, delimiter) or character_dump.begins_in(text))):
        raise Mismatch
    if text.count("\n") + text.count("\r") > 2 * budget.limits.values:
        yield Gap("too-large", content.location, "a table with more rows than are laid out; read as plain text")
        raise Mismatch
    try:
        sheet = Sheet(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1))
    except csv.Error:
        if _said(content):  # else it may be a program: all of it is read either way
            yield Gap(
                "malformed", content.location, "a table with broken quoting; its quotes are read as plain characters"
            )
        lines = (line.rstrip("\r\n").split(delimiter) for line in io.StringIO(text, newline=""))
        sheet = Sheet(enumerate(lines, 1))
    if not sheet.units:
        raise Mismatch
    yield from sheet.parts(content.location)
    yield from within_text(content)


def _is_source(text: str, delimiter: str) -> bool:
    """Tell whether most lines are values in a program: their commas also stand in quotes that tables do not have."""
    if delimiter != ",":
        return False
    lines = [line for line in text[:_LOOK].split("\n")[:-1] if line.strip()]
    return len(lines) > 2 and 2 * sum(_SOURCE.fullmatch(line) is not None for line in lines) > len(lines)


def _whole(found: re.Match[str]) -> str:
    """Return a number of eleven or twelve digits as its digits; one of which some are lost stays as it is."""
    power = int(found[3])
    return found[1] + found[2].ljust(power, "0") if len(found[2]) <= power else found[0]


def _said(content: Content) -> bool:
    return any(map(content.says, ("csv", "tsv", "tab-separated-values")))
