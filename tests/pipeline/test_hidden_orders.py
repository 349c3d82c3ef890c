"""Hidden orders count like plain ones."""

from __future__ import annotations

import pytest

from dlp_proxy.pipeline import Engine
from tests.pipeline.hidden import BY_VALUE, PIECES, WHOLE
from tests.pipeline.test_disguises import MANY, counted
from tests.pipeline.test_scenarios import make_engine

LAYOUTS = {f"{kind}: {name}": layout for kind, group in (("whole", WHOLE), ("pieces", PIECES), ("values", BY_VALUE))
           for name, layout in group.items()}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sixty_hidden_orders_are_sixty_customers(engine: Engine, layout: str) -> None:
    assert counted(engine, LAYOUTS[layout], MANY[:60]) == ("block", 60)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if not name.startswith("pieces")])
def test_five_are_five(engine: Engine, layout: str) -> None:
    assert counted(engine, LAYOUTS[layout], MANY[:5])[1] == 5


def test_there_are_layouts() -> None:
    assert (len(WHOLE), len(PIECES), len(BY_VALUE)) == (22, 6, 41)
