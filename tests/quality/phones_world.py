"""International numbers: random valid numbers of every region of the numbering plans, in the written forms."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from tests.quality.case import Family, mark
from tests.quality.chance import digits, name_en, number, price

REGIONS: Final = tuple(sorted(phonenumbers.SUPPORTED_REGIONS))
TYPES: Final = (
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.VOIP,
    PhoneNumberType.UAN,
)


def valid(chance: Random, region: str | None = None) -> tuple[str, PhoneNumber]:
    """Return a region and a random number that its plan calls valid."""
    while True:
        where = region or chance.choice(REGIONS)
        example = phonenumbers.example_number_for_type(where, chance.choice(TYPES))
        if example is None or example.national_number is None or example.country_code is None:
            continue
        national = phonenumbers.national_significant_number(example)
        for keep in (chance.randint(2, 4), 4, 5):
            changed = national[:keep] + digits(chance, max(0, len(national) - keep))
            leading = len(changed) - len(changed.lstrip("0"))
            one = PhoneNumber(
                country_code=example.country_code,
                national_number=int(changed),
                italian_leading_zero=leading > 0 or None,
                number_of_leading_zeros=leading if leading > 1 else None,
            )
            if phonenumbers.is_valid_number_for_region(one, where):
                return where, one
        return where, example


def international(one: PhoneNumber) -> str:
    return phonenumbers.format_number(one, PhoneNumberFormat.INTERNATIONAL)


def e164(one: PhoneNumber) -> str:
    return phonenumbers.format_number(one, PhoneNumberFormat.E164)


def national(one: PhoneNumber) -> str:
    return phonenumbers.format_number(one, PhoneNumberFormat.NATIONAL)


def _signs(sign: str) -> Callable[[PhoneNumber], str]:
    return lambda one: international(one).replace(" ", sign).replace("-", sign)


def _brackets(one: PhoneNumber) -> str:
    """``+CC (first group) rest``."""
    code, _, rest = international(one).partition(" ")
    first, _, others = rest.partition(" ")
    return f"{code} ({first}) {others}" if others else f"({code}) {first}"


def _bracket_code(one: PhoneNumber) -> str:
    code, _, rest = international(one).partition(" ")
    return f"({code}) {rest}"


def _zero_zero(one: PhoneNumber) -> str:
    return "00" + international(one).removeprefix("+")


def _code_then_digits(one: PhoneNumber) -> str:
    return f"+{one.country_code} {phonenumbers.national_significant_number(one)}"


FORMS: Final[dict[str, Callable[[PhoneNumber], str]]] = {
    "e164": e164,
    "international": international,
    "dashes": _signs("-"),
    "dots": _signs("."),
    "no-break-spaces": _signs("\u00a0"),
    "brackets": _brackets,
    "bracket-code": _bracket_code,
    "code-then-digits": _code_then_digits,
}


def in_context(chance: Random, value: str) -> str:
    """Put a marked number into a short text, a table or JSON; without a word that says what it is, half of the time."""
    name = name_en(chance)
    return chance.choice(
        (
            value,
            f"{name} {value}",
            f"{name}, {value}, ordered twice",
            f"Please call {value} before noon.",
            f"Phone: {value}",
            f"Tél. : {value}",
            f"Telefon: {value}",
            f"Teléfono: {value} (oficina)",
            f"тел. {value}",
            f"電話番号：{value}",
            f"联系电话{value}谢谢",
            f"WhatsApp {value}",
            f'{{"name": "{name}", "phone": "{value}"}}',
            f"name,phone,total\n{name},{value},{price(chance)}",
            f"{number(chance, 5)}\t{name}\t{value}\tshipped",
            f"--\n{name}\nSales manager\nM {value}\n",
            f"({value})",
            f"<td>{value}</td>",
            f"you can text me ({value}) or mail",
            json.dumps([{"contact": value, "qty": 2}], ensure_ascii=False),
        )
    )


def _form(name: str) -> Callable[[Random], str]:
    return lambda chance: in_context(chance, mark("phone", FORMS[name](valid(chance)[1])))


def _prefix(chance: Random) -> str:
    value = mark("phone", _zero_zero(valid(chance)[1]))
    return chance.choice(
        ("Phone: {}", "Tel. {}", "call {} from abroad", "电话：{}", "Telefon {}", "{}", 'tel,"{}"')
    ).format(value)


def _rfc3966(chance: Random) -> str:
    value = phonenumbers.format_number(valid(chance)[1], PhoneNumberFormat.RFC3966).removeprefix("tel:")
    return chance.choice(('<a href="tel:{}">call</a>', "tel:{}", "[call us](tel:{})")).format(mark("phone", value))


_LABELS: Final = {
    "CN": "电话",
    "TW": "電話",
    "HK": "電話",
    "JP": "電話番号",
    "KR": "전화",
    "DE": "Telefon",
    "FR": "Téléphone",
    "ES": "Teléfono",
    "RU": "Телефон",
    "BR": "Telefone",
    "IT": "Telefono",
}


def _national_labelled(chance: Random) -> str:
    where, one = valid(chance)
    value = mark("phone", national(one))
    label = chance.choice((_LABELS.get(where, "Phone"), "Phone", "Tel", "Mobile"))
    return chance.choice(
        (
            f"{label}: {value}",
            f"{name_en(chance)}\n{label} {value}",
            f'{{"phone": "{value}"}}',
            f"name,phone\n{name_en(chance)},{value}",
        )
    )


def _nanp(chance: Random) -> str:
    _, one = valid(chance, "US")
    text = phonenumbers.national_significant_number(one)
    form = chance.choice(
        (
            "({}) {}-{}",
            "{}-{}-{}",
            "{}.{}.{}",
            "1-{}-{}-{}",
            "({}){}-{}",
            "{} {} {}",
            "+1 ({}) {}-{}",
            "+1-{}-{}-{}",
            "+1 {} {} {}",
            "+1.{}.{}.{}",
        )
    )
    value = mark("phone", form.format(text[:3], text[3:6], text[6:]))
    name = name_en(chance)
    return chance.choice(
        (
            f"Phone: {value}",
            f"Call me at {value}",
            f"{name} | {value} | order shipped",
            f'{{"name":"{name}","phone":"{value}"}}',
            f"{name}, cell {value}",
            f"Customer {name} can be reached at {value}.",
        )
    )


FAMILIES: Final = (
    *(Family(f"phone/world/{name}", _form(name), ("phone",), 0.98) for name in FORMS),
    Family("phone/world/rfc3966", _rfc3966, ("phone",), 0.98),
    Family("phone/world/00", _prefix, ("phone",), 0.95),
    Family("phone/national/labelled", _national_labelled, ("phone",)),
    Family("phone/national/us", _nanp, ("phone",), 0.95),
)
