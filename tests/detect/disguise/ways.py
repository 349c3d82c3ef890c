"""Ways to disguise a value, for the tests of this room. Every one keeps what people would read."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

type Way = Callable[[str], str]


def _digits(signs: str) -> Way:
    return lambda value: value.translate(str.maketrans("0123456789", signs))


def _each(write: Callable[[str], str]) -> Way:
    return lambda value: "".join(map(write, value))


def _bytes(write: Callable[[int], str]) -> Way:
    return lambda value: "".join(map(write, value.encode()))


SIGNS: Final[dict[str, Way]] = {
    "Chinese numerals": _digits("〇一二三四五六七八九"),
    "formal numerals": _digits("零壹贰叁肆伍陆柒捌玖"),
    "spoken numerals": _digits("零幺二三四五六七八九"),
    "traditional numerals": _digits("零壹貳參肆伍陸柒捌玖"),
    "circled": _digits("⓪①②③④⑤⑥⑦⑧⑨"),
    "raised": _digits("⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "lowered": _digits("₀₁₂₃₄₅₆₇₈₉"),
    "full-width": _digits("０１２３４５６７８９"),
    "Thai": _digits("๐๑๒๓๔๕๖๗๘๙"),
    "zero-width": "\u200b".join,
    "bidi": "\u2067".join,
    "O and l": lambda value: value.replace("0", "O").replace("1", "l"),
    "o and I": lambda value: value.replace("0", "o").replace("1", "I"),
    "every second in Chinese": lambda value: "".join(
        _digits("〇一二三四五六七八九")(sign) if number % 2 else sign for number, sign in enumerate(value)
    ),
}
"""One sign for a sign: all kinds of values, the place is exact."""

ESCAPES: Final[dict[str, Way]] = {
    "JSON": _each(lambda sign: f"\\u{ord(sign):04x}"),
    "JSON twice": _each(lambda sign: f"\\\\u{ord(sign):04x}"),
    "braces": _each(lambda sign: f"\\u{{{ord(sign):x}}}"),
    "decimal references": _each(lambda sign: f"&#{ord(sign)};"),
    "hexadecimal references": _each(lambda sign: f"&#x{ord(sign):X};"),
    "tags": "<b></b>".join,
    "colours of a terminal": "\x1b[32m\x1b[0m".join,
    "percent": _bytes(lambda byte: f"%{byte:02X}"),
    "percent twice": _bytes(lambda byte: f"%25{byte:02x}"),
    "quoted-printable": _bytes(lambda byte: f"={byte:02X}"),
}
"""Something for each sign: all kinds of values, the place is exact."""

ENCODINGS: Final[dict[str, Way]] = {
    "Base64": lambda value: base64.b64encode(value.encode()).decode().rstrip("="),
    "Base64 for URLs": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "Base32": lambda value: base64.b32encode(value.encode()).decode().rstrip("="),
    "hex": lambda value: value.encode().hex(),
    "HEX": lambda value: value.encode().hex().upper(),
}
"""The value alone, encoded: all kinds of values, the place is exact."""

NESTED: Final[dict[str, Way]] = {
    "Base64 in Base64": lambda value: ENCODINGS["Base64"](ENCODINGS["Base64"](value)),
    "percent in hex": lambda value: quote(value, safe="").replace("1", "%31").encode().hex(),
    "hex in Base64 in JSON": lambda value: "".join(
        f"\\u{ord(sign):04x}" for sign in base64.b64encode(value.encode().hex().encode()).decode().rstrip("=")
    ),
}

SPACED: Final[dict[str, Way]] = {
    name: sign.join for name, sign in {
        "dash": "-", "star": "*", "comma": ", ", "middle dot": "·", "line": "\n", "slash": "/", "underscore": "_",
        "bar": " | ", "letter": "x", "brackets": "][", "two spaces": "  ", "tab": "\t",
    }.items()
}  # fmt: skip
"""A sign after every digit: telephone and identity numbers."""
