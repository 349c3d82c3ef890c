"""Hostile files that are well-formed and merely endless: much of little, and a file that unpacks to itself."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Final

from tests.samples.containers import zipped
from tests.samples.sample import Files

_UNIT: Final = 5
"""Bytes of an instruction."""


def files() -> Files:
    yield "itself.gz", quine()
    yield "letters.docx", zipped({
        "[Content_Types].xml": b"<Types/>",
        "word/document.xml": b"<w:document xmlns:w='w'><w:body>" + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 2_000_000
        + b"</w:body></w:document>",
    })  # fmt: skip
    yield "repeats.ods", _repeats()
    yield "cards.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Wang Wei\r\nEND:VCARD\r\n" * 100_000
    yield "events.ics", (
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nSUMMARY:Stand-up\r\nDTSTART:20260115T100000Z\r\nEND:VEVENT\r\n" * 80_000
        + b"END:VCALENDAR\r\n"
    )  # fmt: skip
    yield "fifty-times.txt", _fifty_times()
    yield "entities.html", b"&#49;&#51;&#56;" * 500_000
    yield "escapes.txt", b"\\u0031\\u0033" * 500_000
    yield "soft-breaks.txt", b"=31=33=38" * 600_000
    yield "array.c", b"unsigned char a[] = {\n" + b"  0x31, 0x33, 0x38, 0x30,\n" * 200_000 + b"};\n"
    yield "dump.txt", b" 31 33 38 30 30 31 33 38\n" * 200_000
    yield "colours.txt", b"1\x1b[31m3\x1b[0m" * 400_000
    yield "million-words.json", b"{" + b",".join(b'"w%x":%d' % (n * 7919, n) for n in range(400_000)) + b"}"
    yield "columns-of-nothing.sql", b"INSERT INTO t VALUES " + b",".join([b"(1)"] * 1_000_000) + b";"
    yield "dots.yaml", b"- {a: [1, {b: 2}]}\n" * 200_000
    yield "digits-between.txt", b"1 3 8 0 0 1 3 8 0 0 0 , " * 200_000


def _repeats() -> bytes:
    space = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>13800138000</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    sheet = f'<table:table table:name="s">{row * 9}</table:table>'
    body = f"<office:document-content {space}><office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": body.encode()})


def _fifty_times() -> bytes:
    """Base64 of Base64, of which each is cut, so that fifty of them stay short."""
    data = b"13800138000 " * 40
    for _ in range(50):
        data = base64.b64encode(data)[:60_000]
    return data


def quine() -> bytes:
    """Return a gzip file that unpacks to itself.

    A program of two instructions that Deflate has: to print what follows, and to print the last bytes again. Each
    takes five bytes, so that they can print each other. The idea is Russ Cox's (2010); its checksum is solved for.
    """
    for stamp in range(64):
        unsolved = _program(stamp, 0)
        zero = zlib.crc32(unsolved)
        columns = [zlib.crc32(_program(stamp, 1 << bit)) ^ zero ^ 1 << bit for bit in range(32)]
        checksum = _solved(columns, zero)
        if checksum is not None:
            return _program(stamp, checksum)
    raise AssertionError("no time stamp gives a checksum")


def _program(stamp: int, checksum: int) -> bytes:
    head = b"\x1f\x8b\x08\x08" + struct.pack("<I", stamp) + b"\0\3self\0"
    size = 2 * len(head) + 2 * 13 + 30 * _UNIT
    tail = b"\1\0\0\xff\xff" + struct.pack("<2I", checksum, size)
    begin, end = len(head) + _UNIT, len(tail) + _UNIT
    one, four, none = _print(5), _print(20), _print(0)
    again, again_begin, again_end = _again(20), _again(begin), _again(end)
    body = (
        _print(begin) + head + _print(begin) + again_begin + one + again_begin + one + one
        + four + again_begin + one + one + four + again + four + again + four + again + four + again
        + four + again + none + none + _print(end) + again + none + none + _print(end) + again_end + tail + again_end + tail
    )  # fmt: skip
    return head + body


def _print(size: int) -> bytes:
    return struct.pack("<B2H", 0, size, size ^ 0xFFFF)


def _again(size: int) -> bytes:
    """Return a block of 40 bits that prints the last `size` bytes again, 17 to 20 of them, in two halves."""
    bits = "0" + "10"  # not the last block, fixed codes: lowest bit first
    for length in (size - size // 2, size // 2):
        bits += f"{length - 2:07b}" + "01000" + f"{size - 17:03b}"[::-1]
    bits += "0000000"
    return int(bits[::-1], 2).to_bytes(5, "little")


def _solved(columns: Sequence[int], wanted: int) -> int | None:
    """Return the x of which the columns that its bits choose are `wanted` together (Gauss, modulo two)."""
    basis: dict[int, tuple[int, int]] = {}
    for bit, column in enumerate(columns):
        value, chosen = column, 1 << bit
        while value:
            top = value.bit_length()
            if top not in basis:
                basis[top] = value, chosen
                break
            value, chosen = value ^ basis[top][0], chosen ^ basis[top][1]
    answer = 0
    while wanted:
        held = basis.get(wanted.bit_length())
        if held is None:
            return None
        wanted, answer = wanted ^ held[0], answer ^ held[1]
    return answer
