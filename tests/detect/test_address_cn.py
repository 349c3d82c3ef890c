"""What stands around a Chinese address decides when it has no number; reading is linear; one home has one spelling."""

from __future__ import annotations

from time import process_time

import pytest

from dlp_proxy.detect.address_cn_spelling import spell
from dlp_proxy.detect.fold import fold
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, standard, table

DETECTOR = standard("address-cn")
STREET = "杭州市西湖区文三路"
HOME = "杭州西湖文三路478号华星时代广场b座1203室"
SPELLINGS = (
    "浙江省杭州市西湖区文三路478号华星时代广场B座1203室",
    "杭州西湖区文三路 478 号, 华星时代广场 b座1203室",
    "浙江，杭州，西湖区，文三路４７８号华星时代广场Ｂ座１２０３室",
    "浙江杭州市西湖區文三路四百七十八號華星時代廣場B座1203室",
)
NEAR_MISSES = (
    "1号",
    "一座",
    "地址：",
    "我住",
    "A座",
    "12栋3单元",
    "，浙江省",
    "文三路1号，",
    "收货地址：浙江省杭州市西湖区文三路",
    "文三路478",
    "1-1-1-1-",
    "城城城",
)


def found(text: str) -> list[str]:
    return [one.value for one in DETECTOR.find(fold(text).text) if one.confidence >= Confidence.MEDIUM]


@pytest.mark.parametrize("before", ["收货地址：", "地址:", "寄到", "送到", '"ship_to": "', '"address": "', "新地址是"])
def test_a_street_without_a_number_counts_behind_a_label(before: str) -> None:
    assert found(before + STREET) == [STREET]


def test_a_street_without_a_number_counts_beside_a_phone() -> None:
    assert found(f"王伟 13800138000 {STREET}") == [STREET]
    assert found(f"王伟\n13800138000\n{STREET}\n") == [STREET]


@pytest.mark.parametrize(
    "text", [f"据报道，{STREET}发生一起事故。", f"我昨天走过{STREET}的时候", "地址：北京", "收货地址：杭州市西湖区"]
)
def test_a_place_in_a_sentence_and_a_bare_place_do_not_count(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("从翡翠城市名苑第34栋第5单元1603搬出", "翡翠城市名苑第34栋第5单元1603"),
        ("寄这里 建业尚城第46栋第3单元302", "建业尚城第46栋第3单元302"),
        ("我家在清华大学宿舍B栋3305，你到了", "清华大学宿舍B栋3305"),
        ("地址帮我改成贵州省铜仁市石阡县花桥镇梁家屯村便民超市 谢谢", "贵州省铜仁市石阡县花桥镇梁家屯村便民超市"),
        ("改派至凡河镇江河泡村17组，原因：客户搬家", "凡河镇江河泡村17组"),
        ("送货地点：广西壮族自治区百色市德保县龙光乡把酬村5组；卸货", "广西壮族自治区百色市德保县龙光乡把酬村5组"),
    ],
)
def test_people_write_their_homes_in_many_ways(text: str, address: str) -> None:
    assert found(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "共建成第3栋",
        "链路9号端口down，光功率-21dBm，切换到6号板",
        "石嘴山有三街六巷之说，今存25条。",
        "地址：河南省南阳市方城县雅居大道***号**室",
    ],
)
def test_what_only_looks_like_a_home_is_none(text: str) -> None:
    assert found(text) == []


def test_a_column_of_addresses_raises_what_a_cell_alone_does_not_say() -> None:
    assert found(STREET) == []
    rows = (("SO-1", STREET), ("SO-2", "广州市天河区体育西路"))
    kinds = [(one.kind, one.confidence) for one in look(table(rows, ("order", "收货地址")), detectors=(DETECTOR,))]
    assert kinds == [("address", Confidence.HIGH)] * 2


@pytest.mark.parametrize("written", SPELLINGS)
def test_one_home_has_one_spelling(written: str) -> None:
    assert spell(written) == HOME


def test_what_stands_between_digits_makes_another_home() -> None:
    assert spell("建国路8-1号") != spell("建国路81号")
    assert spell("文三路478号1203室") != spell("文三路478号1204室")


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses_take_linear_time(text: str) -> None:
    def seconds(length: int) -> float:
        body = text * (length // len(text))
        began = process_time()
        for _ in DETECTOR.find(body):
            pass
        return process_time() - began

    seconds(1_000)
    once, twice = min(seconds(20_000) for _ in range(3)), min(seconds(40_000) for _ in range(3))
    assert twice < 3 * once + 0.1  # four times, were it quadratic
