from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("xml", 13), ids=lambda case: case.name)
def test_xml(case: Case) -> None:
    run(case)
