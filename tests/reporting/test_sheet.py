"""Text that an attacker wrote stays text: in spreadsheets, pages and pictures."""

from __future__ import annotations

import csv
import io

import pytest

from dlp_proxy.reporting.markup import Markup, table, tag
from dlp_proxy.reporting.sheet import cell, sheet
from tests.reporting.store import HOSTILE


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param("=1+1", "'=1+1", id="equals"),
        pytest.param("+1", "'+1", id="plus"),
        pytest.param("-1", "'-1", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\\x09=1", id="tab"),
        pytest.param("\r=1", "'\\x0d=1", id="carriage return"),
        pytest.param("\n=1", "'\\x0a=1", id="line feed"),
        pytest.param("  =1", "'  =1", id="after blanks"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("a\x1b[31m\u202e", "a\\x1b[31m\\u202e", id="control and direction"),
        pytest.param("订单 13", "订单 13", id="plain"),
        pytest.param(-5, "-5", id="a number of ours"),
    ],
)
def test_no_cell_is_a_formula(value: str | int, written: str) -> None:
    assert cell(value) == written


def test_a_hostile_name_is_one_cell() -> None:
    read = list(csv.reader(io.StringIO(sheet(("a", "b"), [(HOSTILE, 1)]).decode("utf-8-sig"))))
    assert read[1:] == [[cell(HOSTILE), "1"]]
    assert read[1][0].startswith("'=cmd")


def test_markup_escapes_whatever_is_not_its_own() -> None:
    assert tag("p", "<b>&\"'\u202e", title='"><x') == (
        '<p title="&quot;&gt;&lt;x">&lt;b&gt;&amp;&quot;&#x27;\\u202e</p>'
    )
    assert tag("p", tag("b", "x"), 3) == "<p><b>x</b>3</p>"
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'
    assert "<script>" not in table(HOSTILE, (HOSTILE,), [(HOSTILE, HOSTILE)])
    assert isinstance(tag("p"), Markup)
