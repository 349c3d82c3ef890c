from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("x12", 3), ids=lambda case: case.name)
def test_x12(case: Case) -> None:
    run(case)
