"""A whole content in Ascii85 (Adobe's and btoa's), in Base85 (git's, RFC 1924) or in Z85 (ZeroMQ's RFC 32)."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.encodings.run import MAGIC, PICTURES
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings

NAME: Final = "base85"

_LEAST: Final = 40
_START: Final = re.compile(rb"\s*(?:<~)?[!-~]{40}")
_GIT_SIGNS: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85_SIGNS: Final = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_FROM_Z85: Final = bytes.maketrans(_Z85_SIGNS, _GIT_SIGNS)
_OF_Z85: Final = frozenset(_Z85_SIGNS)
_TRIAL: Final = 1000
"""Signs that are read first: five at a time give four bytes."""
_MOST: Final = 2 * 1024 * 1024
"""Signs that are read: the standard library does so one by one."""
_PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-\r\n")
"""Signs of Base64 and of words; a content of nothing else is left to their readers."""
_KINDS: Final = 45
"""Different signs in a content of a hundred and more, of which text in words has fewer in one case."""


def accepts(content: Content) -> bool:
    data = content.data
    if _START.match(data) is None or not data.isascii():
        return False
    signs = frozenset(data[:4096].strip())
    return 0x20 not in signs and not signs <= _PLAIN and len(signs) >= min(_KINDS, len(data) // 3)


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    signs = b"".join([line.rstrip() for line in content.data.strip().split(b"\n")])
    if not any(map(_says, _readings(signs[:_TRIAL]))):
        raise Mismatch
    if len(signs) > _MOST:
        yield Gap("too-large", content.location, f"more than {_MOST} signs of Base85")
        yield from strings(content)
        return
    for decoded in _readings(signs):
        if _says(decoded):
            meter = budget.meter(len(signs))
            meter.charge(min(len(decoded), meter.room))
            yield content.inside(decoded, "decoded")
            return
    raise Mismatch


def _says(decoded: bytes) -> bool:
    return decoded.startswith(MAGIC + PICTURES) or _is_text(decoded)


def _readings(signs: bytes) -> Iterator[bytes]:
    """Yield what the signs may mean, each reading of them that is possible."""
    with contextlib.suppress(ValueError):
        yield base64.a85decode(signs.removeprefix(b"<~").removesuffix(b"~>"))
    with contextlib.suppress(ValueError):
        yield base64.b85decode(signs)
    if _OF_Z85.issuperset(signs):
        with contextlib.suppress(ValueError):
            yield base64.b85decode(signs.translate(_FROM_Z85)).rstrip(b"\0")


def _is_text(decoded: bytes) -> bool:
    if len(decoded) < _LEAST * 3 // 4:
        return False
    for cut in range(4):  # the trial may end within a character
        with contextlib.suppress(UnicodeDecodeError):
            text = decoded[: len(decoded) - cut].decode()
            return not any(sign < " " and sign not in "\t\r\n" for sign in text)
    found = charset.decode(decoded) or charset.decode(decoded[:-1])
    return found is not None and found[1] not in {"latin-1", "cp1252"}
