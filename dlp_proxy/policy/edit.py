"""Changes of a policy's text at places that are known; what is around them stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from dlp_proxy.policy.checked import Given


class Edit(NamedTuple):
    """`was`, which begins at a line and column (from 1), becomes `becomes`."""

    line: int
    column: int
    was: str
    becomes: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made.

    Raises:
        ValueError: what should be at a place is not there.
    """
    lines = text.split("\n")
    for line, column, was, becomes in sorted(edits, reverse=True):
        old = lines[line - 1]
        if old[column - 1 : column - 1 + len(was)] != was:
            raise ValueError(f"line {line} does not hold `{was}` in column {column}")
        lines[line - 1] = old[: column - 1] + becomes + old[column - 1 + len(was) :]
    return "\n".join(lines)


def inserted(text: str, after_line: int, block: str) -> str:
    """Return the text with the lines of `block` behind line `after_line` (0 for the beginning)."""
    lines = text.split("\n")
    return "\n".join((*lines[:after_line], *block.rstrip("\n").split("\n"), *lines[after_line:]))


def with_item(text: str, last: Given, item: str) -> str:
    """Return the text with one more item behind the last one of a list, or behind the one that stands alone.

    Raises:
        ValueError: the list is not written in a way that one more can be put in.
    """
    lines = text.split("\n")
    line, start = lines[last.place.line - 1], last.place.column - 1
    quote = last.scalar.quote if last.scalar is not None else ""
    written = f"{quote}{last.text.replace(quote, quote * 2) if quote else last.text}{quote}"
    quoted = "'" + item.replace("'", "''") + "'"
    end = start + len(written)
    if quote not in {"", "'", '"'} or line[start:end] != written:
        raise ValueError(f"line {last.place.line} does not hold `{last.text}` where it should")
    if line[:start].strip() == "-":
        return inserted(text, last.place.line, f"{line[:start]}{quoted}")
    in_list = "[" in line[:start] or line[:start].strip() == ""
    more = f"{written}, {quoted}" if in_list else f"[{written}, {quoted}]"
    return edited(text, [Edit(last.place.line, last.place.column, written, more)])
