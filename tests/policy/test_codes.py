from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from dlp_proxy.policy.codes import CODES, Code
from dlp_proxy.policy.load import load
from tests.policy.test_load import CODES as GIVEN

TODAY: Final = date(2026, 11, 23)


def test_every_code_has_a_page() -> None:
    assert {code.name for code in CODES} == GIVEN
    assert [code.name for code in CODES] == sorted(GIVEN)


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_the_wrong_file_gives_the_code_and_the_right_one_gives_nothing_like_it(code: Code) -> None:
    wrong = load({"x.yaml": code.wrong.replace("TODAY", TODAY.isoformat())}, TODAY)
    assert code.name in {one.code for one in wrong.problems}
    assert (wrong.policy is not None) == code.warns
    right = load({"x.yaml": code.right}, TODAY)
    assert [one.code for one in right.problems if one.severity == "error"] == []
    assert code.name not in {one.code for one in right.problems}
    assert code.says in code.page
