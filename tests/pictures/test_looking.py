"""Text and codes in pictures, by the real programs."""

from __future__ import annotations

import dataclasses
import io
import random
import time
from typing import ClassVar, cast

import numpy as np
import pytest
from PIL import Image, ImageFilter

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.pictures import tesseract
from dlp_proxy.pictures.level import level
from dlp_proxy.pictures.looking import _AT_ONCE, Looking
from dlp_proxy.pictures.prepare import TooManyPixels, frames, strips
from dlp_proxy.pictures.texture import has_lines, is_photograph
from tests.samples.customers import customers
from tests.samples.pictures import drawn

PATIENT = dataclasses.replace(LIMITS, picture_seconds=300.0)
PEOPLE = customers(12)


def program() -> tesseract.Tesseract:
    found = tesseract.find()
    assert found is not None, "the tests need tesseract: scripts/system-packages"
    return found


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def phones_in(texts: tuple[str, ...]) -> int:
    together = "".join("".join(texts).split())
    return sum(one.phone in together for one in PEOPLE)


def photograph() -> Image.Image:
    shapes = Image.frombytes("L", (8, 6), random.Random(1).randbytes(8 * 6)).resize(
        (1280, 960), Image.Resampling.BICUBIC
    )
    return Image.blend(shapes, Image.effect_noise(shapes.size, 30), 0.2)


def test_both_languages_are_read() -> None:
    assert program().languages == ("chi_sim", "eng")


@pytest.mark.parametrize("dark", [False, True])
def test_a_screenshot_of_a_table_is_read(*, dark: bool) -> None:
    picture = drawn(PEOPLE, dark=dark)
    seen = Looking(program())(saved(picture), 300, PATIENT)
    assert phones_in(seen.texts) >= 11
    assert sum(one.address[:8] in "".join(seen.texts).replace(" ", "") for one in PEOPLE) >= 9
    assert seen.missed == ()
    assert seen.seconds > 0


def test_text_on_nothing_is_read_whatever_its_colour() -> None:
    for ink in (0, 255):
        letters = drawn(PEOPLE).convert("L").point(lambda level: 255 if level < 128 else 0)
        layered = Image.new("RGBA", letters.size, (ink, ink, ink, 0))
        layered.putalpha(letters)
        assert phones_in(Looking(program())(saved(layered), 300, PATIENT).texts) >= 11


def test_every_page_of_a_fax_is_read_as_well_as_black_and_white_allows() -> None:
    pages = [drawn(PEOPLE[:6]).convert("1"), drawn(PEOPLE[6:]).convert("1")]
    seen = Looking(program())(
        saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4"), 300, PATIENT
    )
    assert len(seen.texts) == 2
    assert phones_in(seen.texts) >= 8


def test_a_photograph_costs_no_reading() -> None:
    class Never:
        languages = ("eng",)

        def read(self, picture: bytes, seconds: float) -> str | None:
            raise AssertionError("asked")

    seen = Looking(cast("tesseract.Tesseract", Never()))(saved(photograph(), "JPEG"), 300, PATIENT)
    assert (seen.texts, seen.missed) == ((), ())


def test_a_photograph_of_a_screen_has_lines() -> None:
    wide = drawn(PEOPLE).rotate(1, Image.Resampling.BICUBIC, fillcolor="gray").filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.effect_noise(wide.size, 24)
    shot = Image.blend(wide.convert("L"), grain, 0.15)
    grey = next(frames(saved(shot), 10**8, 1))
    assert (is_photograph(grey), has_lines(grey)) == (True, True)


def test_without_the_program_text_is_a_gap_and_codes_are_read() -> None:
    seen = Looking(None)(saved(drawn(PEOPLE)), 300, PATIENT)
    assert [one.reason for one in seen.missed] == ["unknown-format"]


def test_what_there_was_no_time_for_is_a_gap() -> None:
    seen = Looking(program())(saved(drawn(PEOPLE)), 0.11, PATIENT)
    assert [one.detail for one in seen.missed] == ["picture: text in it was not read to its end in the time there is"]


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_picture_that_lies_on_its_side_is_turned(quarters: int) -> None:
    seen = Looking(program())(saved(drawn(PEOPLE).rotate(90 * quarters, expand=True)), 300, PATIENT)
    assert phones_in(seen.texts) >= 11
    assert seen.missed == ()


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 2.0])
def test_a_sheet_that_was_laid_askew_is_read(degrees: float) -> None:
    sheet = drawn(PEOPLE, size=20).convert("L")
    askew = sheet.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    seen = Looking(program())(saved(askew), 300, PATIENT)
    assert phones_in(seen.texts) >= 11


def test_level_lines_stay_as_they_are() -> None:
    grey = next(frames(saved(drawn(customers(30))), 10**8, 1))
    assert level(grey) is grey
    blank = next(frames(saved(Image.new("L", (300, 300), 255)), 10**8, 1))
    assert level(blank) is blank


def test_the_grain_of_a_scanner_is_no_ink() -> None:
    sheet = drawn(PEOPLE).convert("L")
    page = Image.new("L", (sheet.width + 400, sheet.height * 6), 250)
    page.paste(sheet, (200, 100))
    grain = Image.blend(page, Image.effect_noise(page.size, 40), 0.1)
    read = [piece.split(b"\n", 2)[1].split() for piece in strips(np.asarray(grain), lit=False)]
    plain = [piece.split(b"\n", 2)[1].split() for piece in strips(np.asarray(sheet), lit=False)]
    assert abs(sum(int(high) for _, high in read) - sum(int(high) for _, high in plain)) < 120


class Asked(tesseract.Tesseract):
    """Is sure of what it reads, and knows nothing of writing that lies on its side."""

    def read_surely(self, picture: bytes, seconds: float, only: str = "") -> tuple[str, float] | None:
        return "王伟 13800138001\n", 90.0

    def read(self, picture: bytes, seconds: float, only: str = "") -> str | None:
        return "13800138000\n" if only == "eng" else "王伟 13800138001\n"

    def turn(self, picture: bytes, seconds: float) -> int:
        raise AssertionError("nobody need ask: writing stands upright")


def test_which_way_up_writing_is_is_asked_where_it_is_not_sure() -> None:
    seen = Looking(Asked("", "", ("chi_sim", "eng"), turns=True))(saved(drawn(customers(60))), 300, PATIENT)
    assert seen.missed == ()
    assert seen.texts[0].count("13800138001") > 1


class Reader(tesseract.Tesseract):
    """Keeps what it was asked to read; `SAYS` is what it reads as Chinese."""

    SAYS: ClassVar[str]
    asked: ClassVar[list[str]]

    def read_surely(self, picture: bytes, seconds: float, only: str = "") -> tuple[str, float] | None:
        text = self.read(picture, seconds, only)
        return None if text is None else (text, 95.0)

    def read(self, picture: bytes, seconds: float, only: str = "") -> str | None:
        self.asked.append(only)
        return self.SAYS if only == "chi_sim" else "Wang Wei, 1 Main St\n"


@pytest.mark.parametrize(
    ("says", "first", "rest"),
    [
        ("王伟 13800138000 北京市朝阳区建国路88号\n", ["chi_sim"], "chi_sim"),
        ("Wang Wei, 1 Main St\n", ["chi_sim", ""], ""),
        ("Wang Wei of 北京市, 1 Main St in some other town of this country\n", ["chi_sim", ""], ""),
    ],
)
def test_a_chinese_picture_is_read_as_chinese_alone(says: str, first: list[str], rest: str) -> None:
    Reader.SAYS, Reader.asked = says, []
    Looking(Reader("", "", ("chi_sim", "eng")))(saved(drawn(customers(150))), 300, PATIENT)
    assert Reader.asked[: len(first)] == first
    assert len(Reader.asked) > len(first)
    assert {*Reader.asked[len(first) :]} == {rest}


def test_with_one_language_nothing_is_read_twice() -> None:
    Reader.SAYS, Reader.asked = "Wang Wei, 1 Main St\n", []
    picture = saved(drawn(customers(150)))
    Looking(Reader("", "", ("eng",)))(picture, 300, PATIENT)
    once = len(Reader.asked)
    Reader.asked = []
    Looking(Reader("", "", ("chi_sim", "eng")))(picture, 300, PATIENT)
    assert len(Reader.asked) == once + 1


class English(Reader):
    """Sees Chinese only in what follows, and is not sure of it at the beginning."""

    def read_surely(self, picture: bytes, seconds: float, only: str = "") -> tuple[str, float] | None:
        self.asked.append(only)
        return self.SAYS, 30.0

    def read(self, picture: bytes, seconds: float, only: str = "") -> str | None:
        self.asked.append(only)
        return self.SAYS

    def turn(self, picture: bytes, seconds: float) -> int:
        return 0


def test_a_picture_that_goes_on_in_chinese_is_read_as_chinese_from_there() -> None:
    English.SAYS, English.asked = "王伟 13800138000 北京市朝阳区建国路88号\n", []
    Looking(English("", "", ("chi_sim", "eng")))(saved(drawn(customers(200))), 300, PATIENT)
    assert English.asked[:3] == ["chi_sim", "", ""]  # noise may look like Han: it is not sure
    assert English.asked[-1] == "chi_sim"


class Slow(tesseract.Tesseract):
    """Takes its time for all that there is to read, and none for figures."""

    def read_surely(self, picture: bytes, seconds: float, only: str = "") -> tuple[str, float] | None:
        text = self.read(picture, seconds)
        return None if text is None else (text, 95.0)

    def read(self, picture: bytes, seconds: float, only: str = "") -> str | None:
        if only == "eng":
            return "13800138000\n"
        ends = time.thread_time() + 3
        while time.thread_time() < ends:
            pass
        return "王伟 13800138001 北京市朝阳区建国路88号\n"


def test_with_little_time_the_rest_is_read_for_its_figures() -> None:
    seen = Looking(Slow("", "", ("chi_sim", "eng")))(saved(drawn(customers(150))), 5.2 / _AT_ONCE, PATIENT)
    assert seen.texts[0].startswith("王伟 13800138001")
    assert seen.texts[0].endswith("13800138000")
    assert [one.detail for one in seen.missed] == [
        "picture: text in it was not read but for figures and Latin letters in all of it, in the time there is"
    ]


def test_a_small_picture_holds_nothing_worth_a_gap() -> None:
    assert Looking(None)(saved(Image.new("RGB", (90, 90), "red")), 300, PATIENT).missed == ()


def test_more_pixels_than_allowed_are_refused_by_the_header() -> None:
    tight = dataclasses.replace(PATIENT, picture_pixels=1000)
    seen = Looking(program())(saved(Image.new("L", (100, 100))), 300, tight)
    assert [one.reason for one in seen.missed] == ["too-large"]
    with pytest.raises(TooManyPixels):
        next(frames(saved(Image.new("L", (100, 100))), 1000, 1))


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", saved(Image.new("L", (300, 300)))[:60], b"%!PS-Adobe"]
)
def test_broken_pictures_are_malformed(data: bytes) -> None:
    assert [one.reason for one in Looking(None)(data, 300, PATIENT).missed] == ["malformed"]


def test_strips_are_cut_between_lines_and_lose_nothing() -> None:
    grey = next(frames(saved(drawn(customers(60))), 10**8, 1))
    pieces = [piece.split(b"\n", 3)[1] for piece in strips(grey, lit=False)]
    heights = [int(size.split()[1]) for size in pieces]
    assert len(heights) > 1
    assert max(heights) <= 1700


def test_every_slide_of_a_few_is_looked_at_and_of_a_film_a_few() -> None:
    for count, looked in ((6, 6), (40, 3)):
        slides = [Image.new("L", (300, 200), 255 - number) for number in range(count)]
        data = saved(slides[0], "GIF", save_all=True, append_images=slides[1:])
        assert len(list(frames(data, LIMITS.picture_pixels, LIMITS.frames))) == looked


def test_a_photograph_is_looked_at_as_the_camera_was_held() -> None:
    picture, exif = Image.new("L", (300, 200), 255), Image.Exif()
    exif[0x0112] = 6
    (frame,) = frames(saved(picture, "JPEG", exif=exif), LIMITS.picture_pixels, LIMITS.frames)
    assert frame.shape == (300, 200)
