"""Mobile numbers of China whose groups a strange sign parts: 138•0013•8000, 138转0013转8000, 1.38-00_13*80/00.

Between groups of three, four and four stands one sign that no number, date or table has there, or one character that
counts nothing: 138户0013人8000元 are figures. Or groups of any length are parted by three sorts of signs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.detect.checks import phone_cn
from dlp_proxy.detect.disguise.patch import Patch, Stretch, each

NAME: Final = "groups that strange signs part"

_SIGN: Final = r"[•‧∙・◦●○■□◆◇★☆※→⇒~～=—_+^·…。♥♡♪➜➔▪▫]"
_HAN: Final = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_ODD: Final = r"[_*#~^+|=]"
_ANY: Final = r"[-._*/#~^+|=:;,·•]"
GATE: Final = (
    rf"1[3-9][0-9] ?(?:{_SIGN}|{_HAN}) ?[0-9]{{4}} ?(?:{_SIGN}|{_HAN}) ?[0-9]{{4}}"
    rf"|[0-9]{_ODD}[0-9]{{1,4}}{_ANY}[0-9]{{1,4}}{_ANY}[0-9]|[0-9]{_ANY}[0-9]{{1,4}}{_ANY}[0-9]{{1,4}}{_ODD}[0-9]"
)
_GROUPS: Final = re.compile(
    rf"(?<![0-9A-Za-z.])(?:\+?86 ?)?1[3-9][0-9] ?(?P<first>{_SIGN}|{_HAN}) ?[0-9]{{4}}"
    rf" ?(?P<second>{_SIGN}|{_HAN}) ?[0-9]{{4}}"
    r"(?![0-9A-Za-z])(?P<behind>.?)",
    re.DOTALL,
)
_MIXED: Final = re.compile(
    rf"(?<![0-9A-Za-z.])(?<![0-9]{_ANY})1(?:{_ANY}{{0,2}}[0-9]){{10}}(?!{_ANY}{{0,2}}[0-9A-Za-z])"
)
_DIGIT: Final = re.compile(r"[0-9]")
_SORTS: Final = 3
_REACH: Final = 48
_COUNTS: Final = frozenset(
    "年月日号號时時分秒元角块塊毛钱錢万萬亿億千百十兆个個只隻条條张張件台臺套户戶人名位家所间間栋棟幢座层層楼樓室房弄巷村组組"
    "队隊排班团團营連连册本页頁篇章节節段句字行列次回遍趟番场場届屆期批份包袋箱盒瓶罐桶杯碗盘盤壶壺吨噸斤克两兩里丈尺寸厘毫公英"
    "升斗石亩畝顷頃平立方米刻周週季岁歲天夜代辈輩世辆輛架艘列颗顆粒株棵朵片块堆群对對双雙副匹头頭尾口把支枝根门門面项項款种種类類"
    "样樣级級等度倍折成比至到和与與或及以路街度"
)
"""Characters that count what the digits before them are, or join two figures; 点, 横, 杠, 转, 空, 减 are none."""


def may(_text: str) -> bool:
    return True


def patches(text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
    found: dict[int, Patch] = {}
    for start, end in stretches:
        low, high = max(0, start - _REACH), min(len(text), end + _REACH)
        for row in _GROUPS.finditer(text, low, high):
            if not _COUNTS.intersection((row["first"], row["second"], row["behind"])):
                _keep(found, row, row.start("behind"))
        for row in _MIXED.finditer(text, low, high):
            if len(set(_DIGIT.sub("", row[0]))) >= _SORTS:
                _keep(found, row, row.end())
    return [patch for _, patch in sorted(found.items())]


def _keep(found: dict[int, Patch], row: re.Match[str], end: int) -> None:
    digits = list(_DIGIT.finditer(row.string, row.start(), end))
    number = "".join([one[0] for one in digits])
    if phone_cn.holds(number):
        begin = digits[0].start()
        found[begin] = Patch(begin, end, number, each([one.span() for one in digits]), whole=True, sure=True)
