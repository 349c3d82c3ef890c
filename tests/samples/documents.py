"""Office documents, PDF and what else people open with a double click."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import docx
import openpyxl
import pptx
import xlsxwriter
import xlwt
from odf import opendocument
from odf import table as odf_table
from odf import text as odf_text
from openpyxl.comments import Comment
from pptx.util import Inches
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from tests.samples.customers import HEADER, Customer
from tests.samples.sample import Files
from tests.samples.tables import page, table

_NOW: Final = datetime(2026, 1, 15, tzinfo=UTC)


def files(some: list[Customer]) -> Files:
    yield from _sheets(some)
    yield from _texts(some)
    yield from _pdf(some)


def _saved(write: Callable[[Any], object]) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def _book(fill: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = _NOW
    fill(book)
    return _saved(book.save)


def _sheets(some: list[Customer]) -> Files:
    rows = [HEADER, *(one.cells for one in some)]

    def plain(book: Any) -> None:
        for row in rows:
            book.active.append(row)

    def titled(book: Any) -> None:
        sheet = book.active
        sheet.append(["2026年1月客户订单导出"])
        sheet.merge_cells("A1:E1")
        sheet.append(["制表", "", "运营部"])
        for row in rows:
            sheet.append(row)

    def numbers(book: Any) -> None:
        for one in some:
            book.active.append([one.order, one.name, int(one.phone), one.address])

    def hidden(state: str) -> Callable[[Any], None]:
        def fill(book: Any) -> None:
            book.active.append(["nothing here"])
            sheet = book.create_sheet("s")
            for row in rows:
                sheet.append(row)
            sheet.sheet_state = state

        return fill

    def columns(book: Any) -> None:
        plain(book)
        for letter in "ABCDE":
            book.active.column_dimensions[letter].hidden = True
        for number in range(1, len(rows) + 1):
            book.active.row_dimensions[number].hidden = True

    def comments(book: Any) -> None:
        for number, one in enumerate(some, 1):
            cell = book.active.cell(number, 1, "x")
            cell.comment = Comment(" ".join(one.cells), "a")

    def sheets(book: Any) -> None:
        for number in range(0, len(some), 20):
            sheet = book.create_sheet(f"s{number}")
            for one in some[number : number + 20]:
                sheet.append(one.cells)

    def one_cell(book: Any) -> None:
        book.active["C7"] = table(some)

    yield "plain.xlsx", _book(plain)
    yield "title-rows-merged.xlsx", _book(titled)
    yield "phones-as-numbers.xlsx", _book(numbers)
    yield "hidden-sheet.xlsx", _book(hidden("hidden"))
    yield "very-hidden-sheet.xlsx", _book(hidden("veryHidden"))
    yield "hidden-rows-and-columns.xlsx", _book(columns)
    yield "comments.xlsx", _book(comments)
    yield "twenty-a-sheet.xlsx", _book(sheets)
    yield "all-in-one-cell.xlsx", _book(one_cell)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _NOW.replace(tzinfo=None)})
        sheet = book.add_worksheet("导出")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if column == 2 and number:
                    sheet.write_formula(number, column, f'="{cell[:3]}"&"{cell[3:]}"', None, cell)
                else:
                    sheet.write(number, column, cell)
        sheet.autofilter(0, 0, len(rows), 4)
    yield "xlsxwriter-formulas.xlsx", buffer.getvalue()
    old = xlwt.Workbook(encoding="utf-8")
    first = old.add_sheet("订单")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            first.write(number, column, cell)
    yield "biff8.xls", _saved(old.save)
    ods = opendocument.OpenDocumentSpreadsheet()
    grid = odf_table.Table(name="s")
    for row in rows:
        line = odf_table.TableRow()
        for cell in row:
            box = odf_table.TableCell(valuetype="string")
            box.addElement(odf_text.P(text=cell))
            line.addElement(box)
        grid.addElement(line)
    ods.spreadsheet.addElement(grid)
    yield "plain.ods", _saved(ods.write)


def _texts(some: list[Customer]) -> Files:
    lines = [" ".join(one.cells) for one in some]

    def paragraphs(made: Any) -> None:
        for line in lines:
            made.add_paragraph(line)

    def runs(made: Any) -> None:
        for line in lines:
            one = made.add_paragraph()
            for at in range(0, len(line), 3):
                one.add_run(line[at : at + 3]).bold = at % 2 == 0

    def grid(made: Any) -> None:
        held = made.add_table(rows=0, cols=5)
        for customer in some:
            for cell, text in zip(held.add_row().cells, customer.cells, strict=True):
                cell.text = text

    def header(made: Any) -> None:
        made.add_paragraph("nothing")
        for line in lines:
            made.sections[0].header.add_paragraph(line)

    def pasted(made: Any) -> None:
        for line in table(some).splitlines():
            made.add_paragraph(line)

    def hidden(made: Any) -> None:
        for line in lines:
            made.add_paragraph().add_run(line).font.hidden = True

    for name, fill in (("paragraphs", paragraphs), ("cut-into-runs", runs), ("table", grid), ("header", header),
                       ("csv-pasted", pasted), ("hidden-text", hidden)):  # fmt: skip
        made = docx.Document()
        fill(made)
        yield f"{name}.docx", _saved(made.save)
    made = docx.Document()
    made.add_paragraph("see the attached list")
    yield "embedded-workbook.docx", _with_member(_saved(made.save), "word/embeddings/book.xlsx", _first_sheet(some))
    slides = pptx.Presentation()
    for start in range(0, len(some), 20):
        slide = slides.slides.add_slide(slides.slide_layouts[5])
        held = slide.shapes.add_table(20, 5, Inches(0), Inches(0), Inches(9), Inches(5)).table
        for number, one in enumerate(some[start : start + 20]):
            for column, cell in enumerate(one.cells):
                held.cell(number, column).text = cell
    yield "tables.pptx", _saved(slides.save)
    notes = pptx.Presentation()
    for start in range(0, len(some), 20):
        slide = notes.slides.add_slide(notes.slide_layouts[5])
        slide.notes_slide.notes_text_frame.text = "\n".join(lines[start : start + 20])
    yield "notes.pptx", _saved(notes.save)
    odt = opendocument.OpenDocumentText()
    for line in lines:
        odt.text.addElement(odf_text.P(text=line))
    yield "paragraphs.odt", _saved(odt.write)
    yield (
        "unicode.rtf",
        ("{\\rtf1\\ansi\\ansicpg936\\uc1 " + "\\par\n".join(_rtf(line) for line in lines) + "}").encode(),
    )
    yield "gbk.rtf", b"{\\rtf1\\ansi\\ansicpg936{\\fonttbl{\\f0\\fcharset134 SimSun;}}\\f0 " + b"\\par\n".join(
        b"".join(bytes([c]) if c < 128 else b"\\'%02x" % c for c in line.encode("gbk")) for line in lines
    ) + b"}"  # fmt: skip
    yield (
        "book.epub",
        _zip(
            {"mimetype": b"application/epub+zip", "OEBPS/a.xhtml": page("".join(f"<p>{x}</p>" for x in lines)).encode()}
        ),
    )
    yield "flat.fodt", ("<?xml version='1.0'?><office:document xmlns:office='o' xmlns:text='t'><office:body>"
        + "".join(f"<text:p>{line}</text:p>" for line in lines) + "</office:body></office:document>").encode()  # fmt: skip


def _rtf(line: str) -> str:
    return "".join(sign if ord(sign) < 128 else f"\\u{ord(sign) - 65536 * (ord(sign) > 32767)}?" for sign in line)


def _first_sheet(some: list[Customer]) -> bytes:
    def fill(book: Any) -> None:
        for one in some:
            book.active.append(one.cells)

    return _book(fill)


def _with_member(archive: bytes, name: str, data: bytes) -> bytes:
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as held:
        held.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in members.items():
            held.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def drawn(some: list[Customer], *, compressed: bool = True, columns: bool = False) -> bytes:
    """Return a PDF with a line for each customer; in columns each column is drawn by itself."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pageCompression=int(compressed), invariant=1)
    for start in range(0, len(some), 50):
        paper.setFont("STSong-Light", 9)
        rows = some[start : start + 50]
        if columns:
            for column, left in enumerate((20, 130, 190, 270, 440)):
                for number, one in enumerate(rows):
                    paper.drawString(left, 800 - 15 * number, one.cells[column])
        else:
            for number, one in enumerate(rows):
                paper.drawString(20, 800 - 15 * number, "  ".join(one.cells))
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def _pdf(some: list[Customer]) -> Files:
    yield "lines.pdf", drawn(some)
    yield "uncompressed.pdf", drawn(some, compressed=False)
    yield "columns.pdf", drawn(some, columns=True)
    empty = io.BytesIO()
    paper = canvas.Canvas(empty, invariant=1)
    paper.drawString(50, 700, "see attachment")
    paper.save()
    attached = PdfWriter(clone_from=PdfReader(empty))
    attached.add_attachment("list.csv", table(some).encode())
    yield "attachment.pdf", _saved(attached.write)
    said = PdfWriter(clone_from=PdfReader(empty))
    said.add_metadata({"/Subject": "\n".join(" ".join(one.cells) for one in some)})
    yield "metadata.pdf", _saved(said.write)
    open_one = PdfWriter(clone_from=PdfReader(io.BytesIO(drawn(some))))
    open_one.encrypt("", "owner", algorithm="AES-128")
    yield "empty-password.pdf", _saved(open_one.write)
