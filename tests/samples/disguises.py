"""The same table written so that nobody should know it."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import zlib
from typing import Final
from urllib.parse import quote

from tests.samples.customers import Customer
from tests.samples.sample import Files
from tests.samples.tables import table

_WIDE: Final = {code: code + 0xFEE0 for code in range(33, 127)}
_HAN: Final = str.maketrans("0123456789", "零一二三四五六七八九")
_RINGED: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_ROT47: Final = {code: 33 + (code + 14) % 94 for code in range(33, 127)}
_WORDS: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_MORSE: Final = ["-----", ".----", "..---", "...--", "....-", ".....", "-....", "--...", "---..", "----."]
_RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_BOLD: Final = {48 + digit: 0x1D7CE + digit for digit in range(10)}
_GIT: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85: Final = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_LETTERS: Final = str.maketrans("015", "OlS")


def base58(data: bytes) -> str:
    number, signs = int.from_bytes(data), ""
    while number:
        number, sign = divmod(number, 58)
        signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[sign] + signs
    return signs


def files(some: list[Customer]) -> Files:
    text = table(some)
    raw = text.encode()
    yield from _encoded(text, raw)
    yield from _old_posts(raw)
    yield from _written(some)


def _old_posts(raw: bytes) -> Files:
    """What news, mails and PostScript made of bytes."""
    lines = [raw[at : at + 45] for at in range(0, len(raw), 45)]
    yield (
        "mail.uu",
        b"Here it is.\n\nbegin 644 orders.csv\n" + b"".join(map(binascii.b2a_uu, lines)) + b"`\nend\n\nRegards\n",
    )
    yield "in-base64.uu", b"begin-base64 644 orders.csv\n" + base64.encodebytes(raw) + b"====\n"
    turned = bytes((byte + 42) & 0xFF for byte in raw)
    for byte in b"=\0\n\r":
        turned = turned.replace(bytes([byte]), bytes([0x3D, (byte + 64) & 0xFF]))
    yield (
        "post.yenc",
        b"=ybegin line=128 size=%d name=orders.csv\r\n%b\r\n=yend size=%d\r\n" % (len(raw), turned, len(raw)),
    )
    yield "ascii85.txt", base64.a85encode(raw)
    yield "adobe.a85", base64.a85encode(raw, adobe=True, wrapcol=76)
    yield "base85.txt", base64.b85encode(raw)
    yield "base85-of-gzip.txt", base64.b85encode(gzip.compress(raw, mtime=0))
    yield "z85.txt", base64.b85encode(raw + bytes(-len(raw) % 4)).translate(bytes.maketrans(_GIT, _Z85))
    yield "hex-of-gzip.txt", gzip.compress(raw, mtime=0).hex().encode()


def _encoded(text: str, raw: bytes) -> Files:
    one = base64.b64encode(raw)
    yield "base64.txt", one
    yield "base64-lines.txt", base64.encodebytes(raw)
    yield "base64-url-safe.txt", base64.urlsafe_b64encode(raw).rstrip(b"=")
    yield "base64-gbk.txt", base64.b64encode(text.encode("gbk"))
    yield "base64-utf16.txt", base64.b64encode(text.encode("utf-16"))
    yield "base64-twice.txt", base64.b64encode(one)
    six = raw
    for _ in range(6):
        six = json.dumps({"d": base64.b64encode(six).decode()}).encode()
    yield "base64-json-six.json", six
    yield "base64-of-gzip.txt", base64.b64encode(gzip.compress(raw, mtime=0))
    yield "data-uri.html", b"<a href='data:text/csv;base64," + one + b"'>x</a>"
    yield "certificate.pem", b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(raw) + b"-----END CERTIFICATE-----\n"
    payload = base64.urlsafe_b64encode(json.dumps({"rows": text}).encode()).rstrip(b"=")
    yield "token.jwt", b"eyJhbGciOiJIUzI1NiJ9." + payload + b".c2lnbmF0dXJl"
    yield "base32.txt", base64.b32encode(raw)
    yield "base58.txt", "\n".join(base58(line.encode()) for line in text.splitlines()).encode()
    yield "base58-whole.txt", base58(raw).encode()
    yield "rot47.txt", text.translate(_ROT47).encode()
    yield "hex.txt", raw.hex().encode()
    yield "hex-colons.txt", raw.hex(":").encode()
    yield "hex-c.txt", ", ".join(f"0x{byte:02x}" for byte in raw).encode()
    yield "xxd.txt", b"".join(
        b"%08x: %s  %s\n" % (at, raw[at : at + 16].hex(" ", 2).encode().ljust(40),
                             bytes(c if 32 <= c < 127 else 46 for c in raw[at : at + 16])) for at in range(0, len(raw), 16)
    )  # fmt: skip
    yield "byte-array.json", json.dumps(list(raw)).encode()
    yield "deflate-base64.txt", base64.b64encode(zlib.compress(raw))
    yield "percent.txt", quote(text, safe="").encode()
    yield "percent-twice.txt", quote(quote(text, safe=""), safe="").encode()
    yield "percent-every-byte.txt", "".join(f"%{byte:02X}" for byte in raw).encode()
    yield "json-unicode.txt", "".join(f"\\u{ord(sign):04x}" if sign not in "\r\n" else sign for sign in text).encode()
    yield (
        "quoted-printable.txt",
        "".join(
            sign if sign in "\r\n" else "".join(f"={byte:02X}" for byte in sign.encode()) for sign in text
        ).encode(),
    )


def _written(some: list[Customer]) -> Files:
    def lines(change: object) -> bytes:
        return "\n".join(f"{one.order} {one.name} {change(one.phone)} {one.address}" for one in some).encode()  # type: ignore[operator]

    yield "full-width.txt", "\n".join(" ".join(one.cells).translate(_WIDE) for one in some).encode()
    yield "zero-width.txt", lines(lambda phone: "\u200b".join(phone))
    yield "soft-hyphens.txt", lines(lambda phone: "\u00ad".join(phone))
    yield "combining.txt", lines(lambda phone: "\u0332".join(phone))
    yield "han-numerals.txt", lines(lambda phone: phone.translate(_HAN))
    yield "ringed.txt", lines(lambda phone: phone.translate(_RINGED))
    yield "raised.txt", lines(lambda phone: phone.translate(_RAISED))
    yield "mathematical.txt", lines(lambda phone: phone.translate(_BOLD))
    yield "letters-for-digits.txt", lines(lambda phone: phone.translate(_LETTERS))
    yield "words.txt", lines(lambda phone: " ".join(_WORDS[int(digit)] for digit in phone))
    yield "morse.txt", lines(lambda phone: " ".join(_MORSE[int(digit)] for digit in phone))
    yield "hyphens.txt", lines(lambda phone: "-".join(phone))
    yield "stars.txt", lines(lambda phone: "*".join(phone))
    yield "references.txt", lines(lambda phone: "".join(f"&#{ord(digit)};" for digit in phone))
    yield "tags.html", lines(lambda phone: "".join(f"<b>{digit}</b>" for digit in phone))
    yield "tag-characters.txt", lines(lambda phone: "".join(chr(0xE0000 + ord(digit)) for digit in phone))
    yield (
        "pieces-in-cells.csv",
        "\n".join(
            [
                "订单号,姓名,前,中,后",
                *(f"{one.order},{one.name},{one.phone[:3]},{one.phone[3:7]},{one.phone[7:]}" for one in some),
            ]
        ).encode(),
    )
