from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.unpack.unpack import Unpacked
from tests.unpack.documents import HEAD, TYPES, C, samples, workbook
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body, zipped

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PHONE = "13800138000"


def sheet(rows: str, strings: str = "", more: str = "", members: dict[str, bytes] | None = None) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/worksheets/sheet1.xml": f"<worksheet {MAIN}><sheetData>{rows}</sheetData>{more}</worksheet>".encode(),
            "xl/sharedStrings.xml": f"<sst {MAIN}>{strings}</sst>".encode(),
            **(members or {}),
        }
    )


def texts(body: bytes) -> list[str]:
    return [part.text for part in unpack_body(body).parts if part.location.area == "body"]


def edited(body: bytes, name: str, pattern: str, by: str) -> bytes:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    members[name] = re.sub(pattern, by, members[name].decode(), flags=re.DOTALL).encode()
    return zipped(members)


def rows_of(unpacked: Unpacked) -> list[str]:
    return [part.text[unit.start : unit.end] for part in unpacked.parts for unit in part.units]


def test_rows_are_units_with_names_of_columns_and_numbers_as_in_the_sheet() -> None:
    def fill(book: Any) -> None:
        page = book.active
        page.title = "客户"
        page["A3"] = "客户订单表"
        for column, name in enumerate(HEAD, 2):
            page.cell(5, column, name)
            page.cell(9, column, C[0][column - 2])

    unpacked = unpack_body(workbook(fill))
    (part,) = [part for part in unpacked.parts if part.units]
    assert unpacked.content == "office"
    assert unpacked.filenames == ()
    assert str(part.location) == 'body > sheet "客户"'
    assert [unit.label for unit in part.units] == ["row 3", "row 9"]
    assert part.columns == ("", *HEAD)
    assert part.field_at(part.text.index(C[0].phone)) == "电话"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="A1"><v>13800138000</v></c>', PHONE),
        ('<c r="A1"><v>1.3800138E+10</v></c>', PHONE),
        ('<c r="A1" t="n"><v>13800138000.0</v></c>', PHONE),
        ('<c r="A1"><v>0.25</v></c>', "0.25"),
        ('<c r="A1"><v>nan</v></c>', "nan"),
        ('<c t="s" r="A1"><v>1</v></c>', "two"),
        ('<c r="A1" t="s"><v>9</v></c>', "9"),
        ('<c r="A1" t="s"><v>-9999999999999999999</v></c>', "-9999999999999999999"),
        ('<c r="A1" t="str"><f>"a"&amp;B2</f><v>x &amp; y</v></c>', "x & y"),
        ('<c r="A1" t="inlineStr"><is><r><t>138</t></r><r><rPr><b/></rPr><t>00138000</t></r></is></c>', PHONE),
        ('<c r="A1" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>', "a<b"),
        ('<c><v>5</v></c><c t="b"><v>1</v></c>', "5\t1"),
        ('<c r="A1" foo="13800138000"><v>5</v></c>', "5"),
    ],
)
def test_cells_read_as_a_person_reads_them(cell: str, shown: str) -> None:
    body = sheet(f'<row r="1">{cell}</row>', strings="<si><t>one</t></si><si><t>two</t></si>")
    assert texts(body)[0] == f"{shown}\n"


def test_dates_are_dates() -> None:
    styles = (
        f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="170" formatCode="yyyy\\-mm"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    cells = "".join(f'<c s="{style}"><v>45292.5</v></c>' for style in range(3))
    body = sheet(f"<row>{cells}</row>", members={"xl/styles.xml": styles.encode()})
    assert texts(body)[0] == "45292.5\t2024-01-01 12:00:00\t2024-01-01 12:00:00\n"


@pytest.mark.parametrize(
    ("pattern", "by"),
    [
        (r'<c r="([A-Z]+\d+)"( s="\d+")? t="(\w+)">', r"<c t='\3' r='\1'\2>"),
        (r"<c ", "<c\n"),
        (r"<v>", "<!-- x --><v>"),
        (r"(</?)(worksheet|sheetData|row|c|v|is|t)(?=[ >/])", r"\1m:\2"),
    ],
)
def test_a_spelling_that_programs_do_not_use_hides_no_row(pattern: str, by: str) -> None:
    body = workbook(lambda book: [book.active.append(row) for row in (HEAD, *C[:5])])
    other = edited(body, "xl/worksheets/sheet1.xml", pattern, by).replace(b"xmlns:m=", b"")
    other = edited(other, "xl/worksheets/sheet1.xml", r'xmlns="', 'xmlns:m="') if "m:" in by else other
    assert rows_of(unpack_body(other)) == rows_of(unpack_body(body))
    assert len(rows_of(unpack_body(body))) == 5


def test_a_far_cell_costs_nothing() -> None:
    unpacked = unpack_body(
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    )
    assert [part.text for part in unpacked.parts] == ["1\n\t2\n"]


def test_far_cells_in_every_row_cost_little() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="SA{n}"><v>2</v></c></row>' for n in range(1, 6_000))
    assert len(text_of(unpack_body(sheet(rows)))) < 2_100_000


def test_more_rows_than_are_laid_out_are_a_gap() -> None:
    rows = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(300))
    unpacked = unpack_body(sheet(rows), limits=tight(values=200))
    assert [reason for reason, _ in gaps_of(unpacked)] == ["too-large"]
    assert len(rows_of(unpacked)) == 50


def test_a_sheet_that_expands_too_far_gives_what_came_before() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{PHONE}</v></c></row>' for n in range(1, 60_000))
    unpacked = unpack_body(sheet(rows), limits=tight(ratio=5, ratio_floor=100_000))
    assert [reason for reason, _ in gaps_of(unpacked)][-1] == "too-large"
    assert PHONE in text_of(unpacked)


def test_a_broken_sheet_gives_what_came_before_and_after() -> None:
    unpacked = unpack_body(
        sheet(f'<row><c><v>{PHONE}</v></c></row><row><c><<v>x</row><row r="7"><c r="A7"><v>13900139000</v></c></row>')
    )
    assert PHONE in text_of(unpacked)
    assert "13900139000" in text_of(unpacked)
    assert "malformed" in [reason for reason, _ in gaps_of(unpacked)]


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_cut_workbook_shows_what_is_left(kept: float) -> None:
    body = workbook(lambda book: [book.active.append(row) for row in (HEAD, *C)])
    unpacked = unpack_body(body[: int(len(body) * kept)])
    assert "malformed" in [reason for reason, _ in gaps_of(unpacked)]


def test_what_no_reader_takes_goes_through() -> None:
    body = sheet("", members={"xl/odd/notes.txt": f"call {PHONE}".encode(), f"xl/{PHONE}.xml": b"<a/>"})
    unpacked = unpack_body(body)
    assert f"call {PHONE}" in text_of(unpacked)
    assert unpacked.filenames == (f"xl/{PHONE}.xml",)


def test_what_lies_around_the_archive_is_read() -> None:
    body = b"before 13900139000 " + sheet("<row><c><v>5</v></c></row>") + b"after 13700137000"
    assert "13900139000" in text_of(unpack_body(body))
    assert "13700137000" in text_of(unpack_body(body))


def test_a_second_member_of_the_same_name_is_read() -> None:
    body = sheet(f"<row><c><v>{PHONE}</v></c></row>") + sheet("<row><c><v>13900139000</v></c></row>")
    assert {PHONE, "13900139000"} <= set(text_of(unpack_body(body)).split())


def test_a_workbook_in_an_archive_is_no_workbook_of_the_archive() -> None:
    inner = workbook(lambda book: book.active.append([PHONE]))
    unpacked = unpack_body(zipped({"a.txt": b"hello", "b.xlsx": inner}, zipfile.ZIP_STORED))
    assert unpacked.content == "zip"
    assert unpacked.filenames == ("a.txt", "b.xlsx")
    assert PHONE in text_of(unpacked)


def test_rules_of_cells_formulas_and_footers_are_beside_the_rows() -> None:
    more = (
        f'<dataValidations><dataValidation prompt="ask {PHONE}"><formula1>"13900139000,13700137000"</formula1>'
        "</dataValidation>"
        "</dataValidations><headerFooter><oddFooter>&amp;L 13600136000</oddFooter></headerFooter>"
    )
    rows = '<row r="1"><c r="A1"><f>"1350013"&amp;"5000"</f><v>x</v></c></row>'
    unpacked = unpack_body(sheet(rows, more=more))
    (beside,) = [part.text for part in unpacked.parts if part.location.steps[-1] == "not shown"]
    for value in (PHONE, "13900139000", "13600136000", '="1350013"&"5000"'):
        assert value in beside


def test_documents_of_every_kind_are_named_so(tmp_path: Path) -> None:
    seen = {name.rpartition(".")[2]: unpack_body(body).content for name, body in samples(tmp_path).items()}
    kinds = {kind for kind, content in seen.items() if content == "office"}
    assert kinds == {"docx", "xlsx", "xlsb", "pptx", "ods", "odt", "epub"}


def test_a_formula_of_nothing_but_texts_is_worked_out() -> None:
    cells = (
        '<c r="A1"><f>"138"&amp;"0013"&amp;"8000"</f><v></v></c>',
        '<c r="B1"><f>CONCATENATE("深圳市","南山区")</f></c>',
        '<c r="C1"><f>A1&amp;"x"</f></c>',
    )
    rows = f'<row r="1">{"".join(cells)}</row>'
    assert rows_of(unpack_body(sheet(rows)))[0].split("\t")[:2] == ["13800138000", "深圳市南山区"]
