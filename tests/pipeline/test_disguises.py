"""Orders, however a person or a program may lay them out, are as many customers as there are orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest

from dlp_proxy.cli.demo_traffic import Order, orders
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.windows.windows import Windows
from tests.pipeline.layouts import FORMATS, FREE_TEXT, Layout, wrapped
from tests.pipeline.test_scenarios import make_engine

LAYOUTS: Final = {**FORMATS, **FREE_TEXT}
MANY: Final = orders(200, seed=5)
COUNTS: Final = (1, 2, 3, 4, 7, 60)
WIDTHS: Final = (30, 40, 50, 60, 72, 80, 100, 120)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def counted(engine: Engine, layout: Layout, some: Sequence[Order]) -> tuple[str, int]:
    """Return the action and the count of the rule about orders."""
    content = layout(some)
    message = Message(
        uid="t",
        time=1.0,
        channel="http",
        principal=Principal("li@corp.example", "declared", "none"),
        destination=Destination("https", "pan.example", 443),
        method="POST",
        target="/",
        body=content if isinstance(content, bytes) else content.encode(),
    )
    verdict = examine(message, engine, Windows()).verdict
    assert verdict.reasons[0].rule == "bulk-orders-out"
    return verdict.action.word, verdict.reasons[0].count


@pytest.mark.parametrize("layout", LAYOUTS)
def test_so_many_orders_are_so_many_customers(engine: Engine, layout: str) -> None:
    assert [counted(engine, LAYOUTS[layout], MANY[:count])[1] for count in COUNTS] == [*COUNTS]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_two_hundred_are_stopped_and_counted(engine: Engine, layout: str) -> None:
    assert counted(engine, LAYOUTS[layout], MANY) == ("block", 200)


@pytest.mark.parametrize(
    "template", ["{number} {name} {phone} {mail};", "{mail} {phone} {address}", "{name}, {phone}, {address};"]
)
def test_text_that_is_broken_anywhere_hardly_counts_less(engine: Engine, template: str) -> None:
    # Where a line ends between a customer's values it may look like two; an address that is torn may not be one.
    found = [counted(engine, wrapped(width, template, " "), MANY[:60])[1] for width in WIDTHS]
    assert [56 <= count <= 90 for count in found] == [True] * len(WIDTHS)


def test_there_are_layouts() -> None:
    assert (len(FORMATS), len(FREE_TEXT)) == (19, 42)
