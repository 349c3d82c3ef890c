"""Long encoded stretches are contents of their own; short ones, pictures and noise are left where they stand."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from random import Random

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import encoded
from dlp_proxy.unpack.budget import Budget
from tests.unpack.documents import C, pdf
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body, zipped

TABLE = "姓名,电话,地址\n" + "".join(
    f"客户{number},1380013{number:04},北京市朝阳区建国路{number}号\n" for number in range(30)
)
ROWS = [f"row {number}" for number in range(2, 32)]
NOISE = Random(5).randbytes(30_000)


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def octal(data: bytes) -> str:
    """Print as od does when it is told nothing."""
    words = [f"{int.from_bytes(data[at : at + 2], 'little'):06o}" for at in range(0, len(data), 2)]
    lines = (f"{2 * at:07o} " + " ".join(words[at : at + 8]) for at in range(0, len(words), 8))
    return "\n".join([*lines, f"{len(data):07o}", ""])


WAYS = {
    "a bare body": b64(TABLE),
    "lines": base64.encodebytes(TABLE.encode()).decode(),
    "the alphabet for URLs": base64.urlsafe_b64encode(TABLE.encode()).decode().rstrip("="),
    "a field of JSON": json.dumps({"id": 1, "data": b64(TABLE)}),
    "a data URI": json.dumps({"src": f"data:text/csv;base64,{b64(TABLE)}"}),
    "a field of a form": "id=1&data=" + b64(TABLE).replace("+", "%2B").replace("=", "%3D"),
    "a cell": f'id,data\n1,"{b64(TABLE)}"\n2,x\n3,y\n4,z\n',
    "a sentence": f"Here it is:\n\n{base64.encodebytes(TABLE.encode()).decode()}\nRegards",
    "Base32 in lines": "\n".join(re.findall(".{1,64}", base64.b32encode(TABLE.encode()).decode())) + "\n",
    "words of od": octal(TABLE.encode()),
    "Base32": base64.b32encode(TABLE.encode()).decode(),
    "hex": TABLE.encode().hex(),
    "hex with spaces": TABLE.encode().hex(" "),
    "numbers in JSON": json.dumps({"bytes": list(TABLE.encode())}),
    "three times over": b64(b64(b64(TABLE))),
    "gzip": json.dumps({"file": b64(gzip.compress(TABLE.encode()))}),
    "zip": json.dumps({"file": b64(zipped({"t.csv": TABLE.encode()}))}),
    "GB 18030": b64(TABLE.encode("gb18030")),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_table_has_its_rows_however_it_is_encoded(way: str) -> None:
    unpacked = unpack_body(WAYS[way].encode())
    (table,) = [part for part in unpacked.parts if part.columns == ("姓名", "电话", "地址")]
    assert [unit.label for unit in table.units] == ROWS
    assert unpacked.gaps == ()
    outer = [part for part in unpacked.parts if part.opened]
    assert all(0 <= start < end <= len(part.text) for part in outer for start, end in part.opened)


@pytest.mark.parametrize(
    ("body", "location"),
    [
        (WAYS["a field of JSON"], "body > $.data > base64"),
        (WAYS["hex"], "body > hex"),
        (WAYS["zip"], "body > $.file > base64 > t.csv"),
    ],
)
def test_its_place_is_said(body: str, location: str) -> None:
    assert (
        str(next(part.location for part in unpack_body(body.encode()).parts if part.units and part.columns)) == location
    )


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"picture": b64(b"\x89PNG\r\n\x1a\n" + NOISE)}),
        base64.encodebytes(NOISE).decode(),
        "sha512-" + b64(NOISE[:64]),
        " ".join(NOISE[at : at + 32].hex() for at in range(0, 3000, 32)),
        "word " * 400,
        b64("short: 13800138000"),
    ],
)
def test_what_holds_no_text_and_no_archive_is_left_alone(body: str) -> None:
    unpacked = unpack_body(body.encode())
    assert [part for part in unpacked.parts if part.opened] == []
    assert unpacked.gaps == ()


def test_a_locked_or_unknown_document_is_a_gap_in_base64_too() -> None:
    body = json.dumps({"file": b64(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + NOISE)})
    assert [reason for reason, _ in gaps_of(unpack_body(body.encode()))] == ["malformed"]


def test_a_document_with_readable_pieces_is_opened_as_a_document() -> None:
    body = json.dumps({"file": b64(pdf())})
    assert C[0].phone in text_of(unpack_body(body.encode()))


def test_as_deep_as_containers_may_be() -> None:
    body = TABLE
    for _ in range(4):
        body = b64(body)
    assert gaps_of(unpack_body(body.encode(), limits=tight(depth=3)))[0][0] == "too-deep"
    assert gaps_of(unpack_body(body.encode(), limits=tight(depth=4))) == []


def test_what_is_decoded_counts() -> None:
    unpacked = unpack_body(b64(TABLE * 20).encode(), limits=tight(expanded_bytes=5_000))
    assert [reason for reason, _ in gaps_of(unpacked)] == ["too-large"]
    assert text_of(unpacked) != ""


def test_broken_ends_cost_only_themselves() -> None:
    whole = b64(TABLE)
    for cut in range(1, 5):
        unpacked = unpack_body(f"{whole[:-cut]}".encode())
        assert sum(len(part.units) for part in unpacked.parts if part.columns) >= len(ROWS) - 1


@pytest.mark.parametrize(
    "written",
    [
        lambda data: "unsigned char t[] = {\n  " + ", ".join(f"0x{byte:02x}" for byte in data) + "\n};\n",
        lambda data: json.dumps({"type": "Buffer", "data": list(data)}, indent=2),
        lambda data: str(list(data)),
    ],
)
def test_the_numbers_of_a_packed_file_are_the_file(written: Callable[[bytes], str]) -> None:
    unpacked = unpack_body(written(gzip.compress(TABLE.encode())).encode())
    assert [unit.label for part in unpacked.parts for unit in part.units if unit.label in ROWS] == ROWS


def test_numbers_of_something_else_are_numbers() -> None:
    for numbers in (range(256), [31, 139, 8] * 100, [31, 139, 8, 300] * 100):
        text = str(list(numbers))
        assert not any("byte array" in str(part.location) for part in unpack_body(text.encode()).parts)


def test_a_message_of_protobuf_or_a_frame_of_grpc_in_base64_has_its_objects() -> None:
    rows = b"".join(
        _field(1, b"".join(_field(n, cell.encode()) for n, cell in enumerate((one.name, one.phone, one.address), 1)))
        for one in C
    )
    for body in (rows, b"\0" + len(rows).to_bytes(4, "big") + rows):
        unpacked = unpack_body(base64.b64encode(body))
        assert unpacked.formats.get("protobuf") == 1
        assert "binary" not in unpacked.formats


def _field(number: int, value: bytes) -> bytes:
    size = bytes([len(value)]) if len(value) < 0x80 else bytes([len(value) & 0x7F | 0x80, len(value) >> 7])
    return bytes([number << 3 | 2]) + size + value


def test_a_dump_of_characters_is_the_file_it_shows() -> None:
    lines = []
    data = "\n".join(f"{one.name},{one.phone},{one.address}" for one in C).encode()
    shown = {10: "  \\n", 13: "  \\r", 9: "  \\t", 0: "  \\0"}
    for at in range(0, len(data), 16):
        cells = (
            shown.get(byte, f"   {chr(byte)}" if 32 <= byte < 127 else f" {byte:03o}") for byte in data[at : at + 16]
        )
        lines.append(f"{at:07o}" + "".join(cells))
    text = "\n".join([*lines, f"{len(data):07o}", ""])
    assert all(f"{one.name}\t{one.phone}\t{one.address}" in text_of(unpack_body(text.encode())) for one in C)


def test_a_table_of_codes_is_asked_for_no_encoding() -> None:
    codes = "".join(
        f"{code}\t多福巷社区\t{code // 1000}\t11\t1101\t110101\n" for code in range(110101001001, 110101002001)
    )
    assert encoded.opened(Part(Location("body"), codes), Budget(LIMITS)) == (Part(Location("body"), codes), [])
    assert not encoded._stretches(codes)
    assert encoded._stretches(codes.replace("\t", " "))


def test_base32_is_no_message_in_base64() -> None:
    for lead in range(64):
        text = "x" * lead + "\n".join(f"{one.name},{one.phone},{one.address}" for one in C)
        assert C[-1].phone in text_of(unpack_body(base64.b32encode(text.encode())))
