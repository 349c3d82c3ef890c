"""PDFs that name a font and do not hold it: what is read of them must not depend on what is installed."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from dlp_proxy.unpack.documents.pdf_pages import Pages
from dlp_proxy.unpack.documents.pdfium import pdfium
from dlp_proxy.unpack.documents.square_font import square_font
from tests.unpack.samples import text_of, unpack_body

FONTS = {
    "STSong-Light": "王小明 北京市朝阳区建国路12号 13800138000",
    "MSung-Light": "陳大文 臺北市信義區松仁路7號 0912345678",
    "HeiseiMin-W3": "山田太郎 東京都千代田区丸の内1 09012345678",
    "HYSMyeongJo-Medium": "김철수 서울특별시 종로구 세종대로 1 01012345678",
}


def _whole(sheet: canvas.Canvas, font: str, text: str) -> None:
    sheet.drawString(30, 700, text)


def _letters(sheet: canvas.Canvas, font: str, text: str) -> None:
    at = 30.0
    for letter in text:
        sheet.drawString(at, 700, letter)
        at += pdfmetrics.stringWidth(letter, font, 10)


def _spread(sheet: canvas.Canvas, font: str, text: str) -> None:
    line = sheet.beginText(30, 700)
    line.setCharSpace(2)
    line.textOut(text)
    sheet.drawText(line)


def pdf(font: str, text: str, write: Callable[[canvas.Canvas, str, str], None] = _whole) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    out = io.BytesIO()
    sheet = canvas.Canvas(out)
    sheet.setFont(font, 10)
    write(sheet, font, text)
    sheet.save()
    return out.getvalue()


@pytest.mark.parametrize("write", [_whole, _letters, _spread])
@pytest.mark.parametrize("font", FONTS)
def test_text_in_a_font_that_the_document_does_not_hold_is_read(
    font: str, write: Callable[[canvas.Canvas, str, str], None]
) -> None:
    lines = text_of(unpack_body(pdf(font, FONTS[font], write))).splitlines()
    assert any(FONTS[font].replace(" ", "") == line.replace(" ", "") for line in lines), lines


def test_no_font_of_the_system_is_asked_how_large_a_letter_is() -> None:
    pages = Pages(pdf("STSong-Light", "一"))  # a stroke in any other font, a square in ours
    page = pages._document[0]
    texts = page.get_textpage()
    assert texts.count_rects() == 1
    left, bottom, right, top = texts.get_rect(0)
    assert (round(right - left), round(top - bottom)) == (10, 10)
    texts.close()
    page.close()
    pages.close()


def test_the_library_is_loaded_once() -> None:
    assert pdfium() is pdfium()


def test_the_font_is_a_font() -> None:
    font = square_font()
    assert len(font) < 600
    assert font[:4] == b"\0\1\0\0"
