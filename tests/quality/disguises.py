"""Numbers and addresses that somebody hid: other digits, signs between, escapes, encodings. Marks cover the hidden value."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Final
from urllib.parse import quote

from tests.quality.addresses_cn import address
from tests.quality.case import Family, mark
from tests.quality.chance import name_zh
from tests.quality.phones_cn import mobile

_SETS: Final = {
    "full-width": "０１２３４５６７８９",
    "circled": "⓪①②③④⑤⑥⑦⑧⑨",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "arabic-indic": "٠١٢٣٤٥٦٧٨٩",
    "devanagari": "०१२३४५६७८९",
    "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
    "chinese": "〇一二三四五六七八九",
    "chinese-formal": "零壹贰叁肆伍陆柒捌玖",
}


def _digits_of(name: str) -> Callable[[str], str]:
    table = str.maketrans("0123456789", _SETS[name])
    return lambda value: value.translate(table)


def _telephone_words(value: str) -> str:
    """Write digits as they are said: 幺 for one, 洞 for nought, 拐 for seven."""
    return value.translate(str.maketrans("0123456789", "洞幺二三四五六拐八九"))


def _after_each(sign: str) -> Callable[[str], str]:
    return sign.join


def _letters(value: str) -> str:
    return value.replace("0", "O").replace("1", "l", 1)


_WAYS: Final[dict[str, Callable[[str], str]]] = {
    **{name: _digits_of(name) for name in _SETS},
    "said": _telephone_words,
    "dash-after-each": _after_each("-"),
    "space-after-each": _after_each(" "),
    "dot-after-each": _after_each("."),
    "zero-width": _after_each("\u200b"),
    "soft-hyphen": _after_each("\u00ad"),
    "combining": _after_each("\u0336"),
    "letters": _letters,
    "json-escapes": lambda value: "".join(f"\\u{ord(one):04x}" for one in value),
    "html-references": lambda value: "".join(f"&#{ord(one)};" for one in value),
    "html-hex-references": lambda value: "".join(f"&#x{ord(one):x};" for one in value),
    "percent": lambda value: "".join(f"%{ord(one):02X}" for one in value),
    "quoted-printable": lambda value: "".join(f"={ord(one):02X}" for one in value),
}


def _beside(write: Callable[[str], str]) -> Callable[[Random], str]:
    def make(chance: Random) -> str:
        value = mark("phone", write(mobile(chance)))
        name = name_zh(chance)
        return chance.choice(
            (
                "电话 {}",
                "联系电话：{}",
                f"{name} {{}} 工作日送",
                "手机号{}，到了打给我",
                f'{{{{"name": "{name}", "phone": "{{}}"}}}}',
            )
        ).format(value)

    return make


def _encoded(encode: Callable[[bytes], str], unit: int, per: int) -> Callable[[Random], str]:
    """Encode a whole text in which a number stands; `unit` bytes become `per` characters, so the place is known."""

    def make(chance: Random) -> str:
        value = mobile(chance).encode()
        before = f"收货人：{name_zh(chance)}，电话：".encode()
        before += b" " * (-len(before) % unit)
        after = f"，地址：{address(chance)}".encode()
        text = encode(before + value + after)
        start = len(before) // unit * per
        stop = start + -(-len(value) * per // unit)
        lead = chance.choice(("payload=", '{"blob":"', "备份：", ""))
        return f"{lead}{text[:start]}{mark('phone', text[start:stop])}{text[stop:]}" + (
            '"}' if lead.startswith("{") else ""
        )

    return make


def _wide_json(chance: Random) -> str:
    """Escape a whole document, as programs do that write ASCII only."""
    place = address(chance)
    hidden = json.dumps(place)[1:-1]
    return json.dumps({"name": name_zh(chance), "addr": "@"}).replace("@", mark("address", hidden))


def _percent_form(chance: Random) -> str:
    return f"name={quote(name_zh(chance))}&address={mark('address', quote(address(chance)))}&n=1"


def _cells(chance: Random) -> str:
    value = mobile(chance)
    sign = chance.choice(("\t", ",", " | "))
    return f"{name_zh(chance)}{sign}{mark('phone', sign.join((value[:3], value[3:7], value[7:])))}{sign}已发货"


FAMILIES: Final = (
    *(Family(f"phone/disguised/{name}", _beside(write), ("phone",)) for name, write in _WAYS.items()),
    Family("phone/disguised/base64", _encoded(lambda data: base64.b64encode(data).decode(), 3, 4), ("phone",)),
    Family(
        "phone/disguised/base64-url",
        _encoded(lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="), 3, 4),
        ("phone",),
    ),
    Family("phone/disguised/base32", _encoded(lambda data: base64.b32encode(data).decode(), 5, 8), ("phone",)),
    Family("phone/disguised/hex", _encoded(bytes.hex, 1, 2), ("phone",)),
    Family("phone/disguised/hex-spaced", _encoded(lambda data: data.hex(" ") + " ", 1, 3), ("phone",)),
    Family("phone/disguised/cells", _cells, ("phone",)),
    Family("address/disguised/json-escapes", _wide_json, ("address",)),
    Family("address/disguised/percent", _percent_form, ("address",)),
)
