"""What each disguise reads, and the edges at which it reads nothing; asked directly, without any detector."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.disguise import broken_lines, joined, mail_words, parted, spread
from dlp_proxy.detect.disguise.patch import Disguise
from dlp_proxy.encodings import character_dump, octal_dump


def read(disguise: Disguise, text: str) -> list[str]:
    return [patch.text for patch in disguise.patches(text, [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"138" + "0013" + "8000"', ["13800138000"]),
        ('"138" + "001380001234"', []),  # the last piece goes on
        ('7138" "0013" "8000', []),  # the first one began before
        ("5.138**0013**8000", []),
        ('"139" + "1234"', []),
        ("concat('138','0013','8000x')", []),
    ],
)
def test_pieces_that_are_joined(text: str, expected: list[str]) -> None:
    assert read(joined, text) == expected


def test_a_sign_after_every_character() -> None:
    address = "河南省洛阳市涧西区南昌路街道十二号院三号楼二单元五百零一室"
    assert read(spread, ".".join(address)) == [address]
    assert read(spread, "河.南.省.洛.阳.市.中.山.路路") == []
    assert read(spread, "河.南.省.洛.阳.市") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.38-00_13*80/00", ["13800138000"]),
        ("1.38-0.0-13.80_00", ["13800138000"]),
        ("1_38-0_0-13_80-00", []),  # two sorts of signs
        ("138•0013•8000", ["13800138000"]),
        ("138户0013人8000元", []),
    ],
)
def test_groups_that_signs_part(text: str, expected: list[str]) -> None:
    assert read(parted, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("07778 -\n 828168", [" "]),
        ("138-0013-\n8000", ["-"]),
        ("138-0013 -\n8000", [" "]),
        ("07778-\n828168", [""]),
        ("12 -\n 34", []),
        ("123456789012-\n3456789", []),
    ],
)
def test_numbers_that_go_on_in_the_next_line(text: str, expected: list[str]) -> None:
    assert read(broken_lines, text) == expected


@pytest.mark.parametrize("word", ["at", "ät", "arroba", "arobase", "chiocciola", "собака", "艾特", "@"])
@pytest.mark.parametrize("point", ["dot", "punkt", "point", "punto", "ponto", "точка", "点", "點", "."])
def test_words_for_signs_of_mail(word: str, point: str) -> None:
    assert read(mail_words, f"ann [{word}] shop [{point}] com") == ["@", "."]


def test_escapes_in_a_dump_of_characters_are_the_bytes_that_they_stand_for() -> None:
    signs = {10: "\\n", 9: "\\t", 13: "\\r"}
    written = b"tel 13800138000\n\tx\r end\n"
    text = "\n".join(
        f"{at:07o}" + "".join(f"{signs.get(byte, chr(byte)):>4}" for byte in written[at : at + 16])
        for at in range(0, len(written), 16)
    )
    (run,) = character_dump.runs(text, 0, len(text))
    assert run.data == written


def test_words_of_a_dump_in_octal_digits_have_their_second_byte_first() -> None:
    written = b"tel 13800138000 and more text here\n\0"
    words = [f" {int.from_bytes(written[at : at + 2], 'little'):06o}" for at in range(0, len(written), 2)]
    text = "\n".join(f"{2 * at:07o}{''.join(words[at : at + 8])}" for at in range(0, len(words), 8))
    (run,) = octal_dump.runs(text, 0, len(text))
    assert run.data == written[:-1]
