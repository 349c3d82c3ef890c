"""Megabytes of file per CPU second, ours beside the usual library for each format, in one run.

Ours gives rows, columns, hidden parts and gaps; the library is asked for its text only, the shortest way its manual shows.
"""

# ruff: noqa: E501, S202, S301, SIM115 - a case stands on one line; what is extracted stays in memory
from __future__ import annotations

import csv
import email
import email.policy
import gzip
import io
import json
import pickle
import plistlib
import sqlite3
import statistics
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from typing import Any, Final

import cbor2
import docx
import fastavro
import msgpack
import numpy as np
import openpyxl
import pptx
import py7zr
import pypdf
import python_calamine
from lxml import etree, html
from odf import opendocument, text
from pyarrow import feather, orc, parquet

from benchmarks.page import put
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.unpack import unpack
from tests.samples import containers, documents, programs, stores, tables, words
from tests.samples.customers import customers
from tests.samples.judge import message

_COUNT: Final = 1000
_ROUNDS: Final = 3


def _openpyxl(data: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return sum(len(str(cell)) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def _docx(data: bytes) -> int:
    return sum(len(one.text) for one in docx.Document(io.BytesIO(data)).paragraphs)


def _pptx(data: bytes) -> int:
    shapes = (
        shape for slide in pptx.Presentation(io.BytesIO(data)).slides for shape in slide.shapes if shape.has_table
    )
    return sum(len(cell.text) for shape in shapes for row in shape.table.rows for cell in row.cells)


def _sqlite(data: bytes) -> int:
    held = sqlite3.connect(":memory:")
    held.deserialize(data)
    return sum(len(str(row)) for row in held.execute("SELECT * FROM orders"))


def _mail(data: bytes) -> int:
    read: Any = email.message_from_bytes(data, policy=email.policy.default)
    return sum(len(part.get_content()) for part in read.walk() if part.get_content_maintype() == "text")


def _7z(data: bytes) -> int:
    with py7zr.SevenZipFile(io.BytesIO(data)) as held:
        factory = py7zr.io.BytesIOFactory(1 << 30)
        held.extractall(factory=factory)
        return sum(len(one.read()) for one in factory.products.values())


def _calamine(data: bytes) -> int:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = (row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    return sum(len(str(cell)) for row in rows for cell in row)


CASES: Final[tuple[tuple[str, Any, str, str, Callable[[bytes], int]], ...]] = (
    ("xlsx", documents, "plain.xlsx", "openpyxl, read-only", _openpyxl),
    ("docx", documents, "paragraphs.docx", "python-docx", _docx),
    ("pptx", documents, "tables.pptx", "python-pptx", _pptx),
    ("pdf", documents, "lines.pdf", "pypdf", lambda data: sum(len(p.extract_text()) for p in pypdf.PdfReader(io.BytesIO(data)).pages)),
    ("html", tables, "table.html", "lxml.html", lambda data: len(html.fromstring(data.decode()).text_content())),
    ("xml", programs, "elements.xml", "lxml", lambda data: sum(len(one) for one in etree.fromstring(data).itertext())),
    ("json", programs, "array.json", "json", lambda data: len(json.loads(data))),
    ("csv", tables, "orders-gbk.csv", "csv", lambda data: sum(len(row) for row in csv.reader(io.StringIO(data.decode("gbk"))))),
    ("eml", words, "attachment.eml", "email", _mail),
    ("sqlite", stores, "orders.sqlite", "sqlite3", _sqlite),
    ("parquet", stores, "orders.parquet", "pyarrow", lambda data: len(str(parquet.read_table(io.BytesIO(data)).to_pylist()))),
    ("avro", stores, "orders.avro", "fastavro", lambda data: sum(len(one) for one in fastavro.reader(io.BytesIO(data)))),
    ("msgpack", stores, "maps.msgpack", "msgpack", lambda data: len(msgpack.unpackb(data))),
    ("plist", stores, "binary.plist", "plistlib", lambda data: len(plistlib.loads(data))),
    ("xls", documents, "biff8.xls", "calamine", _calamine),
    ("ods", documents, "plain.ods", "odfpy", lambda data: sum(len(str(cell)) for cell in opendocument.load(io.BytesIO(data)).spreadsheet.getElementsByType(text.P))),
    ("cbor", stores, "orders.cbor", "cbor2", lambda data: len(cbor2.loads(data))),
    ("pickle", stores, "protocol-4.pickle", "pickle", lambda data: len(pickle.loads(data))),
    ("orc", stores, "orders.orc", "pyarrow", lambda data: len(str(orc.read_table(io.BytesIO(data)).to_pylist()))),
    ("feather", stores, "orders.feather", "pyarrow", lambda data: len(str(feather.read_table(io.BytesIO(data)).to_pylist()))),
    ("npy", stores, "array.npy", "numpy", lambda data: len(np.load(io.BytesIO(data)).tolist())),
    ("gzip", containers, "plain.gz", "gzip", lambda data: len(gzip.decompress(data))),
    ("zip", containers, "deflated.zip", "zipfile", lambda data: len(zipfile.ZipFile(io.BytesIO(data)).read("导出/客户.csv"))),
    ("tar", containers, "plain.tar", "tarfile", lambda data: sum(one.size for one in tarfile.open(fileobj=io.BytesIO(data)))),
    ("7z", containers, "lzma2.7z", "py7zr", _7z),
)  # fmt: skip


def main(words_: list[str]) -> int:
    some = customers(_COUNT)
    made: dict[Any, dict[str, bytes]] = {}
    lines = ["| format | size | ours, MB/s | the library | MB/s | ours / library |", "|---|---:|---:|---|---:|---:|"]
    for name, family, file, library, read in CASES:
        files = made.setdefault(family, dict(family.files(some)))
        data = files[file]
        ours = len(data) / 1e6 / _median(lambda data=data, file=file: unpack(message(file, data), LIMITS))  # type: ignore[misc]
        theirs = len(data) / 1e6 / _median(lambda data=data, read=read: read(data))  # type: ignore[misc]
        lines.append(
            f"| {name} | {len(data) / 1e3:.0f} KB | {ours:.2f} | {library} | {theirs:.2f} | **{ours / theirs:.2g}x** |"
        )
        print(lines[-1], flush=True)
    if "--write" in words_:
        put("extract", "\n".join(lines))
    return 0


def _median(work: Callable[[], object]) -> float:
    work()
    took = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return max(statistics.median(took), 1e-6)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
