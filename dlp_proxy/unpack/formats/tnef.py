"""winmail.dat, in which Outlook wraps what it sends (MS-OXTNEF): text, properties, attachments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.outlook import unpacked_rtf
from dlp_proxy.unpack.formats.binary import glance
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text

NAME: Final = "tnef"

_MAGIC: Final = b"\x78\x9f\x3e\x22"
_TITLE, _DATA, _TEXT, _PROPERTIES, _ATTACHED_PROPERTIES = 0x8010, 0x800F, 0x800C, 0x9003, 0x9005
_RTF: Final = b"LZFu"


def accepts(content: Content) -> bool:
    return content.data.startswith(_MAGIC)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data, at = content.data, 6
    files: list[bytes] = []
    names: list[str] = []
    while at + 11 <= len(data):
        attribute, _, size = struct.unpack_from("<HHL", data, at + 1)
        value = data[at + 9 : at + 9 + size]
        at += 11 + size
        if attribute == _DATA:
            budget.spend_member()
            files.append(value)
        elif attribute == _TITLE:
            names.append(as_text(value.rstrip(b"\0")))
        elif attribute == _TEXT:
            yield content.inside(value.rstrip(b"\0"), "text of the mail")
        else:
            yield from _properties(content, value)
    for number, file in enumerate(files):
        name = names[number] if number < len(names) else ""
        if name:
            yield Part(Location("filename", content.location.steps), name)
        yield content.inside(file, step(name or f"attachment {number + 1}"), name=name)
    if at != len(data):
        yield Gap("malformed", content.location, "a wrapped mail that is cut, or goes on with something else")
        yield from glance(content)


def _properties(content: Content, value: bytes) -> Iterator[Part | Content]:
    packed = value.find(_RTF)
    if packed >= 8:
        yield content.inside(unpacked_rtf(value[packed - 8 :]), "text of the mail")
    yield from glance(content.inside(value, "properties"))
