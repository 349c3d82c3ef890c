"""Chains of divisions: official names, their short and traditional spellings, and what only looks like one."""

from __future__ import annotations

import random

import pytest

from dlp_proxy.detect import divisions
from dlp_proxy.detect.divisions import bare_names, chain, short, simplified
from tests.quality.addresses_cn import FAMILIES
from tests.quality.case import cases

CHAINS = (
    ("浙江省杭州市西湖区文三路", "浙江省杭州市西湖区", 3, 3),
    ("浙江 杭州 西湖区 文三路", "浙江 杭州 西湖区", 3, 3),
    ("杭州西湖文三路", "杭州西湖", 2, 3),
    ("北京市朝阳区建国路", "北京市朝阳区", 3, 3),
    ("上海市上海市徐汇区", "上海市上海市徐汇区", 3, 3),
    ("吉林省吉林市船营区", "吉林省吉林市船营区", 3, 3),
    ("湖南省湘西土家族苗族自治州吉首市", "湖南省湘西土家族苗族自治州吉首市", 3, 3),
    ("恩施州恩施市", "恩施州恩施市", 2, 3),
    ("浙江义乌北苑", "浙江义乌", 2, 3),
    ("台北市信义区市府路", "台北市信义区", 2, 3),
)
NO_CHAINS = ("南京路189号", "北京西路968号", "上海银行", "西湖文三路", "朝阳大街", "文三路478号", "")


@pytest.mark.parametrize(("text", "names", "count", "level"), CHAINS)
def test_a_chain_goes_from_large_to_small(text: str, names: str, count: int, level: int) -> None:
    found = chain(text, 0)
    assert (text[: found.end], found.names, found.level) == (names, count, level)


@pytest.mark.parametrize("text", NO_CHAINS)
def test_streets_firms_and_bare_counties_are_no_divisions(text: str) -> None:
    assert chain(text, 0).names == 0


def test_a_name_without_its_suffix_is_short_for_one_with_it() -> None:
    assert short("恩施土家族苗族自治州") == "恩施"
    assert short("香港特别行政区") == "香港"
    assert short("西湖区") == "西湖"


def test_traditional_names_become_simplified_in_place() -> None:
    written = "臺北市信義區忠孝東路四段45號12樓"
    assert simplified(written) == "台北市信义区忠孝东路四段45号12楼"
    assert len(simplified(written)) == len(written)


def test_the_province_of_a_known_place_is_not_counted() -> None:
    assert bare_names("浙江省杭州市西湖区文三路") == ("杭州西湖", 9)
    assert bare_names("北京市北京市朝阳区") == ("北京朝阳", 9)
    assert bare_names("建国路88号") == ("", 0)


def test_a_chain_written_in_full_is_what_its_steps_come_to() -> None:
    """`chain` and `bare_names` have a quick way for chains written in full; it is taken, and changes nothing."""
    pick = random.Random(11)
    texts = [one.text for family in FAMILIES for one in cases(family, 25)]
    texts += [text + pick.choice(texts) for text, *_ in CHAINS for _ in range(40)]
    for text in list(texts):
        at = pick.randrange(len(text))
        texts.append(text[:at] + pick.choice("省市区县州旗盟 ,东西中新路街") + text[at + pick.randrange(2) :])
    quick = walked = 0
    for text in map(simplified, texts):
        for start in range(min(len(text), 40)):
            assert divisions.chain(text, start) == divisions._walk(text, start), (text, start)
            assert bare_names(text[start:]) == divisions._bare_names(text[start:]), (text, start)
            walked += divisions.chain(text, start).names > 1
            quick += divisions._usual(text, start) is not None
    assert walked > quick > 200
