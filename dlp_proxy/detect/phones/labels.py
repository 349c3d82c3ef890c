"""What people write before a phone number of their own country, by language.

Sources: the words for telephone, mobile and call in Unicode CLDR's languages, with the abbreviations in use on business
cards there. Chinese mainland numbers have detectors of their own.
"""

from __future__ import annotations

from itertools import product
from typing import Final

_SAID: Final = tuple(
    f"{verb} {whom}{word}"
    for verb, whom, word in product(
        ("call", "ring", "reach", "text", "phone", "contact", "whatsapp", "message"),
        ("", "me ", "us ", "him ", "her ", "them "),
        ("on", "at"),
    )
)
_OWNED: Final = tuple(
    f"{whose} {kind}number is" for whose, kind in product(("my", "our", "his", "her", "their", "your"), ("", "new "))
)

WORDS: Final = (
    "phone", "telephone", "tel", "mobile", "cell", "cellphone", "call", "ring", "text", "dial", "fax", "phone number",
    "phone no", "mobile number", "mobile no", "contact number", "contact no", "tel no", "tel. no", "telephone number",
    "cell no", "whatsapp", "hotline", "mob", *_SAID, *_OWNED,
    # German, French, Spanish, Italian, Portuguese, Dutch, of the north, of the Baltic
    "telefon", "telefonnummer", "mobil", "mobilnummer", "rufnummer", "rückruf unter", "unter", "natel",
    "tél", "téléphone", "telefono", "teléfono", "móvil", "celular", "tlf", "tfno", "cellulare",
    "telefone", "telemóvel", "telemovel", "telefoon", "mobiel", "mobilnr", "puhelin", "matkapuhelin",
    "puh", "telefonas", "tālrunis", "appelez-moi au", "llámame al",
    # of the east and the south-east of Europe, Turkey
    "telefón", "komórka", "tel. kom", "кон тел", "телефон", "тел", "моб", "мобильный", "мобільний",
    "τηλ", "τηλέφωνο", "κινητό", "cep tel", "cep telefonu",
    # of Asia and Africa
    "전화", "전화번호", "휴대폰", "휴대전화", "핸드폰", "연락처", "โทร", "โทรศัพท์", "เบอร์โทร", "มือถือ", "điện thoại",
    "sđt", "đt", "telepon", "telp", "no hp", "no. hp", "no. telefon", "هاتف", "تليفون", "تلفن", "جوال",
    "الجوال", "موبايل", "موبایل", "طلفون", "טלפון", "נייד", "फ़ोन", "फोन", "मोबाइल", "जवाल", "মোবাইল",
    "ফোন",
)  # fmt: skip
"""Enough by themselves, with a mark behind them or none."""

MARKED: Final = ("ph", "hp", "cel", "cel no", "gsm", "kom", "handy", "portable", "fono", "fone", "tlph", "cep")
"""Words of other senses: only with a mark behind."""

CHINESE: Final = (
    "電話", "电话", "手機", "手机", "連絡先", "携帯", "電話番号", "携帯電話", "携帯番号", "連絡電話", "聯絡電話",
)  # fmt: skip
"""In the scripts of China, Japan, Taiwan and Hong Kong."""
