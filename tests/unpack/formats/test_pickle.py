from __future__ import annotations

import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.unpack.customers import COUNT, SOME, nested, reasons, rows, seen
from tests.unpack.samples import text_of, tight, unpack_body, zipped


@dataclass
class Customer:
    number: str
    name: str
    phone: str
    address: str


VALUES: dict[str, Any] = {
    "dicts": rows(),
    "tuples": [one.cells for one in SOME],
    "objects": [Customer(*one.cells) for one in SOME],
    "ordered": [OrderedDict(one) for one in rows()],
    "nested": {"orders": nested()},
}


@pytest.mark.parametrize("name", sorted(VALUES))
@pytest.mark.parametrize("protocol", range(6))
def test_every_row_in_every_protocol(name: str, protocol: int) -> None:
    assert seen(pickle.dumps(VALUES[name], protocol)) == ("pickle", COUNT, [])


def test_nothing_is_called(tmp_path: Path) -> None:
    canary = tmp_path / "called"
    evil = b"cos\nsystem\n(S'touch %s'\ntR." % str(canary).encode()
    for body in (evil, pickle.dumps(rows())[:-1] + evil):
        assert "touch" in text_of(unpack_body(body))
    assert not canary.exists()


def test_what_holds_itself_ends() -> None:
    loop: list[Any] = ["13800138000"]
    loop.append(loop)
    assert "13800138000" in text_of(unpack_body(pickle.dumps(loop)))
    laughs: list[Any] = ["lol"] * 10
    for _ in range(30):
        laughs = [laughs] * 10
    assert len(text_of(unpack_body(pickle.dumps(laughs)))) < 10_000


@pytest.mark.parametrize(
    "body",
    [
        b"\x80\x02]" + b"(]" * 5 + b"2e" * 500 + b".",
        b"\x80\x02\x8b\xff\xff\xff\x7f" + b"x" * 100 + b".",
        b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".",
        pickle.dumps(rows())[:3000] + b".",
        b"\x80\x05.",
        b"\x80\x02e.",
    ],
)
def test_hostile_pickles_are_a_gap(body: bytes) -> None:
    assert set(reasons(body)) <= {"malformed", "too-deep", "unknown-format"}
    assert "failed" not in reasons(body)


def test_a_flood_of_values_is_a_gap() -> None:
    assert reasons(b"\x80\x02](" + b"K\x01" * 200_000 + b"e.", tight(expanded_bytes=1 << 20)) == ["too-large"]


def test_what_one_pickle_took_is_free_for_the_next() -> None:
    one = pickle.dumps(list(range(1000)))
    assert reasons(zipped({f"{number}.pkl": one for number in range(60)}), tight(expanded_bytes=8 << 20)) == []
