from __future__ import annotations

from tests.unpack.customers import SOME
from tests.unpack.samples import text_of, unpack_body


def digits(data: bytes) -> str:
    """Return bytes as the editor writes them: lines of eighty signs that go on."""
    pairs = [f"{byte:02x}" for byte in data]
    return ",\\\r\n  ".join(",".join(pairs[at : at + 25]) for at in range(0, len(pairs), 25))


def export(charset: str, first: str) -> str:
    lines = [first, "", "[HKEY_CURRENT_USER\\Software\\Shop]", '"path"="C:\\\\data"', '"n"=dword:0000000a']
    for number, one in enumerate(SOME):
        row = ",".join(one.cells)
        lines.append(f'"k{number}"=hex({(1, 2, 7)[number % 3]}):{digits(row.encode(charset) + bytes(2))}')
    return "\r\n".join([*lines, '"raw"=hex:' + digits(b"13800138000 raw"), ""])


def test_values_of_bytes_are_texts() -> None:
    for data in (
        export("utf-16-le", "Windows Registry Editor Version 5.00").encode("utf-16"),
        export("gb18030", "REGEDIT4").encode(),
    ):
        unpacked = unpack_body(data)
        text = text_of(unpacked)
        assert unpacked.content == "registry_export"
        assert all(",".join(one.cells) in text or "\t".join(one.cells[1:]) in text for one in SOME)
        assert "13800138000 raw" in text
        assert not unpacked.gaps


def test_what_is_no_value_stays_as_it_is() -> None:
    text = text_of(unpack_body(b'REGEDIT4\r\n"a"=hex(1):zz,1\r\n"b"=hex:\r\n@="13800138000"\r\nloose words\r\n'))
    assert "13800138000" in text
    assert "loose words" in text


def test_bytes_with_spaces_between_are_read() -> None:
    spaced = b"13800138000 and 13900139000".hex(" ")
    assert "13800138000 and 13900139000" in text_of(
        unpack_body(f'REGEDIT4\r\n\r\n[HKEY_A]\r\n"k"=hex:{spaced}\r\n'.encode())
    )
