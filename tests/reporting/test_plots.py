"""Plots of more than a page holds say how much is not shown, and every shape has its place."""

from __future__ import annotations

import re
from itertools import starmap

from dlp_proxy.incidents.transfers import Reached, Transfer
from dlp_proxy.reporting.edges import edges_of
from dlp_proxy.reporting.plots.matrix import matrix
from dlp_proxy.reporting.plots.plot import short
from dlp_proxy.reporting.plots.timeline import timeline
from dlp_proxy.reporting.words import Words

EN = Words("en")


def sent(number: int, user: str, site: str, customers: tuple[int, ...], reached: Reached = Reached.LEFT) -> Transfer:
    return Transfer(
        number, f"E{number}", number * 1000, user, site, "log", "bulk", "", "full", 9, False, reached, "", customers, {}
    )  # fmt: skip


def many() -> list[Transfer]:
    pairs = [(user, site) for user in range(40) for site in range(20)]
    return list(
        starmap(sent, ((n, f"u{user:02}", f"s{site:02}", (n,)) for n, (user, site) in enumerate(pairs)))
    )  # fmt: skip


def test_a_company_is_capped_and_the_rest_is_counted() -> None:
    lanes = timeline(many(), EN, str)
    assert "16 more are not shown" in lanes.says
    assert lanes.table.count("<tr>") == 201
    assert "600 more are not shown" in lanes.table
    field = matrix(edges_of(many()), EN, str)
    assert "23 more are not shown" in field.says
    assert "400 more are not shown" in field.table
    assert (field.picture.count("<rect"), lanes.picture.count("<line")) == (300, 24)


def test_shapes_tell_what_became_of_it_without_colour() -> None:
    some = [
        sent(1, "a", "x", (1, 2, 3, 4), Reached.LEFT),
        sent(2, "a", "x", (5,), Reached.POSSIBLE),
        sent(3, "a", "x", (1,), Reached.BLOCKED),
        sent(4, "a", "x", (), Reached.BLOCKED),
    ]
    picture = timeline(some, EN, str).picture
    assert [picture.count(f"<{one} ") for one in ("circle", "path", "rect")] == [1, 1, 2]
    sizes = [int(one) for one in re.findall(r' r="(\d+)"', picture)]
    assert sizes == [13]


def test_one_customer_counts_once_for_a_pair_under_the_furthest() -> None:
    some = [sent(1, "a", "x", (1, 2), Reached.BLOCKED), sent(2, "a", "x", (2, 2, 3)), sent(3, "b", "x", (3,))]
    assert [(one.user, one.left, one.possible, one.blocked, one.records, one.transfers) for one in edges_of(some)] == [
        ("a", 2, 0, 1, 5, 2),
        ("b", 1, 0, 0, 1, 1),
    ]


def test_a_transfer_of_one_moment_and_without_customers_can_be_drawn() -> None:
    assert timeline([sent(1, "a", "x", ())], EN, str).picture.count("<circle") == 1
    assert matrix(edges_of([sent(1, "a", "x", ())]), EN, str).picture.count("<rect") == 1


def test_long_names_are_cut_beside_a_plot_only() -> None:
    assert short("x" * 30) == "x" * 21 + "…"
    assert "x" * 30 in timeline([sent(1, "x" * 30, "y", (1,))], EN, str).table
