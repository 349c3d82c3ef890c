"""An identity number among order numbers is chance; one among identity numbers, or named as one, is not."""

from __future__ import annotations

import random

from dlp_proxy.detect.checks.gb11643 import check_digit
from dlp_proxy.detect.readers.resident_id_cn import read
from dlp_proxy.model.finding import Confidence

CHANCE = random.Random(5)
ONE = "11010519491231002X"


def _identities(count: int) -> list[str]:
    bodies = [
        f"{CHANCE.choice(('110105', '320102'))}19{CHANCE.randint(50, 99)}0412{CHANCE.randrange(1000):03}"
        for _ in range(count)
    ]
    return [body + check_digit(body) for body in bodies]


def _orders(count: int) -> list[str]:
    return [str(CHANCE.randrange(10**17, 10**18)) for _ in range(count)]


def _said(text: str, value: str = ONE) -> Confidence:
    start = text.index(value)
    reading = read(text, 0, start, start + 18)
    assert reading is not None
    return reading.confidence


def test_one_among_orders_between_the_same_marks_is_chance() -> None:
    for mark in ("order=", "\n", ", ", '{"trace": "'):
        orders = _orders(40)
        text = "".join(f"{mark}{one} ok" for one in (*orders[:20], ONE, *orders[20:]))
        assert _said(text) == Confidence.LOW


def test_one_beside_an_order_in_each_row_is_not() -> None:
    rows = zip(_identities(40), _orders(40), strict=True)
    text = "".join(f"\n{one},{order},ok" for one, order in rows) + f"\n{ONE},{_orders(1)[0]},ok"
    assert _said(text) == Confidence.HIGH


def test_one_that_is_named_is_no_chance() -> None:
    orders = "".join(f"\n{one}" for one in _orders(40))
    for label in ("身份证号：", "id_card=", "ID No. ", "identity: "):
        assert _said(f"{orders}\n{label}{ONE}{orders}") == Confidence.HIGH


def test_one_elsewhere_than_the_orders_is_no_chance() -> None:
    orders = "".join(f"\norder={one}" for one in _orders(40))
    assert _said(f"{orders}\n王伟 {ONE}{orders}") == Confidence.HIGH


def test_a_few_others_say_nothing() -> None:
    assert _said("\n".join((*_orders(7), ONE))) == Confidence.HIGH
