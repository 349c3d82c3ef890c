"""Each event says what was looked at. "Clean" and "not looked at" never mix."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from dlp_proxy.incidents.event_of import coverage_of
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, examine, inspect, unread
from dlp_proxy.windows.windows import Windows
from tests.pipeline.test_scenarios import make_engine

NOISE = bytes([0, 1, 2, 3]) + random.Random(7).randbytes(20_000)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


def message(body: bytes, **headers: str) -> Message:
    return Message(
        uid="t",
        time=1.0,
        channel="http",
        principal=Principal("li@corp.example", "declared", "none"),
        destination=Destination("https", "files.example", 443),
        method="POST",
        target="/",
        headers=tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()),
        body=body,
    )


def coverage(engine: Engine, body: bytes, **headers: str) -> dict[str, Any]:
    return coverage_of(inspect(message(body, **headers), engine))


def archive(*members: tuple[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return content.getvalue()


def test_what_was_read_is_told_by_format_and_size(engine: Engine) -> None:
    body = archive(("a.json", b'{"note": "nothing here"}'), ("b.txt", b"nothing here either"), ("c.txt", b"nor here"))
    seen = coverage(engine, body)
    assert (seen["inspected"], seen["whole"], seen["gaps"], seen["skipped_bytes"]) == ("full", True, [], 0)
    assert (seen["bytes"], seen["expanded_bytes"]) == (len(body), 24 + 19 + 8)
    assert seen["formats"] == {"json": 1, "text": 2, "zip": 1}
    assert seen["detectors"] == [one.spec.name for one in engine.policy.detectors]
    assert len(seen["detectors"]) > 5


def test_what_nothing_reads_is_partly_looked_at_and_its_bytes_are_told(engine: Engine) -> None:
    seen = coverage(engine, archive(("a.txt", b"nothing here"), ("b.bin", NOISE)))
    assert (seen["inspected"], seen["whole"]) == ("partial", False)
    (gap,) = seen["gaps"]
    assert gap["reason"] == "unknown-format"
    assert 10_000 < gap["bytes"] <= len(NOISE)
    assert seen["skipped_bytes"] == gap["bytes"]


def test_a_message_without_content_is_whole_and_nobody_had_to_look(engine: Engine) -> None:
    seen = coverage(engine, b"")
    assert (seen["inspected"], seen["whole"], seen["parts"], seen["detectors"]) == ("full", True, 0, [])


def test_a_message_that_nobody_looked_at_is_not_clean() -> None:
    seen = coverage_of(unread(message(b"x" * 500), "crashed", "the inspector died"))
    assert (seen["inspected"], seen["whole"], seen["skipped_bytes"], seen["detectors"]) == ("none", False, 500, [])


@pytest.mark.parametrize(
    ("body", "limits", "reason"),
    [
        (gzip.compress(b"a" * 3_000_000), {"expanded_bytes": 1_000_000}, "too-large"),
        (
            archive(
                ("a.zip", archive(("b.zip", archive(("c.txt", b"x"))))),
            ),
            {"depth": 1},
            "too-deep",
        ),
        (archive(*((f"{n}.txt", b"x") for n in range(20))), {"members": 5}, "too-large"),
        (gzip.compress(b"plain words " * 500)[:-12], {}, "malformed"),
    ],
)
def test_a_limit_is_never_full_coverage(engine: Engine, body: bytes, limits: dict[str, Any], reason: str) -> None:
    seen = coverage_of(inspect(message(body), replace(engine, limits=replace(LIMITS, **limits))))
    assert [gap["reason"] for gap in seen["gaps"]] == [reason]
    assert (seen["inspected"], seen["whole"]) == ("partial", False)


def test_a_conversation_adds_up(engine: Engine) -> None:
    first, second = (inspect(message(body), engine) for body in (b'{"a": "b"}', b"plain words"))
    both = coverage_of(first.with_later(second))
    assert (both["parts"], both["bytes"], both["formats"]) == (2, 21, {"json": 1, "text": 1})
    assert both["detectors"] == list(first.detectors)


def test_a_clean_message_leaves_no_event(engine: Engine) -> None:
    assert not examine(message(b"plain words"), engine, Windows()).worth_an_event
