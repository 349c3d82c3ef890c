from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("json", 27), ids=lambda case: case.name)
def test_json(case: Case) -> None:
    run(case)
