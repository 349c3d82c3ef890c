"""The customers that every sample holds: nobody's, and the same for the same count."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Final

HEADER: Final = ("订单号", "客户姓名", "手机号", "收货地址", "邮箱")
ENGLISH: Final = ("order_no", "name", "phone", "address", "email")
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
_STREETS: Final = (
    ("北京市朝阳区", "建国路"),
    ("上海市浦东新区", "世纪大道"),
    ("广州市天河区", "体育西路"),
    ("杭州市西湖区", "文三路"),
    ("成都市武侯区", "人民南路"),
    ("深圳市南山区", "科技园路"),
)
_TRADITIONAL: Final = str.maketrans(
    "张刘陈杨赵黄吴孙马罗伟丽军艳杰涛兰静强朝阳区国东号广园单户机货邮订电话尽快联系请纪",
    "張劉陳楊趙黃吳孫馬羅偉麗軍艷傑濤蘭靜強朝陽區國東號廣園單戶機貨郵訂電話盡快聯系請紀",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer with one order."""

    order: str
    name: str
    phone: str
    address: str
    email: str

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        return (self.order, self.name, self.phone, self.address, self.email)

    @property
    def english(self) -> dict[str, str]:
        return dict(zip(ENGLISH, self.cells, strict=True))

    @property
    def chinese(self) -> dict[str, str]:
        return dict(zip(HEADER, self.cells, strict=True))


def customers(count: int = 200, seed: int = 20260115) -> list[Customer]:
    """Return `count` customers, no two with the same order, phone or mail address."""
    chance = random.Random(seed)
    numbers = chance.sample(range(10**7, 10**8), count)
    made = []
    for index, number in enumerate(numbers):
        area, street = chance.choice(_STREETS)
        made.append(
            Customer(
                order=f"SO-202601{chance.randrange(10, 29)}-{4000 + index * 7:06d}",
                name=chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2)))),
                phone=f"1{chance.choice(('38', '39', '50', '86', '59', '77'))}{number}",
                address=f"{area}{street}{chance.randrange(1, 300)}号{chance.randrange(101, 2800)}室",
                email=f"buyer{4000 + index * 7}@shop.example",
            )
        )
    return made


def traditional(text: str) -> str:
    """Return the text with the characters of Taiwan where these customers need them."""
    return text.translate(_TRADITIONAL)


def as_dicts(some: list[Customer]) -> list[dict[str, str]]:
    return [asdict(one) for one in some]
