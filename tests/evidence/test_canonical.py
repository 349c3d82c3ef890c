from __future__ import annotations

import json
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.evidence.canonical import canonical

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_any_value_without_fractions_is_written_as_rfc_8785_says(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_keys_are_sorted_by_utf_16_units_and_not_by_code_points() -> None:
    value: Any = {"\U0001f600": 1, "\ufb33": 2, "订": {"\U0001f600": 1, "\uffee": 2}}
    assert canonical(value) == rfc8785.dumps(value)
    assert list(json.loads(canonical(value))) == ["订", "\U0001f600", "\ufb33"]


def test_half_a_surrogate_pair_in_a_path_does_not_stop_the_record() -> None:
    assert json.loads(canonical({"path": "/a\udc80b"})) == {"path": "/a?b"}
