"""A mail as Outlook stores it (MS-OXMSG 2.1): properties in streams named by their numbers, attachments in storages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from dlp_proxy.unpack import charset

type Path = tuple[str, ...]

_PROPERTY: Final = "__substg1.0_"
_NARROW, _WIDE, _BINARY = "001E", "001F", "0102"
_NAMES: Final = {
    "0037": "Subject", "0C1A": "From", "0C1F": "From", "0042": "From", "0065": "From", "5D01": "From", "0E04": "To",
    "0E03": "Cc", "0E02": "Bcc", "007D": "headers", "1035": "Message-ID", "0070": "Topic", "3001": "Name",
    "3003": "Address", "39FE": "Address", "3A1C": "Mobile", "3A08": "Phone", "3A09": "Phone", "3A15": "Address",
}  # fmt: skip
_TEXT, _HTML, _RTF, _ATTACHED = "1000", "1013", "1009", "3701"
_FILE_NAMES: Final = ("3707", "3704", "3001")
_PRELOAD: Final = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans"
    rb" SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


class Attachment(NamedTuple):
    """A file, or a mail within when `inner` is its storage."""

    name: str
    data: bytes
    inner: Path


class Mail:
    """What one storage says.

    Attributes:
        lines: headers and other short properties, with their names.
        bodies: (label, bytes) of the texts of the mail.
    """

    def __init__(self, streams: Mapping[Path, bytes], top: Path) -> None:
        self.lines: list[str] = []
        self.bodies: list[tuple[str, bytes]] = []
        self.attachments: list[Attachment] = []
        self.used: set[Path] = set()
        files: dict[Path, dict[str, bytes]] = {}
        for path, data in streams.items():
            inside = path[len(top) :]
            if path[: len(top)] != top or not inside or not inside[-1].startswith(_PROPERTY):
                continue
            number, kind = inside[-1][12:16].upper(), inside[-1][16:20].upper()
            holder = inside[0] if len(inside) == 2 else ""
            if len(inside) == 1 or holder.startswith("__recip"):
                self.used.add(path)
                self._property(number, kind, data)
            elif holder.startswith("__attach"):
                self.used.add(path)
                files.setdefault((*top, holder), {})[number] = text_of(kind, data).encode() if kind != _BINARY else data
        for holder_path, found in files.items():
            self.attachments.append(self._attachment(holder_path, found, streams))

    def _property(self, number: str, kind: str, data: bytes) -> None:
        if number == _TEXT:
            self.bodies.append(("text", text_of(kind, data).encode(errors="replace")))
        elif number == _HTML:
            self.bodies.append(("html", data if kind == _BINARY else text_of(kind, data).encode(errors="replace")))
        elif number == _RTF:
            self.bodies.append(("rtf", unpacked_rtf(data)))
        elif kind in {_NARROW, _WIDE}:
            name = _NAMES.get(number, "")
            text = text_of(kind, data).strip("\0\r\n ")
            if text:
                self.lines.append(f"{name}: {text}" if name and name != "headers" else text)

    @staticmethod
    def _attachment(holder: Path, found: Mapping[str, bytes], streams: Mapping[Path, bytes]) -> Attachment:
        name = next((found[key].decode(errors="replace").strip("\0") for key in _FILE_NAMES if found.get(key)), "")
        inner = (*holder, "__substg1.0_3701000D")
        has_inner = any(path[: len(inner)] == inner for path in streams)
        return Attachment(name, found.get(_ATTACHED, b""), inner if has_inner else ())


def text_of(kind: str, data: bytes) -> str:
    """Return a property of a text's kind."""
    if kind == _WIDE:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    decoded = charset.decode(data.rstrip(b"\0"))
    return decoded[0] if decoded else data.decode("latin-1")


def unpacked_rtf(data: bytes) -> bytes:
    """Return compressed RTF as RTF (MS-OXRTFCP 3.1); what is broken ends it."""
    if data[8:12] == b"MELA":
        return data[16:]
    if data[8:12] != b"LZFu":
        return data
    size = min(int.from_bytes(data[4:8], "little"), 16 * len(data))
    window = bytearray(_PRELOAD.ljust(4096, b"\0"))
    place = len(_PRELOAD)
    out = bytearray()
    for literal, value in _tokens(data):
        if literal:
            piece = [value]
        else:
            start, count = value >> 4, (value & 15) + 2
            if start == place % 4096:
                break
            piece = []
            for step in range(count):
                byte = window[(start + step) % 4096]
                window[place % 4096] = byte
                place += 1
                piece.append(byte)
        if literal:
            window[place % 4096] = value
            place += 1
        out += bytes(piece)
        if len(out) >= size:
            break
    return bytes(out)


def _tokens(data: bytes) -> Iterator[tuple[bool, int]]:
    at = 16
    while at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if flags >> bit & 1:
                if at + 2 > len(data):
                    return
                yield False, int.from_bytes(data[at : at + 2], "big")
                at += 2
            elif at < len(data):
                yield True, data[at]
                at += 1
