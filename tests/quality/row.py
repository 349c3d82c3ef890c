"""The rest of a row: order numbers, waybills, names, mail addresses, ids, cards, accounts - and what looks like them.

Check digits: GB 11643 (resident ids), ISO/IEC 7812 (cards), ISO 13616 (IBAN), UPU S10 (mail), UPS's public formula.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

from tests.quality.case import Family, mark
from tests.quality.chance import day, digits, email, hexes, name_en, name_zh, number, price
from tests.quality.look_alikes_machine import MAKERS as MACHINE
from tests.quality.look_alikes_office import card, fours, hexes_upper
from tests.quality.prose_en import MAKERS as PROSE_EN
from tests.quality.prose_zh import MAKERS as PROSE_ZH


def _order(chance: Random) -> str:
    stamp = day(chance).replace("-", "")
    value = chance.choice(
        (
            number(chance, 18),
            number(chance, 19),
            f"{digits(chance, 3)}-{digits(chance, 7)}-{digits(chance, 7)}",
            f"{stamp}{digits(chance, 10)}",
            f"{stamp[2:]}-{digits(chance, 15)}",
            number(chance, 16),
        )
    )
    return chance.choice(
        (
            "订单号：{}",
            "订单编号: {}",
            "Order ID: {}",
            "order number {} was paid",
            '{{"order_id": "{}"}}',
            "您的订单{}已发货",
            "order_no={}",
            "订单号,金额\n{},12.00",
        )
    ).format(mark("order-number", value))


def s10(chance: Random) -> str:
    """Return a number of a registered item (UPU S10): service, eight digits and check digit, country."""
    body = digits(chance, 8)
    check = 11 - sum(int(one) * weight for one, weight in zip(body, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"{chance.choice(('EE', 'RR', 'CP', 'LX', 'EA'))}{body}{ {10: 0, 11: 5}.get(check, check) }{chance.choice(('CN', 'DE', 'GB', 'US'))}"


def ups(chance: Random) -> str:
    """Return a UPS number: ``1Z``, shipper, service, parcel, and a digit that makes the weighted sum end in 0."""
    body = hexes_upper(chance, 6) + digits(chance, 9)
    values = [int(one) if one.isdigit() else (ord(one) - 63) % 10 for one in body]
    return f"1Z{body}{-(sum(values[0::2]) + 2 * sum(values[1::2])) % 10}"


def _waybill(chance: Random) -> str:
    value = chance.choice(
        (
            f"SF{digits(chance, 13)}",
            f"YT{digits(chance, 13)}",
            f"JDVB{digits(chance, 11)}",
            f"77{digits(chance, 13)}",
            f"7{digits(chance, 13)}",
            f"43{digits(chance, 13)}",
            s10(chance),
            ups(chance),
        )
    )
    return chance.choice(
        (
            "运单号：{}",
            "快递单号 {}",
            "Tracking number: {}",
            "物流单号:{}，请查收",
            '{{"waybill_no": "{}"}}',
            "顺丰/中通单号：{}",
            "tracking_no,status\n{},sent",
        )
    ).format(mark("waybill", value))


def _name_zh(chance: Random) -> str:
    return chance.choice(
        (
            "收货人：{}",
            "收件人: {}",
            "姓名：{}\n电话：略",
            '{{"收货人": "{}", "数量": 2}}',
            "联系人：{}，工作日送货",
            "客户姓名 {}",
            "收货人,商品\n{},茶叶",
            '{{"receiver_name": "{}"}}',
        )
    ).format(mark("name", name_zh(chance)))


def _name_en(chance: Random) -> str:
    return chance.choice(
        (
            "Customer name: {}",
            "Ship to: {}",
            '{{"customer_name": "{}", "qty": 2}}',
            "Recipient: {}\nQty: 2",
            "receiver={}",
            "Full name: {}",
            "customer_name,total\n{},9.50",
            '{{"recipient": {{"name": "{}"}}}}',
            "Contact name: {}",
        )
    ).format(mark("name", name_en(chance)))


def _email(chance: Random) -> str:
    value = mark("email", email(chance))
    return (
        chance.choice(
            (
                "write to {}",
                "邮箱：{}",
                '{{"email":"{}"}}',
                "邮箱{}，谢谢",
                "name,email\nx,{}",
                "<{}>",
                "mailto:{}?subject=x",
                "({})",
                "{}，{}",
            )
        )
        .replace("，{}", "")
        .format(value)
    )


def resident_id(chance: Random) -> str:
    """Return eighteen characters that GB 11643 holds for valid."""
    region = chance.choice(
        ("110101", "310115", "440305", "510104", "330106", "420111", "610113", "370202", "210102", "500105")
    )
    body = (
        f"{region}{chance.randint(1945, 2012)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{digits(chance, 3)}"
    )
    return body + "10X98765432"[sum(int(one) * 2 ** (17 - place) for place, one in enumerate(body)) % 11]


def _id(chance: Random) -> str:
    value = resident_id(chance)
    value = chance.choice((value, value.lower(), f"{value[:6]} {value[6:14]} {value[14:]}"))
    return chance.choice(
        ("身份证号：{}", "身份证{}", "{}", '{{"id_card":"{}"}}', "证件号码 {}，本人办理", "姓名,身份证\n某某,{}")
    ).format(mark("id", value))


def _card(chance: Random) -> str:
    value = card(chance)
    return chance.choice(
        (
            "银行卡号：{}",
            "Card number: {}",
            "卡号{}",
            "pay with {} exp 09/28",
            '{{"card":"{}"}}',
            "尾款打到{}",
            "信用卡 {}",
        )
    ).format(mark("card", chance.choice((value, fours(value, " "), fours(value, "-")))))


_IBAN_LENGTHS: Final = {
    "DE": 22,
    "FR": 27,
    "GB": 22,
    "NL": 18,
    "ES": 24,
    "IT": 27,
    "CH": 21,
    "AT": 20,
    "PL": 28,
    "BE": 16,
}


def iban(chance: Random) -> str:
    """Return an account number whose ISO 7064 check digits hold; bank and account are made up."""
    country = chance.choice(list(_IBAN_LENGTHS))
    letters = {"GB": "NWBK", "NL": "ABNA", "IT": "X"}.get(country, "")
    body = letters + digits(chance, _IBAN_LENGTHS[country] - 4 - len(letters))
    total = int("".join(str(int(one, 36)) for one in f"{body}{country}00"))
    return f"{country}{98 - total % 97:02}{body}"


def _iban(chance: Random) -> str:
    value = iban(chance)
    return chance.choice(
        ("IBAN: {}", "Bitte überweisen Sie auf {}", '{{"iban": "{}"}}', "{}", "account {} BIC XXXXDEFF")
    ).format(mark("iban", chance.choice((value, fours(value, " ")))))


def _passport(chance: Random) -> str:
    value = chance.choice(
        (f"E{digits(chance, 8)}", f"G{digits(chance, 8)}", f"E{chance.choice('ABCDFGHJK')}{digits(chance, 7)}")
    )
    return chance.choice(
        ("护照号：{}", "护照号码 {}", "Passport No. {}", "passport number: {}", '{{"passport_no": "{}"}}')
    ).format(mark("passport", value))


def _credential(chance: Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    secret = "".join(chance.choices(letters, k=40))
    return chance.choice(
        (
            f"aws_access_key_id = {mark('credential', 'AKIA' + ''.join(chance.choices('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', k=16)))}",
            f"token: {mark('credential', 'ghp_' + secret[:36])}",
            f"password = {mark('credential', chance.choice('!#%') + secret[:12])}",
            f'"db_password": "{mark("credential", secret[:14])}"',
            f"LTAI key {mark('credential', 'LTAI5t' + secret[:18])}",
        )
    )


def _whole_row(chance: Random) -> str:
    row = {
        "order_id": mark("order-number", number(chance, 18)),
        "receiver": mark("name", name_zh(chance)),
        "email": mark("email", email(chance)),
        "amount": price(chance),
    }
    return json.dumps([row], ensure_ascii=False)


def _not(makers: dict[str, Callable[[Random], str]]) -> Callable[[Random], str]:
    return lambda chance: chance.choice(list(makers.values()))(chance)


def _names_not(chance: Random) -> str:
    return chance.choice(
        (
            f"收货人信息请填写完整，{number(chance, 2)}字以内",
            "收货人：",
            "name: index\nversion: 2",
            '{"name": "build-step", "on": "push"}',
            '{"name": "蓝牙耳机", "price": 99}',
            "receiver: null",
            "Customer name is required.",
            "文件名：报告.docx",
            f"商品名称：{chance.choice(('保温杯', '连衣裙'))}",
            "class name: Foo",
            "收件人不在家",
            f"hostname: {hexes(chance, 6)}",
            "Full name of the repository: tools/build",
            '{"customer_name": ""}',
            "Recipient not found",
        )
    )


def _kinds_family(name: str, make: Callable[[Random], str], kind: str, bar: float | None = 0.9) -> Family:
    return Family(f"row/{name}", make, (kind,), bar)


REST: Final = ("name", "order-number", "waybill", "email", "id", "passport", "card", "iban", "credential")
FAMILIES: Final = (
    _kinds_family("order-number", _order, "order-number", None),
    _kinds_family("waybill", _waybill, "waybill"),
    _kinds_family("name-zh", _name_zh, "name"),
    _kinds_family("name-en", _name_en, "name"),
    _kinds_family("email", _email, "email", 0.99),
    _kinds_family("id", _id, "id", 0.99),
    _kinds_family("card", _card, "card"),
    _kinds_family("iban", _iban, "iban", 0.99),
    _kinds_family("passport", _passport, "passport"),
    _kinds_family("credential", _credential, "credential"),
    Family("row/whole", _whole_row, ("order-number", "name", "email"), None),
    Family("row/not/names", _names_not, ("name",), 0.05),
    Family(
        "row/not/machine-text", _not({name: make for name, make in MACHINE.items() if name != "cookies"}), REST, 0.05
    ),
    Family("row/not/prose-zh", _not(PROSE_ZH), REST, 0.05),
    Family(
        "row/not/prose-en", _not({name: make for name, make in PROSE_EN.items() if name != "order-talk-en"}), REST, 0.05
    ),
)
