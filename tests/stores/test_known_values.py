from __future__ import annotations

import random
from pathlib import Path

import pytest

from dlp_proxy.stores.known_values import IndexWriter, KnownValues, Value, describe
from dlp_proxy.stores.ports import StoreError

KEY = b"k" * 32


def built(path: Path, values: list[Value], key: bytes = KEY) -> KnownValues:
    writer = IndexWriter(path, key)
    writer.add(values)
    writer.finish({"phone": "std/phone-cn"}, {"phone": 3}, 1_000.0)
    return KnownValues(path, key)


def phones(count: int, seed: int) -> list[Value]:
    chance = random.Random(seed)
    return [("phone", f"13{chance.randrange(10**9):09}") for _ in range(count)]


def test_what_is_in_it_is_known_and_nothing_else(tmp_path: Path) -> None:
    some, others = phones(50_000, 1), phones(50_000, 2)
    index = built(tmp_path / "a.known", some + some)
    assert index.about.values == len(set(some))
    assert all(index.holds(some))
    both = set(some)
    assert index.holds(others) == [value in both for value in others]


def test_the_same_digits_of_another_kind_are_another_value(tmp_path: Path) -> None:
    index = built(tmp_path / "a.known", [("phone", "13800138000")])
    assert index.holds([("order-number", "13800138000"), ("phone", "13800138000")]) == [False, True]


def test_an_index_of_nothing_knows_nothing(tmp_path: Path) -> None:
    index = built(tmp_path / "a.known", [])
    assert (index.about.values, index.holds([("phone", "1")]), index.holds([])) == (0, [False], [])


def test_the_file_holds_no_value_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.known"
    built(path, phones(100, 3))
    assert not any(value.encode() in path.read_bytes() for _, value in phones(100, 3))
    assert path.stat().st_mode & 0o077 == 0
    assert path.stat().st_size == 4096 + 8 * 100


def test_another_key_is_refused_and_makes_another_file(tmp_path: Path) -> None:
    built(tmp_path / "a.known", phones(10, 4))
    built(tmp_path / "b.known", phones(10, 4), b"q" * 32)
    assert (tmp_path / "a.known").read_bytes()[4096:] != (tmp_path / "b.known").read_bytes()[4096:]
    with pytest.raises(StoreError, match="another key"):
        KnownValues(tmp_path / "a.known", b"q" * 32)


def test_whoever_reads_while_a_new_one_is_written_goes_on_with_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.known"
    old = built(path, [("phone", "1")])
    new = built(path, [("phone", "2")])
    asked = [("phone", "1"), ("phone", "2")]
    assert (old.holds(asked), new.holds(asked)) == ([True, False], [False, True])


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff" * 5000])
def test_a_damaged_index_says_what_to_do(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "a.known"
    path.write_bytes(damage)
    with pytest.raises(StoreError, match="build it again"):
        describe(path)


def test_a_cut_index_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.known"
    built(path, phones(10, 5))
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StoreError, match="build it again"):
        KnownValues(path, KEY)
