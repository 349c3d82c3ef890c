from __future__ import annotations

import pytest

from tests.unpack.documents import RTF_HEAD, gbk_rtf, workbook
from tests.unpack.samples import gaps_of, text_of, unpack_body

PHONE = "13800138000"


def texts(inner: str) -> list[str]:
    unpacked = unpack_body(f"{RTF_HEAD}{inner}}}".encode())
    assert unpacked.content == "rtf"
    return [part.text for part in unpacked.parts]


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (f"\\pard {gbk_rtf('张三')} 138{{\\b 0013}}8000\\par x", f"张三 {PHONE}\nx\n"),
        ("\\u24352?\\u19977? \\uc2\\u20013\\'d6\\'d0x\\uc0\\u20013y", "张三 中x中y\n"),
        ("{\\upr{a}{\\*\\ud b}}", "b\na"),
        ("138\\-0013\\~8000\\_1\\{\\}\\\\", "1380013 8000-1{}\\\n"),
        ("a\\line b\\tab c\r\nd", "a\nb cd\n"),
        ("a\\u-10180?\\u-8704?b", "a\ufffd\ufffdb\n"),
        ("{\\f7 \\'e4}", "ä\n"),
        ("}}}} after", "}}} after}"),
    ],
)
def test_words(inner: str, shown: str) -> None:
    assert "".join(texts(inner)[:1]) == shown


def test_rows_of_tables() -> None:
    row = "\\trowd\\cellx9\\pard\\intbl {0}\\cell {1}\\par x\\cell\\row "
    inner = (
        row.format(gbk_rtf("姓名"), gbk_rtf("电话"))
        + row.format("a", PHONE)
        + row.format("b", "13900139000")
        + "\\pard bye\\par"
    )
    unpacked = unpack_body(f"{RTF_HEAD}{inner}}}".encode())
    assert [part.text for part in unpacked.parts if part.units] == [
        "姓名\t电话 x\na\t13800138000 x\nb\t13900139000 x\n"
    ]
    assert "bye\n" in [part.text for part in unpacked.parts]


def test_what_is_not_shown() -> None:
    inner = (
        f"a{{\\v {PHONE}}}\\par{{\\header 13900139000\\par}}{{\\info{{\\doccomm 13700137000}}}}"
        "{\\*\\unknown 13600136000}"
        "{\\field{\\*\\fldinst HYPERLINK tel:13500135000}{\\fldrslt b}}x{\\deleted 13400134000}y"
    )
    shown, beside = texts(inner)
    assert shown == f"a{PHONE}\nbxy\n"
    hidden = ["13900139000", "13700137000", "13600136000", "HYPERLINK", "tel:13500135000", "13400134000"]
    assert beside.split() == hidden


def test_objects_and_pictures_in_hexadecimal_and_as_bytes() -> None:
    book = workbook(lambda one: one.active.append([PHONE]))
    for inner in (
        b"{\\object{\\*\\objdata 0105\r\n" + book.hex().encode() + b"}}",
        b"{\\pict\\bin%d " % len(book) + book + b"}",
    ):
        assert PHONE in text_of(unpack_body(RTF_HEAD.encode() + inner + b"}"))


def test_what_follows_the_document_is_read() -> None:
    assert "call 13800138000" in text_of(unpack_body(b"{\\rtf1 hello}call 13800138000"))


@pytest.mark.parametrize(
    "body",
    [
        b"{\\rtf1" + b"{" * 300_000 + b"13800138000",
        b"{\\rtf1" + b"{\\*\\a" * 100_000 + b" 13800138000",
        b"{\\rtf1 13800138000\\bin99999999999 ",
        b"{\\rtf1 13800138000\\bin-5 \\u99999999 \\uc-3\\uc999999 x\\ansicpg99999\\fcharset77 \\'zz",
        b"{\\rtf1\\trowd\\row\\cell\\cell 13800138000\\row",
    ],
)
def test_hostile_documents_are_read(body: bytes) -> None:
    unpacked = unpack_body(body)
    assert gaps_of(unpacked) == []
    assert PHONE in text_of(unpacked)
