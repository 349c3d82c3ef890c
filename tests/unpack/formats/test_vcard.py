from __future__ import annotations

import pytest

from tests.unpack.cases import Case, load, run


@pytest.mark.parametrize("case", load("vcard", 5), ids=lambda case: case.name)
def test_vcard(case: Case) -> None:
    run(case)
