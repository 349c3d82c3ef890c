"""Mail: one message (RFC 5322, MIME), or a mailbox file of many (RFC 4155). Bodies of many parts go to `multipart`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.mime import parse_head, transfer_decode, words
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.percent import as_text

NAME: Final = "mail"

_HEADER: Final = re.compile(rb"\s{0,8}(?:From [^\n]{1,500}\n)?[A-Za-z][!-9;-~]{1,76}:[^\n]*(?:\n|\Z)")
_KNOWN: Final = re.compile(
    rb"^(from|to|subject|date|message-id|received|mime-version|return-path|delivered-to|reply-to|cc|sender|x-mailer"
    rb"|content-type|content-transfer-encoding):",
    re.IGNORECASE | re.MULTILINE,
)
_OWN: Final = frozenset({b"from", b"subject", b"message-id", b"received", b"return-path", b"date", b"mime-version"})
_HEAD: Final = 64 * 1024
_BLANK: Final = re.compile(rb"\r?\n\r?\n")
_BEGINNINGS: Final = re.compile(rb"(?:\A|(?<=\n))From [^\r\n]{3,300}\r?\n(?=[A-Za-z-]{2,60}:)")
_DATED: Final = re.compile(rb"\s{0,8}From [^\r\n]{1,200} [0-9]{2}:[0-9]{2}:[0-9]{2} [^\r\n]{0,20}[0-9]{4}\r?\n")
"""The line of a mailbox above each mail, with its date: then one header of any name is enough."""
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")


def accepts(content: Content) -> bool:
    """Two headers of a mail at the beginning, one of them such as only mails have; one in a mailbox."""
    data = content.data
    if b":" not in data[:1000] or not _HEADER.match(data):
        return False
    if _DATED.match(data):
        return True
    blank = _BLANK.search(data, 0, _HEAD)
    known = {name.lower() for name in _KNOWN.findall(data, 0, blank.start() if blank else min(len(data), _HEAD))}
    return len(known) > 1 and bool(known & _OWN) and (blank is not None or len(known) > 3)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    data = content.data.lstrip()
    starts = [found.start() for found in _BEGINNINGS.finditer(data)]
    if len(starts) < 2:
        envelope = _BEGINNINGS.match(data)
        yield from _message(content, data[envelope.end() if envelope else 0 :])
        return
    if before := data[: starts[0]].strip():
        yield content.inside(before, "before the first mail")
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), 1):
        budget.spend_member()
        yield content.inside(data[data.index(b"\n", start) + 1 : end], f"mail {number}")


def _message(content: Content, data: bytes) -> Iterator[Part | Gap | Content]:
    blank = _BLANK.search(data)
    raw = data[: blank.start()] if blank else data
    headers = words(_FOLD.sub("", as_text(raw)))
    yield Part(content.location / "headers of the mail", headers)
    if blank is None:
        return
    head, _ = parse_head(raw[-_HEAD:] + b"\r\n\r\n")
    body = transfer_decode(head, data[blank.end() :])
    names = head.filenames
    for name in names:
        yield Part(Location("filename", content.location.steps), name)
    where = content.location / (step(names[0]) if names else "text of the mail")
    if head.label.lower().startswith("multipart/"):
        where = content.location
    yield Content(body, where, names[0] if names else "", head.label)
