from __future__ import annotations

from tests.samples.tools import print_r, var_dump
from tests.unpack.customers import COUNT, nested, reasons, rows, seen
from tests.unpack.samples import text_of, unpack_body


def test_arrays_in_arrays_are_objects() -> None:
    for made in (print_r(rows()), print_r({"data": nested()}), var_dump(rows()), var_dump(nested())):
        assert seen(made.encode()) == ("php_dump", COUNT, [])


def test_windows_line_ends_and_objects_with_visibility() -> None:
    text = print_r(rows()).replace("Array\n", "App\\Order Object\n").replace("[phone]", "[phone:protected]")
    assert seen(text.replace("\n", "\r\n").encode()) == ("php_dump", COUNT, [])


def test_a_value_of_several_lines_stays_whole() -> None:
    unpacked = unpack_body(print_r([{"note": "first\nsecond", "n": 1, "m": 2}]).encode())
    assert "first" in text_of(unpacked)
    assert "second" in text_of(unpacked)


def test_what_stands_beside_a_dump_is_read() -> None:
    unpacked = unpack_body(f"called with 13800138000\n{print_r(rows())}done\n".encode())
    assert unpacked.content == "php_dump"
    assert "13800138000" in text_of(unpacked)


def test_hostile_dumps() -> None:
    deep = "".join(f"{' ' * 8 * n}Array\n{' ' * 8 * n}(\n{' ' * 8 * n}    [a] => " for n in range(400))
    assert reasons(deep.encode()) in (["too-deep"], [])
    for text in (
        "Array\n(\n",
        "Array\n(\n)\n" * 500,
        "Array\n(\n    [a] => 1\n",
        "Array\n(\n" + "[" * 5000 + "] => 1\n" * 9,
    ):
        assert "failed" not in reasons(text.encode())


def test_php_source_is_none() -> None:
    assert seen(b"<?php\n$a = array(\n  'x' => 1,\n  'y' => 2,\n  'z' => 3,\n);\n")[0] != "php_dump"


def test_a_dump_deeper_than_is_followed_is_a_gap_and_plain_text() -> None:
    deep = print_r({"a": "1", "b": "2", "c": "3", "d": 1})
    for _ in range(210):
        deep = f"Array\n(\n    [in] => {deep})\n"
    unpacked = unpack_body(deep.encode() + b"phone 13800138000")
    assert "too-deep" in [gap.reason for gap in unpacked.gaps]
    assert "13800138000" in text_of(unpacked)


def test_a_value_of_very_many_lines_is_one_value() -> None:
    text = "Array\n(\n    [a] => 1\n    [b] => 2\n    [c] => x\n" + "13800138000 y\n" * 100_000 + ")\n"
    assert text_of(unpack_body(text.encode())).count("13800138000") == 100_000
