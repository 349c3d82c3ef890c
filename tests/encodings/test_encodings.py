"""Runs of every encoding: where they stand, what they say, and which signs write which byte."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.encodings import base32, readable
from dlp_proxy.encodings import char_codes as char_codes_encoding
from dlp_proxy.encodings.base58 import runs as base58_runs
from dlp_proxy.encodings.registry import ENCODINGS
from dlp_proxy.encodings.run import Run
from tests.samples.tools import char_codes, octal_bytes

TEXT = "订单 SO-20260115-004217 电话 13800138000 北京市朝阳区建国路88号"
LONG = "".join(f"客户{number} 1380013{number:04} 北京市朝阳区建国路{number}号\n" for number in range(40))


def dump(data: bytes, width: int, colon: str, gap: str) -> str:
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        groups = " ".join(row[place : place + width].hex() for place in range(0, len(row), width))
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}{colon} {groups:<{40 if width == 2 else 48}}{gap}{shown}\n")
    return "".join(lines)


def words(data: bytes) -> str:
    """Print as od -x does: words with the second byte first."""
    data += b"\0" * (len(data) % 2)
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        lines.append(f"{at:07o} " + " ".join(f"{row[p + 1]:02x}{row[p]:02x}" for p in range(0, len(row), 2)))
    return "\n".join(lines) + "\n"


def base58(data: bytes) -> str:
    number, signs = int.from_bytes(data), ""
    while number:
        number, sign = divmod(number, 58)
        signs = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[sign] + signs
    return signs


def said(text: str) -> list[tuple[str, str]]:
    """Return what the first encoding that reads something reads, with its name."""
    for encoding in ENCODINGS:
        found = list(encoding.runs(text, 0, len(text))) if re.search(encoding.GATE, text) else []
        if found:
            return [(encoding.NAME, run.reading[0] if run.reading else "") for run in found]
    return []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (base64.b64encode(TEXT.encode()).decode(), "base64"),
        (base64.urlsafe_b64encode(TEXT.encode()).decode().rstrip("="), "base64"),
        (base64.encodebytes(LONG.encode()).decode(), "base64"),
        (base64.encodebytes(LONG.encode()).decode().replace("\n", "\r\n"), "base64"),
        (base64.b64encode(TEXT.encode("gb18030")).decode(), "base64"),
        (base64.b64encode(TEXT.encode("utf-16-le")).decode(), "base64"),
        (base64.b32encode(TEXT.encode()).decode(), "base32"),
        (base64.b32encode(b"13800138000").decode().lower().rstrip("="), "base32"),
        (TEXT.encode().hex(), "hex"),
        (TEXT.encode().hex(" ").upper(), "hex"),
        (TEXT.encode().hex(":"), "hex"),
        (", ".join(f"0x{byte:02x}" for byte in TEXT.encode()), "hex"),
        (binascii.hexlify(LONG.encode()).decode(), "hex"),
        (dump(TEXT.encode(), 2, ":", "  "), "hexdump"),
        (dump(TEXT.encode(), 1, " ", "  |"), "hexdump"),
        (words(TEXT.encode()), "hexdump"),
        (octal_bytes(TEXT.encode()), "character dump"),
        (char_codes(TEXT), "character codes"),
        (f"String.fromCodePoint({', '.join(hex(ord(sign)) for sign in TEXT)})", "character codes"),
        (str(list(TEXT.encode())), "byte array"),
        ("\n".join(map(str, TEXT.encode())), "byte array"),
        (" ".join(f"{byte:08b}" for byte in TEXT.encode()), "byte array"),
        (base58(TEXT.encode()), "base58"),
        (base58(LONG.encode()), "base58"),
    ],
)  # fmt: skip
def test_every_way_of_writing_is_read(written: str, name: str) -> None:
    (one,) = said(written)
    assert one[0] == name
    assert one[1].rstrip("\0") in {TEXT, LONG, "13800138000"}


@pytest.mark.parametrize(
    "text",
    ["", "getElementsByClassNameAndNothingElse", "4bf92f3577b34da6a3ce929d0e0e4736", "/usr/lib/python3/dist-packages/x",
     "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", base58(Random(3).randbytes(300)), "HelloWorld2FactoryBeanProxyTest",
     base64.b64encode(Random(3).randbytes(3000)).decode(), "00:1b:44:11:3a:b7:00:1b:44:11:3a:b7",
     "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"],
)  # fmt: skip
def test_what_writes_no_text_is_no_run(text: str) -> None:
    assert said(text) == []


def test_base58_is_read_alike_in_one_stretch_and_in_several() -> None:
    text = " ".join(base58(f"phone 138{number:08d}".encode()) for number in range(0, 10**8, 4 * 10**6))
    whole = [(run.start, run.end) for run in base58_runs(text, 0, len(text))]
    assert len(whole) == 25
    for cut in (*range(1, len(text), 7), *(start for start, _ in whole[1:])):
        before, behind = list(base58_runs(text, 0, cut)), list(base58_runs(text, cut, len(text)))
        assert [(run.start, run.end) for run in before + behind] == whole, cut
        assert all(run.start < cut for run in before), cut


def places(run: Run) -> list[tuple[int, int]]:
    return [run.place(at, at + 1) for at in range(len(run.data))]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789 -电话订单abc", min_size=4, max_size=60), st.sampled_from(["", "x ", "id: ", "「"]))
def test_each_byte_has_the_signs_that_write_it(middle: str, lead: str) -> None:
    data = f"13800138000 {middle} 13900139000".encode()
    for written, signs in (
        (base64.b64encode(data).decode().rstrip("="), 6),
        (base64.b32encode(data).decode().rstrip("="), 5),
        (data.hex(), 4),
    ):
        text = f"{lead}{written} end"
        encoding = {6: "base64", 5: "base32", 4: "hex"}[signs]
        (run,) = next(one for one in ENCODINGS if encoding == one.NAME).runs(text, 0, len(text))
        assert run.data == data
        for byte, (start, end) in enumerate(places(run)):
            assert (start, end) == (len(lead) + byte * 8 // signs, len(lead) + -(-(byte + 1) * 8 // signs))


READABLE = re.compile(
    rb"(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]){%d,}+"
    % readable.SHORTEST
)
"""What readable stretches are, said in bytes."""
BYTES = ("a", "b7", "\n", "é", "中", "\u07ff", "\u0800", "\uffff", "\ue000", "한", "😀", "\x7f", "\x85")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(BYTES).map(str.encode) | st.binary(max_size=2) | st.just(b"\xed\xa0\x80"), max_size=60))
def test_readable_stretches_are_those_of_their_bytes(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert list(readable.stretches(data)) == [match.span() for match in READABLE.finditer(data)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_bytes_and_no_text_raise(data: bytes, text: str) -> None:
    readable.decode(data)
    assert all(0 <= first < last <= len(data) for first, last in readable.stretches(data))
    for written in (
        text,
        base64.b64encode(data).decode() + text,
        data.hex(" "),
        str(list(data)),
        dump(data, 2, ":", "  "),
    ):
        for encoding in ENCODINGS:
            for run in encoding.runs(written, 0, len(written)):
                assert 0 <= run.start < run.end <= len(written)
                for start, end in places(run):
                    assert run.start <= start < end <= run.end


def test_a_text_is_text_in_its_own_charset_only() -> None:
    assert readable.decode(TEXT.encode()) == (TEXT, "utf-8")
    assert readable.decode(TEXT.encode("gb18030")) == (TEXT, "gb18030")
    assert readable.decode(TEXT.encode("utf-16-be")) == (TEXT, "utf-16-be")
    assert readable.decode(b"plain") == ("plain", "ascii")
    assert [readable.decode(bytes(range(256))), readable.decode(b"a\x01b"), readable.decode(b"\xff\xfe\xfd")] == [
        None
    ] * 3


def test_each_byte_of_base58_has_signs_around_it_and_none_beyond_the_run() -> None:
    written = base58(TEXT.encode())
    (run,) = next(one for one in ENCODINGS if one.NAME == "base58").runs(f"id: {written} end", 0, len(written) + 8)
    spots = places(run)
    assert run.data == TEXT.encode()
    assert spots[0][0] == 4
    assert spots[-1][1] == 4 + len(written)
    assert all(one[0] <= other[0] < one[1] for one, other in itertools.pairwise(spots))


@pytest.mark.parametrize("width", [64, 72, 76])
def test_wrapped_base32_is_one_text(width: int) -> None:
    written = base64.b32encode(LONG.encode()).decode()
    lines = "\n".join(written[at : at + width] for at in range(0, len(written), width))
    [run] = base32.runs(f"x: {lines}\n", 0, len(lines) + 4)
    assert run.data == LONG.encode()


def test_a_list_of_values_in_base32_is_as_many_values() -> None:
    values = [f"1380013{number:04}".encode() for number in range(60)]
    lines = "\n".join(base64.b32encode(value).decode().rstrip("=") for value in values)
    assert [run.data for run in base32.runs(lines, 0, len(lines))] == values


def test_lines_of_base32_that_are_no_text_are_decoded_twice_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(7)
    lines = "\n".join("".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=64)) for _ in range(500))
    decoded: list[int] = []
    decodes = base64.b32decode

    def counted(signs: str) -> bytes:
        decoded.append(len(signs))
        return decodes(signs)

    monkeypatch.setattr(base64, "b32decode", counted)
    assert list(base32.runs(lines, 0, len(lines))) == []
    assert len(lines) < sum(decoded) <= 2.1 * len(lines)


@pytest.mark.parametrize(
    "codes",
    ["65585,51,56,48,48,49,51,56,48,48,48", "49,51,56,48,48,49,51,56,48,48,48,0xD83D,49,0xDE00",
        "0xDC00,49,51,56,48,48,49,51,56,48,48,48", "49,51,56,48,48,49,51,56,48,48,48,0xD83D,0xDE00"],
)  # fmt: skip
def test_units_that_a_call_cuts_and_halves_of_pairs_hide_nothing(codes: str) -> None:
    text = f"String.fromCharCode({codes})"
    (run,) = char_codes_encoding.runs(text, 0, len(text))
    assert run.reading is not None
    assert "13800138000" in run.reading[0]
    assert ("\U0001f600" in run.reading[0]) == codes.endswith("0xD83D,0xDE00")
