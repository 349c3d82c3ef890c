"""Files in uuencode and yEnc, one or several, with text around them: old mails, news, shell archives.

Sources: POSIX.1-2017, *uuencode*; *yEncode, a quick and dirty encoding for binaries*, draft 1.3.
"""

from __future__ import annotations

import binascii
import contextlib
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.naming import step

NAME: Final = "uuencode"

_WORD, _BEFORE_WORD = b"begin", b"=y"
_SIXES: Final = re.compile(rb"(?m)^begin(?P<base64>-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,255})\r?\n")
_SIXES_END: Final = re.compile(rb"(?m)^(?:end|====)\r?$")
_YENC: Final = re.compile(rb"(?m)^=ybegin [^\r\n]{0,200}?name=(?P<name>[^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]*\r?\n)?")
_YENC_END: Final = re.compile(rb"(?m)^=yend[^\r\n]*\r?$")
_LINE: Final = re.compile(rb"[^\r\n]+")
_ESCAPED: Final = re.compile(rb"=(.)", re.DOTALL)
_BACK: Final = bytes((value - 42) & 0xFF for value in range(256))
_BREAKS: Final = b"\r\n"


def accepts(content: Content) -> bool:
    return _WORD in content.data and _first(content.data, 0) is not None  # most have not even the word


def _first(data: bytes, at: int) -> re.Match[bytes] | None:
    """Return the first beginning of either kind, asked for only where the word stands that both have."""
    place = data.find(_WORD, at)
    while place >= 0:
        yenc = place - len(_BEFORE_WORD)
        if found := _SIXES.match(data, place) or (_YENC.match(data, yenc) if yenc >= at else None):
            return found
        place = data.find(_WORD, place + 1)
    return None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data, meter = content.data, budget.meter(len(content.data))
    around: list[bytes] = []
    at = 0
    while (begin := _first(data, at)) is not None:
        is_yenc = begin.re is _YENC
        end = (_YENC_END if is_yenc else _SIXES_END).search(data, begin.end())
        stop = end.start() if end else len(data)
        packed = data[begin.end() : stop]
        no_line: list[bytes] = []
        held = _from_yenc(packed) if is_yenc else _from_sixes(packed, no_line, in_base64=begin["base64"] is not None)
        if not held and not around and not end:
            raise Mismatch  # a sentence that begins so
        meter.charge(min(len(held), meter.room))
        name = begin["name"].decode("utf-8", "replace").strip()
        yield Part(Location("filename", content.location.steps), name)
        yield content.inside(held, step(name), name=name)
        if is_yenc:  # any byte is a sign there, so that a line that nobody encoded is known by what it says
            yield from strings(content.inside(packed, f"lines of {step(name)} as they stand"))
        if end is None:
            yield Gap("malformed", content.location / step(name), "an encoded file without an end")
        around += (data[at : begin.start()], *no_line)
        at = end.end() if end else stop
    around.append(data[at:])
    if rest := b"\n".join(piece for piece in around if piece.strip()):
        yield content.inside(rest, "around the encoded files")


def _from_sixes(packed: bytes, no_line: list[bytes], *, in_base64: bool) -> bytes:
    """Return what the lines write; `no_line` takes those that are none, for a text may stand where a file is said."""
    made = bytearray()
    for line in _LINE.finditer(packed):
        try:
            made += binascii.a2b_base64(line[0], strict_mode=True) if in_base64 else binascii.a2b_uu(line[0].rstrip())
        except binascii.Error:
            no_line.append(line[0])
            if in_base64:
                with contextlib.suppress(binascii.Error):  # what is left of a broken one is still read
                    made += binascii.a2b_base64(line[0])
    return bytes(made)


def _from_yenc(packed: bytes) -> bytes:
    joined = packed.translate(None, _BREAKS)
    return _ESCAPED.sub(lambda found: bytes([(found[1][0] - 64) & 0xFF]), joined).translate(_BACK)
