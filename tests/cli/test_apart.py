from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.cli import apart
from dlp_proxy.cli.apart import inspect_apart
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import engine_parts, make_engine
from tests.unpack.archives import seven_zip
from tests.unpack.customers import COUNT
from tests.unpack.samples import message


@pytest.fixture(scope="module")
def engine() -> Engine:
    policies = Path(__file__).parents[2] / "policies"
    return make_engine(engine_parts(policies, passing_fingerprint(), replace(LIMITS, seconds=1.0)))


def die(_message: Message, _engine: Engine) -> Inspection:
    os.abort()


def hang(_message: Message, _engine: Engine) -> Inspection:
    time.sleep(600)
    return Inspection()


def eat(_message: Message, _engine: Engine) -> Inspection:
    return Inspection(parts=len(bytearray(8 << 30)))


def fail(_message: Message, _engine: Engine) -> Inspection:
    raise LookupError


@pytest.mark.parametrize(("what", "reason"), [(die, "crashed"), (hang, "timed-out"), (eat, "memory"), (fail, "failed")])
def test_a_process_that_is_lost_is_a_gap(
    what: Callable[[Message, Engine], Inspection], reason: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "inspect", what)
    assert [gap.reason for gap in inspect_apart(message(b"x"), engine).gaps] == [reason]


def test_what_is_found_comes_back(engine: Engine) -> None:
    found = inspect_apart(message(seven_zip()), engine)
    assert (found.content, found.gaps) == ("archive", ())
    assert len(found.findings) >= COUNT
