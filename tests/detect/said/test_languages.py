"""The tables of labels: every language has every kind, and no group is too large for the gate."""

from __future__ import annotations

from dlp_proxy.detect.said.languages import UNCASED, UNSPACED, in_groups, with_plain
from dlp_proxy.detect.said.names import NAMES, PEOPLE
from dlp_proxy.detect.said.orders import BARE, NUMBERED
from dlp_proxy.detect.said.passports import PASSPORTS
from dlp_proxy.detect.said.phones import PHONES
from dlp_proxy.detect.said.waybills import WAYBILLS

TABLES = (PEOPLE, NAMES, NUMBERED, WAYBILLS, PASSPORTS, PHONES)


def test_a_language_has_labels_of_every_kind() -> None:
    assert all(table.keys() == PEOPLE.keys() for table in TABLES)
    assert BARE.keys() <= PEOPLE.keys()
    assert PEOPLE.keys() >= UNSPACED | UNCASED
    assert len(PEOPLE) >= 60


def test_no_label_stands_twice_in_a_language() -> None:
    for table in (*TABLES, BARE):
        twice = {language: words for language, words in table.items() if len(set(words)) != len(words)}
        assert twice == {}


def test_labels_are_written_without_their_accents_too() -> None:
    assert with_plain("número de pedido") == ("número de pedido", "numero de pedido")
    assert with_plain("заказ №") == ("заказ №",)
    assert with_plain("order") == ("order",)


def test_labels_beyond_ascii_stand_apart_from_plain_ones() -> None:
    for table in TABLES:
        mixed = [group for group in in_groups(table) if len({word.isascii() for word in group}) > 1]
        assert mixed == [], "the gate would look for all of them in plain English, letter by letter"


def test_groups_hold_every_label_of_the_languages_asked_for() -> None:
    grouped = {word for group in in_groups(NUMBERED, {"fr", "ja"}) for word in group}
    assert grouped >= {"commande n°", "commande numero", "注文番号"}
    assert "заказ №" not in grouped
