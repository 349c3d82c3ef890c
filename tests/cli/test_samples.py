"""The samples: every wrapping is blocked with the right count, every lock is a gap, and the day's work passes.

The count is a quarter of the usual one: enough for the limit of the shipped policies, and the page stays quick.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Final

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import engine_parts, make_engine, seeing
from tests.cli.commands import POLICIES
from tests.kept_gate import gated
from tests.samples.__main__ import main
from tests.samples.every import samples
from tests.samples.judge import judged, wrong
from tests.samples.sample import Sample

SLOW: Final = {"pictures/screenshot.jpg", "pictures/dark.png"}
"""Twenty seconds of OCR each, as the screenshot that stays: `tests/pictures` reads such ones, too."""
SAMPLES: Final = {one.name: one for one in samples(count=60) if one.name not in SLOW}


@pytest.fixture(scope="module")
def engine() -> Engine:
    parts = engine_parts(POLICIES, passing_fingerprint(), dataclasses.replace(LIMITS, picture_seconds=300.0))
    return seeing(make_engine(gated(parts)), parts)


def family(name: str) -> list[Sample]:
    return [one for one in SAMPLES.values() if one.name.startswith(f"{name}/")]


@pytest.mark.parametrize("name", sorted({name.partition("/")[0] for name in SAMPLES}))
def test_every_sample_is_judged_as_expected(name: str, engine: Engine) -> None:
    found = {one.name: wrong(one, judged(one, engine)) for one in family(name)}
    assert {name: said for name, said in found.items() if said} == {}
    assert len(found) >= 9


def test_there_are_enough_of_each_kind() -> None:
    kinds = [one.expect for one in SAMPLES.values()]
    assert (kinds.count("blocked") >= 250, kinds.count("gap") >= 9, kinds.count("allowed") >= 60) == (True, True, True)


def test_a_wrong_expectation_is_noticed(engine: Engine) -> None:
    one = next(one for one in SAMPLES.values() if one.name == "tables/english.csv")
    judgement = judged(one, engine)
    assert judgement.verdict.action is Action.BLOCK
    assert wrong(one, judgement) == ""
    assert wrong(dataclasses.replace(one, count=59, least=59), judgement) == "block, 60 customers, gaps []"
    assert wrong(dataclasses.replace(one, expect="allowed"), judgement) != ""
    assert wrong(dataclasses.replace(one, expect="gap", reason="encrypted"), judgement) != ""


def test_the_set_is_written_with_what_is_expected_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.samples.__main__.samples", lambda **_: iter(family("locked")))
    assert main([str(tmp_path / "set")]) == 0
    listed = json.loads((tmp_path / "set.json").read_text())
    assert set(listed) == {str(path.relative_to(tmp_path / "set")) for path in (tmp_path / "set").rglob("*.*")}
    assert listed["locked/aes.zip"] == {"expect": "gap", "count": 0, "least": 0, "reason": "encrypted", "hard": False}
