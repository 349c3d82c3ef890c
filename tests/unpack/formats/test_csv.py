from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("csv", 20), ids=lambda case: case.name)
def test_csv(case: Case) -> None:
    run(case)
