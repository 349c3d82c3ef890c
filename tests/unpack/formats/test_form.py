from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.samples import unpack_body


@pytest.mark.parametrize("case", load("form", 11), ids=lambda case: case.name)
def test_form(case: Case) -> None:
    run(case)


def test_a_call_in_a_line_of_a_program_is_no_form() -> None:
    """A plus sign in Base64 is no space."""
    line = f"$d=[Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('{'ab+/' * 20}'))"
    assert unpack_body(line.encode()).content == "text"
    assert unpack_body(b"name=(a)&phone=13800138000").content == "form"
