"""OpenPGP messages, age files, Ansible's vaults and what openssl enciphers: a gap; what a message holds that is only
packed is read.

Sources: RFC 9580, sections 4, 5.6, 5.9 and 6; C2SP, *age-encryption.org/v1*; openssl-enc(1); Ansible's manual, *Format
of files encrypted with Ansible Vault*.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.inflate import Codec, inflate

NAME: Final = "enciphered"

_BEGIN: Final = re.compile(
    rb"\s{0,64}-----BEGIN PGP MESSAGE(?:, PART [0-9/]{1,9})?-----[ \t]*\r?\n((?:[A-Za-z]+: [^\r\n]*\r?\n)*+)[ \t]*\r?\n"
)
_END: Final = b"-----END PGP MESSAGE"
_ARMOUR: Final = re.compile(rb"[A-Za-z0-9+/=]*[ \t]*")
_CHECKSUM: Final = re.compile(rb"=[A-Za-z0-9+/]{4}\s*\Z")
_SALTED: Final = (b"Salted__", b"U2FsdGVkX1")
_AGE: Final = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_VAULT: Final = b"$ANSIBLE_VAULT;"
_DIGITS: Final = re.compile(rb"[ \t]*[0-9a-f]{1,80}[ \t]*")
_SIGNATURE, _ONE_PASS, _PACKED, _LITERAL, _MARKER = 2, 4, 8, 11, 10
_KEYS: Final = frozenset({1, 3})
_CIPHERED: Final = frozenset({9, 18, 20})
_HOLDING: Final = _CIPHERED | {_PACKED, _LITERAL}
_KNOWN: Final = frozenset({_SIGNATURE, _ONE_PASS, _PACKED, _LITERAL, _MARKER, 21}) | _KEYS | _CIPHERED
_FIRST: Final = frozenset({1, 3, _ONE_PASS, _PACKED, _LITERAL, _MARKER})
_BEGINNINGS: Final = {1: b"\2\3\6", 3: b"\4\5\6", _SIGNATURE: b"\3\4\6", _ONE_PASS: b"\3\6", _PACKED: b"\1\2\3",
    _LITERAL: b"btul1", _MARKER: b"P", 18: b"\1\2", 20: b"\1"}  # fmt: skip
"""What the first byte of a packet's body can be: its version, or how its content is written."""
_METHODS: Final[dict[int, Codec]] = {1: "deflate", 2: "zlib", 3: "bzip2"}
_DEEP: Final = 8
_PACKETS_AT_MOST: Final = 10_000
"""A message has one for each who may read it or signed it, and a few more."""


class _Packet(NamedTuple):
    tag: int
    body: bytes


def accepts(content: Content) -> bool:
    data = content.data
    if data.startswith((*_SALTED, *_AGE, _VAULT)):
        return True
    if data[:1] >= b"\x80":
        return _tag(data[0]) in _FIRST and bool(_packets(data))
    return b"-----BEGIN PGP MESSAGE" in data[:128] and _BEGIN.match(data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    data = content.data
    if data.startswith(_SALTED):
        if len(data) < 32 or (data.startswith(_SALTED[1]) and re.fullmatch(rb"[A-Za-z0-9+/=\s]+", data) is None):
            raise Mismatch
        yield Gap("encrypted", content.location, "enciphered by openssl", len(data))
        return
    if data.startswith(_AGE):
        yield Gap("encrypted", content.location, "an age file", len(data))
        yield from strings(content)
        return
    if data.startswith(_VAULT):
        head, *below = data.splitlines()
        yield Gap("encrypted", content.location, "a vault of Ansible", len(data))
        beside = [head[len(_VAULT) :], *(line for line in below if not _DIGITS.fullmatch(line))]
        yield content.inside(b"\n".join(beside), "beside the vault")
        return
    if found := _BEGIN.match(data):
        if found[1]:
            yield content.inside(found[1], "armour header")
        end = data.find(_END, found.end())
        end = len(data) if end < 0 else end
        lines = _CHECKSUM.sub(b"", data[found.end() : end].rstrip()).splitlines()
        signs = b"".join(line.strip() for line in lines if _ARMOUR.fullmatch(line))
        if others := b"\n".join(line for line in lines if not _ARMOUR.fullmatch(line)):
            yield content.inside(others, "lines of no armour")
        try:
            packed = base64.b64decode(signs + b"=" * (-len(signs) % 4))
        except binascii.Error:
            raise Mismatch from None
        if rest := data[end + len(_END) :].strip(b"- \r\n"):
            yield content.inside(rest, "behind the message")
        data = packed
    yield from _message(content, _packets(data), budget, 0, armoured=data is not content.data)


def _message(
    content: Content, packets: list[_Packet], budget: Budget, depth: int, *, armoured: bool
) -> Iterator[Part | Gap | Content]:
    if not packets or depth > _DEEP:
        yield Gap("malformed", content.location, "an OpenPGP message that is cut or broken")
        return
    if not (depth or armoured or {packet.tag for packet in packets} & _HOLDING):
        raise Mismatch  # keys of nothing: two bytes are such a packet, whatever follows them
    beside: list[bytes] = []
    for tag, body in packets:
        if tag in _CIPHERED:
            yield Gap("encrypted", content.location, "an OpenPGP message", len(body))
        elif tag == _LITERAL:
            size = body[1] if len(body) > 1 else 0
            name = body[2 : 2 + size]
            beside.append(name)
            yield content.inside(body[6 + size :], "literal data", name=name.decode(errors="replace"))
        elif tag == _PACKED and body:
            result = inflate(_METHODS[body[0]], body, 1, budget.meter(len(body)))
            if not (depth or armoured or result.exhausted or _packets(result.data)):
                raise Mismatch  # two bytes are no sign
            yield from _message(content, _packets(result.data), budget, depth + 1, armoured=armoured)
            if result.exhausted:
                raise result.exhausted
            if result.problem:
                yield Gap("malformed", content.location, f"a packed part of an OpenPGP message: {result.problem}")
            beside.append(body[result.end :])
        else:
            beside.append(body)
    yield from strings(content.inside(b"\n".join(beside), "beside the message"))


def _tag(first: int) -> int:
    return first & 63 if first & 64 else first >> 2 & 15


def _packets(data: bytes) -> list[_Packet]:
    """Return the packets when they fill the data, else nothing."""
    packets: list[_Packet] = []
    at = 0
    try:
        while at < len(data):
            first = data[at]
            if first < 0x80 or _tag(first) not in _KNOWN:
                return []
            body, at = _new(data, at + 1) if first & 64 else _old(data, at + 1, first & 3)
            if body[0] not in _BEGINNINGS.get(_tag(first), range(256)):
                return []
            packets.append(_Packet(_tag(first), body))
            if len(packets) > _PACKETS_AT_MOST:
                return []
            if at > len(data) + (_tag(first) == _PACKED):
                return []
    except IndexError:
        return []
    return packets


def _old(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    if kind == 3:  # up to the end
        return data[at:], len(data)
    size = 1 << kind
    end = at + size + int.from_bytes(data[at : at + size])
    return data[at + size : end], end


def _new(data: bytes, at: int) -> tuple[bytes, int]:
    pieces: list[bytes] = []
    while True:
        first = data[at]
        partial = 224 <= first < 255
        if first < 192:
            size, at = first, at + 1
        elif first < 224:
            size, at = ((first - 192) << 8) + data[at + 1] + 192, at + 2
        elif partial:
            size, at = 1 << (first & 31), at + 1
        else:
            size, at = int.from_bytes(data[at + 1 : at + 5]), at + 5
        pieces.append(data[at : at + size])
        at += size
        if not partial:
            return b"".join(pieces), at
