"""From findings to records: one customer each, in every layout."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from dlp_proxy.detect.group import group
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part, Unit
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.sensitive import Sensitive
from tests.detect.shapes import (
    CUSTOMER_CONTACT,
    CUSTOMER_ORDER,
    FEW,
    distinct,
    fingerprint,
    look,
    objects,
    order,
    phone,
    records,
    table,
    text_part,
)

FILLER = "。" * 700


def mail(number: int) -> str:
    return f"buyer{number}@shop.example"


def of_order(number: int) -> bytes:
    return fingerprint("order-number", order(number))


def of_phone(number: int) -> bytes:
    return fingerprint("phone", phone(number))


# Rows.


def test_a_row_is_a_customer() -> None:
    part = table([[order(n), phone(n)] for n in range(60)])
    found = records(part)
    assert [one.identity for one in found] == [of_order(n) for n in range(60)]
    assert [str(one.location) for one in found[:2]] == ["body > row 1", "body > row 2"]
    assert [one.findings for one in found[:2]] == [(0, 1), (2, 3)]
    assert {one.name for one in found} == {"customer-order"}


def test_two_phones_and_an_address_in_a_row_are_one_customer() -> None:
    part = table([[order(1), phone(1), phone(2), "杭州市文三路478号"]])
    assert [(one.identity, one.findings) for one in records(part)] == [(of_order(1), (0, 1, 2, 3))]


def test_neighbouring_rows_that_lack_something_are_text_together() -> None:
    found = records(table([[order(1)], [phone(1)]]))
    assert [(one.identity, str(one.location)) for one in found] == [(of_order(1), "body")]


def test_the_same_customer_in_many_rows_is_one_identity() -> None:
    part = table([[order(1), phone(1)]] * 60)
    assert (len(records(part)), distinct(part)) == (60, 1)


@pytest.mark.parametrize("count", [4, 60])
def test_many_customers_in_one_row_are_a_list(count: int) -> None:
    part = table([[one for n in range(count) for one in (order(n), phone(n))]])
    found = records(part)
    assert [one.identity for one in found] == [of_order(n) for n in range(count)]
    assert [len(one.findings) for one in found] == [2] * count


def test_three_orders_in_one_row_are_one_customer() -> None:
    assert distinct(table([[order(1), order(2), order(3), phone(1)]])) == 1


def test_sixty_orders_of_one_phone_are_sixty() -> None:
    assert distinct(table([[phone(1), *map(order, range(60))]])) == 60


def test_more_values_than_identities_in_a_list_go_to_the_last() -> None:
    found = records(table([[*map(order, range(4)), *map(phone, range(6))]]))
    assert [one.findings for one in found] == [(0, 4), (1, 5), (2, 6), (3, 7, 8, 9)]


def test_a_list_of_phones_under_one_order_is_a_list_by_phone() -> None:
    found = records(table([[order(1), *map(phone, range(10))]]))
    assert [one.identity for one in found] == [of_phone(n) for n in range(10)]


# Objects and forms.


def test_sixty_objects_in_one_are_sixty() -> None:
    part = objects({"orders": [{"id": order(n), "tel": phone(n)} for n in range(60)]})
    assert [one.identity for one in records(part)] == [of_order(n) for n in range(60)]
    assert str(records(part)[3].location) == "body > $.orders[3]"


def test_what_an_inner_object_lacks_the_outer_one_has() -> None:
    part = objects([{"order": {"no": order(n)}, "buyer": {"tel": phone(n)}} for n in range(60)])
    found = records(part)
    assert [one.identity for one in found] == [of_order(n) for n in range(60)]
    assert [one.findings for one in found[:2]] == [(0, 1), (2, 3)]
    assert str(found[0].location) == "body > $[0]"


def test_sixty_values_in_one_object_are_a_list() -> None:
    flat = {f"{kind}{n}": make(n) for n in range(60) for kind, make in (("o", order), ("p", phone))}
    assert distinct(objects(flat)) == 60


def test_columns_of_an_object_are_a_list() -> None:
    orders, phones = [order(n) for n in range(60)], [phone(n) for n in range(60)]
    for value in ({"o": orders, "p": phones}, {"o": {"v": orders}, "p": {"v": phones}}):
        found = records(objects(value))
        assert [one.identity for one in found] == [of_order(n) for n in range(60)]
        assert [one.findings for one in found] == [(n, 60 + n) for n in range(60)]


def test_columns_of_lone_objects_are_a_list() -> None:
    value = {"o": [{"no": order(n)} for n in range(60)], "p": [{"tel": phone(n)} for n in range(60)]}
    assert [one.identity for one in records(objects(value))] == [of_order(n) for n in range(60)]


def test_a_customer_with_sixty_orders_in_objects_is_one() -> None:
    value = {"tel": phone(1), "orders": [{"no": order(n)} for n in range(60)]}
    assert distinct(objects(value)) == 1


def test_columns_without_any_object_around_them_are_a_list() -> None:
    part = table([[*map(order, range(60))], [*map(phone, range(60))]])
    assert distinct(part) == 60


@pytest.mark.parametrize(("count", "customers"), [(1, 1), (2, 2), (3, 3), (4, 4), (60, 60)])
def test_a_form_is_as_many_customers_as_stand_in_it_one_behind_the_other(count: int, customers: int) -> None:
    text = "\n".join(f"o{n}: {order(n)}\np{n}: {phone(n)}" for n in range(count))
    assert distinct(Part(Location("body"), text, (Unit(0, len(text), "form", ""),))) == customers


# Text.


def test_sixty_lines_of_text_are_sixty() -> None:
    found = records(text_part("\n".join(f"{order(n)} 收件人 {phone(n)}" for n in range(60))))
    assert [one.identity for one in found] == [of_order(n) for n in range(60)]
    assert [one.findings for one in found] == [(2 * n, 2 * n + 1) for n in range(60)]


def test_the_phone_may_stand_before_its_order() -> None:
    found = records(text_part("\n".join(f"{phone(n)} {order(n)}" for n in range(5))))
    assert [one.findings for one in found] == [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]


def test_two_phones_and_one_order_in_text_are_one_record() -> None:
    found = records(text_part(f"{order(1)} {phone(1)} 或 {phone(2)}"))
    assert [(one.findings, one.beside) for one in found] == [((0, 1), (2,))]


@pytest.mark.parametrize(("between", "count"), [(300, 1), (301, 0)])
def test_a_record_in_text_reaches_as_far_as_its_window(between: int, count: int) -> None:
    assert len(records(text_part(f"{order(1)}{'。' * between}{phone(1)}"))) == count
    assert len(records(text_part(f"{phone(1)}{'。' * between}{order(1)}"))) == count


def test_a_customer_named_again_far_away_is_still_one() -> None:
    once = f"{order(1)} {phone(1)}"
    assert distinct(text_part(once + FILLER + once)) == 1
    assert distinct(text_part(once + FILLER + f"{order(1)} {phone(2)}")) == 1
    assert distinct(text_part(FILLER.join([once] * 20))) == 1


def test_a_customer_named_twice_has_one_record_of_all_its_findings() -> None:
    once = f"{order(1)} {phone(1)}"
    assert [one.findings for one in records(text_part(once + FILLER + once))] == [(0, 1, 2, 3)]
    assert [one.findings for one in records(text_part(once + FILLER + order(1)))] == [(0, 1)]


def test_blocks_of_lines_are_a_customer_each() -> None:
    text = "\n\n".join(f"订单 {order(n)}\n很长的说明文字，写给仓库看的\n电话 {phone(n)}" for n in range(20))
    assert [one.findings for one in records(text_part(text))] == [(2 * n, 2 * n + 1) for n in range(20)]


def test_a_finding_serves_one_record() -> None:
    found = records(text_part(f"{order(1)} {phone(1)} {order(2)}"))
    assert [(one.findings, one.beside) for one in found] == [((0, 1), (2,))]


def test_without_an_order_a_contact_is_known_by_its_phone_then_its_mail() -> None:
    part = text_part(f"{phone(1)} {mail(1)}{FILLER}{mail(2)} 地址：杭州市文三路478号")
    found = records(part, spec=CUSTOMER_CONTACT)
    assert [one.identity for one in found] == [of_phone(1), fingerprint("email", mail(2))]


def test_units_the_record_is_not_looked_for_in_do_not_count() -> None:
    rows_only = RecordSpec("r", ("order-number",), ("std/phone-cn",), 1, ("row",), 300, ("order-number",))
    assert len(records(text_part(f"{order(1)} {phone(1)}"), spec=rows_only)) == 0
    assert len(records(objects({"o": order(1), "p": phone(1)}), spec=rows_only)) == 0
    assert len(records(table([[order(1), phone(1)]]), spec=rows_only)) == 1


# What counts.


def test_findings_below_the_confidence_do_not_count() -> None:
    part = table([[order(1), "x-13800138000"]])
    findings = look(part, detectors=FEW)
    assert [one.confidence for one in findings] == [Confidence.HIGH, Confidence.LOW]
    assert group([part], findings, CUSTOMER_ORDER, Confidence.MEDIUM) == ()
    assert len(group([part], findings, CUSTOMER_ORDER, Confidence.LOW)) == 1


def test_some_means_so_many_different_detectors() -> None:
    assert records(table([[phone(1), phone(2)]]), spec=CUSTOMER_CONTACT) == ()
    assert len(records(table([[phone(1), mail(1)]]), spec=CUSTOMER_CONTACT)) == 1


LANDLINES: Final = replace(
    CUSTOMER_CONTACT,
    has_some=("std/phone-cn", "std/landline-cn", "std/address-cn", "std/email"),
    identify_by=("std/phone-cn", "std/landline-cn", "std/email", "std/address-cn"),
    not_only=("std/landline-cn", "std/address-cn"),
)


def people(part: Part, spec: RecordSpec = LANDLINES) -> int:
    return len(group([part], look(part), spec, Confidence.MEDIUM))


def shop(number: int) -> list[str]:
    return [f"北京万达店{number}", f"电话：010-6552{number * 137 % 9000 + 1000}", f"北京市朝阳区建国路{number + 1}号"]


def test_what_is_not_to_be_only_makes_no_record_in_any_layout() -> None:
    shops = [shop(number) for number in range(30)]
    assert people(table(shops), replace(LANDLINES, not_only=())) == 30
    assert people(table(shops)) == 0
    assert people(table([list(column) for column in zip(*shops, strict=True)])) == 0
    assert people(text_part("\n\n".join("\n".join(one) for one in shops))) == 0


def test_with_anything_else_beside_it_makes_one() -> None:
    rows = [[*shop(number), phone(number) if number % 3 else mail(number)] for number in range(30)]
    assert people(table(rows)) == 30
    assert people(table([*rows[:10], *map(shop, range(10, 30))])) == 10
    assert people(text_part("\n\n".join("\n".join(one) for one in rows))) == 30


def test_a_record_needs_one_of_its_identities() -> None:
    by_order = RecordSpec("r", (), ("std/phone-cn", "std/email"), 2, ("row", "text"), 300, ("order-number",))
    assert records(table([[phone(1), mail(1)]]), spec=by_order) == ()
    assert len(records(table([[phone(1), mail(1), order(1)]]), spec=by_order)) == 1


def test_other_detectors_are_not_part_of_a_record() -> None:
    part = table([[order(1), "11010519491231002X", phone(1)]])
    assert [one.findings for one in records(part)] == [(0, 2)]


def test_parts_are_apart() -> None:
    assert records(text_part(order(1)), text_part(phone(1))) == ()
    found = records(table([[order(1), phone(1)]]), text_part(f"{order(2)} {phone(2)}"))
    assert [one.findings for one in found] == [(0, 1), (2, 3)]


def test_a_value_at_the_very_end_of_the_window_is_part_of_the_record() -> None:
    assert [one.findings for one in records(text_part(f"{order(1)}{'。' * 300}{phone(1)}"))] == [(0, 1)]


def test_text_without_units_is_never_a_list_by_columns() -> None:
    far = " ".join(map(order, range(5))) + FILLER + " ".join(map(phone, range(5)))
    assert records(text_part(far)) == ()


CONTACT_OR_LANDLINE: Final = replace(
    CUSTOMER_CONTACT,
    has_some=("std/landline-cn", "std/phone", "std/email"),
    identify_by=("std/landline-cn", "std/phone", "std/email"),
)


def test_a_column_of_two_kinds_of_telephones_is_no_list_of_customers() -> None:
    """Each line has one number; a mobile in one and a landline in another are not two ways to reach one person."""
    numbers = [f"0571-8{5123476 + 7 * n}" if n % 2 else f"+44 20 7946 {1000 + n}" for n in range(80)]
    part = text_part("\n\n\n".join(f"{number}  {'alpha ' * 60}" for number in numbers))
    findings = look(part)
    assert len(findings) >= 80
    assert group([part], findings, CONTACT_OR_LANDLINE, Confidence.LOW) == ()


def test_one_landline_among_the_telephones_of_a_list_is_nobody_s_second() -> None:
    numbers = [f"+44 20 7946 {1000 + n}" for n in range(20)]
    part = text_part("\n".join(f"{number}  alpha" for number in (*numbers, "0571-85123476", *numbers[::-1])))
    assert group([part], look(part), CONTACT_OR_LANDLINE, Confidence.LOW) == ()


# An order amid customers whose own orders have no number that is known.


@pytest.mark.parametrize("comes", ["before", "behind"])
def test_a_lone_order_takes_who_stands_beside_it(comes: str) -> None:
    lines = [f"{phone(n)}\n{mail(n)}\n" for n in range(12)]
    lines[6] = f"{order(6)}\n{lines[6]}" if comes == "before" else f"{lines[6]}{order(6)}\n"
    part = text_part("".join(lines))
    (one,) = records(part)
    held = {look(part, detectors=FEW)[index].fingerprint for index in one.findings}
    assert held <= {of_order(6), *(of for n in (5, 6) for of in (of_phone(n), fingerprint("email", mail(n))))}
    assert len(held) == 3
    assert one.beside == ()


def test_a_lone_order_of_a_whole_does_not_take_all_that_lies_in_it() -> None:
    part = objects({"list": [{"phone": phone(n)} for n in range(12)], "first": {"number": order(1)}})
    (one,) = records(part)
    assert len(one.findings) == 2


def test_an_order_with_three_phones_is_one_customer_still() -> None:
    part = text_part(f"{order(1)}\n" + "".join(f"{phone(n)}\n" for n in range(3)))
    (one,) = records(part)
    assert len(one.findings) + len(one.beside) == 4


NUMBERS: Final = replace(
    CUSTOMER_CONTACT,
    has_some=("std/phone-cn", "std/phone", "std/phone-national", "std/email"),
    identify_by=("std/phone-cn", "std/phone", "std/phone-national", "std/email"),
    not_only_of_places=("std/phone", "std/phone-national"),
)


def found(part: Part, *values: tuple[str, str]) -> list[Finding]:
    """Return findings of detectors at the places of their values, as a scan would."""
    return [
        Finding(
            f"std/{detector}",
            "email" if detector == "email" else "phone",
            0,
            part.text.index(value),
            part.text.index(value) + len(value),
            part.location,
            Confidence.HIGH,
            Sensitive(value),
            fingerprint("phone", value),
            (),
        )
        for detector, value in values
    ]


NUMBER: Final = ("phone", "+7 495 123 4567")


@pytest.mark.parametrize(
    ("beside", "in_text", "in_row"),
    [
        (("phone-national", "8 (495) 123-45-67"), 0, 0),  # one number in two spellings
        (("phone-national", "8 (812) 222-33-44"), 0, 1),  # two numbers that shops have too
        (("phone-cn", "13800138000"), 1, 1),
        (("email", "li.na@mail.example"), 1, 1),
    ],
)
def test_numbers_alone_are_nobodys(beside: tuple[str, str], in_text: int, in_row: int) -> None:
    for part, expected in (
        (text_part(f"{NUMBER[1]} {beside[1]}"), in_text),
        (table([[NUMBER[1], beside[1]]]), in_row),
    ):
        assert len(group([part], found(part, NUMBER, beside), NUMBERS, Confidence.MEDIUM)) == expected
