"""Hostile files that are well-formed and merely endless: much of little, and files that unpack to themselves."""

from __future__ import annotations

import base64

from tests.samples import quines, rar
from tests.samples.containers import zipped
from tests.samples.sample import Files


def files() -> Files:
    yield "itself.gz", quines.gzip_file()
    yield "itself.zip", quines.zip_file()
    yield "gigabytes.rar", rar.bomb()
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
