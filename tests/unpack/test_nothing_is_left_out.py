"""A file may be two: whatever a reader of one format does not need is read all the same, or is a gap."""

from __future__ import annotations

import struct

import pytest

from tests.samples.customers import customers
from tests.samples.every import samples
from tests.samples.slight import slight
from tests.samples.tools import _element, _matrix, edifact, matlab, postscript, print_r, socialcalc, var_dump
from tests.unpack import hdf5_writer
from tests.unpack.customers import COUNT, CSV, NAMES, SOME, rows, seen
from tests.unpack.formats import (
    test_dif,
    test_enciphered,
    test_hdf5,
    test_leveldb,
    test_matlab,
    test_pcap,
    test_postgres_copy,
    test_registry_export,
    test_sas_transport,
    test_spss,
    test_spss_portable,
    test_sylk,
    test_zpl,
)
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

CANARY = b"canary 13711223344 end"
X12 = """ISA*00*          *00*          *ZZ*S*ZZ*R*260101*1200*U*00401*000000001*0*P*>~
ST*850*1~
N1*ST*Ann Lee~
N3*12 Oak St~
N4*Austin*TX*78701~
PER*BD*Ann*TE*5125550188~
SE*6*1~
"""
TABLE = [NAMES, *(one.cells for one in SOME)]
LINES = {
    "sylk": test_sylk.sylk(),
    "dif": test_dif.dif(),
    "socialcalc": socialcalc(TABLE),
    "zpl": "".join(test_zpl.label(*one.cells[1:]) for one in SOME[:9]),
    "print_r": print_r(rows()),
    "var_dump": var_dump(rows()[:9]),
    "postscript": postscript([",".join(one.cells) for one in SOME[:9]]),
    "edifact": edifact(customers(5)),
    "x12": X12,
    "registry_export": test_registry_export.export("utf-16-le", "Windows Registry Editor Version 5.00"),
    "uuencode": "begin 644 a.csv\n#86)C\n`\nend\n",
    "begin-base64": "begin-base64 644 a.csv\nYWJj\n====\n",
    "armour": test_enciphered.armoured(test_enciphered.packet(11, b"b\1a\0\0\0\0" + CSV)).decode(),
}
BEHIND = {
    "spss": test_spss.data_file(0),
    "packed spss": test_spss.data_file(1),
    "zipped spss": test_spss.data_file(2),
    "spss_portable": test_spss_portable.WHOLE,
    "sas_transport": test_sas_transport.WHOLE,
    "pcap": test_pcap.pcap(),
    "pcapng": test_pcap.pcapng(),
    "postgres_copy": test_postgres_copy.copied(),
    "hdf5": test_hdf5.records(),
    "matlab": matlab([one.cells for one in SOME]),
}


def is_seen(data: bytes) -> bool:
    unpacked = unpack_body(data)
    return bool(unpacked.gaps) or "13711223344" in text_of(unpacked)


@pytest.mark.parametrize("name", LINES)
def test_a_line_anywhere_in_a_text(name: str) -> None:
    lines = LINES[name].encode().splitlines(keepends=True)
    step = max(1, len(lines) // 40)
    hidden = [
        at for at in [*range(0, len(lines), step), len(lines)]
        if not is_seen(b"".join([*lines[:at], CANARY, b"\n", *lines[at:]]))
    ]  # fmt: skip
    assert hidden == []


@pytest.mark.parametrize("name", BEHIND)
def test_what_is_put_behind_a_file(name: str) -> None:
    assert is_seen(BEHIND[name] + b"\n" + CANARY + b"\n")
    assert in_text(BEHIND[name] + CSV) >= COUNT


def test_a_table_behind_any_file_is_read_or_a_gap() -> None:
    families = ("stores/", "databases/", "containers/", "documents/", "pictures/", "tools/")
    files = [one for one in samples(count=2) if one.name.startswith(families)]
    hidden = []
    for one in files:
        unpacked = unpack_body(slight(one).data + CSV)
        # Where records have one length, some rows of the table are cut by it.
        if not unpacked.gaps and sum(some.phone in text_of(unpacked) for some in SOME) < COUNT // 2:
            hidden.append(one.name)
    assert len(files) > 130
    assert hidden == []


def in_text(data: bytes) -> int:
    text = text_of(unpack_body(data))
    return sum(one.phone in text for one in SOME)


def test_a_table_behind_a_file_that_has_none_of_it() -> None:
    assert seen(b"^XA^FDa^FS^XZ\n" + CSV)[1] == COUNT
    assert seen(b'ID;P\nC;Y1;X1;K"a"\nE\n' + CSV)[1] == COUNT
    assert seen(test_dif.HEAD.encode() + b'-1,0\nBOT\n1,0\n"a"\n-1,0\nEOD\n' + CSV)[1] == COUNT
    assert seen(b"%!PS\n1 2 moveto (a) show 1 3 moveto (b) show showpage\n%%EOF\n" + CSV)[1] > COUNT - 2
    assert seen(b"begin 644 a\n" + CSV + b"`\nend\n")[1] == COUNT


def test_a_table_before_a_small_one_whose_magic_is_at_its_end() -> None:
    small = test_leveldb.table([b"\1a"], test_leveldb.PLAIN)
    block = test_leveldb.block([(b"_https://x\0\1k000" + bytes(8), b"\1a")])
    last = test_leveldb.block([(b"k000", test_leveldb.varint(len(CSV)) + test_leveldb.varint(len(block)))])
    footer = bytes(2) + test_leveldb.varint(len(CSV) + len(block) + 5) + test_leveldb.varint(len(last))
    data = CSV + block + bytes(5) + last + bytes(5) + footer.ljust(40, b"\0") + small[-8:]
    assert seen(data)[0] == "leveldb"
    assert in_text(data) == COUNT


@pytest.mark.parametrize(
    "segment", ["COM+13711223344", "CTA+IC+a:b+13711223344", "RFF+13711223344", "NAD+DP+13711223344",
        "NAD+DP++++Oak St 1+Austin+TX+78701+US+13711223344", "NAD+137:11223344:13711223344", "13711223344"]
)  # fmt: skip
def test_what_no_element_of_edifact_is_for(segment: str) -> None:
    assert is_seen(f"UNB+UNOC:3+A+B'UNH+1+ORDERS:D:96A:UN'{segment}'UNT+2+1'".encode())


@pytest.mark.parametrize(
    "segment",
    ["N1*13711223344*Ann", "PER*BD*Ann*13711223344", "NM1*13711223344*1*LEE", "13711223344",
        "N3*12 Oak St~N4*Austin*TX*78701*US*13711223344"],
)  # fmt: skip
def test_what_no_element_of_x12_is_for(segment: str) -> None:
    assert is_seen(f"{X12}{segment}~".encode())


def test_cells_that_are_written_twice_and_comments_in_cells() -> None:
    for data in (
        'ID;P\nC;Y1;X1;K"13711223344"\nC;Y1;X1;K"b"\nE\n',
        'ID;P\nC;Y1;X1;K"b";Z13711223344\nF;P13711223344\nE\n',
        "cell:A1:t:13711223344\ncell:A1:t:b\n",
        "cell:A1:t:b:comment:13711223344\ncell:B1:e:13711223344\n",
    ):
        assert is_seen(data.encode())


def test_a_place_of_many_digits_is_none() -> None:
    assert seen(b'ID;P\nC;Y1;X1;K"a"\nC;X' + b"9" * 5000 + b';K"b"\nE\n')[2] == []


def test_too_many_cells_are_a_gap() -> None:
    data = "ID;P\n" + "".join(f"C;Y{n};X1;K1\n" for n in range(1, 300)) + "C;Y300;X1;K13711223344\n"
    unpacked = unpack_body(data.encode(), limits=tight(values=200))
    assert gaps_of(unpacked)[0] == ("too-large", "body")
    assert "13711223344" in text_of(unpacked)


def test_hexadecimal_digits_with_spaces_between_are_digits() -> None:
    said = b"13711223344 raw".hex(" ")
    assert is_seen(f'REGEDIT4\r\n"a"=hex:{said.replace(" ", ", ")}\r\n'.encode())


def test_a_dump_deeper_than_is_followed_is_a_gap() -> None:
    levels = 250
    open_ones = "".join(f"{' ' * n}Array\n{' ' * n}(\n{' ' * n}[a] => " for n in range(levels))
    unpacked = unpack_body((open_ones + "13711223344\n" + ")\n" * levels).encode())
    assert [gap.reason for gap in unpacked.gaps] == ["too-deep"]
    assert "13711223344" in text_of(unpacked)


def test_a_text_as_numbers_of_its_bytes_in_an_array() -> None:
    data = test_matlab.HEAD + _matrix(9, (1, len(CSV)), "d", _element(2, CSV))
    assert seen(data)[1] == COUNT
    file = hdf5_writer.File()
    held = file.put(CSV)
    kind = struct.pack("<BBBBIHH", 0x10, 0, 0, 0, 1, 0, 8)
    layout = struct.pack("<BBQQ", 3, 1, held, len(CSV))
    dataset = file.header([(1, hdf5_writer.space(len(CSV))), (3, kind), (8, layout)])
    assert seen(file.finish(file.group({"d": dataset})))[1] == COUNT


def test_an_element_of_matlab_that_is_no_variable_is_a_gap() -> None:
    assert seen(matlab(TABLE) + _element(99, CSV)) == ("matlab", COUNT, ["malformed"])


def test_segments_of_one_number_that_say_something_else_are_both_read() -> None:
    head = test_pcap.pcap()[:24]
    pieces = [test_pcap.segment(0, line + b"\n") for line in CSV.splitlines()]
    data = head + b"".join(struct.pack("<IIII", 0, 0, len(one), len(one)) + one for one in pieces)
    assert seen(data) == ("pcap", COUNT, [])
