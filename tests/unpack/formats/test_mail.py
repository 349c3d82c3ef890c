from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("mail", 7), ids=lambda case: case.name)
def test_mail(case: Case) -> None:
    run(case)
