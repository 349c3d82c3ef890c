"""A place by its name, with a telephone and an address, is no customer; the same beside a person is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from dlp_proxy.detect.group import group
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.message import Part
from dlp_proxy.model.record import RecordSpec
from tests.detect.shapes import look, objects, table, text_part

CONTACT: Final = RecordSpec(
    name="customer-contact",
    has=(),
    has_some=("std/phone-cn", "std/phone", "std/address", "std/email"),
    has_some_at_least=2,
    units=("row", "object", "form", "text"),
    text_window=300,
    identify_by=("std/phone-cn", "std/phone", "std/email", "std/address"),
    not_only_of_places=("std/phone", "std/address"),
)
COUNT: Final = 30
TOWNS: Final = (("Springfield", "IL 62704", "217"), ("Austin", "TX 78701", "512"), ("San Diego", "CA 92101", "619"))
STREETS: Final = ("Maple Ave", "Oak St", "Lakeside Plaza Dr", "River Rd")
KINDS: Final = ("Downtown Branch", "Mall", "City Office")
PEOPLE: Final = ("James Smith", "María José García", "Nguyễn Văn An", "Seán O'Brien")


def town(number: int) -> str:
    return TOWNS[number % len(TOWNS)][0]


def reached(number: int) -> tuple[str, str]:
    """Return an address and a telephone as both people and places have them."""
    name, code, area = TOWNS[number % len(TOWNS)]
    street = STREETS[number % len(STREETS)]
    return f"{number * 7 + 11} {street}, {name}, {code}", f"({area}) 555-{number * 37 % 9000 + 1000}"


def reached_by_name(number: int) -> dict[str, str]:
    return dict(zip("ap", reached(number), strict=True))


def hl7(number: int) -> str:
    """Return a name as HL7 writes it, the last part first."""
    return "^".join(reversed(person(number).split(" ", 1)))


def place(number: int) -> str:
    return f"{town(number)} {KINDS[number % len(KINDS)]}"


def person(number: int) -> str:
    return PEOPLE[number % len(PEOPLE)]


def customers(part: Part) -> int:
    return len(group([part], look(part), CONTACT, Confidence.MEDIUM))


def rows(*cells: str, columns: tuple[str, ...] = ()) -> Part:
    """Return a table with a row for each number, its cells with `place`, `person` and so on written out."""
    made = []
    for number in range(COUNT):
        address, telephone = reached(number)
        known = {"place": place(number), "person": person(number), "town": town(number), "address": address}
        known |= {"phone": telephone, "first": person(number).split()[0], "number": str(number + 100)}
        made.append([cell.format_map(known) for cell in cells])
    return table([list(columns), *made] if columns else made, columns)


PLACES: Final = [
    pytest.param(rows("{place}", "{address}", "{phone}"), id="a noun in a name"),
    pytest.param(rows("{town}", "{address}", "{phone}"), id="a town in front of its address"),
    pytest.param(rows("{number}", "{address}", "{phone}", columns=("Branch No", "Address", "Phone")), id="a column"),
    pytest.param(
        rows("Acme {town}", "{address}", "{phone}", "Mon-Sat 9-21", columns=("Store", "Address", "Tel", "Hours")),
        id="a store",
    ),
    pytest.param(
        rows("{place}", "{address}", "{phone}", "info@acme.example", columns=("Name", "Address", "Tel", "Mail")),
        id="a mail address of its own",
    ),
    pytest.param(objects({"stores": [{"a": a, "p": p} for a, p in map(reached, range(COUNT))]}), id="a list of stores"),
    pytest.param(
        objects([{"site": f"Nr {n}", "at": {"a": reached(n)[0], "p": reached(n)[1]}} for n in range(COUNT)]),
        id="a field beside the object",
    ),
    pytest.param(text_part("\n\n".join("\n".join((place(n), *reached(n))) for n in range(COUNT))), id="a line above"),
    pytest.param(
        text_part("\n\n".join(f"{town(n)} office\n\n{'  '.join(reached(n))}" for n in range(COUNT))), id="a heading"
    ),
    pytest.param(
        text_part("\n\n".join("Branch: {}\nAddress: {}\nTel: {}".format(town(n), *reached(n)) for n in range(COUNT))),
        id="a label",
    ),
    pytest.param(
        text_part("\n".join(f"- **{place(n)}** – {' – '.join(reached(n))}" for n in range(COUNT))), id="items"
    ),
]

PERSONS: Final = [
    pytest.param(rows("{address}", "{phone}"), id="no name at all"),
    pytest.param(rows("{person}", "{place}", "{address}", "{phone}"), id="a person in front of the place"),
    pytest.param(rows("{place}", "{person}", "{address}", "{phone}"), id="a person behind the place"),
    pytest.param(rows("{town}", "{address}", "{phone}", columns=("City", "Address", "Phone")), id="a column of towns"),
    pytest.param(
        rows("{place}", "{first}", "{address}", "{phone}", columns=("Store", "First name", "Address", "Phone")),
        id="a column of names",
    ),
    pytest.param(
        rows("{number}", "{place}", "{address}", "{phone}", columns=("Member ID", "Branch", "Address", "Phone")),
        id="a column of members",
    ),
    pytest.param(
        rows("{address}", "{phone}", "Left at the front office", columns=("Address", "Phone", "Note")), id="a remark"
    ),
    pytest.param(
        rows(
            "{place}",
            "{address}",
            "{phone}",
            "buyer{number}@mail.example",
            columns=("Store", "Address", "Phone", "Mail"),
        ),
        id="a person's mail address",
    ),
    pytest.param(
        objects([{"store": {"name": place(n)}, "customer": reached_by_name(n)} for n in range(COUNT)]),
        id="an object of a customer",
    ),
    pytest.param(
        text_part("\n\n".join("\n".join((person(n), "Park Plaza", *reached(n))) for n in range(COUNT))),
        id="a person who lives at a plaza",
    ),
    pytest.param(
        text_part("Sales office, customers\n\n" + "\n".join("  ".join((person(n), *reached(n))) for n in range(COUNT))),
        id="a title of a list",
    ),
    pytest.param(
        text_part("\n\n".join(f"Customer: {n}\nStore: Austin\n{'; '.join(reached(n))}" for n in range(COUNT))),
        id="a label of customers",
    ),
    pytest.param(
        text_part("\r".join(f"MSH|^~|PHARM|SHOP|CRM\rPID|1||{hl7(n)}||{'||'.join(reached(n))}" for n in range(COUNT))),
        id="a message of HL7 from a shop",
    ),
]


@pytest.mark.parametrize("part", PLACES)
def test_a_place_is_no_customer(part: Part) -> None:
    assert customers(part) == 0


@pytest.mark.parametrize("part", PERSONS)
def test_a_person_is_one_though_a_place_is_named(part: Part) -> None:
    assert customers(part) == COUNT


def test_a_mobile_of_china_makes_a_place_a_customer() -> None:
    """As with landlines, anything that only a person has does."""
    found = table([[place(n), *reached(n), f"139{n * 31415927 % 10**8:08}"] for n in range(COUNT)])
    assert customers(found) == COUNT


MEETING: Final = replace(CONTACT, not_only=("std/address",), not_only_of_places=())


def meetings(*mails: str) -> Part:
    some = [{"location": reached(number)[0], "attendee": mails[number % len(mails)]} for number in range(COUNT)]
    return objects(some)


def test_an_address_with_a_mail_of_many_is_a_meeting() -> None:
    part = meetings("li.na@corp.example", "bob@corp.example", "ann@corp.example")
    assert len(group([part], look(part), MEETING, Confidence.MEDIUM)) == 0


def test_an_address_with_the_mails_of_many_is_a_meeting() -> None:
    some = [{"location": reached(0)[0], "attendee": f"colleague{number}@corp.example"} for number in range(COUNT)]
    part = objects(some)
    assert len(group([part], look(part), MEETING, Confidence.MEDIUM)) == 0


def test_an_address_with_a_mail_of_its_own_is_a_customer() -> None:
    part = meetings(*(f"buyer{number}@shop.example" for number in range(COUNT)))
    assert len(group([part], look(part), MEETING, Confidence.MEDIUM)) == COUNT


def test_a_mobile_with_a_mail_of_many_is_a_customer() -> None:
    some = [{"phone": str(13_800_138_000 + 7919 * number), "mail": "sales@corp.example"} for number in range(COUNT)]
    part = objects(some)
    assert len(group([part], look(part), MEETING, Confidence.MEDIUM)) == COUNT
