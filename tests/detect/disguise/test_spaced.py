"""Rows of digits with a sign after each."""

from __future__ import annotations

import pytest

from dlp_proxy.detect.disguise import spaced


def found(text: str) -> list[str]:
    return [patch.text for patch in spaced.patches(text, [(0, len(text))])]


@pytest.mark.parametrize("text", ["1:3:8:0:0:1:3:8:0:0:0", "x 1*3*8*0*0*1*3*8*0*0*0 y"])
def test_a_mobile_is_read(text: str) -> None:
    assert found(text) == ["13800138000"]


@pytest.mark.parametrize("text", ["1:3:8:0:0:1:3:8:0:0:02", "1:3:8:0:0:1:3:8:0:0:0:" + "1:" * 200 + "1"])
def test_a_row_that_goes_on_is_none(text: str) -> None:
    assert found(text) == []
