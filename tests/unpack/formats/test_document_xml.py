# ruff: noqa: E501 - markup stands on one line
from __future__ import annotations

import pytest

from tests.unpack.samples import gaps_of, text_of, unpack_body

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="t" xmlns:table="b" xmlns:draw="d"'
    ' office:version="1.3"'
)


def word(inner: str) -> bytes:
    return f"<?xml version='1.0'?><w:document {WORD}><w:body>{inner}</w:body></w:document>".encode()


def odf(inner: str) -> bytes:
    return f"<office:document-content {ODF}><office:body>{inner}</office:body></office:document-content>".encode()


def run(text: str, tag: str = "t") -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def shown(body: bytes) -> list[tuple[str, str]]:
    unpacked = unpack_body(body)
    assert unpacked.content == "document_xml"
    return [(part.location.steps[-1] if part.location.steps else "", part.text) for part in unpacked.parts]


def test_runs_are_joined_and_breaks_are_breaks() -> None:
    body = word(
        f"<w:p>\n {run('138')}\n {run('0013')}<w:r><w:tab/></w:r>{run('x')}<w:br/>{run('y')}</w:p><w:p>{run('z')}</w:p>"
    )
    assert shown(body) == [("", "1380013 x\ny\nz\n")]


def test_deleted_text_is_read_as_the_paragraph_was() -> None:
    body = word(
        f"<w:p>{run('call ')}<w:del>{run('1380013', 'delText')}</w:del><w:del>{run('8000', 'delText')}</w:del><w:ins>"
        f"{run('13900139000')}</w:ins></w:p>"
    )
    assert shown(body) == [("", "call 13900139000\n"), ("not shown", "call 13800138000")]


def test_tables_in_tables_and_cells_of_several_paragraphs() -> None:
    def cell(inner: str) -> str:
        return f"<w:tc><w:tcPr/>{inner}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell(f'<w:p>{run("a")}</w:p>')}{cell(f'<w:p>{run("b")}</w:p><w:p>{run("c")}</w:p>')}</w:tr></w:tbl>"
    body = word(f"<w:tbl><w:tr>{cell(inner)}{cell(f'<w:p>{run("d")}</w:p>')}</w:tr></w:tbl>")
    assert shown(body) == [("", "d\n"), ("rows", "a\tb c\n")]


def test_an_alternative_for_old_programs_is_read_once() -> None:
    both = f"<w:txbxContent><w:p>{run('call 13800138000')}</w:p></w:txbxContent>"
    other = f"<w:txbxContent><w:p>{run('call 13900139000')}</w:p></w:txbxContent>"
    body = word(
        f"<w:p>{run('x')}<w:r><mc:AlternateContent xmlns:mc='m'><mc:Choice>{both}</mc:Choice><mc:Fallback>{both}{other}"
        f"</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert shown(body) == [("", "call 13800138000\nx\n"), ("not shown", "call 13900139000")]


def test_attributes_that_say_something_are_read_and_others_not() -> None:
    body = word(
        '<w:p w:rsidR="00A77B3E" w14:paraId="12345678" xmlns:w14="x"><w:r><wp:posOffset xmlns:wp="p">1234567</wp:posOffset>'
        '<wp:docPr xmlns:wp="p" id="1" descr="call 13800138000" cx="5486400"/></w:r></w:p>'
    )
    assert shown(body) == [("not shown", "descr: call 13800138000")]


def test_words_of_a_field_and_of_properties() -> None:
    assert "HYPERLINK" in text_of(unpack_body(word(f"<w:p>{run('HYPERLINK x', 'instrText')}</w:p>")))
    body = "<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'><cp:x>13800138000</cp:x></cp:coreProperties>"
    assert shown(body.encode()) == [("", "x: 13800138000\n")]


def test_cells_of_opendocument_show_their_values() -> None:
    cells = (
        '<table:table-cell office:value-type="float" office:value="13800138000"><text:p>1.38E+10</text:p></table:table-cell>'
        '<table:table-cell office:value="5"><text:p>5</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="3"/><table:table-cell><text:p>x</text:p></table:table-cell>'
    )
    body = odf(f"<table:table><table:table-row>{cells}</table:table-row></table:table>")
    assert shown(body) == [("rows", "1.38E+10 13800138000\t5\t\t\t\tx\n")]


@pytest.mark.parametrize("times", [16384, 10**6, 10**30])
def test_repeated_cells_and_rows_cost_nothing(times: int) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="{times}"><text:p>1</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{times}">{cell}{cell}</table:table-row>'
    assert len(text_of(unpack_body(odf(f"<table:table>{row * 3}</table:table>")))) < 2_000


def test_blanks_and_line_breaks_of_opendocument() -> None:
    body = odf("<text:p>138\n<text:span>0013</text:span><text:s/>8000<text:line-break/>y</text:p><text:h>z</text:h>")
    assert shown(body) == [("", "138 0013 8000\ny\nz\n")]


def test_a_locked_opendocument_is_a_gap() -> None:
    body = (
        b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        b'<manifest:file-entry full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    assert gaps_of(unpack_body(body)) == [("encrypted", "body")]


def test_ends_without_beginnings_and_deep_tables() -> None:
    deep = word("<w:tbl><w:tr><w:tc>" * 2_000 + f"<w:p>{run('13800138000')}</w:p>" + "</w:tc></w:tr></w:tbl>" * 2_000)
    assert "13800138000" in text_of(unpack_body(deep))
    cut = word(f"<w:tbl><w:tr><w:tc><w:p>{run('13800138000')}")[:-30]
    assert "13800138000" in text_of(unpack_body(cut))
    assert gaps_of(unpack_body(cut)) == [("malformed", "body")]


def test_an_entity_of_entities_is_refused_in_a_document_too() -> None:
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lols}]>'.encode() + word(f"<w:p>{run('&l9;')}</w:p>")[21:]
    assert gaps_of(unpack_body(body)) == [("too-large", "body")]
