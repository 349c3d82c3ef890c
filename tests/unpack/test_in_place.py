from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import CELL, Part
from dlp_proxy.unpack.in_place import in_place


def _part(text: str) -> Part:
    return in_place(text, Location("body"))


@pytest.mark.parametrize("mark", [",", ";", "|", "\t"])
def test_a_table_below_a_header_has_rows_and_columns_and_keeps_every_place(mark: str) -> None:
    text = f"name{mark}phone\n王伟{mark}13800138000\n\nLi{mark}x\n"
    part = _part(text)
    assert part.columns == ("name", "phone")
    assert [text[unit.start : unit.end] for unit in part.units] == [f"王伟{mark}13800138000\n", f"Li{mark}x\n"]
    assert [unit.label for unit in part.units] == ["row 2", "row 4"]
    assert part.text == text.replace(mark, CELL)


def test_quotes_and_line_ends_in_a_cell_become_spaces() -> None:
    text = 'name,address,total\n"Li, Wei","1 Oak St\nAustin",9\n'
    part = _part(text)
    assert part.text == "name\taddress\ttotal\n Li, Wei \t 1 Oak St Austin \t9\n"
    assert len(part.text) == len(text)
    assert len(part.units) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line, two cells",
        "Borgo Luciano, 56\n10136, Torino (TO)",
        "Dear Bob,\nthank you, and see you.\n",
        "1,2\n3,4\n",
        'name,"phone\nbroken,1\n',
        "a\tb\tc",
    ],
)
def test_what_is_no_table_with_a_header_stays_as_it_is(text: str) -> None:
    assert _part(text) == Part(Location("body"), text)


@given(st.text(st.sampled_from('name,phone;1"\n\r\t |地址\x85\u2028'), max_size=80))
def test_no_text_changes_its_length(text: str) -> None:
    part = _part(f"name,phone,address\n{text}")
    assert len(part.text) == len(text) + 19
    assert all(0 <= unit.start < unit.end <= len(part.text) for unit in part.units)
