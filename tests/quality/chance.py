"""Small generators that many families draw from: digits, words, people, goods, wrappings."""

from __future__ import annotations

from random import Random
from typing import Final

SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红娥玲芬琳岩鑫宇浩然子轩雨欣怡诗涵梓萱博文俊晨思远嘉懿若曦亦菲一诺"
COMPOUND: Final = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "慕容", "令狐")
FIRST: Final = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Richard",
    "Susan",
    "Joseph",
    "Jessica",
    "Thomas",
    "Sarah",
    "Carlos",
    "Karen",
    "Daniel",
    "Nancy",
    "Priya",
    "Lisa",
    "Wei",
    "Betty",
    "Ahmed",
    "Sandra",
    "Kevin",
    "Ashley",
    "Brian",
    "Donna",
    "Emily",
    "Olga",
    "Sophie",
    "Lars",
    "Ingrid",
    "Mateo",
    "Chloé",
    "Jürgen",
    "Aoife",
]
LAST: Final = [
    "Smith",
    "Johnson",
    "Williams",
    "Brown",
    "Jones",
    "Garcia",
    "Miller",
    "Davis",
    "Rodriguez",
    "Martinez",
    "Hernandez",
    "Lopez",
    "Wilson",
    "Anderson",
    "Thomas",
    "Taylor",
    "Moore",
    "Jackson",
    "Martin",
    "Lee",
    "Perez",
    "Thompson",
    "White",
    "Harris",
    "Sanchez",
    "Clark",
    "Ramirez",
    "Lewis",
    "Robinson",
    "Walker",
    "Young",
    "Allen",
    "King",
    "Wright",
    "Scott",
    "Torres",
    "Nguyen",
    "Hill",
    "Flores",
    "Green",
    "Adams",
    "Nelson",
    "Baker",
    "Hall",
    "Rivera",
    "Campbell",
    "Mitchell",
    "Carter",
    "Roberts",
    "O'Brien",
    "McDonald",
    "Patel",
    "Schmidt",
    "Kramer",
    "Johnston",
]
GOODS_ZH: Final = (
    "无线耳机",
    "连衣裙",
    "电饭煲",
    "运动鞋",
    "蓝牙音箱",
    "猫粮",
    "纸尿裤",
    "保温杯",
    "机械键盘",
    "洗发水",
    "茶叶礼盒",
    "行李箱",
    "台灯",
    "儿童积木",
    "羽绒服",
    "手机壳",
    "空气炸锅",
    "护手霜",
)
GOODS_EN: Final = (
    "wireless mouse",
    "cotton T-shirt",
    "coffee grinder",
    "yoga mat",
    "desk lamp",
    "phone case",
    "running shoes",
    "garden hose",
    "blender",
    "office chair",
    "water bottle",
    "picture frame",
)
HOSTS: Final = ("shop.example", "mail.example", "orders.example", "test.example", "kunde.example", "home.example")
WORDS: Final = [
    "alpha",
    "region",
    "cache",
    "worker",
    "value",
    "total",
    "index",
    "shard",
    "memory",
    "latency",
    "offset",
    "batch",
    "stream",
    "window",
    "token",
    "client",
    "server",
    "render",
    "commit",
    "budget",
    "sample",
    "vector",
    "kernel",
    "module",
    "result",
    "config",
    "output",
    "status",
]


def digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def number(chance: Random, count: int) -> str:
    """Return a number of `count` digits without a leading zero."""
    return chance.choice("123456789") + digits(chance, count - 1)


def name_zh(chance: Random) -> str:
    surname = chance.choice(COMPOUND) if chance.random() < 0.05 else chance.choice(SURNAMES)
    return surname + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2))))


def name_en(chance: Random) -> str:
    middle = f" {chance.choice('ABCDEFGHJKLMNPRST')}." if chance.random() < 0.1 else ""
    return f"{chance.choice(FIRST)}{middle} {chance.choice(LAST)}"


def email(chance: Random) -> str:
    local = f"{chance.choice(FIRST)}{chance.choice(('.', '_', '', '-'))}{chance.choice(LAST)}".lower()
    plain = "".join(one for one in local if one.isascii() and (one.isalnum() or one in "._-"))
    return f"{plain}{digits(chance, chance.choice((0, 0, 2, 3)))}@{chance.choice(HOSTS)}"


def hexes(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789abcdef", k=count))


def price(chance: Random) -> str:
    return f"{chance.randint(1, 9999)}.{chance.randint(0, 99):02}"


def moment(chance: Random) -> str:
    """Return a date and time in ISO 8601."""
    return f"{day(chance)}T{clock(chance)}Z"


def day(chance: Random) -> str:
    return f"{chance.randint(2005, 2027)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"


def clock(chance: Random) -> str:
    return f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"


def word(chance: Random) -> str:
    return chance.choice(WORDS)
