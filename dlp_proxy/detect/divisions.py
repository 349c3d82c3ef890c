"""China's administrative divisions in running text: where a name starts, and how far a chain of them goes.

All text is simplified Chinese here; `simplified` makes it so, character for character.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from dlp_proxy.detect.division_names import DIVISIONS, SIMPLIFIED, TRADITIONAL

_PEOPLES: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{1,4}?族|各族|蒙古|柯尔克孜|哈萨克|塔吉克|锡伯|维吾尔|达斡尔){1,4}(?=自治|区)"
)
_SUFFIX: Final = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|林区|矿区|新区|[省市区县州盟旗])$")
# A street or a firm, a school, a station that bears the name of a city or county is no sign of that place.
_NOT_A_PLACE: Final = re.compile(
    r"(?:[东西南北中新老外内大小上下前后]{0,2}[一二三四五六七八九十]{0,2}(?:[路街巷桥]|大道|大街|胡同)"
    r"|[人话菜味式籍产队]|银行|大学|日报|(?<=市中)心(?![村镇街路]))"
)
_JOINTS: Final = " ,，、/>·_-"
_JOINT: Final = re.compile(rf"[{_JOINTS}]{{0,2}}")

_COUNTY: Final = 3
_SHORT: Final = 2
"""The least characters of a name without its suffix: 单, 易 and 随 need theirs."""

_UNSURE_NAMES: Final = """
朝阳 中山 黄山 大同 三明 南通 海南 和平 新华 东方 白山 通化 文山 红河 海东 海西 海北 黄南 山南 阿里 百色 南平 天门
新乡 河池 来宾 大理 三亚 安康 平凉 长治 保定 吉安 安顺 玉树 白银 延安 兴安 普洱 锦州 中卫 武威 信阳 开封 阳江 安庆
江门 桂林 自贡 巴中 广安 保山 丽江 桃园 东区 西区 南区 北区 中区 城区 郊区 矿区
"""
_UNSURE: Final = frozenset(_UNSURE_NAMES.split())
"""Words of many other senses, or names of many streets: places only with their suffix or behind their province."""


class Name(NamedTuple):
    """A division as it may be written.

    Attributes:
        text: with or without its suffix.
        level: 1 province, 2 prefecture, 3 county.
        bare: without its suffix.
        parents: the places that it is a part of.
        is_bare: a county that lacks its suffix: one of its parents must stand before it.
        sure: it needs nothing before it, and no part of its own behind it.
    """

    text: str
    level: int
    bare: str
    parents: frozenset[str]
    is_bare: bool
    sure: bool


class Chain(NamedTuple):
    """Divisions one behind the other from `start` to `end`: how many, and the lowest level; 0 and 0 for none.

    A municipality counts as province and prefecture at once.
    """

    start: int
    end: int
    names: int
    level: int


_SIMPLIFY: Final = str.maketrans(TRADITIONAL, SIMPLIFIED)
_TRADITIONAL: Final = re.compile(f"[{TRADITIONAL}]")
_CORPS_DIVISION: Final = re.compile("第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})师")
_HONG_KONG_PARTS: Final = ("九龙", "新界", "港岛", "香港岛")
_HONG_KONG_PART: Final = re.compile(rf"(?:香港岛|港岛|九龙|新界)[{_JOINTS}]{{0,2}}")
_HONG_KONG_QUARTERS: Final = """
旺角 尖沙咀 铜锣湾 中环 上环 西环 金钟 湾仔 观塘 荃湾 沙田 将军澳 元朗 屯门 北角 深水埗 大埔 红磡 葵涌 柴湾 鲗鱼涌
油麻地 荔枝角 长沙湾 石硖尾 九龙塘 九龙湾 九龙城 黄大仙 钻石山 新蒲岗 牛头角 蓝田 油塘 香港仔 鸭脷洲 筲箕湾 跑马地 青衣
天水围 粉岭 上水 马鞍山 火炭 大围 东涌 西贡 土瓜湾 何文田 佐敦 太古 葵芳 葵兴
"""
"""Quarters that addresses of Hong Kong name in place of the district."""

_CITY_ITSELF: Final = "市辖区"
"""The level between a city and its districts in the official table, which forms put between the two."""

_CITY_PROVINCES: Final = frozenset({"北京", "天津", "上海", "重庆", "香港", "澳门"})


def simplified(text: str) -> str:
    """Return `text` with the traditional characters of names and addresses made simplified, one for one."""
    return text.translate(_SIMPLIFY) if _TRADITIONAL.search(text) else text


def _rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    province = prefecture = ""
    for line in DIVISIONS.splitlines():
        if not line.startswith(" "):
            province = line
            yield province, "-", ()
            continue
        words = line.split()
        if not line.startswith("  "):
            prefecture = words.pop(0)
        yield province, prefecture, tuple(words)


def short(name: str) -> str:
    """Return a division's name without its suffix and the people it is named for: 恩施 of 恩施土家族苗族自治州."""
    people = _PEOPLES.search(name, _SHORT) if len(name) > 4 else None
    return name[: people.start()] if people else _SUFFIX.sub("", name)


def is_short_name(text: str) -> bool:
    """Tell whether `text` is a division's name without its suffix: 徐州."""
    return any(name.text == text for name in _BY_HEAD.get(text[:_SHORT], ()))


def _names() -> dict[str, tuple[Name, ...]]:
    found: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for province, prefecture, counties in _rows():
        above = {short(province)} | ({short(prefecture)} if prefecture != "-" else set())
        for name, level in ((province, 1), (prefecture, 2), *((county, 3) for county in counties)):
            if name == "-":
                continue
            bare = short(name)
            for text in {name, bare, bare + name[-1]} if len(bare) >= _SHORT else {name}:
                found[text, level, bare] |= above
    by_head: dict[str, list[Name]] = defaultdict(list)
    for (text, level, bare), places in found.items():
        is_bare = level == 3 and text == bare
        by_head[text[:2]].append(Name(text, level, bare, frozenset(places), is_bare, text not in _UNSURE))
    by_head["兵团"].append(Name("兵团", 1, "新疆", frozenset({"新疆"}), is_bare=False, sure=False))
    for part in _HONG_KONG_PARTS:
        by_head[part[:2]].append(Name(part, 1, "香港", frozenset({"香港"}), is_bare=False, sure=False))
    for quarter in _HONG_KONG_QUARTERS.split():
        by_head[quarter[:2]].append(Name(quarter, 3, quarter, frozenset({"香港"}), is_bare=True, sure=True))
    return {head: tuple(sorted(some, key=lambda one: (-len(one.text), one.level))) for head, some in by_head.items()}


_BY_HEAD: Final = _names()
HEADS: Final = frozenset(_BY_HEAD)
"""The first two characters of every name."""


def _as_class(characters: set[str]) -> str:
    """Return a character class of `characters` and what they are in traditional spelling."""
    known = characters | {old for old, new in zip(TRADITIONAL, SIMPLIFIED, strict=True) if new in characters}
    return "[" + "".join(sorted(known)) + "]"


HEAD: Final = _as_class({head[0] for head in HEADS}) + _as_class({head[1] for head in HEADS})
"""A pattern for them, or nearly: it matches more, also in traditional characters."""


_USUAL: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{2,6}?(?:省|自治区))?[\u4e00-\u9fff]{2,8}?(?:市|州|地区|盟)[\u4e00-\u9fff]{1,8}?[区县市旗]"
)
"""Perhaps a whole chain: 广东省深圳市南山区, 北京市朝阳区."""


class _Whole(NamedTuple):
    """What a text comes to that is nothing but a chain, whatever follows."""

    names: int
    level: int
    bare: str


def _usual(text: str, start: int) -> tuple[_Whole, int] | None:
    """Return the chain at `start` of simplified `text`, and its end, when it is one that is written in full.

    There are a few thousand of these, and an address of a table has one of the same few; None says nothing.
    """
    match = _USUAL.match(text, start)
    if match is None:
        return None
    end = match.end()
    if text[end : end + 1] in _JOINTS or text[end : end + 2] in _BY_HEAD:
        return None  # perhaps there is more of it, or nothing behind
    whole = _whole(match.group())
    return None if whole is None else (whole, end)


@lru_cache(maxsize=4096)
def _whole(text: str) -> _Whole | None:
    """Return what all of `text` comes to as a chain down to a county, each with its suffix, whatever is behind."""
    at = level = 0
    above: tuple[str, ...] = ()
    last: Name | None = None
    while at < len(text):
        some, rest = _BY_HEAD.get(text[at : at + 2], ()), text[at:]
        if any(name.text != rest and name.text.startswith(rest) for name in some):
            return None
        last = _fitting(some, text, at, level, above)
        if last is None or last.text == last.bare:
            return None
        at += len(last.text)
        above += (last.bare,)
        level = last.level
    if last is None or level != _COUNTY:
        return None
    walked = _walk(text, 0)
    bare, end = _bare_names(text)
    return _Whole(walked.names, walked.level, bare) if walked.end == end == len(text) else None


def chain(text: str, start: int) -> Chain:
    """Return the longest chain of divisions, from large to small, that starts at `start` of simplified `text`."""
    if text[start : start + 2] not in _BY_HEAD:
        return Chain(start, start, 0, 0)
    usual = _usual(text, start)
    return _walk(text, start) if usual is None else Chain(start, usual[1], usual[0].names, usual[0].level)


def _walk(text: str, start: int) -> Chain:
    end = at = start
    names = level = 0
    above: tuple[str, ...] = ()
    while (some := _BY_HEAD.get(text[at : at + 2])) is not None:
        name = _fitting(some, text, at, level, above)
        if name is None:
            break
        end = at = at + len(name.text)
        above += (name.bare,)
        is_both = name.level == 1 and name.bare in _CITY_PROVINCES
        names += 2 if is_both else 1
        level = 2 if is_both else name.level
        if level < _COUNTY and text.startswith(_CITY_ITSELF, at):
            at += len(_CITY_ITSELF)
        if text[at : at + 1] in _JOINTS:
            joint = _JOINT.match(text, at)
            at = joint.end() if joint else at
        if name.bare == "香港" and (part := _HONG_KONG_PART.match(text, at)) is not None:
            at = part.end()
        if is_both and text.startswith(name.text, at):
            end = at = at + len(name.text)
    return Chain(start, end, names, level)


def bare_names(text: str) -> tuple[str, int]:
    """Return the divisions that simplified `text` begins with, without suffixes, and where they end.

    The province goes when a prefecture or a county stands behind it: with it and without, the place is the same.
    """
    if text[:2] not in _BY_HEAD:
        return "", 0
    usual = _usual(text, 0)
    return _bare_names(text) if usual is None else (usual[0].bare, usual[1])


def _bare_names(text: str) -> tuple[str, int]:
    end = at = level = 0
    above: tuple[str, ...] = ()
    names: list[str] = []
    while (some := _BY_HEAD.get(text[at : at + 2])) is not None:
        name = _fitting(some, text, at, level, above)
        if name is None:
            break
        end = at = at + len(name.text)
        if level == 1 and names and names[0] not in _CITY_PROVINCES:
            names.pop()
        if not names or names[-1] != name.bare:
            names.append(name.bare)
        above += (name.bare,)
        level = name.level
        if level < _COUNTY and text.startswith(_CITY_ITSELF, at):
            at += len(_CITY_ITSELF)
        joint = _JOINT.match(text, at)
        at = joint.end() if joint else at
        if name.bare == "香港" and (part := _HONG_KONG_PART.match(text, at)) is not None:
            at = part.end()
        if name.bare in _CITY_PROVINCES and text.startswith(name.text, at):
            end = at = at + len(name.text)
    return "".join(names), end


def _fitting(some: tuple[Name, ...], text: str, at: int, level: int, above: tuple[str, ...]) -> Name | None:
    """Return the longest of `some` that stands at `at` of `text` and may stand below the divisions `above`."""
    for name in some:
        written, its, bare, parents, is_bare, sure = name
        # A county-level city and its town of the same rank: 昆山市 behind 苏州市; 3 behind 3 only with its suffix.
        if its <= level and not (its == level == 3 and written != bare):
            continue
        if not text.startswith(written, at) or (is_bare and parents.isdisjoint(above)):
            continue
        if not (sure or above or _has_part_behind(name, text, at + len(written))):
            continue
        if written == bare and _NOT_A_PLACE.match(text, at + len(written)):
            continue
        return name
    return None


def _has_part_behind(name: Name, text: str, at: int) -> bool:
    """Tell whether a division of the unsure `name` stands at `at`: 桂林灌阳县 is no tree, 九龙旺角 no dragon."""
    if name.text == "兵团":
        return _CORPS_DIVISION.match(text, at) is not None or text[at : at + 2] in _BY_HEAD
    joint = _JOINT.match(text, at)
    at = joint.end() if joint else at
    return any(
        part.level > name.level and name.bare in part.parents and text.startswith(part.text, at)
        for part in _BY_HEAD.get(text[at : at + 2], ())
        if not part.is_bare or name.bare == "香港"
    )
