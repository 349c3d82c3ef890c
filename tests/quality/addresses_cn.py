"""Chinese postal addresses as people write them for delivery, in the texts they stand in.

Divisions come from `data/divisions_cn.txt`; names of roads, estates, towers and villages are put together from the
characters and endings that such names are made of, so that no list of known names helps. Nobody lives there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests.quality.case import Family, mark
from tests.quality.chance import GOODS_ZH, digits, name_zh, number, price
from tests.quality.phones_cn import mobile
from tests.quality.traditional import traditional

_DATA: Final = Path(__file__).parent / "data" / "divisions_cn.txt"
_ROWS: Final = [line.split("\t") for line in _DATA.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
MUNICIPALITIES: Final = frozenset({"北京市", "上海市", "天津市", "重庆市"})
MAINLAND: Final = tuple((p, c, tuple(d.split())) for p, c, d in _ROWS if p != "台湾省")

_FIRST: Final = "云海江河湖山林松柏梅兰竹菊桃柳金银玉宝龙凤虎鹤福禄寿喜文武德仁义礼智信安康泰和平兴盛富华昌隆新建东西南北中天长永春夏秋学府科创青红紫白明光星月日晨"
_SECOND: Final = (
    "山海江河湖园林泉溪港湾岭坡桥亭台阳光明辉华兴隆盛昌安康宁乐福祥瑞和顺达通源本元庆丰泰平城门塘浦洲岛沙石田"
)
_KNOWN_ROADS: Final = (
    "中山",
    "解放",
    "人民",
    "建设",
    "和平",
    "新华",
    "文化",
    "胜利",
    "延安",
    "滨江",
    "迎宾",
    "朝阳",
    "光明",
    "工业",
    "学院",
    "体育",
    "长江",
    "黄河",
    "北京",
    "南京",
    "环城",
    "科技",
    "创业",
    "世纪",
    "振兴",
    "五一",
    "八一",
    "幸福",
    "团结",
    "民主",
)
_ESTATES: Final = (
    "花园",
    "小区",
    "家园",
    "新村",
    "苑",
    "公寓",
    "雅苑",
    "名都",
    "华府",
    "豪庭",
    "新城",
    "公馆",
    "嘉园",
    "花苑",
    "国际城",
    "山庄",
    "别墅",
    "丽景",
    "一品",
    "御府",
    "悦府",
    "里",
)
_BUILDERS: Final = ("", "", "", "恒达", "万和", "碧水", "绿野", "金地", "保安", "龙湖", "华润")
_TOWERS: Final = (
    "大厦",
    "广场",
    "中心",
    "国际大厦",
    "商务中心",
    "写字楼",
    "大楼",
    "金融中心",
    "科技大厦",
    "时代广场",
    "创业园",
)


class Division(NamedTuple):
    """Province, city and district of one place."""

    province: str
    city: str
    district: str


def division(chance: Random) -> Division:
    province, city, districts = chance.choice(MAINLAND)
    return Division(province, city, chance.choice(districts))


def short(name: str) -> str:
    """Return a province or city as people shorten it."""
    for end in ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市"):
        if name.endswith(end) and len(name) - len(end) >= 2:
            return name[: -len(end)]
    return name


def full(place: Division) -> str:
    city = "" if place.city == place.province else place.city
    return f"{place.province}{city}{place.district}"


def no_province(place: Division) -> str:
    return f"{place.city}{place.district}"


def abbreviated(place: Division) -> str:
    if place.province in MUNICIPALITIES:
        return f"{short(place.province)}{place.district}"
    return f"{short(place.province)}{short(place.city)}{place.district}"


def coined(chance: Random) -> str:
    return chance.choice(_FIRST) + chance.choice(_SECOND)


def road(chance: Random) -> str:
    stem = chance.choice(_KNOWN_ROADS) if chance.random() < 0.4 else coined(chance)
    turn = chance.choice(("", "", "", "东", "西", "南", "北", "中", "一", "二", "三"))
    return stem + turn + chance.choice(("路", "路", "路", "路", "街", "大道", "大街", "巷", "支路"))


def house(chance: Random) -> str:
    one = chance.randint(1, 999)
    return chance.choice(
        (
            f"{one}号",
            f"{one}号",
            f"{one}号",
            f"{one}-{chance.randint(1, 9)}号",
            f"{one}号附{chance.randint(1, 9)}号",
            f"甲{one}号",
            f"{one}弄{chance.randint(1, 60)}号",
            f"{one}号院",
        )
    )


def room(chance: Random) -> str:
    block, unit, floor = chance.randint(1, 40), chance.randint(1, 6), chance.randint(1, 33)
    flat = f"{floor}{chance.randint(1, 8):02}"
    return chance.choice(
        (
            f"{block}栋{unit}单元{flat}室",
            f"{block}号楼{unit}单元{flat}",
            f"{block}幢{flat}室",
            f"{block}栋{flat}",
            f"{block}-{unit}-{flat}",
            f"{chance.choice('ABCDEF')}座{flat}",
            f"{block}号楼{flat}室",
            f"{chance.choice('ABC')}{block}栋{flat}房",
            f"{block}幢{unit}单元{floor}楼{chance.randint(1, 4)}室",
            f"{block}号{flat}室",
        )
    )


def estate(chance: Random) -> str:
    phase = chance.choice(("", "", "", "一期", "二期", "东区", "北区", "3期"))
    return chance.choice(_BUILDERS) + coined(chance) + chance.choice(_ESTATES) + phase


def tower(chance: Random) -> str:
    floor = chance.randint(1, 40)
    return (
        coined(chance)
        + chance.choice(_TOWERS)
        + chance.choice(
            (
                f"{floor}层",
                f"{floor}楼{floor}{digits(chance, 2)}室",
                f"{chance.choice('AB')}座{floor}{digits(chance, 2)}",
                f"{floor}层{floor}{digits(chance, 2)}室",
                f"{floor}F",
                f"{floor}{digits(chance, 2)}",
            )
        )
    )


def township(chance: Random) -> str:
    return coined(chance) + chance.choice(("镇", "镇", "乡", "街道", "街道"))


def village(chance: Random) -> str:
    end = chance.choice(
        (
            f"{chance.randint(1, 20)}组",
            f"{chance.randint(1, 20)}组{chance.randint(1, 200)}号",
            f"{chance.randint(1, 300)}号",
            f"{chance.choice('一二三四五六七八九')}组",
            f"{chance.randint(1, 20)}队",
            "村委会旁",
            "",
        )
    )
    return f"{coined(chance)}{chance.choice(('镇', '乡'))}{coined(chance)}{chance.choice(('村', '村', '庄', '屯村', '家村'))}{end}"


def _street_end(chance: Random) -> str:
    town = township(chance) if chance.random() < 0.4 else ""
    inner = chance.choice(("", estate(chance) + room(chance), tower(chance), room(chance)))
    return town + road(chance) + house(chance) + inner


def _estate_end(chance: Random) -> str:
    town = township(chance) if chance.random() < 0.3 else ""
    street = road(chance) + (house(chance) if chance.random() < 0.6 else "") if chance.random() < 0.6 else ""
    return town + street + estate(chance) + room(chance)


def _tower_end(chance: Random) -> str:
    return road(chance) + (house(chance) if chance.random() < 0.8 else "") + tower(chance)


def _campus_end(chance: Random) -> str:
    block = chance.randint(1, 30)
    return chance.choice(
        (
            f"{road(chance)}{house(chance)}{coined(chance)}大学{chance.choice(('东', '南', '新', ''))}校区{block}号宿舍楼",
            f"{road(chance)}{house(chance)}{coined(chance)}科技园{chance.choice('ABCD')}{block}栋{chance.randint(1, 9)}楼",
            f"{coined(chance)}工业园{road(chance)}{house(chance)}{block}号厂房",
            f"{road(chance)}{house(chance)}{coined(chance)}人民医院住院部{block}楼",
            f"{road(chance)}与{road(chance)}交叉口{coined(chance)}{chance.choice(_ESTATES[:6])}{block}栋",
            f"{coined(chance)}市场{chance.choice('ABCD')}区{block}号商铺",
        )
    )


_ENDS: Final = (_street_end, _street_end, _estate_end, _estate_end, _tower_end, village, _campus_end)


def address(chance: Random) -> str:
    """Return an address of any sort, with or without its province."""
    head = chance.choice((full, full, no_province, abbreviated))
    return head(division(chance)) + chance.choice(_ENDS)(chance)


def spaced(chance: Random) -> str:
    place = division(chance)
    sign = chance.choice((" ", " ", "  ", "\u3000", "-", "/", ","))
    city = [] if place.city == place.province else [place.city]
    return sign.join([place.province, *city, place.district, chance.choice(_ENDS)(chance)])


def bare_street(chance: Random) -> str:
    """Return an address that begins with its district, county or town."""
    place = division(chance)
    return place.district + chance.choice((_street_end, _estate_end, _tower_end))(chance)


def invented(chance: Random) -> str:
    """Return an address whose city and district are on no list."""
    city = coined(chance) + chance.choice(("市", "市", "县"))
    province = chance.choice(MAINLAND)[0]
    if province in MUNICIPALITIES:
        province = "河北省"
    district = coined(chance) + "区" if city.endswith("市") else ""
    return f"{province}{city}{district}{road(chance)}{chance.choice((house(chance), chance.choice('ABCDEFGH') + '座', house(chance) + room(chance)))}"


_HK: Final = (
    ("香港", "中西區", "中環"),
    ("香港", "灣仔區", "灣仔"),
    ("香港", "東區", "北角"),
    ("九龍", "油尖旺區", "旺角"),
    ("九龍", "觀塘區", "觀塘"),
    ("九龍", "深水埗區", "深水埗"),
    ("新界", "沙田區", "沙田"),
    ("新界", "荃灣區", "荃灣"),
    ("新界", "元朗區", "元朗"),
    ("新界", "屯門區", "屯門"),
)


def hong_kong(chance: Random) -> str:
    side, district, town = chance.choice(_HK)
    head = chance.choice(
        (f"香港{town}", f"{side}{town}", f"香港{side if side != '香港' else ''}{town}", f"香港特別行政區{district}")
    )
    street = traditional(coined(chance)) + chance.choice(("道", "街", "路", "徑"))
    block = traditional(coined(chance)) + chance.choice(("大廈", "花園", "中心", "工業大廈", "苑", "閣"))
    floor = chance.randint(1, 45)
    end = chance.choice(
        (
            f"{floor}樓{chance.choice('ABCDEF')}室",
            f"{chance.randint(1, 9)}座{floor}樓{chance.choice('ABCDEF')}室",
            f"{floor}/F {chance.choice('ABCDEF')}室",
            f"{floor}樓{floor}{digits(chance, 2)}室",
            "地下",
        )
    )
    return f"{head}{street}{chance.randint(1, 900)}號{block}{end}"


_TW: Final = (
    ("臺北市", "信義區"),
    ("台北市", "大安區"),
    ("新北市", "板橋區"),
    ("新北市", "中和區"),
    ("桃園市", "中壢區"),
    ("臺中市", "西屯區"),
    ("台中市", "北區"),
    ("臺南市", "東區"),
    ("高雄市", "三民區"),
    ("高雄市", "左營區"),
    ("新竹市", "東區"),
    ("基隆市", "仁愛區"),
    ("彰化縣", "員林市"),
    ("屏東縣", "潮州鎮"),
    ("花蓮縣", "吉安鄉"),
    ("宜蘭縣", "羅東鎮"),
    ("嘉義市", "西區"),
    ("雲林縣", "斗六市"),
)


def taiwan(chance: Random) -> str:
    city, district = chance.choice(_TW)
    street = traditional(coined(chance)) + chance.choice(("路", "街", "大道"))
    section = chance.choice(("", f"{chance.choice('一二三四五')}段", f"{chance.randint(1, 5)}段"))
    lane = chance.choice(
        ("", "", f"{chance.randint(2, 400)}巷", f"{chance.randint(2, 400)}巷{chance.randint(1, 40)}弄")
    )
    end = chance.choice(
        (
            "",
            f"{chance.randint(2, 25)}樓",
            f"{chance.randint(2, 25)}樓之{chance.randint(1, 9)}",
            f"之{chance.randint(1, 9)}",
            f"{chance.randint(2, 25)}F",
        )
    )
    code = chance.choice(("", "", digits(chance, 3), number(chance, 5)))
    return f"{code}{city}{district}{street}{section}{lane}{chance.randint(1, 600)}號{end}"


def traditional_mainland(chance: Random) -> str:
    return traditional(address(chance))


def in_commerce(chance: Random, value: str) -> str:
    """Put a marked address into a message of a shop, a carrier or a customer about an order."""
    name, phone, goods = name_zh(chance), mobile(chance), chance.choice(GOODS_ZH)
    return chance.choice(
        (
            f"收件人：{name}\n手机：{phone}\n地址：{value}\n商品：{goods} x{chance.randint(1, 5)}",
            f"{name} {phone} {value}",
            f"{name}，{phone}，{value}",
            f"{value} {name} {phone}",
            f"您好，您购买的{goods}已发货，收货地址：{value}，请注意查收。",
            f"亲，麻烦核对一下地址：{value}，{name}，{phone}，没问题我们就发货了哦",
            f"订单{number(chance, 16)} {goods} {price(chance)}元 收货地址：{value}",
            f"【快递】您的包裹（{goods}）将送至{value}，快递员电话{phone}",
            f"请把{goods}改寄到{value}，收件人{name}",
            f"退货地址：{value}（{name}收）{phone}",
            f"收货人:{name};电话:{phone};收货地址:{value};邮编:{digits(chance, 6)}",
            f"发票寄送：{value} {name}收",
            f"买家留言：送到{value}，到了打电话{phone}",
            f"客户要求配送至{value}，备注：工作日送",
            f"改地址，新地址是{value}，谢谢",
            f"1、{name} {phone} {value} {goods}\n2、其余不变",
        )
    )


def in_chat(chance: Random, value: str) -> str:
    return chance.choice(
        (
            f"我住在{value}，你过来吧",
            f"地址发你了：{value}",
            f"寄到{value}就行",
            f"下午三点在{value}见面，别迟到",
            f"我们公司搬到{value}了，有空来坐",
            f"新家地址：{value}，周末来暖房呀",
            f"帮我叫个车，从{value}出发",
            f"{value}，导航搜这个",
            f"我妈家在{value}，东西直接送过去吧",
            f"哈哈好的，{value}，记一下",
            f"他说的店就在{value}",
        )
    )


def in_json(chance: Random, value: str) -> str:
    key = chance.choice(
        ("address", "addr", "收货地址", "receiver_address", "detail", "shippingAddress", "ship_to", "location", "地址")
    )
    row = {"id": chance.randint(1, 99999), "name": name_zh(chance), key: value, "qty": chance.randint(1, 5)}
    return json.dumps(chance.choice((row, [row], {"order": row})), ensure_ascii=False, indent=chance.choice((None, 2)))


def in_csv(chance: Random, value: str) -> str:
    sign = chance.choice(("\t", "|", ";", ","))
    cell = f'"{value}"' if sign == "," else value
    head = chance.choice((("姓名", "电话", "地址"), ("receiver", "phone", "address"), ("收货人", "手机号", "收货地址")))
    return f"{sign.join(head)}\n{sign.join((name_zh(chance), mobile(chance), cell))}"


_AROUND: Final = (lambda _, value: value, in_commerce, in_commerce, in_chat, in_json, in_csv)


def _family(make: Callable[[Random], str], *around: Callable[[Random, str], str]) -> Callable[[Random], str]:
    places = around or _AROUND
    return lambda chance: chance.choice(places)(chance, mark("address", make(chance)))


def _with(ends: tuple[Callable[[Random], str], ...]) -> Callable[[Random], str]:
    heads = (full, no_province, abbreviated)
    return lambda chance: chance.choice(heads)(division(chance)) + chance.choice(ends)(chance)


KIND: Final = ("address",)
FAMILIES: Final = (
    Family("address/cn/bare", _family(address, lambda _, value: value), KIND, 0.93),
    Family("address/cn/commerce", _family(address, in_commerce), KIND, 0.95),
    Family("address/cn/chat", _family(address, in_chat), KIND, 0.93),
    Family("address/cn/json", _family(address, in_json), KIND, 0.93),
    Family("address/cn/csv", _family(address, in_csv), KIND, 0.93),
    Family("address/cn/spaced", _family(spaced, in_commerce, in_json, lambda _, value: value), KIND, 0.93),
    Family("address/cn/from-the-district", _family(bare_street), KIND, 0.93),
    Family("address/cn/estate", _family(_with((_estate_end,))), KIND, 0.93),
    Family("address/cn/tower", _family(_with((_tower_end,))), KIND, 0.93),
    Family("address/cn/village", _family(_with((village,))), KIND, 0.93),
    Family("address/cn/campus", _family(_with((_campus_end,))), KIND, 0.93),
    Family("address/cn/traditional", _family(traditional_mainland), KIND, 0.93),
    Family("address/cn/hong-kong", _family(hong_kong), KIND, 0.93),
    Family("address/cn/taiwan", _family(taiwan), KIND, 0.93),
    Family("address/cn/invented-names", _family(invented), KIND, 0.93),
)
