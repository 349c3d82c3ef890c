"""The same customers in every document there is a writer for, and in some written by hand."""

# ruff: noqa: E501 - markup stands on one line

from __future__ import annotations

import io
import mailbox
import quopri
import random
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, Final, NamedTuple

import docx
import openpyxl
import pptx
import pypdf
import xlsxwriter
import xlwt
from odf import opendocument
from odf import table as odf_table
from odf.text import P, Span
from openpyxl.comments import Comment
from pptx.util import Inches
from reportlab.lib import pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas
from reportlab.platypus import SimpleDocTemplate, Table

from tests.unpack.ole_writer import write_ole
from tests.unpack.samples import zipped

HEAD: Final = ("姓名", "电话", "地址", "订单号")
_NAMES: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES: Final = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


class Customer(NamedTuple):
    name: str
    phone: str
    address: str
    order: str

    @property
    def line(self) -> str:
        return f"{self.name} {self.phone} {self.address}"


def customers(count: int = 60) -> list[Customer]:
    chance = random.Random(7)
    return [
        Customer(
            "王李张刘陈"[n % 5] + _NAMES[n % 20] + _NAMES[(n * 7 + 3) % 20],
            f"13{chance.randrange(10**9):09d}",
            f"广东省深圳市南山区科技园路{n + 1}号{n % 9 + 1}栋{101 + n}室",
            f"SO2024{chance.randrange(10**8):08d}",
        )
        for n in range(count)
    ]


C: Final = customers()
LINES: Final = [one.line for one in C]
CSV: Final = "\n".join(",".join(row) for row in (HEAD, *C)) + "\n"


def workbook(fill: Callable[[Any], object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    fill(book)
    book.save(out)
    return out.getvalue()


def _plain(book: Any) -> None:
    for row in (HEAD, *C):
        book.active.append(row)


def _hidden(book: Any) -> None:
    book.active.append(["nothing to see"])
    sheet = book.create_sheet("h")
    sheet.sheet_state = "veryHidden"
    sheet.append(["客户订单表"])
    for one in (HEAD, *C):
        sheet.append([one[0], int(one[1]) if one[1].isdigit() else one[1], *one[2:]])
    for row in range(5, 60):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True


def _comments(book: Any) -> None:
    for row, line in enumerate(LINES, 1):
        book.active.cell(row, 1, "x").comment = Comment(line, "me")


def _asides() -> bytes:
    """Text boxes, names, messages of cells, rich strings, values of formulas, headers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for row, one in enumerate(C):
        if row < 15:
            sheet.insert_textbox(row, 1, one.line)
        elif row < 30:
            book.define_name(f"name_{row}_a", f'="{one.line}"')
        elif row < 40:
            sheet.data_validation(row, 0, row, 0, {"validate": "any", "input_title": "a", "input_message": one.line})
        elif row < 50:
            sheet.write_rich_string(row, 0, bold, one.phone[:5], one.phone[5:], bold, f" {one.name} {one.address}")
        else:
            for column, value in enumerate(one):
                sheet.write_formula(row, column, "=Z1", None, value)
    book.close()
    return out.getvalue()


def _by_hand() -> bytes:
    """Strings that no cell shows, other prefixes, exponents, a far cell, threaded comments, caches of other workbooks."""
    rows = "".join(
        f'<x:row r="{n}"><x:c r="A{n}" t="inlineStr"><x:is><x:t>{one.name}</x:t></x:is></x:c><x:c r="B{n}"><x:v>'
        f'{float(one.phone):.10E}</x:v></x:c><x:c t="str" r="C{n}"><x:f>A1&amp;"x"</x:f><x:v>{one.address}</x:v></x:c></x:row>'
        for n, one in enumerate(C[20:40], 1)
    )
    cells = "".join(
        f'<row r="{n}"><cell r="A{n}" t="str"><v>{one.name}</v></cell><cell r="B{n}"><v>{one.phone}</v></cell>'
        f'<cell r="C{n}" t="str"><v>{one.address}</v></cell></row>'
        for n, one in enumerate(C[50:], 1)
    )
    notes = "".join(f'<threadedComment ref="A1"><text>{line}</text></threadedComment>' for line in LINES[40:50])
    strings = "".join(f"<si><t>{line}</t></si>" for line in LINES[:20])
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<x:worksheet xmlns:x="{_MAIN}"><x:sheetData>{rows}<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c>'
                "</x:row></x:sheetData></x:worksheet>"
            ).encode(),
            "xl/threadedComments/c.xml": (
                '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
                f"{notes}</ThreadedComments>"
            ).encode(),
            "xl/externalLinks/externalLink1.xml": (
                f'<externalLink xmlns="{_MAIN}"><externalBook><sheetDataSet><sheetData>{cells}</sheetData></sheetDataSet>'
                "</externalBook></externalLink>"
            ).encode(),
        }
    )


def _pivot() -> bytes:
    fields = "".join(
        f'<cacheField name="{HEAD[place]}"><sharedItems>'
        + ("" if place == 1 else "".join(f'<s v="{one[place]}"/>' for one in C))
        + "</sharedItems></cacheField>"
        for place in range(3)
    )
    records = "".join(f'<r><x v="{n}"/><n v="{float(one.phone):.10E}"/><x v="{n}"/></r>' for n, one in enumerate(C))
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/pivotCache/pivotCacheDefinition1.xml": (
                f'<pivotCacheDefinition xmlns="{_MAIN}"><cacheFields>{fields}</cacheFields></pivotCacheDefinition>'
            ).encode(),
            "xl/pivotCache/pivotCacheRecords1.xml": (
                f'<pivotCacheRecords xmlns="{_MAIN}">{records}</pivotCacheRecords>'
            ).encode(),
        }
    )


def _record(number: int, data: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size, left = b"", len(data)
    while left >= 128:
        size, left = size + bytes([left & 127 | 128]), left >> 7
    return head + size + bytes([left]) + data


def _wide(text: str) -> bytes:
    return struct.pack("<L", len(text)) + text.encode("utf-16-le")


def _xlsb() -> bytes:
    strings: list[str] = []
    rows = b""
    for number, row in enumerate((HEAD, *C)):
        rows += _record(0, struct.pack("<L", number) + bytes(13))
        for column, text in enumerate(row):
            head = struct.pack("<2L", column, 0)
            if number and column == 1:
                rows += _record(5, head + struct.pack("<d", float(text)))
            elif column == 3:
                rows += _record(6, head + _wide(text))
            else:
                rows += _record(7, head + struct.pack("<L", len(strings)))
                strings.append(text)
    table = _record(159, struct.pack("<2L", len(strings), len(strings)))
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.bin": _record(131) + _record(156, struct.pack("<2L", 2, 1) + _wide("rId1") + _wide("客户")),
            "xl/_rels/workbook.bin.rels": (
                f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>'
            ).encode(),
            "xl/worksheets/sheet1.bin": _record(129) + _record(145) + rows + _record(146) + _record(130),
            "xl/sharedStrings.bin": table
            + b"".join(_record(19, b"\0" + _wide(text)) for text in strings)
            + _record(160),
        }
    )


def _xls() -> bytes:
    book, out = xlwt.Workbook(encoding="utf-8"), io.BytesIO()
    sheet = book.add_sheet("客户")
    for row, cells in enumerate((HEAD, *C)):
        for column, text in enumerate(cells):
            sheet.write(row, column, int(text) if row and column == 1 else text)
    sheet.visibility = 2
    book.add_sheet("shown").write(0, 0, "nothing")
    book.save(out)
    return out.getvalue()


def document(fill: Callable[[Any], object]) -> bytes:
    text, out = docx.Document(), io.BytesIO()
    fill(text)
    text.save(out)
    return out.getvalue()


def _table(text: Any) -> None:
    table = text.add_table(rows=0, cols=4)
    for row in (HEAD, *C):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value


def _runs(text: Any) -> None:
    for one in C:
        paragraph = text.add_paragraph(f"{one.name} {one.phone[:4]}")
        paragraph.add_run(one.phone[4:8]).bold = True
        paragraph.add_run(f"{one.phone[8:]} {one.address}")


def _unseen(text: Any) -> None:
    """A third in headers, a third in footers, a third hidden."""
    for place, line in enumerate(LINES):
        if place % 3 == 0:
            text.sections[0].header.add_paragraph(line)
        elif place % 3 == 1:
            text.sections[0].footer.add_paragraph(line)
        else:
            text.add_paragraph().add_run(line).font.hidden = True


def _forms(text: Any) -> None:
    for one in C:
        table = text.add_table(rows=0, cols=2)
        for label, value in zip(HEAD, one, strict=True):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        text.add_paragraph("")


def _deleted() -> bytes:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f"<w:p><w:r><w:t>nothing </w:t></w:r><w:del><w:r><w:delText>{one.name} {one.phone[:5]}</w:delText></w:r></w:del><w:del>"
        f"<w:r><w:delText>{one.phone[5:]} {one.address}</w:delText></w:r></w:del><w:ins><w:r><w:t>999</w:t></w:r></w:ins></w:p>"
        for one in C
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'.encode(),
        }
    )


def _pptx() -> bytes:
    show, out = pptx.Presentation(), io.BytesIO()
    slides = [show.slides.add_slide(show.slide_layouts[6]) for _ in range(3)]
    table = slides[0].shapes.add_table(21, 4, 0, 0, Inches(9), Inches(5)).table
    for row, cells in enumerate((HEAD, *C[:20])):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    frame = slides[1].shapes.add_textbox(0, 0, Inches(5), Inches(5)).text_frame
    for line in LINES[20:40]:
        frame.add_paragraph().text = line
    slides[2].notes_slide.notes_text_frame.text = "\n".join(LINES[40:])
    show.save(out)
    return out.getvalue()


def _ods() -> bytes:
    sheet = odf_table.Table(name="客户")
    for row in (HEAD, *C):
        line = odf_table.TableRow()
        for text in row:
            if text.isdigit():
                cell = odf_table.TableCell(valuetype="float", value=text)
                cell.addElement(P(text=f"{float(text):.2E}"))
            else:
                cell = odf_table.TableCell(valuetype="string")
                cell.addElement(P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    book = opendocument.OpenDocumentSpreadsheet()
    book.spreadsheet.addElement(sheet)
    return _saved(book)


def _odt() -> bytes:
    text = opendocument.OpenDocumentText()
    for one in C:
        paragraph = P(text=f"{one.name} ")
        paragraph.addElement(Span(text=one.phone[:5]))
        paragraph.addElement(Span(text=one.phone[5:]))
        paragraph.addText(f" {one.address}")
        text.text.addElement(paragraph)
    return _saved(text)


def _saved(document_: Any) -> bytes:
    out = io.BytesIO()
    document_.write(out)
    return out.getvalue()


def _epub() -> bytes:
    page = "".join(f"<p>{one.name} <b>{one.phone[:4]}</b>{one.phone[4:]} {one.address}</p>" for one in C)
    html = (
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{page}</body></html>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("OEBPS/c1.xhtml", html, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(**options: Any) -> bytes:
    """Return a table on pages; `options` go to the writer."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    table = Table([list(row) for row in (HEAD, *C)], style=[("FONT", (0, 0), (-1, -1), "STSong-Light", 8)])
    SimpleDocTemplate(out, pagesize=A4, **options).build([table])
    return out.getvalue()


def locked_pdf(user: str) -> bytes:
    return pdf(encrypt=pdfencrypt.StandardEncryption(user, ownerPassword="owner", strength=128))


def _drawn(draw: Callable[[Any, int, Customer], None]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    page.setFont("STSong-Light", 9)
    for column in range(3):
        for row, one in enumerate(C):
            page.column = column
            draw(page, 800 - row * 12, one)
    page.save()
    return out.getvalue()


def _column(page: Any, y: int, one: Customer) -> None:
    page.drawString((30, 100, 200)[page.column], y, one[page.column])


def _glyphs(page: Any, y: int, one: Customer) -> None:
    x = 30
    for letter in one.line if page.column == 0 else "":
        page.drawString(x, y, letter)
        x += 9 if ord(letter) > 255 else 5


def _attached() -> bytes:
    out, writer = io.BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("客户.csv", CSV.encode("gb18030"))
    writer.write(out)
    return out.getvalue()


def _titled() -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.setTitle("; ".join(LINES))
    page.drawString(10, 10, "nothing")
    page.save()
    return out.getvalue()


def html(rows: Iterable[str], head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(rows)}</body></html>".encode()


def mail(fill: Callable[[EmailMessage], None], subject: str = "客户资料") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "李娜 <li@corp.example>", "x@y.example", subject
    fill(message)
    return message.as_bytes(policy=SMTP)


def _attach(message: EmailMessage) -> None:
    message.set_content("see")
    name = "客户订单表" * 6 + ".csv"
    message.add_attachment(CSV.encode("gbk"), maintype="text", subtype="csv", filename=name)


def _forward(message: EmailMessage) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "a@b.example", "inner"
    _attach(inner)
    message.set_content("fwd")
    message.add_attachment(inner)


def _alternative(message: EmailMessage) -> None:
    message.set_content("see")
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in one) + "</tr>" for one in C)
    message.add_alternative(f"<table>{rows}</table>", subtype="html")


def _card(one: Customer) -> Callable[[EmailMessage], None]:
    return lambda message: message.set_content(f"姓名: {one.name}\n电话: {one.phone}\n{one.address}")


def mbox(folder: Path) -> bytes:
    path = folder / "mbox"
    box = mailbox.mbox(path)
    for one in C:
        box.add(mail(_card(one)))
    box.close()
    return path.read_bytes()


def gbk_rtf(text: str) -> str:
    return "".join(
        letter if ord(letter) < 128 else "".join(f"\\'{byte:02x}" for byte in letter.encode("gbk")) for letter in text
    )


RTF_HEAD: Final = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"


def rtf(rows: Iterable[str]) -> bytes:
    return f"{RTF_HEAD}{''.join(rows)}}}".encode()


def unicode_rtf(text: str) -> str:
    return "".join(letter if ord(letter) < 128 else f"\\u{ord(letter)}?" for letter in text)


def word(text: str, *, flags: int = 0x0200) -> bytes:
    """Return an old Word document of two pieces, the second in one byte a letter."""
    wide, narrow = text.encode("utf-16-le"), b"hello narrow"
    places = struct.pack("<3L", 0, len(text), len(text) + len(narrow))
    pieces = struct.pack("<HLH", 0, 1024, 0) + struct.pack("<HLH", 0, 0x40000000 | (1024 + len(wide)) * 2, 0)
    table = b"\x02" + struct.pack("<L", len(places + pieces)) + places + pieces
    head = bytearray(1024)
    struct.pack_into("<2H", head, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", head, 10, flags)
    struct.pack_into("<2L", head, 0x1A2, 0, len(table))
    return write_ole({("WordDocument",): bytes(head) + wide + narrow, ("1Table",): table})


def _atom(kind: int, data: bytes, version: int = 0) -> bytes:
    return struct.pack("<2HL", version, kind, len(data)) + data


def _ppt() -> bytes:
    texts = b"".join(_atom(4000, line.encode("utf-16-le")) for line in LINES)
    return write_ole({("PowerPoint Document",): _atom(1006, texts, 0xF)})


def msg(streams: dict[tuple[str, ...], bytes]) -> bytes:
    return write_ole({("__properties_version1.0",): bytes(32), ("__substg1.0_0037001F",): _w("客户资料"), **streams})


def _w(text: str) -> bytes:
    return text.encode("utf-16-le")


def _msg_body() -> bytes:
    return msg({("__substg1.0_1000001F",): _w("\r\n".join(LINES))})


def _msg_nested() -> bytes:
    holder, inner = "__attach_version1.0_#00000000", "__substg1.0_3701000D"
    return msg(
        {
            ("__substg1.0_1000001F",): _w("fwd"),
            (holder, "__substg1.0_3001001F"): _w("inner mail"),
            (holder, inner, "__properties_version1.0"): bytes(32),
            (holder, inner, "__substg1.0_1000001F"): _w("\n".join(LINES[:30])),
            (holder, inner, holder, "__substg1.0_3707001F"): _w("客户.csv"),
            (holder, inner, holder, "__substg1.0_37010102"): "\n".join(map(",".join, (HEAD, *C[30:])))
            .encode("gbk")
            .ljust(4096, b"\n"),
        }
    )


def _quoted(text: str) -> str:
    return quopri.encodestring(text.encode(), quotetabs=True).decode().strip()


def tnef(name: str, data: bytes) -> bytes:
    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<B2HL", level, number, 6, len(value)) + value + b"\0\0"

    title = attribute(2, 0x8010, name.encode("gbk") + b"\0")
    return b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x800C, b"hello\0") + title + attribute(2, 0x800F, data)


def samples(folder: Path) -> dict[str, bytes]:
    """Return all of them by name; `folder` is for what only writes files."""
    rows: Sequence[Customer] = C
    xml_rows = "".join(
        f"<order id='{n}'>\n<name>{one.name}</name><to><phone>{one.phone}</phone></to><address><![CDATA[{one.address}]]></address></order>"
        for n, one in enumerate(rows)
    )
    svg = "".join(
        f'<text x="1" y="{n}">{one.name} <tspan>{one.phone[:4]}</tspan><tspan>{one.phone[4:]}</tspan> {one.address}</text>'
        for n, one in enumerate(rows)
    )
    cells = [f"<tr>{''.join(f'<td>{text}' for text in one)}" for one in (HEAD, *rows)]
    return {
        "plain.xlsx": workbook(_plain),
        "hidden.xlsx": workbook(_hidden),
        "comments.xlsx": workbook(_comments),
        "asides.xlsx": _asides(),
        "by-hand.xlsx": _by_hand(),
        "pivot.xlsx": _pivot(),
        "book.xlsb": _xlsb(),
        "book.xls": _xls(),
        "book.ods": _ods(),
        "table.docx": document(_table),
        "runs.docx": document(_runs),
        "unseen.docx": document(_unseen),
        "forms.docx": document(_forms),
        "deleted.docx": _deleted(),
        "text.odt": _odt(),
        "show.pptx": _pptx(),
        "book.epub": _epub(),
        "table.pdf": pdf(),
        "empty-password.pdf": locked_pdf(""),
        "columns.pdf": _drawn(_column),
        "glyphs.pdf": _drawn(_glyphs),
        "attached.pdf": _attached(),
        "titled.pdf": _titled(),
        "table.html": html(["<table>", *cells, "</table>"]),
        "cards.html": html(
            f"<div><p>{one.name}</p><p>手机：<b>{one.phone[:3]}</b>{one.phone[3:]}</p><p>{one.address}</p></div>"
            for one in rows
        ),
        "attributes.html": html(
            f'<div data-phone="{one.phone}" data-a="{one.address}" title="{one.name}">x</div>' for one in rows
        ),
        "comments.html": html(f"<!-- {line} -->" for line in LINES),
        "inputs.html": html(
            f'<input name=n value="{one.name}"><input name=p value={one.phone}><input type=hidden name=a value="{one.address}"><hr>'
            for one in rows
        ),
        "orders.xml": f"<?xml version='1.0'?><orders>{xml_rows}</orders>".encode(),
        "orders-gbk.xml": f"<?xml version='1.0' encoding='GBK'?><orders>{xml_rows}</orders>".encode("gbk"),
        "words.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{svg}</svg>'.encode(),
        "table.md": f"# 客户\n\ntext\n\n|{'|'.join(HEAD)}|\n|---|:-:|---|---|\n{''.join(f'|{"|".join(one)}|\n' for one in rows)}\nend\n".encode(),
        "base64.eml": mail(lambda message: message.set_content("\n".join(LINES), cte="base64")),
        "quoted-gbk.eml": mail(
            lambda message: message.set_content("\n".join(LINES), cte="quoted-printable", charset="gb18030")
        ),
        "attached.eml": mail(_attach),
        "forwarded.eml": mail(_forward),
        "alternative.eml": mail(_alternative),
        "subject.eml": mail(lambda message: message.set_content("x"), " ".join(LINES)),
        "box.mbox": mbox(folder),
        "gbk.rtf": rtf(f"\\pard {gbk_rtf(line)}\\par\n" for line in LINES),
        "unicode.rtf": rtf(f"\\pard {unicode_rtf(line)}\\par\n" for line in LINES),
        "table.rtf": rtf(
            f"\\trowd\\cellx9\\pard\\intbl {''.join(f'{gbk_rtf(text)}\\cell ' for text in one)}\\row\n" for one in rows
        ),
        "hidden.rtf": rtf(
            [
                *(f"x {{\\v {gbk_rtf(line)}}}\\par " for line in LINES[:30]),
                "{\\info{\\doccomm ",
                *(f"{gbk_rtf(line)}; " for line in LINES[30:]),
                "}}",
            ]
        ),
        "object.rtf": rtf(["{\\object\\objemb{\\*\\objdata 0105000002", workbook(_plain).hex(), "}}"]),
        "text.doc": word("\r".join(LINES) + "\r"),
        "table.doc": word("".join("\x07".join(one) + "\x07\x07" for one in (HEAD, *rows))),
        "show.ppt": _ppt(),
        "body.msg": _msg_body(),
        "nested.msg": _msg_nested(),
        "winmail.dat": tnef("客户.csv", CSV.encode()),
        "old.vcf": "".join(
            f"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{_quoted(one.name)}\r\nTEL;CELL:{one.phone}\r\n"
            f"ADR;HOME;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;{_quoted(one.address)};;;;\r\nEND:VCARD\r\n"
            for one in rows
        ).encode(),
        "new.vcf": "".join(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{one.name}\r\nTEL:{one.phone[:6]}\r\n {one.phone[6:]}\r\n"
            f"ADR:;;{one.address[6:]};{one.address[3:6]};{one.address[:3]};518000;中国\r\nEND:VCARD\r\n"
            for one in rows
        ).encode(),
        "events.ics": (
            "BEGIN:VCALENDAR\r\n"
            + "".join(
                f"BEGIN:VEVENT\r\nSUMMARY:{one.name}\r\nLOCATION:{one.address}\r\nDESCRIPTION:电话 {one.phone}\\n到\r\nEND:VEVENT\r\n"
                for one in rows
            )
            + "END:VCALENDAR\r\n"
        ).encode(),
    }
