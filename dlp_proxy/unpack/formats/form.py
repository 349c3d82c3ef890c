"""Posted forms: ``application/x-www-form-urlencoded`` (WHATWG URL section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset, values
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.percent import as_text, decode_bytes

NAME: Final = "form"

_FIRST: Final = re.compile(r"[^\s&=<>{}\"';,]{1,256}=")
_CALL: Final = re.compile(r"[\w$.:]{1,128}=[^&%'()]{0,256}\(['\[]")
"""A line of a program: a plus sign in a text that it is given is no space."""
_PAIRS: Final = 20_000
_SPACE: Final = re.compile(r"[\r\n\t <>\"{}]")
_ESCAPE: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPES: Final = 8
"""Escapes in a text without spaces from which it is a form's value, with or without a name: it is read decoded."""


def accepts(content: Content) -> bool:
    """Pairs with ``=`` between them ``&``; spaces and quotes only when the label says that it is a form.

    Names without values, and a value without a name, are a form where the label says so or most of it is escapes.
    """
    text = content.text
    if text is None:
        return False
    if "x-www-form-urlencoded" in content.label.lower() and ("&" in text or _FIRST.match(text)):
        return "\n" not in text.rstrip()
    if _SPACE.search(text.rstrip()) or _CALL.match(text):
        return False
    if not _FIRST.match(text):
        return text.count("%") >= _ESCAPES and len(_ESCAPE.findall(text)) >= _ESCAPES
    split = text.split("&")
    named = sum("=" in pair for pair in split)
    return named * 2 > len(split) and text.split("=", 1)[1].strip("=") != ""


def read(content: Content, _budget: Budget) -> Iterator[Part | Content]:
    yield from values.render(pairs((content.text or "").encode()), content.location, label="form field")


def pairs(data: bytes) -> list[tuple[str, str]]:
    """Return names and values, decoded; all are taken to be of one charset.

    A form beyond all reason comes back as one value without a name, a line for each of its pairs.
    """
    if data.count(b"&") > _PAIRS:
        return [("", as_text(decode_bytes(data.replace(b"+", b" ").replace(b"&", b"\n"))))]
    split = [pair.partition(b"=") for pair in data.replace(b"+", b" ").split(b"&") if pair]
    raw = [(decode_bytes(name), decode_bytes(value)) for name, _, value in split]
    guess = charset.decode(b"\n".join([piece for pair in raw for piece in pair]))
    if guess is None or guess[1].startswith("utf-16"):
        return [(as_text(name), as_text(value)) for name, value in raw]
    return [(name.decode(guess[1], "replace"), value.decode(guess[1], "replace")) for name, value in raw]
