"""Whole numbers and query fields as uploads write them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from dlp_proxy.model.message import Message

_MOST_DIGITS = 15
_DOCUMENT = re.compile(r"json|xml|urlencoded|graphql|text/(?!plain)", re.IGNORECASE)


def whole(text: str) -> int | None:
    """Return the number that `text` is, None when it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def is_document(message: Message) -> bool:
    """Tell whether a request says that it is a document or a form: with a number it is a page of something."""
    return _DOCUMENT.search(message.header("Content-Type")) is not None


def key(name: str) -> str:
    """Return a field's name without what programs differ in: ``part_number`` and ``partNumber`` are one."""
    return name.lower().replace("_", "").replace("-", "")


def query(message: Message) -> dict[str, str]:
    """Return the fields of the query by their `key`, the first of each."""
    fields: dict[str, str] = {}
    for name, value in parse_qsl(message.target.partition("?")[2], keep_blank_values=True):
        fields.setdefault(key(name), value)
    return fields
