from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("markdown", 3), ids=lambda case: case.name)
def test_markdown(case: Case) -> None:
    run(case)
