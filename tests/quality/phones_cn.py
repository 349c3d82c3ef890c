"""Chinese telephone numbers in the ways people and programs write them.

Mobile segments: MIIT allocations as published (state of 2025), virtual operators with them; satellite and machine-only
segments are left out. Area codes: the national numbering plan (YD/T 1127).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.case import Family, mark
from tests.quality.chance import GOODS_ZH, digits, name_en, name_zh, number, price

SEGMENTS: Final = (
    *(f"13{one}" for one in "0123456789"),
    *("145", "146", "147", "148", "149"),
    *(f"15{one}" for one in "012356789"),
    *("162", "165", "166", "167"),
    *("170", "171", "172", "173", "175", "176", "177", "178"),
    *(f"18{one}" for one in "0123456789"),
    *("190", "191", "192", "193", "195", "196", "197", "198", "199"),
)
AREAS_3: Final = ("10", "20", "21", "22", "23", "24", "25", "27", "28", "29")
AREAS_4: Final = [
    "311",
    "351",
    "371",
    "379",
    "391",
    "411",
    "431",
    "451",
    "471",
    "510",
    "512",
    "513",
    "519",
    "531",
    "532",
    "535",
    "551",
    "553",
    "571",
    "573",
    "574",
    "575",
    "576",
    "577",
    "579",
    "591",
    "592",
    "595",
    "663",
    "668",
    "731",
    "734",
    "744",
    "751",
    "752",
    "754",
    "755",
    "756",
    "757",
    "758",
    "760",
    "769",
    "771",
    "773",
    "791",
    "797",
    "816",
    "830",
    "838",
    "851",
    "871",
    "872",
    "898",
    "931",
    "951",
    "971",
    "991",
    "998",
]


def mobile(chance: Random) -> str:
    """Return an eleven-digit number of an assigned segment."""
    segment = chance.choice(SEGMENTS)
    if segment == "134":
        return segment + chance.choice("012345678") + digits(chance, 7)
    return segment + digits(chance, 8)


def groups(value: str, sign: str) -> str:
    return sign.join((value[:3], value[3:7], value[7:]))


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


FORMS: Final[dict[str, Callable[[str], str]]] = {
    "bare": lambda n: n,
    "3-4-4-space": lambda n: groups(n, " "),
    "3-4-4-dash": lambda n: groups(n, "-"),
    "3-4-4-dot": lambda n: groups(n, "."),
    "3-3-5-space": lambda n: f"{n[:3]} {n[3:6]} {n[6:]}",
    "4-3-4-dash": lambda n: f"{n[:4]}-{n[4:7]}-{n[7:]}",
    "plus86": lambda n: f"+86{n}",
    "plus86-space": lambda n: f"+86 {n}",
    "plus86-dash": lambda n: f"+86-{n}",
    "plus86-grouped": lambda n: f"+86 {groups(n, ' ')}",
    "plus86-dashes": lambda n: f"+86-{groups(n, '-')}",
    "bracket-plus86": lambda n: f"(+86){n}",
    "bracket-plus86-space": lambda n: f"(+86) {groups(n, ' ')}",
    "bracket-86": lambda n: f"(86){n}",
    "0086": lambda n: f"0086{n}",
    "0086-space": lambda n: f"0086 {n}",
    "0086-dash": lambda n: f"0086-{groups(n, '-')}",
    "86": lambda n: f"86{n}",
    "86-dash": lambda n: f"86-{n}",
    "full-width": full_width,
    "full-width-plus86": lambda n: full_width(f"+86{n}"),
    "wide-brackets": lambda n: f"（+86）{n}",
    "no-break-space": lambda n: groups(n, "\u00a0"),
    "figure-dash": lambda n: groups(n, "\u2013"),
}
_UNMARKED: Final = frozenset({"86", "86-dash"})
"""Forms without a plus sign: `86` before a number only reads as a country code beside a label."""


def in_zh(chance: Random, value: str) -> str:
    """Put a marked number into a short Chinese message."""
    name, goods = name_zh(chance), chance.choice(GOODS_ZH)
    return chance.choice(
        (
            f"联系电话：{value}",
            f"手机号 {value}，麻烦尽快发货",
            f"{name} {value}",
            f"{name}，{value}",
            f"收件人：{name}\n电话：{value}\n商品：{goods}",
            f"请拨打{value}联系{name}。",
            f"我的电话是{value}，{goods}到了打给我",
            f"客户{name}（{value}）投诉{goods}有划痕",
            f"电话{value}微信同号",
            f"打{value}这个号，找{name}拿{goods}",
            f"TEL:{value}",
            f"{goods}一件 {price(chance)}元 {value} {name}",
            f"联系方式:{value};备注:送货前请电话联系",
            f"【快递】您的{goods}已到驿站，快递员{name}：{value}。",
            f"尾号{number(chance, 4)}的客户，预留手机{value}，已退款{price(chance)}元",
            f"手机:{value}",
            f"{value}",
        )
    )


def in_en(chance: Random, value: str) -> str:
    """Put a marked number into a short English message."""
    name = name_en(chance)
    return chance.choice(
        (
            f"Call {name} at {value}.",
            f"My mobile is {value}, please text me.",
            f"Phone: {value}",
            f"{name}\nMobile {value}\n",
            f"reach us on WeChat or {value} any time",
            f"Contact: {name} <{value}>",
            f"tel {value}, ask for {name}",
            f"The courier ({value}) could not find the building",
        )
    )


def in_json(chance: Random, value: str, *, as_number: bool = False) -> str:
    """Put a marked number into JSON below one of the usual keys."""
    key = chance.choice(
        (
            "phone",
            "mobile",
            "tel",
            "phone_number",
            "receiverPhone",
            "contactMobile",
            "手机号",
            "buyer_phone",
            "cellphone",
            "recipient_tel",
        )
    )
    row = {"id": chance.randint(1, 99999), "name": name_zh(chance), key: "@", "amount": float(price(chance))}
    text = json.dumps(
        row if chance.random() < 0.6 else [row], ensure_ascii=False, indent=chance.choice((None, None, 2))
    )
    return text.replace('"@"', value if as_number else f'"{value}"')


def in_csv(chance: Random, value: str) -> str:
    """Put a marked number into a table of two or three rows, the others without numbers."""
    sign = chance.choice((",", "\t", ";", "|"))
    head, cells = chance.choice(
        (
            (("姓名", "手机", "商品", "金额"), (name_zh(chance), value, chance.choice(GOODS_ZH), price(chance))),
            (("order", "phone", "qty"), (number(chance, 6), value, str(chance.randint(1, 9)))),
            (("id", "mobile", "amount", "created"), (number(chance, 5), value, price(chance), "2026-03-04")),
            (("收货人", "联系电话", "备注"), (name_zh(chance), value, "无")),
        )
    )
    lines = [sign.join(head), sign.join(cells)]
    return "\n".join(lines if chance.random() < 0.7 else lines[1:])


def in_form(chance: Random, value: str) -> str:
    """Put a marked number into a query string, a form or an address of a page."""
    return chance.choice(
        (
            f"name=zhang&mobile={value}&qty=2",
            f"https://shop.example/order?tel={value}&from=app",
            f"phone={value}",
            f"tel:{value}",
            f'<a href="tel:{value}">联系我们</a>',
            f"action=login&account={value}&pass=x",
            f"sms:{value}",
            f"<td>{value}</td>",
            f"<phone>{value}</phone>",
        )
    )


def glued(chance: Random, value: str) -> str:
    """Put a marked number between Chinese characters, with nothing in between."""
    return chance.choice(
        (
            "请联系{}张先生",
            "电话{}地址见下",
            "收件人李四{}广东深圳",
            "号码为{}的用户",
            "我{}你存一下",
            "{}王小姐收",
            "加微信{}领优惠券",
        )
    ).format(value)


_AROUND: Final = (in_zh, in_zh, in_en, in_json, in_csv, glued)


def _form(name: str) -> Callable[[Random], str]:
    write = FORMS[name]
    around = (in_zh, in_json, in_csv) if name in _UNMARKED else _AROUND

    def make(chance: Random) -> str:
        return chance.choice(around)(chance, mark("phone", write(mobile(chance))))

    return make


def _several(chance: Random) -> str:
    sign = chance.choice(("、", "/", ",", "，", " ", "\n", "; ", " 或 ", "|"))
    return "电话：" + sign.join(mark("phone", mobile(chance)) for _ in range(chance.randint(2, 6)))


def _column(chance: Random) -> str:
    form = chance.choice([one for name, one in FORMS.items() if name not in _UNMARKED])
    return "\n".join(mark("phone", form(mobile(chance))) for _ in range(chance.randint(2, 12)))


def _extension(chance: Random) -> str:
    value = mobile(chance)
    extension = chance.choice(("转{}", "-{}", " 转 {}", "转分机{}", "#{}", ",{}", " ext. {}")).format(digits(chance, 4))
    return in_zh(chance, mark("phone", value + extension))


def _masked(chance: Random) -> str:
    value, sign = mobile(chance), chance.choice("*＊xX•●·#")
    return in_zh(chance, mark("masked-phone", value[:3] + sign * 4 + value[7:]))


def area(chance: Random) -> str:
    return "0" + chance.choice((*AREAS_3 * 4, *AREAS_4))


def landline(chance: Random) -> str:
    """Return area code and subscriber number: eight digits in the largest cities, seven or eight elsewhere."""
    code = area(chance)
    count = 8 if len(code) == 3 else chance.choice((7, 8))
    local = chance.choice("2345678") + digits(chance, count - 1)
    return chance.choice(
        (
            f"{code}-{local}",
            f"{code}{local}",
            f"({code}){local}",
            f"({code}) {local}",
            f"{code} {local}",
            f"（{code}）{local}",
            f"{code}－{local}",
            f"+86-{code[1:]}-{local}",
            f"+86 {code[1:]} {local}",
            f"0086-{code[1:]}-{local}",
            f"{code}-{local[:4]} {local[4:]}",
            f"({code})-{local}",
            f"86-{code}-{local}",
            f"+86 ({code}) {local}",
            f"{code}-{local[:4]}-{local[4:]}",
            f"+86{code[1:]}{local}",
        )
    )


def _landline(chance: Random) -> str:
    value = mark("phone", landline(chance))
    company = chance.choice(("德信会计师事务所", "远航物流", "客服中心", "售后", "门店前台", "办公室"))
    return chance.choice(
        (
            f"电话：{value}",
            f"{company}电话{value}",
            f"传真：{value}",
            f"座机 {value}，上班时间打",
            f"联系人：{name_zh(chance)} 固话：{value}",
            f"Tel: {value}  Fax: 无",
            f"{company}：{value}（周一至周五）",
            f'{{"company":"{company}","tel":"{value}"}}',
            f"公司,电话\n{company},{value}",
            f"请致电{company} {value} 咨询",
            f"Office {value}",
            f"咨询热线:{value}",
        )
    )


def _landline_extension(chance: Random) -> str:
    end = chance.choice(("-{}", "转{}", " 转 {}", " ext {}", "转分机{}", "#{}", " ext.{}", "（转{}）")).format(
        digits(chance, chance.choice((3, 4)))
    )
    return chance.choice(("电话：{}", "固定电话 {} 找陈经理", "办公电话：{}，传真另附", "Tel: {}")).format(
        mark("phone", landline(chance) + end)
    )


def hotline(chance: Random) -> str:
    """Return a 400 or 800 number."""
    value = chance.choice(("400", "400", "400", "800")) + chance.choice("0168") + digits(chance, 6)
    return chance.choice(
        (
            value,
            groups3(value, "-"),
            f"{value[:4]}-{value[4:7]}-{value[7:]}",
            groups3(value, " "),
            f"{value[:3]}-{value[3:]}",
        )
    )


def groups3(value: str, sign: str) -> str:
    return sign.join((value[:3], value[3:6], value[6:]))


def _hotline(chance: Random) -> str:
    return chance.choice(
        (
            "客服热线：{}",
            "如有疑问请拨打{}",
            "售后电话{}，24小时服务",
            "全国统一服务热线 {}",
            "投诉电话：{}（免长途费）",
            "Hotline: {}",
            "拨打 {} 转人工",
        )
    ).format(mark("phone", hotline(chance)))


FAMILIES: Final = (
    *(Family(f"phone/cn/mobile/{name}", _form(name), ("phone",), 0.995) for name in FORMS),
    Family("phone/cn/mobile/several", _several, ("phone",), 0.995),
    Family("phone/cn/mobile/column", _column, ("phone",), 0.995),
    Family("phone/cn/mobile/json-string", lambda c: in_json(c, mark("phone", mobile(c))), ("phone",), 0.995),
    Family(
        "phone/cn/mobile/json-number", lambda c: in_json(c, mark("phone", mobile(c)), as_number=True), ("phone",), 0.995
    ),
    Family("phone/cn/mobile/csv", lambda c: in_csv(c, mark("phone", mobile(c))), ("phone",), 0.995),
    Family("phone/cn/mobile/form", lambda c: in_form(c, mark("phone", mobile(c))), ("phone",), 0.995),
    Family("phone/cn/mobile/glued", lambda c: glued(c, mark("phone", mobile(c))), ("phone",), 0.995),
    Family("phone/cn/mobile/english", lambda c: in_en(c, mark("phone", mobile(c))), ("phone",), 0.995),
    Family("phone/cn/mobile/extension", _extension, ("phone",), 0.95),
    Family("phone/cn/masked", _masked, ("masked-phone", "phone"), 0.95),
    Family("phone/cn/landline/plain", _landline, ("phone",), 0.95),
    Family("phone/cn/landline/extension", _landline_extension, ("phone",), 0.95),
    Family("phone/cn/hotline", _hotline, ("phone",), 0.95),
)
