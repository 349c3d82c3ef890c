"""Messages of DNS, as browsers send them over HTTPS (RFC 8484): the names that are asked for have room for a record.

Source: RFC 1035, 4.1. Names are read as the host of a request is; what a question has besides tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import host_name
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch

NAME: Final = "dns_message"

_HEAD: Final = 12
_LABEL: Final = 63
_TYPE_AND_CLASS: Final = 4
_OTHERS: Final = 16
_LARGEST: Final = 64 * 1024


def accepts(content: Content) -> bool:
    data = content.data
    return _HEAD < len(data) <= _LARGEST and _is_question(data)


def _is_question(data: bytes) -> bool:
    """Tell whether the head is one of a question as resolvers send it: opcode 0, no answers, few other records."""
    return not data[2] & 0xF8 and not data[4] and data[5] > 0 and not any(data[6:11]) and data[11] <= _OTHERS


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    """Yield the names, and what stands behind the questions as whatever it is."""
    del budget
    data, at = content.data, _HEAD
    names: list[str] = []
    for _ in range(data[5]):
        labels, at = _labels(data, at)
        names.append(".".join(labels))
    text = "\n".join(host_name.readings(name) or name for name in names)
    if text.strip():
        yield Part(content.location / "names asked for", text)
    if data[at:].strip(b"\0"):
        yield content.inside(data[at:], "behind the questions")


def _labels(data: bytes, at: int) -> tuple[list[str], int]:
    """Return the labels of the name at `at`, and where what is behind its question begins."""
    labels: list[str] = []
    while at < len(data) and (size := data[at]):
        if size > _LABEL or at + 1 + size > len(data):
            raise Mismatch
        labels.append(data[at + 1 : at + 1 + size].decode("utf-8", "replace"))
        at += 1 + size
    if at + 1 + _TYPE_AND_CLASS > len(data):
        raise Mismatch
    return labels, at + 1 + _TYPE_AND_CLASS
