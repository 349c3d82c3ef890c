"""Sixty customers in every kind of document are sixty customers, whatever shows them and whatever hides them."""

from __future__ import annotations

import pytest

from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Judgement, examine
from dlp_proxy.windows.windows import Windows
from tests.pipeline.test_scenarios import make_engine
from tests.unpack.documents import samples
from tests.unpack.samples import message

DOCUMENTS = 53


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judgement]:
    engine = make_engine()
    bodies = samples(tmp_path_factory.mktemp("documents"))
    return {name: examine(message(body), engine, Windows()) for name, body in bodies.items()}


def test_every_customer_in_a_document_is_counted_once(judged: dict[str, Judgement]) -> None:
    counted: dict[str, int] = {}
    for name, one in judged.items():
        counts = [reason.count for reason in one.verdict.reasons if reason.rule.endswith("bulk-orders-out")]
        counted[name] = counts[0] if one.verdict.action is Action.BLOCK and counts else 0
    assert len(counted) == DOCUMENTS
    assert {name: count for name, count in counted.items() if count != 60} == {}


def test_nothing_in_an_ordinary_document_is_out_of_reach(judged: dict[str, Judgement]) -> None:
    """But for the picture of the first page that python-docx and python-pptx put into what they write."""
    gaps = {
        name: [f"{gap.reason} at {gap.location}" for gap in one.inspection.gaps if "thumbnail" not in str(gap.location)]
        for name, one in judged.items()
    }
    assert {name: some for name, some in gaps.items() if some} == {}
