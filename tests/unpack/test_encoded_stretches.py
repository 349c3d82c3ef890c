"""Long encodings are looked for only around windows that may be of one, and found wherever they stand."""

from __future__ import annotations

import base64

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.encoded import opened

TABLE = "name,phone\n" + "".join(f"buyer {number},{13800138000 + number}\n" for number in range(40))
CODE = "                                        return value;  // twenty words of a program, and no more\n" * 60
WAYS = {
    "base64": base64.b64encode(TABLE.encode()).decode(),
    "lines": base64.encodebytes(TABLE.encode()).decode(),
    "base32": base64.b32encode(TABLE.encode()).decode(),
    "hex": TABLE.encode().hex(),
    "C": ",\n        ".join(
        ", ".join(f"0x{byte:02x}" for byte in TABLE.encode()[at : at + 8]) for at in range(0, 960, 8)
    ),
    "numbers": ", ".join(str(byte) for byte in TABLE.encode()),
    "bits": " ".join(f"{byte:08b}" for byte in TABLE.encode()),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("before", [0, 1, 77, 199, 200, 1023, 5000])
def test_it_is_found_wherever_it_stands(way: str, before: int) -> None:
    text = f"{CODE[:before]}\n{WAYS[way]}\n{CODE}"
    _, contents = opened(Part(Location("body"), text), Budget(LIMITS))
    assert any(b"buyer 11,13800138011" in content.data for content in contents)


@pytest.mark.parametrize("text", [CODE, "Haus\nhausen\nHausflur\r\nhausieren\n" * 400])
def test_code_and_lists_of_words_are_not_looked_at(text: str) -> None:
    part = Part(Location("body"), text)
    assert opened(part, Budget(LIMITS)) == (part, [])


def test_maps_of_programs_are_not_looked_at() -> None:
    asked = []

    class Asked(Budget):
        def hurry(self) -> None:
            asked.append(1)

    part = Part(Location("body"), "AAAA,CAAC,CAAC;ACAD,EAAE,IAAI;AAAAA,CAAC,GAAG,EAAE;" * 400)
    assert opened(part, Asked(LIMITS)) == (part, [])
    assert asked == []
