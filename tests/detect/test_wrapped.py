"""The end of an address that a line break cut off is no other home."""

from __future__ import annotations

import pytest

from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, standard, text_part


def addresses(text: str) -> list[str]:
    found = look(text_part(text), detectors=(standard("address-cn"),))
    return [one.value.reveal() for one in found if one.confidence >= Confidence.MEDIUM]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (
            "甘肃省合作市那吾镇学府路 158 号保利香\n槟国际 3 栋 3 单元 1502 室，订单号 1",
            "甘肃省合作市那吾镇学府路 158 号",
        ),
        ("河北省石家庄市井陉县新华街 620 号\n御景湾 5 栋 2 单元 2003 室", "河北省石家庄市井陉县新华街 620 号"),
        ("广西南宁市良庆区幸福路 832\n号金域蓝湾 11 栋 4 单元 1606 室", "广西南宁市良庆区幸福路 832"),
    ],
)
def test_an_estate_on_the_next_line_is_the_end_of_the_address(text: str, value: str) -> None:
    assert addresses(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "河北省石家庄市井陉县新华街620号3栋101室\n御景湾5栋2单元2003室",  # has its door: the next one is another
        "河北省石家庄市井陉县新华街620号，王伟\n御景湾5栋2单元2003室",
        "河北省石家庄市井陉县新华街620号\n\n御景湾5栋2单元2003室",
        "御景湾5栋2单元2003室\n阳光花园6栋2单元606室",
    ],
)
def test_what_stands_apart_is_an_address_of_its_own(text: str) -> None:
    assert len(addresses(text)) == 2
