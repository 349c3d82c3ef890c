from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("multipart", 15), ids=lambda case: case.name)
def test_multipart(case: Case) -> None:
    run(case)
