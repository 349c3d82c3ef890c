from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("case", load("csv", 20), ids=lambda case: case.name)
def test_csv(case: Case) -> None:
    run(case)


def test_a_number_that_kept_all_its_digits_is_written_out() -> None:
    body = b"name,phone,rate\na,1.3800138001E+10,1.5E+10\nb,1.380013800E+10,1.23456789012E+10\n"
    text = text_of(unpack_body(body))
    assert "a\t13800138001\t1.5E+10\n" in text
    assert "b\t13800138000\t1.23456789012E+10\n" in text
