"""The same made-up customers for every format's tests."""

from __future__ import annotations

from typing import Any

from dlp_proxy.cli.demo_traffic import Order, as_csv, orders
from dlp_proxy.model.limits import LIMITS, Limits
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.unpack import Unpacked
from tests.unpack.samples import unpack_body
from tests.unpack.test_fuzz import check

COUNT = 60
SOME: list[Order] = orders(COUNT, 7)
NAMES = ("order_no", "name", "phone", "address")
CSV: bytes = as_csv(SOME)


def rows() -> list[dict[str, Any]]:
    return [dict(zip(NAMES, one.cells, strict=True)) for one in SOME]


def with_numbers() -> list[dict[str, Any]]:
    """Return them with telephone numbers as integers."""
    return [{**one, "phone": int(one["phone"])} for one in rows()]


def nested() -> list[dict[str, Any]]:
    return [
        {"id": one.number, "receiver": {"name": one.name, "phone": int(one.phone), "address": one.address}}
        for one in SOME
    ]


def in_units(unpacked: Unpacked) -> int:
    """Return how many customers stand whole in a row or object that holds no other customer's number."""
    texts = [part.text[unit.start : unit.end] for part in unpacked.parts for unit in part.units]
    return sum(
        any(one.phone in text and one.address in text for text in texts if sum(x.phone in text for x in SOME) == 1)
        for one in SOME
    )


def seen(body: bytes, limits: Limits = LIMITS) -> tuple[str, int, list[str]]:
    """Return the format, customers in rows or objects of their own, and reasons of gaps."""
    unpacked = unpack_body(body, limits=limits)
    check(unpacked)
    return unpacked.content, in_units(unpacked), sorted({gap.reason for gap in unpacked.gaps})


def reasons(body: bytes, limits: Limits = LIMITS) -> list[str]:
    """Return the reasons of the gaps of a hostile body, which must not fail."""
    unpacked = unpack_body(body, limits=limits)
    check(unpacked)
    return sorted({gap.reason for gap in unpacked.gaps})


def table(part: Part) -> list[str]:
    return [part.text[unit.start : unit.end].rstrip("\n") for unit in part.units]
