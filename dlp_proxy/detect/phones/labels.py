"""What people write before a phone number of their own country, by language.

Sources: the words for telephone, mobile and call in Unicode CLDR's languages, with the abbreviations in use on business
cards there. Chinese mainland numbers have detectors of their own.
"""

from __future__ import annotations

from itertools import product
from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.late import late

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
    "cell no", "whatsapp", "msisdn", "hotline", "mob", *_SAID, *_OWNED,
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

LONGER: Final[tuple[tuple[str, ...], ...]] = (
    (
        "appelez le", "appeler le", "appelez-nous au", "joindre au", "llame al", "llamar al", "llámenos al",
        "chiamare il", "chiamate il", "ligue para", "ligar para", "zadzwoń", "telefonszám", "puhelinnumero",
        "número de teléfono", "numéro de téléphone", "numero di telefono", "número de telefone", "telefoonnummer",
        "numer telefonu", "telefonní číslo", "telefónne číslo", "broj telefona", "număr de telefon",
        "telefon numarası", "nomor telepon", "nomor hp",
    ),
    (
        "mon numéro", "mi número", "mi número es", "mi teléfono es", "meine nummer", "il mio numero", "meu número",
        "mijn nummer", "mitt nummer", "nomor saya", "мой номер", "мій номер", "رقمي", "ورقمي", "numaram",
    ),
    ("звоните", "позвоните", "номер телефона", "номер телефону", "утас"),
    ("հեռախոս", "հեռ", "ტელეფონი", "ტელ"),
    ("فون", "موبائل", "تلفون", "رقم الهاتف", "شماره تلفن", "số điện thoại", "หมายเลขโทรศัพท์", "ስልክ"),
    ("தொலைபேசி", "ఫోన్", "ಫೋನ್", "ഫോൺ", "ફોન", "ਫੋਨ", "දුරකථන", "ဖုန်း", "ទូរស័ព្ទ", "ໂທລະສັບ"),
)  # fmt: skip
"""More of the same, in parts: one pattern of all would be too large for the gate, and be looked for everywhere."""

MARKED: Final = ("ph", "hp", "cel", "cel no", "gsm", "kom", "handy", "portable", "fono", "fone", "tlph", "this number")
"""Words of other senses: only with a mark behind."""

TURKISH: Final = ("cep",)
"""A mobile in Turkey, a postcode in Brazil."""

CHINESE: Final = (
    "電話", "电话", "手機", "手机", "座机", "座機", "固话", "固話", "传真", "傳真", "总机", "總機",
    "連絡先", "携帯", "電話番号", "電話番号は", "携帯電話", "携帯番号", "携帯番号は", "連絡電話", "聯絡電話",
)  # fmt: skip
"""In the scripts of China, Japan, Taiwan and Hong Kong."""

_EVERY: Final = (*WORDS, *(word for some in LONGER for word in some), *MARKED, *TURKISH)
# What may stand between a label and its number, or between "call me" and "at".
LABEL: Final = late(
    rf"(?i:(?<![\p{{L}}\p{{N}}])(?:{any_of(_EVERY)})|{any_of(CHINESE)})[s.]{{0,2}}[ \t]{{0,2}}"
    r"(?:(?i:is|no|nr|num|number|at|on)\b)?[\s.:：=#)\"'|>]{0,6}\(?\Z"
)
"""A label that ends where a number begins."""
