# ruff: noqa: E501 - an object of a file stands on one line
from __future__ import annotations

import base64
import io
import random
import re
import zlib

import pypdf
import pytest
from PIL import Image
from pypdf.annotations import Text
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from tests.unpack.customers import COUNT, CSV, SOME
from tests.unpack.documents import C, locked_pdf, pdf
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body

PHONE = "13800138000"


def page(*lines: tuple[int, int, str]) -> bytes:
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    for x, y, text in lines:
        sheet.drawString(x, y, text)
    sheet.save()
    return out.getvalue()


def written(fill: object) -> bytes:
    out, writer = io.BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    fill(writer)  # type: ignore[operator]
    writer.write(out)
    return out.getvalue()


def by_hand(stream: bytes, head: bytes = b"") -> bytes:
    """Return a document of one page whose content is `stream`."""
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF"
        % (len(stream), head, stream)
    )


def test_pages_are_parts() -> None:
    unpacked = unpack_body(pdf())
    pages = [str(part.location) for part in unpacked.parts if part.location.steps[-1].startswith("page")]
    assert unpacked.content == "pdf"
    assert pages == ["body > page 1", "body > page 2"]
    assert all(one.phone in text_of(unpacked) for one in C)
    assert gaps_of(unpacked) == []


def test_what_stands_on_one_line_is_one_line_whatever_was_written_first() -> None:
    unpacked = unpack_body(page((10, 700, "name a"), (10, 600, "name b"), (100, 700, "phone a"), (100, 600, "phone b")))
    texts = {str(part.location): part.text for part in unpacked.parts}
    assert texts["body > page 1"].split() == ["name", "a", "name", "b", "phone", "a", "phone", "b"]
    assert texts["body > page 1 > line by line"] == "name a phone a\nname b phone b"


def test_a_page_in_order_is_read_once() -> None:
    unpacked = unpack_body(page((10, 700, "name a"), (100, 700, "phone a"), (10, 600, "name b")))
    assert [part.location.steps for part in unpacked.parts if "name" in part.text] == [("page 1",)]


def test_a_cell_whose_text_is_wrapped_is_put_together() -> None:
    rows = []
    for y, end in ((700, "1"), (660, "2")):
        rows += [(10, y, "SO-2026-"), (10, y - 12, f"00{end}"), (100, y, "1380013800"), (100, y - 12, end)]
    texts = {str(part.location): part.text for part in unpack_body(page(*rows)).parts}
    assert texts["body > page 1 > cells of tables"] == "SO-2026-001\t13800138001\nSO-2026-002\t13800138002"


def test_columns_of_a_page_are_no_cells() -> None:
    columns = [(x, 700 - 12 * line, f"line {line} at {x}") for x in (10, 300) for line in range(20)]
    assert not any("cells" in str(part.location) for part in unpack_body(page(*columns)).parts)


def test_notes_outline_and_attachments_are_read() -> None:
    def fill(writer: pypdf.PdfWriter) -> None:
        writer.add_annotation(0, Text(rect=(1, 1, 9, 9), text=f"note {PHONE}"))
        writer.add_outline_item(title="outline 13900139000", page_number=0)
        writer.add_attachment("客户.txt", b"attached 13700137000")
        writer.add_metadata({"/Subject": "metadata 13600136000"})

    unpacked = unpack_body(written(fill))
    for value in ("note 13800138000", "outline 13900139000", "attached 13700137000", "metadata 13600136000"):
        assert value in text_of(unpacked)
    assert unpacked.filenames == ("客户.txt",)


def test_a_text_that_nothing_refers_to_is_read() -> None:
    body = page((10, 700, "hello")).replace(
        b"trailer", b"99 0 obj\n<</X (lost 13800138000) /Y <FEFF4E2D0031>>>\nendobj\ntrailer"
    )
    assert "lost 13800138000" in text_of(unpack_body(body))


def test_the_empty_password_opens_and_another_is_a_gap() -> None:
    assert C[0].phone in text_of(unpack_body(locked_pdf("")))
    assert gaps_of(unpack_body(locked_pdf("secret"))) == [("encrypted", "body")]


@pytest.mark.parametrize("kept", [0.5, 0.7, 0.95])
def test_a_cut_document_gives_what_its_streams_hold(kept: float) -> None:
    body = pdf()
    unpacked = unpack_body(body[: int(len(body) * kept)])
    assert gaps_of(unpacked) == [("malformed", "body")]
    assert C[0].phone in text_of(unpacked)
    assert C[0].address in text_of(unpacked)


def test_a_broken_document_is_read_by_its_maps_to_unicode() -> None:
    cmap = b"1 beginbfchar <0001> <0031> endbfchar 1 beginbfrange <0002> <0009> <0032> endbfrange <000A> "
    shown = b"BT <000100030008000A> Tj 0 -9 Td [(A\\(B\\051) -100 <0002>] TJ ET"
    body = b"%PDF-1.4\n1 0 obj<<>>stream\n" + cmap + b"\nendstream 2 0 obj<</Filter/FlateDecode>>stream\n"
    unpacked = unpack_body(body + zlib.compress(shown) + b"\nendstream")
    assert unpacked.parts[0].text == "138\nA(B)2"


def test_what_lies_around_the_document_is_read() -> None:
    unpacked = unpack_body(b"before 13900139000\n" + page((1, 1, "x")) + b"after 13700137000")
    assert "before 13900139000" in text_of(unpacked)
    assert "after 13700137000" in text_of(unpacked)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_stream_that_expands_too_far_is_not_given_to_the_library(layers: int) -> None:
    stream = b"\0" * 20_000_000
    for _ in range(layers):
        stream = zlib.compress(stream)
    body = by_hand(stream, b"/Filter[" + b"/FlateDecode" * layers + b"]")
    assert [reason for reason, _ in gaps_of(unpack_body(body))] == ["too-large"]


def test_a_scanned_page_goes_on_as_a_picture() -> None:
    unpacked = unpack_body(by_hand(b"0 0 m 100 100 l S"))
    assert all(gap.reason == "unknown-format" for gap in unpacked.gaps)
    assert [str(gap.location) for gap in unpacked.gaps] in ([], ["body > page 1 > picture"])


def _pictured(*pages: tuple[str, bytes, str]) -> bytes:
    """Return a document with a picture on each page: its bytes, their filter, and a line of text."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    kids = []
    for filters, data, line in pages:
        number = len(objects) + 1
        kids.append(b"%d 0 R" % number)
        show = b"q 200 0 0 200 0 0 cm /I Do Q BT /F 9 Tf (%s) Tj ET" % line.encode()
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>"
            b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>" % (number + 1, number + 2),
            b"<</Length %d>>stream\n%s\nendstream" % (len(show), show),
            b"<</Type/XObject/Subtype/Image/Width 300/Height 300/BitsPerComponent 8/ColorSpace/DeviceGray/Filter%s"
            b"/Length %d>>stream\n%s\nendstream" % (filters.encode(), len(data), data),
        ]
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (at, one) for at, one in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"


def _noise(kind: str) -> bytes:
    picture, out = Image.frombytes("L", (300, 300), random.Random(7).randbytes(90_000)), io.BytesIO()
    picture.save(out, kind)
    return out.getvalue() if kind == "JPEG" else zlib.compress(picture.tobytes())


def test_a_scan_is_looked_at_however_its_picture_is_wrapped_and_whatever_else_is_in_the_document() -> None:
    photograph, plain = _noise("JPEG"), _noise("PNG")
    wrapped = base64.a85encode(photograph, adobe=True)[2:]
    body = _pictured(
        ("[/ASCII85Decode/DCTDecode]", wrapped, ""),
        ("/FlateDecode", plain, ""),
        ("/FlateDecode", plain, "Scanned by a telephone"),
        ("/FlateDecode", plain, "words " * 60),
    )
    places = {str(gap.location) for gap in unpack_body(body).gaps if gap.detail.startswith("picture")}
    assert places == {
        "body > page 1 > picture 1",
        "body > page 2 > picture",
        "body > page 3 > picture",
    }


def test_a_page_that_refers_to_itself_and_a_count_that_lies() -> None:
    body = by_hand(b"BT /F 9 Tf (13800138000) Tj ET").replace(
        b"/Kids[3 0 R]/Count 1", b"/Kids[3 0 R 2 0 R]/Count 999999999"
    )
    unpacked = unpack_body(body, limits=tight(parts=50))
    assert PHONE in text_of(unpacked)
    assert len(unpacked.parts) < 60


def test_an_escaped_string_is_read() -> None:
    body = by_hand(b"BT /F 9 Tf (1380\\060\\0613\\(x) Tj ET")
    assert re.search(r"1380013\(x", text_of(unpack_body(body)))


def test_signs_written_one_by_one_in_any_order_are_read_as_they_stand() -> None:
    lines = [f"phone 1380013800{number} of customer {number} at the house" for number in range(9)]
    signs = [(20 + 9 * x, 700 - 20 * y, sign) for y, line in enumerate(lines) for x, sign in enumerate(line)]
    random.Random(4).shuffle(signs)
    text = text_of(unpack_body(page(*signs)))
    assert all(f"1380013800{number}" in text.replace(" ", "") for number in range(9))


def test_wrapped_chinese_is_read_in_its_cells_alone() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.setFont("STSong-Light", 10)
    sheet.drawString(10, 780, "客户名单")
    for y in (700, 660):
        for x, place, text in (
            (10, y, "王小明"),
            (100, y, "深圳市南山区科"),
            (100, y - 12, f"技园路{y}号"),
            (250, y, "备注"),
        ):
            sheet.drawString(x, place, text)
    sheet.save()
    texts = {part.location.steps[-1]: part.text for part in unpack_body(out.getvalue()).parts}
    assert "深圳市南山区科技园路700号" in texts["cells of tables"]
    assert texts["page 1"].split() == ["客户名单"]


def test_what_a_change_took_out_of_a_document_is_read() -> None:
    first = page((10, 700, f"phone {PHONE}"))
    out = io.BytesIO()
    writer = pypdf.PdfWriter(io.BytesIO(first), incremental=True)
    writer.remove_page(0)
    writer.add_blank_page(200, 200)
    writer.write(out)
    texts = {part.location.steps[0]: part.text for part in unpack_body(out.getvalue()).parts if PHONE in part.text}
    assert f"phone {PHONE}" in texts["earlier revision 1"]


@pytest.mark.parametrize(
    ("named", "stream"),
    [
        (b"/OpenAction << /S /JavaScript /JS 9 0 R >>", b'var d=[{"t": "13800138000"}];'),
        (b"/AcroForm << /Fields [] /XFA 9 0 R >>", b"<xfa:datasets><t>13800138000</t></xfa:datasets>"),
        (
            b"/AcroForm << /XFA [(template) 8 0 R (datasets) 9 0 R] >>",
            b"<xfa:datasets><t>13800138000</t></xfa:datasets>",
        ),
        (b"/AcroForm << /XFA 7 0 R >>", b"<xfa:datasets><t>13800138000</t></xfa:datasets>"),
    ],
)
def test_scripts_and_the_data_of_forms_are_read(named: bytes, stream: bytes) -> None:
    packed = zlib.compress(stream)
    document = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + named + b" >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n"
        b"7 0 obj\n[(datasets) 9 0 R]\nendobj\n9 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n"
        % len(packed)
        + packed
        + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )
    assert "13800138000" in text_of(unpack_body(document))


def test_a_stream_of_an_object_without_an_end_is_read() -> None:
    body = b"BT ET"
    data = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n8 0 obj<</Length 5>>stream\n" + body
        + b"\nendstream\n9 0 obj<</Length 30>>stream\nphone 13800138000, 13900139000\nendstream\ntrailer<</Root 1 0 R>>\n%%EOF"
    )  # fmt: skip
    assert "13800138000" in text_of(unpack_body(data))


@pytest.mark.parametrize(
    "said", [b"/FlateDecode", b"/ASCII85Decode", b"/A85", b"/ASCIIHexDecode", b"[/ASCII85Decode /Fl]"]
)
def test_a_stream_that_is_not_packed_as_it_says_is_read(said: bytes) -> None:
    data = page((50, 700, "one"))
    place = data.index(b"endobj") + 6
    held = b"\n900 0 obj\n<< /Length 9 /Filter " + said + b" >>\nstream\n" + CSV + b"\nendstream\nendobj\n"
    assert sum(one.phone in text_of(unpack_body(data[:place] + held + data[place:])) for one in SOME) == COUNT


def test_what_stands_behind_a_packed_stream_is_read() -> None:
    data = page((50, 700, "one"))
    place = data.index(b"endobj") + 6
    packed = zlib.compress(b"0 0 m\n" * 99) + CSV
    held = b"\n900 0 obj\n<< /Length 9 /Filter /FlateDecode >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    assert sum(one.phone in text_of(unpack_body(data[:place] + held + data[place:])) for one in SOME) == COUNT
