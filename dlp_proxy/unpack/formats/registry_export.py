"""What Windows' registry editor exports (.reg): its values as texts, those in hexadecimal digits too.

Source: Microsoft, *How to add, modify, or delete registry subkeys and values by using a .reg file*; types of values by
their numbers in winnt.h.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.lines import lines_of

NAME: Final = "registry_export"

_FIRST: Final = ("Windows Registry Editor Version 5.00", "REGEDIT4")
_LINE: Final = re.compile(r'(@|"(?:[^"\\]++|\\.)*+")=(.*)', re.DOTALL)
_BYTES: Final = re.compile(r"hex(?:\(([0-9a-f]{1,8})\))?:([0-9a-fA-F, \t]*+)")
_PAIRS: Final = re.compile(r"[, \t]*+(?:[0-9a-fA-F]{2}[, \t]++)*+(?:[0-9a-fA-F]{2})?")
_ESCAPE: Final = re.compile(r"\\(.)")
_TEXTS: Final = frozenset({"1", "2", "7"})
_CONTINUED: Final = re.compile(r"\\\r?\n[ \t]*")


def accepts(content: Content) -> bool:
    return content.text is not None and content.text.startswith(_FIRST)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield the export as lines, then the values that are bytes."""
    said = bytearray()  # a list of millions of short lines is many times their text
    values: list[bytes] = []
    text = content.text or ""
    wide = text.startswith(_FIRST[0])
    for line in lines_of(_CONTINUED.sub("", text.removeprefix(_FIRST[not wide])), budget):
        found = _LINE.match(line)
        coded = _BYTES.fullmatch(found[2].strip()) if found else None
        if found is None or coded is None:
            said += _line(_ESCAPE.sub(r"\1", line).replace(chr(34), "") if found else line)
            continue
        if not _PAIRS.fullmatch(coded[2]):
            said += _line(line)  # digits that may be no bytes at all
        digits = coded[2].replace(",", "").replace(" ", "").replace("\t", "")
        data = bytes.fromhex(digits[: len(digits) // 2 * 2])
        if coded[1] in _TEXTS:
            text = data.decode("utf-16-le", "replace") if wide else data.decode("gb18030", "replace")
            said += _line(f"{found[1].strip(chr(34))}={text.rstrip(chr(0)).replace(chr(0), ' ')}")
        elif data.strip(b"\0"):
            values.append(data)
    if said:
        yield content.inside(bytes(said), "values")
    if values:
        yield content.inside(b"\n".join(values), "values of bytes")


def _line(text: str) -> bytes:
    return text.encode(errors="replace") + b"\n"
