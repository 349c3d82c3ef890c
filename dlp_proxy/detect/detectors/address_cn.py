"""Chinese postal addresses: division, street, number, building, room; two of its parts must be there.

The grammar is that of GB/T 23705-2009 (rules of coding for digital city geo-code: place names and addresses). A street
or an estate with a number is an address; division names alone are a place and nothing more. The patterns only say where
one may be; `readers/address_cn.py` reads it.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.detect.divisions import HEAD
from dlp_proxy.model.finding import Confidence

# Each begins with a set of characters, which `re` looks for in a bitmap: together they cost some hundredths of a
# millisecond for a page of prose.
_UNIT: Final = "号號室栋棟幢座楼樓弄層层單单房户戶組组队隊社铺鋪舖档區区院舍斋齋连連Ff#"
_NUMBER: Final = rf"[0-9A-Za-z一二三四五六七八九十百零〇甲乙丙丁] ?(?:[{_UNIT}]|村民小[组組])"
_ROOMS: Final = r"[园園苑区區城庭府湾灣居轩軒阁閣郡邸厦廈寓墅期里村号號楼樓] ?[A-Za-z#]?[0-9]{1,3}[0-9—-][0-9]"
_SUITE: Final = r"[\u4e00-\u9fff](?:[0-9T][0-9]?-?|[#A-H])[0-9]{1,2}[-—][0-9]{3}"
_DASHED: Final = r"[路街道巷同里段条條][0-9]{1,4}[-—之][0-9一二三四五六七八九十]"
_LABEL: Final = r"[地住收我们家ASDasd](?:址|[货貨件]|住|(?<=住)所|ddr|DDR|hip|eliver)"
_SENT: Final = r"[寄邮郵送配发發派裹递遞][到往去至给給寄送货貨回]"
_LEFT: Final = (
    "[放送投迁遷换換改已](?:(?<=放)[至到在]|(?<=送)[达達]|(?<=投)[至到放]|(?<=[迁遷])[至到往]"
    "|(?<=[换換])[到成]|(?<=[改已])到)"
)
_FROM_DIVISION: Final = (
    r"[\n\t\"',，:：;；|>\]】 0-9寄送](?:[北天上重河山内內辽遼吉黑江浙安福湖广廣海四贵貴云雲西陕陝甘青宁寧新香澳台臺]"
    r"[京津海庆慶北西蒙宁寧林龙龍江苏蘇浙徽建东東南川州藏肃肅夏疆港门門湾灣][\u4e00-\u9fff ,省市]"
    r"|[\u4e00-\u9fff]{2,5}[市县縣区區])"
)
_AT_START: Final = r"\A[\u4e00-\u9fff]{2}"
_CELL: Final = rf"[\t\n\",|]{HEAD}"

DETECTOR: Final = DetectorSpec(
    name="std/address-cn",
    kind="address",
    description="A Chinese postal address with at least a street or an estate and a number.",
    patterns=(
        Pattern(_NUMBER, "number"),
        Pattern(_ROOMS, "rooms"),
        Pattern(_SUITE, "suite"),
        Pattern(_DASHED, "dashed"),
        Pattern(_LABEL, "label"),
        Pattern(_SENT, "sent"),
        Pattern(_LEFT, "left"),
        Pattern(_FROM_DIVISION, "division"),
        Pattern(_AT_START, "start"),
        Pattern(_CELL, "cell"),
    ),
    reader="address-cn",
    boundary="none",
    case="exact",
    normalise=("address-cn",),
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
    gate=Gate(ascii_too=False),
)
