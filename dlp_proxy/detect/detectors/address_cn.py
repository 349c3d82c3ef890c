"""Chinese postal addresses: division, street, number, building, room; two of its parts must be there.

The grammar is that of GB/T 23705-2009 (rules of coding for digital city geo-code: place names and addresses). A street
or an estate with a number is an address; division names alone are a place and nothing more.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.detect.divisions import AMBIGUOUS, CITIES, PROVINCES
from dlp_proxy.model.finding import Confidence

# Particles, pronouns and verbs of delivery: no street or estate is named with them, and they stand before addresses.
_NAME: Final = r"[\p{Han}--[的了是我你他她您请昨收寄给把被将已没就也还说叫让这那在到住于去往从址第]]"
_NUMBER: Final = (
    r"(?:(?<![0-9.])[0-9]{1,5}(?:[-~/][0-9]{1,4}){0,2}|[一二三四五六七八九十百零〇两]{1,6})[甲乙丙丁A-Za-z]?"
)
_SPACE: Final = r"[ ,，、]?"

_PROVINCE: Final = rf"(?:{any_of(PROVINCES)})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
_CITY: Final = (
    rf"(?:(?:{any_of(CITIES)})(?:市|地区|盟|(?:[\p{{Han}}]{{1,6}}族)?自治州|州)"
    rf"|(?:{any_of(name for name in CITIES if name not in AMBIGUOUS)}))"
)
_KNOWN: Final = rf"(?>{_PROVINCE}{_SPACE}{_CITY}|{_CITY}|{_PROVINCE})"
_DIVISION: Final = (
    rf"(?>{_NAME}{{1,8}}?(?:自治县|自治旗|开发区|高新区|新区|街道(?:办事处)?|(?<![小校厂院])[区區]"
    rf"|[县旗市镇乡縣鎮鄉]|村(?:委会)?|社区)(?![场場民委长局路街道巷]){_SPACE})"
)
# 铁路, 思路, 频道, 公里, 直径 and their like end as streets do and are none.
_WAY: Final = (
    r"(?:(?<![铁道思网线电出半之套回弯])路|(?<![铁管渠频通报知味轨])道|(?<![公英这那哪家手心])里"
    r"|(?<![直半田])径|[街巷弄坊堤])"
)
_ROAD: Final = (
    rf"(?:{_NAME}|[A-Za-z0-9]){{1,8}}?(?:大街|大道|公路|胡同|{_WAY})"
    r"(?:[东南西北中](?![\p{Han}]{0,2}[路街]))?(?:[一二三四五六七八九十0-9]段)?"
)
_HOUSE: Final = (
    rf" ?(?:{_NUMBER} ?弄 ?)?(?:附|甲|乙)?{_NUMBER} ?(?:[号號]院?|弄)(?![线線文令桥井召称])"
    r"(?:附[0-9]{1,3}号)?"
)
_UNIT: Final = r"(?:[号號][楼院樓]|[栋幢座棟]|单元|單元|[层楼室房户铺层樓層组組队])"
_TAIL: Final = (
    rf"(?>[ ,，、-]?(?:{_NAME}|[A-Za-z()（）·#]){{0,14}}?(?:{_NUMBER}|[A-Z]) ?(?:{_UNIT}|[号號](?![线線文令])))"
    r"{0,5}(?:[ #-]{0,2}[A-Za-z]?[0-9]{3,4}(?![0-9A-Za-z.]|[ -][0-9]))?"
)
_ESTATE: Final = (
    r"(?:小区|花园|花苑|公寓|家园|新村|山庄|大厦|广场|大楼|写字楼|中心|公馆|名苑|豪庭|华府|国际|雅苑|佳苑|工业园|科技园|产业园"
    r"|工业区|园区|宿舍|家属院|[苑城庭府湾园里村坊居轩阁郡邸寓墅])"
)
_PLACE: Final = rf"(?:{_NAME}|[A-Za-z0-9()（）·-])"

# A number with a unit that only buildings have, or one that stands where a street or an estate ends; or, without a
# number, a division with a street, a village or an estate behind it.
_ANCHOR: Final = (
    r"(?:[0-9一二三四五六七八九十甲乙丙丁A-Za-z] ?(?:[栋幢棟室]|单元|單元|[号號][楼院樓])|[A-Z]座"
    r"|(?<=[路街道巷弄里坊径堤段村镇乡屯寨庄组期区园寓墅厦场楼心馆苑庭府城湾居轩阁郡邸院舍座际号號东西南北中東區鎮鄉甲乙附团厂]"
    r" ?)(?:[0-9][0-9~/-]*|[一二三四五六七八九十百零]+)[A-Za-z甲乙]? ?[号號弄座层楼樓层房组組队户铺]"
    r"|[区县旗市镇乡區縣鎮鄉][ ,，、]?[\p{Han}0-9A-Za-z]{1,8}?(?:[路街道巷村镇乡]|社区|小区|花园|大厦|广场))"
)

DETECTOR: Final = DetectorSpec(
    name="std/address-cn",
    kind="address",
    description="A Chinese postal address with at least a street or an estate and a number.",
    patterns=(
        Pattern(
            rf"(?V1){_KNOWN}{_SPACE}{_DIVISION}{{0,4}}+{_ROAD}{_HOUSE}{_TAIL}", "division-road-number", Confidence.HIGH
        ),
        Pattern(
            rf"(?V1){_KNOWN}{_SPACE}{_DIVISION}{{1,4}}+{_PLACE}{{0,20}}?{_NUMBER} ?{_UNIT}{_TAIL}",
            "division-building",
            Confidence.HIGH,
        ),
        Pattern(rf"(?V1)(?=[\p{{Han}}]){_DIVISION}{{0,3}}+{_ROAD}{_HOUSE}{_TAIL}", "road-number"),
        Pattern(
            rf"(?V1)(?=[\p{{Han}}]){_DIVISION}{{0,3}}+{_NAME}{{1,10}}?{_ESTATE}(?:[一二三四五六七八九十0-9]{{1,2}}期)?"
            rf" ?{_NUMBER} ?{_UNIT}{_TAIL}",
            "estate-building",
        ),
        Pattern(
            rf"(?V1){_KNOWN}{_SPACE}{_DIVISION}{{1,4}}+(?:{_ROAD}|{_NAME}{{1,8}}?(?:村|社区|小区|花园|镇|乡|大厦|广场))"
            r"(?![\p{Han}]{0,6}(?:政府|公安|法院))",
            "no-number",
            Confidence.LOW,
        ),
    ),
    boundary="none",
    case="exact",
    normalise=("nfkc", "strip-spaces", "strip-punctuation", "lower"),
    near=(
        Near(
            (
                "地址",
                "住址",
                "收货",
                "收件",
                "寄往",
                "送至",
                "address",
                "addr",
                "ship_to",
                "shipto",
                "street",
                "delivery",
            ),
            "record",
            Confidence.HIGH,
        ),
    ),
    sample="北京市朝阳区建国路{n:3}号",
    examples=Examples(
        match=("北京市朝阳区建国路88号", "寄到杭州文三路 478 号华星时代广场B座1203室，谢谢", "阳光花园3栋2单元501"),
        no_match=("北京市场很大", "请走这条路", "欧洲", "广东省深圳市南山区", "北京地铁5号线", "5月1号上午"),
    ),
    gate=Gate(anchor=_ANCHOR, before=80, after=160, stops="\n。！？", ascii_too=False),
)
