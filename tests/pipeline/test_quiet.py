"""What is not laid out because nothing can be in it: the same findings as when it is."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.quiet import is_quiet
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine
from dlp_proxy.unpack.unpack import unpack
from tests.pipeline.test_scenarios import make_engine

VALUES = (
    "13800138000",
    "138 0013 8000",
    13800138000,
    "１３８００１３８０００",
    "北京市朝阳区建国路88号",
    "SO-20260115-004217",
    "so-20260115-004217",
    "a@b.example",
    "11010519491231002X",
    "9fK2-xQ7!mZp4",
    "AKIAQWERTYUIOP234567",
    "内部源代码",
    "corp confidential source",
    "-----BEGIN PRIVATE KEY-----",
    "password",
    "plain words",
    "138",
    "0013",
    "8000",
    "1763900745123",
    3.25,
    True,
    None,
    "",
)
NAMES = ("phone", "password", "token", "api_key", "密码", "13800138000", "x", "地址", "timestamp")

documents = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


@pytest.fixture(scope="module")
def together(engine: Engine) -> DetectorSet:
    return DetectorSet(engine.policy.detectors, fast=True)


def findings(body: str, engine: Engine, quiet: Callable[[str], bool] | None) -> list[tuple[str, bytes]]:
    message = Message(
        "t", 1.0, "http", Principal("li", "declared", "none"), Destination("https", "x.example", 443), "POST", "/",
        body=body.encode(),
    )  # fmt: skip
    parts = unpack(message, LIMITS, quiet).parts
    found, _ = scan(parts, engine.policy.detectors, engine.fingerprint, LIMITS)
    return [(one.detector, one.fingerprint) for one in found]


@settings(max_examples=400, deadline=None)
@given(documents, st.booleans(), st.booleans())
def test_no_finding_is_lost_by_not_laying_out(
    engine: Engine, together: DetectorSet, document: object, ascii_only: bool, tight: bool,  # noqa: FBT001
) -> None:  # fmt: skip
    body = json.dumps(document, ensure_ascii=ascii_only, separators=(",", ":") if tight else None)
    expected = findings(body, engine, None)
    assert findings(body, engine, lambda text: is_quiet(text, engine.policy.detectors)) == expected
    assert findings(body, engine, lambda text: is_quiet(text, together)) == expected


def test_ordinary_json_is_not_laid_out(together: DetectorSet) -> None:
    body = json.dumps({"items": [{"id": 1234, "price": 1.25, "created": "2026-01-02T08:15:00Z"}] * 40})
    assert is_quiet(body, together)
    assert not is_quiet(body.replace("1234,", "13800138000,"), together)
