from __future__ import annotations

import json

import pytest

from tests.unpack.customers import COUNT, rows, seen
from tests.unpack.samples import text_of, tight, unpack_body

DATA = json.dumps(rows())


@pytest.mark.parametrize(
    "script",
    [
        f"var d={DATA};\nthis.print(d.length);",
        f"window.__DATA__ = {DATA};",
        f"/* made */ callback({DATA});",
        f"export default {DATA}\n",
        f"module.exports = {DATA};",
        f'data["orders"] = {DATA}',
    ],
)
def test_what_is_little_more_than_json_is_laid_out_as_json(script: str) -> None:
    assert seen(script.encode()) == ("script", COUNT, [])


def test_what_stands_around_the_json_is_read_too() -> None:
    assert "13800138000" in text_of(unpack_body(f"var d={DATA}; call('13800138000')".encode()))


def test_a_program_is_none() -> None:
    for text in ("var d=[1];\n" + "call(d);\n" * 30, "import x from 'y';\nfoo({a: 1});\n", "if (a[0]) {}\n"):
        assert unpack_body(text.encode()).content != "script"


def test_more_values_than_are_laid_out_are_a_gap_and_plain_text() -> None:
    unpacked = unpack_body(b"var d = [" + b'"13800138000",' * 300 + b"1];", limits=tight(values=200))
    assert "too-large" in [gap.reason for gap in unpacked.gaps]
    assert text_of(unpacked).count("13800138000") == 300
