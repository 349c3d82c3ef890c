from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("request", 11), ids=lambda case: case.name)
def test_request(case: Case) -> None:
    run(case)
