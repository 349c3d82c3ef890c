from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("html", 14), ids=lambda case: case.name)
def test_html(case: Case) -> None:
    run(case)
