"""Seven texts of what leaves a workstation, made up from a seed: two full of customers, five with hardly any.

No person's data: names are drawn from short lists, numbers are random, hosts end in .example.
"""

# ruff: noqa: E501 - templates of lines read better on one line
from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Mapping
from typing import Final

_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
_CITIES: Final = ("北京市朝阳区", "上海市浦东新区", "广东省深圳市南山区", "浙江省杭州市西湖区", "四川省成都市武侯区")
_ROADS: Final = ("建国路", "世纪大道", "科技园南路", "文三路", "天府大道", "中山路", "人民路")
_FIRST: Final = ("Emma", "Liam", "Olivia", "Noah", "Ava", "Lucas", "Mia", "Ethan", "Zoe", "Owen")
_LAST: Final = ("Miller", "Clarke", "Rossi", "Novak", "Turner", "Hughes", "Fischer", "Lang", "Moreau", "Silva")
_STREETS: Final = ("Maple Street", "Oak Avenue", "Hill Road", "Lakeview Drive", "Park Lane", "Cedar Court")
_TOWNS: Final = (
    "Springfield, IL 62701",
    "Austin, TX 78701",
    "Portland, OR 97201",
    "Denver, CO 80202",
    "Boston, MA 02108",
)
_WORDS_EN: Final = (
    "the a of to and in that is was for on with as by at from this which or had are but their more will about when there"
    " been other into than its time only some could new work first well also after year over such our even most made then"
    " where much many through before right too means old under same great world still own system against program every"
    " last never report question problem service group always however begin while company number public market water"
).split()
_WORDS_ZH: Final = (
    "我们 今天 会议 讨论 项目 进度 目前 已经 完成 计划 需要 继续 研究 市场 变化 客户 反馈 产品 质量 提高 效率 团队 合作 问题 解决 方案 技术 发展 世界 经济"
    " 公司 管理 工作 学习 生活 时间 重要 可以 通过 因为 所以 但是 如果 这个 那个 他们 非常 可能 应该 开始 结束 希望 感谢 支持 数据 系统 服务 报告 下周 上个月"
).split()


def orders_zh(size: int, seed: int = 1) -> str:
    """Return a CSV export of orders in Chinese: a phone, an order number and an address a row."""
    pick = random.Random(seed)

    def row(number: int) -> str:
        name = pick.choice(_SURNAMES) + "".join(pick.choices(_GIVEN, k=pick.randint(1, 2)))
        phone = f"1{pick.choice('35789')}{pick.randint(0, 9)}{pick.randrange(10**8):08}"
        place = f"{pick.choice(_CITIES)}{pick.choice(_ROADS)}{pick.randint(1, 999)}号{pick.randint(1, 30)}栋{pick.randint(101, 2905)}室"
        day = f"2026-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}"
        return f"SO-{day.replace('-', '')}-{number % 10**6:06},{day} {pick.randint(0, 23):02}:{pick.randint(0, 59):02},{name},{phone},{place},{pick.randint(10, 9999)}.{pick.randint(0, 99):02}"

    return _lines("订单号,下单时间,收货人,手机,收货地址,金额", row, size)


def orders_en(size: int, seed: int = 2) -> str:
    """Return a CSV export of orders in English: phone, e-mail, order number and address a row."""
    pick = random.Random(seed)

    def row(number: int) -> str:
        first, last = pick.choice(_FIRST), pick.choice(_LAST)
        phone = f"+1 {pick.randint(201, 989)}-{pick.randint(200, 999)}-{pick.randint(0, 9999):04}"
        place = f"{pick.randint(1, 9999)} {pick.choice(_STREETS)}, {pick.choice(_TOWNS)}"
        return f'{number},SO-202601{pick.randint(1, 28):02}-{number % 10**6:06},{first} {last},{first.lower()}.{last.lower()}{number}@shop.example,{phone},"{place}",{pick.randint(10, 999)}.{pick.randint(0, 99):02}'

    return _lines("id,order_number,customer_name,email,phone,ship_to,total", row, size)


def telemetry(size: int, seed: int = 3) -> str:
    """Return JSON lines of an application's events: times, counters, identifiers, nobody's data."""
    pick = random.Random(seed)

    def row(number: int) -> str:
        return json.dumps(
            {
                "ts": 1763900000000 + number * 137,
                "trace_id": f"{pick.getrandbits(128):032x}",
                "span": f"{pick.getrandbits(64):016x}",
                "event": pick.choice(("page_view", "click", "api_call", "gc", "render")),
                "duration_ns": pick.randrange(10**9),
                "bytes": pick.randrange(10**8),
                "seq": number,
                "cpu": round(pick.random(), 6),
                "host": f"web-{pick.randint(1, 40)}.corp.example",
                "ok": pick.random() < 0.98,
            },
            separators=(",", ":"),
        )

    return _lines("", row, size)


def minified(size: int, seed: int = 4) -> str:
    """Return JavaScript as a bundler writes it: one long line of short names, constants and strings."""
    pick = random.Random(seed)
    forms: tuple[Callable[[], str], ...] = (
        lambda: (
            f"function {_name(pick)}({_name(pick)},{_name(pick)}){{return {_name(pick)}({pick.randrange(2**16)})&&{_name(pick)}.{_name(pick)}}}"
        ),
        lambda: f'var {_name(pick)}={pick.randrange(2**31)},{_name(pick)}="{pick.choice(_WORDS_EN)}";',
        lambda: (
            f'{_name(pick)}.prototype.{pick.choice(_WORDS_EN)}=function(){{if(!this.{_name(pick)})throw new Error("{" ".join(pick.choices(_WORDS_EN, k=4))}")}};'
        ),
        lambda: f"case {pick.randrange(500)}:{_name(pick)}=0x{pick.getrandbits(32):x}>>>{pick.randrange(32)};break;",
        lambda: f"{_name(pick)}=[{','.join(str(pick.randrange(1000)) for _ in range(8))}],",
    )
    made: list[str] = []
    length = 0
    while length < size:
        made.append(pick.choice(forms)())
        length += len(made[-1])
    return "".join(made)


def prose_en(size: int, seed: int = 5) -> str:
    """Return paragraphs of English."""
    pick = random.Random(seed)

    def paragraph(_: int) -> str:
        sentences = (
            " ".join(pick.choices(_WORDS_EN, k=pick.randint(6, 18))).capitalize() for _ in range(pick.randint(3, 7))
        )
        return ". ".join(sentences) + f", {pick.randint(2, 99)} of them in {pick.randint(1990, 2026)}.\n"

    return _lines("", paragraph, size)


def prose_zh(size: int, seed: int = 6) -> str:
    """Return paragraphs of Chinese; `size` counts bytes of UTF-8."""
    pick = random.Random(seed)

    def paragraph(_: int) -> str:
        sentences = ("".join(pick.choices(_WORDS_ZH, k=pick.randint(4, 9))) for _ in range(pick.randint(4, 9)))
        return "，".join(sentences) + f"，共{pick.randint(2, 99)}项。"

    return _lines("", paragraph, size)


def encoded(size: int, seed: int = 7) -> str:
    """Return Base64 of random bytes, in lines of 76 characters."""
    return base64.encodebytes(random.Random(seed).randbytes(size * 57 // 77)).decode()


def _lines(first: str, row: Callable[[int], str], size: int) -> str:
    made = [first] if first else []
    length = len(first.encode())
    number = 0
    while length < size:
        made.append(row(number))
        length += len(made[-1].encode()) + 1
        number += 1
    return "\n".join(made)


def _name(pick: random.Random) -> str:
    return "".join(pick.choices("abcdefghijklmnopqrstuvwxyz", k=pick.randint(1, 2)))


CORPORA: Final[Mapping[str, Callable[[int], str]]] = {
    "orders zh": orders_zh,
    "orders en": orders_en,
    "telemetry": telemetry,
    "minified js": minified,
    "prose en": prose_en,
    "prose zh": prose_zh,
    "base64": encoded,
}
"""Size in bytes of UTF-8, about, to text."""
