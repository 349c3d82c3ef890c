"""What people of the demo send: made-up customers, in the shapes real exports have."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from dataclasses import dataclass
from typing import Final

HEADER: Final = ("订单号", "收货人", "手机", "收货地址")
_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
_STREETS: Final = (
    ("北京市朝阳区", "建国路"),
    ("上海市浦东新区", "世纪大道"),
    ("广州市天河区", "体育西路"),
    ("杭州市西湖区", "文三路"),
    ("成都市武侯区", "人民南路"),
    ("武汉市洪山区", "珞喻路"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """One made-up order. Nobody's: the numbers come from a seeded generator."""

    number: str
    name: str
    phone: str
    address: str

    @property
    def cells(self) -> tuple[str, str, str, str]:
        return (self.number, self.name, self.phone, self.address)


def orders(count: int, seed: int) -> list[Order]:
    """Return `count` different orders, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - for a demo, not for secrets
    made = []
    for number in range(count):
        area, street = chance.choice(_STREETS)
        made.append(
            Order(
                number=f"SO-202601{chance.randrange(10, 29)}-{seed % 100:02d}{number:04d}",
                name=chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2)))),
                phone=f"1{chance.choice(('38', '39', '50', '86', '59', '77'))}{chance.randrange(10**7, 10**8)}",
                address=f"{area}{street}{chance.randrange(1, 300)}号{chance.randrange(101, 2800)}室",
            )
        )
    return made


def as_csv(some: list[Order]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(order.cells for order in some)
    return text.getvalue().encode("gb18030")


def as_zip(some: list[Order]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("导出.csv", as_csv(some))
    return content.getvalue()


def as_json(some: list[Order]) -> bytes:
    rows = [
        {"orderNo": one.number, "receiver": {"name": one.name, "mobile": one.phone, "address": one.address}}
        for one in some
    ]
    return json.dumps({"page": 1, "orders": rows}).encode()


def as_multipart(name: str, content: bytes) -> tuple[str, bytes]:
    """Return (Content-Type, body) of an upload form with one file."""
    boundary = "----demo7MA4YWxkTrZu0gW"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return f"multipart/form-data; boundary={boundary}", head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
