"""The walk over a whole message."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.formats import csv
from dlp_proxy.unpack.unpack import unpack
from tests.unpack.samples import TABLE, gaps_of, message, text_of, tight, unpack_body, zipped


def test_a_location_reads_from_the_form_field_down_to_the_file() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="orders.zip"\r\n\r\n'
        + zipped({"orders.csv": TABLE.encode()})
        + b"\r\n--B--\r\n"
    )
    unpacked = unpack_body(body, "multipart/form-data; boundary=B")
    table = next(part for part in unpacked.parts if part.units)
    assert str(table.location) == 'body > form field "file" > orders.zip > orders.csv'
    assert [unit.label for unit in table.units] == ["row 2", "row 3"]
    assert unpacked.filenames == ("orders.zip", "orders.csv")
    assert unpacked.content == "multipart"


def test_an_empty_message_has_no_parts_and_no_gaps() -> None:
    unpacked = unpack(message(), LIMITS)
    assert (unpacked.parts, unpacked.gaps, unpacked.content, unpacked.expanded_bytes) == ((), (), "", 0)


def test_a_body_that_passes_a_limit_still_has_a_format() -> None:
    part = b'--B\r\nContent-Disposition: form-data; name="a"; filename="x"\r\n\r\n1\r\n'
    unpacked = unpack_body(part * 300, "multipart/form-data; boundary=B", tight(members=100))
    assert unpacked.content == "multipart"


def test_a_message_of_a_websocket_is_its_body_alone() -> None:
    sent = message(b'{"phone":"13800138000"}', "/chat?token=abc", {"Cookie": "sid=1"}, channel="websocket")
    unpacked = unpack(sent, LIMITS)
    assert [str(part.location) for part in unpacked.parts] == ["websocket"]
    assert unpacked.content == "json"


def test_a_reader_that_fails_costs_its_content_and_not_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(csv, "read", fail)
    unpacked = unpack_body(zipped({"a.csv": TABLE.encode(), "b.txt": b"hello there"}))
    assert gaps_of(unpacked) == [("failed", "body > a.csv")]
    assert "13800138000" in text_of(unpacked)
    assert "hello there" in text_of(unpacked)


def test_expanded_bytes_are_what_was_produced_else_the_size_of_the_body() -> None:
    assert unpack_body(b"hello").expanded_bytes == 5
    assert unpack_body(zipped({"a": b"x" * 1000})).expanded_bytes == 1000


class Hasty:
    """A time that is gone when it was asked for so often, and knows how much was added to it."""

    def __init__(self, asked: int) -> None:
        self._left = asked
        self.added = 0.0

    def over(self, _share: float, /) -> bool:
        self._left -= 1
        return self._left < 0

    def extend(self, seconds: float, /) -> None:
        self.added += seconds

    def restart(self) -> None:
        self.added = 0.0


def test_what_is_unpacked_brings_its_own_time() -> None:
    time = Hasty(1000)
    text = random.Random(1).randbytes(300_000).hex().encode()  # half of it when it is packed
    assert not unpack(message(zipped({"a.txt": text})), replace(LIMITS, work_bytes=len(text)), time=time).gaps
    assert time.added == pytest.approx(3.0)


def test_a_bomb_brings_time_by_no_more_than_eight_times_what_was_sent() -> None:
    time = Hasty(1000)
    text = b"nothing here " * 100_000
    sent = zipped({"a.txt": text})
    assert not unpack(message(sent), replace(LIMITS, work_bytes=len(text)), time=time).gaps
    assert 0 < time.added <= 3 * 8 * len(sent) / len(text)


def test_what_was_unpacked_when_the_time_is_gone_stands_beside_a_gap() -> None:
    seen = unpack(message(zipped({"a.txt": b"one", "b.txt": b"two"})), LIMITS, time=Hasty(3))
    assert [gap.reason for gap in seen.gaps] == ["timed-out"]
    assert "two" not in [part.text for part in seen.parts]
