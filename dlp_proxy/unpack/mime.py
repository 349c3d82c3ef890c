"""Headers of one part of a multipart body: RFC 2045, RFC 7578, and names as RFC 5987 and browsers write them."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from dlp_proxy.unpack.percent import as_text, decode_bytes

BOUNDARY: Final = re.compile(r'boundary=(?:"([^"]{1,256})"|([^\s;,"]{1,256}))', re.IGNORECASE)
"""The parameter of a multipart Content-Type, in quotes or not."""

_HEAD_AT_MOST: Final = 64 * 1024
_BLANK: Final = re.compile(rb"(?:\A|\r?\n)\r?\n")
_FOLD: Final = re.compile(rb"\r?\n[ \t]+")
_PARAMETER: Final = re.compile(
    rb';\s*(name|filename)(\*?)(\d{0,3})\*?\s*=\s*(?:"((?:[^"\\]|\\.)*+)"?|([^;\r\n]*))', re.IGNORECASE
)
_WORD: Final = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([BbQq])\?([^?\s]*)\?=(?:\s+(?==\?))?")
_FLOWED: Final = re.compile(r"format\s*=\s*\"?flowed", re.IGNORECASE)
_DELETED: Final = re.compile(r"delsp\s*=\s*\"?yes", re.IGNORECASE)
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_LONG: Final = 100  # what is shorter may be words
_STRAY_AT_MOST: Final = 0.02  # of a body in Base64; mail programs pass over such bytes
_EXTENDED: Final = re.compile(rb"([\w.+-]{1,40})'[\w-]{0,20}'(.*)", re.DOTALL)
# What forms say of each part. Whatever else stands in such a line has room for data.
_USUAL: Final = {
    b"content-disposition": re.compile(rb"[\s;]*(?:form-data|attachment|inline)?[\s;]*", re.IGNORECASE),
    b"content-type": re.compile(
        rb"[\s;]*(?:[A-Za-z]{1,20}/[A-Za-z.+-]{1,80})?[\s;]*"
        rb"(?:charset=\"?[\w.:-]{1,16}\"?|boundary=\"?(?:[^\d\s\";]{0,70}\d){0,6}[^\d\s\";]{0,70}\"?)?[\s;]*",
        re.IGNORECASE,
    ),
    b"content-transfer-encoding": re.compile(rb"\s*(?:[78]bit|binary|base64|quoted-printable)?\s*", re.IGNORECASE),
    b"content-length": re.compile(rb"\s*\d{0,10}\s*"),  # a longer one is no body that is held
}


@dataclass(frozen=True, slots=True)
class PartHead:
    """What a part says of itself.

    Attributes:
        name: of the form field.
        filenames: every one given, by ``filename`` and ``filename*``.
        label: its Content-Type as sent.
        encoding: its Content-Transfer-Encoding, lower case.
        others: header lines that forms do not need, and that may carry data.
    """

    name: str = ""
    filenames: tuple[str, ...] = ()
    label: str = ""
    encoding: str = ""
    others: tuple[bytes, ...] = ()


def parse_head(data: bytes) -> tuple[PartHead, bytes | None]:
    """Return the head of a part and its body; None for the body when the head does not end."""
    blank = _BLANK.search(data, 0, _HEAD_AT_MOST)
    if not blank:
        return PartHead(), None
    name, label, encoding = "", "", ""
    filenames: list[str] = []
    others: list[bytes] = []
    for line in _FOLD.sub(b" ", data[: blank.start()]).split(b"\n"):
        key, _, value = line.partition(b":")
        key = key.strip().lower()
        usual = _USUAL.get(key)
        if usual is None or not usual.fullmatch(_PARAMETER.sub(b"", value)):
            others += [line.strip()] if line.strip() else []
        if key == b"content-disposition":
            field, filenames = disposition(value)
            name = name or field
        elif key == b"content-type":
            label = as_text(value.strip())
            named, more = disposition(value)
            filenames += [*more, named] if named else more
        elif key == b"content-transfer-encoding":
            encoding = as_text(value.strip()).lower()
    return PartHead(name, tuple(dict.fromkeys(filenames)), label, encoding, tuple(others)), data[blank.end() :]


def disposition(value: bytes) -> tuple[str, list[str]]:
    """Return the field's name and the file names in a Content-Disposition, decoded."""
    name = ""
    filenames: list[str] = []
    for key, raw, star in _joined(_PARAMETER.findall(value)):
        extended = _EXTENDED.fullmatch(raw) if star else None
        text = words(as_text(decode_bytes(extended[2] if extended else raw)))
        if key == b"name":
            name = name or text
        elif text:
            filenames.append(text)
    return name, filenames


def _joined(found: list[tuple[bytes, bytes, bytes, bytes, bytes]]) -> list[tuple[bytes, bytes, bool]]:
    """Return (name, raw value, may name its charset) for each parameter, pieces of one (RFC 2231 section 3) joined."""
    whole: list[tuple[bytes, bytes, bool]] = []
    pieces: dict[bytes, dict[int, bytes]] = {}
    for key, star, number, quoted, token in found:
        raw = re.sub(rb'\\(["\\])', rb"\1", quoted) or token.strip()
        if number:
            pieces.setdefault(key.lower(), {})[int(number)] = raw
        else:
            whole.append((key.lower(), raw, bool(star)))
    return whole + [(key, b"".join(raw for _, raw in sorted(some.items())), True) for key, some in pieces.items()]


def words(text: str) -> str:
    """Return `text` with its encoded words decoded (RFC 2047), neighbours joined."""
    return _WORD.sub(_word, text) if "=?" in text else text


def _word(word: re.Match[str]) -> str:
    raw = word[3].encode(errors="replace")
    try:
        data = binascii.a2b_base64(raw + b"==") if word[2] in "Bb" else binascii.a2b_qp(raw, header=True)
    except binascii.Error:
        return word[0]
    try:
        return data.decode(word[1])
    except (LookupError, UnicodeError):
        return as_text(data)


def transfer_decode(head: PartHead, body: bytes) -> bytes:
    """Take base64 or quoted-printable off a body; a body that is not what its header says stays as it is."""
    try:
        if head.encoding == "base64":
            body = _unbase64(body)
        elif head.encoding == "quoted-printable":
            body = binascii.a2b_qp(body)
    except (binascii.Error, ValueError):
        pass
    return _unflowed(body, head.label) if _FLOWED.search(head.label) else body


def _unflowed(body: bytes, label: str) -> bytes:
    """Return a text whose lines were broken for mail with these lines whole (RFC 3676): a space at the end goes on.

    Lines of one depth of quoting belong together; the line above a signature ends with a space and stands alone.
    """
    drop = _DELETED.search(label) is not None
    made: list[bytes] = []
    depth = -1
    for line in body.split(b"\n"):
        plain = line.removesuffix(b"\r")
        text = plain.lstrip(b">")
        quoted, text = len(plain) - len(text), text.removeprefix(b" ")
        goes_on = text.endswith(b" ") and text != b"-- "
        if goes_on and drop:
            text = text[:-1]
        if depth == quoted and text != b"-- ":
            made[-1] += text
        else:
            made.append(b">" * quoted + text)
        depth = quoted if goes_on else -1
    return b"\n".join(made)


def _unbase64(body: bytes) -> bytes:
    """Decode as mail programs do: what is not Base64 is passed over, as long as there is little of it.

    Raises:
        binascii.Error: it is something else.
    """
    packed = b"".join(body.split())
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        signs = _NOT_BASE64.sub(b"", packed)
        if len(packed) < _LONG or len(packed.rstrip(b"=")) - len(signs) > max(2, _STRAY_AT_MOST * len(packed)):
            raise
        signs = signs[: len(signs) - 1] if len(signs) % 4 == 1 else signs
        return base64.b64decode(signs + b"=" * (-len(signs) % 4))
