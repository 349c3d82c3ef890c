"""Long bodies are read in windows; what is found is what reading them whole finds."""

from __future__ import annotations

import random
from datetime import date

import pytest

from dlp_proxy.pipeline import Engine, inspect, inspect_windows
from dlp_proxy.policy.load import load
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.unpack.windows import has_lines, windows
from tests.pipeline.test_enough import POLICY, message


@pytest.fixture(scope="module")
def engine() -> Engine:
    loaded = load({"orders.yaml": POLICY}, date(2026, 1, 1), {})
    assert loaded.policy is not None
    return Engine(loaded.policy, KeyedFingerprint(b"k" * 32))


_HEADER = "order,name,phone,city\n"


def _table(rows: int, seed: int) -> bytes:
    some = random.Random(seed)
    return (_HEADER + "".join(f"A{i},n{i},1{some.randrange(10**10):010},c\n" for i in range(rows))).encode()


@pytest.mark.parametrize("seed", range(20))
def test_no_row_is_lost_cut_or_seen_twice_and_each_window_has_the_header(seed: int) -> None:
    body = _table(200, seed)
    seen = list(windows(body, random.Random(seed).randrange(40, 900)))
    assert len(seen) > 3
    assert all(one.startswith(_HEADER.encode()) for one in seen)
    assert b"".join([seen[0], *(one.removeprefix(_HEADER.encode()) for one in seen[1:])]) == body


def test_a_line_longer_than_a_window_is_read_over_the_seam() -> None:
    body = b"first\n" + b"x" * 995 + b"13800138000" + b"y" * 900
    assert sum(b"13800138000" in one for one in windows(body, 1000)) >= 1


@pytest.mark.parametrize("body", [b'{"a": 1}\n', b"--b\r\n", b"PK\x03\x04\n\0\0", b"\xff\xfea\0\n\0", b"no line"])
def test_documents_and_containers_are_not_cut(body: bytes) -> None:
    assert not has_lines(body)


@pytest.mark.parametrize("size", [700, 3000, 20_000])
def test_windows_find_the_customers_that_the_whole_has(engine: Engine, size: int) -> None:
    pick = random.Random(size)
    body = (
        "order,phone\n"
        + "".join(f"SO-{pick.randrange(10**6):06},138{pick.randrange(10**8):08}\n" for _ in range(15))
        + "".join(f"plain {index},none\n" for index in range(2000))
        + "".join(f"SO-{pick.randrange(10**6):06},139{pick.randrange(10**8):08}\n" for _ in range(15))
    ).encode()
    whole = inspect(message(body.decode()), engine)
    parts = inspect_windows(message(""), body, engine, size)
    for key, records in whole.records.items():
        assert sorted(one.identity for one in parts.records[key]) == sorted(one.identity for one in records)
    assert len(whole.findings) == len(parts.findings) > 0
    assert parts.bytes == len(body)
    assert not parts.gaps


@pytest.mark.parametrize("body", [b'{"a": 1}\n' * 99, b"a line\n" * 20_000 + b"PK\x03\x04\0\0\n" * 9])
def test_what_cannot_be_cut_is_a_gap(engine: Engine, body: bytes) -> None:
    assert "too-large" in {gap.reason for gap in inspect_windows(message(""), body, engine, 5000).gaps}
