"""A picture read in a real inspector: confined, without the network and without a file it could write."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import InspectionPool
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import build_inspect, engine_parts
from tests.pictures.test_looking import PEOPLE, saved
from tests.samples.judge import message
from tests.samples.pictures import drawn

POLICIES = Path(__file__).resolve().parents[2] / "policies"


async def test_an_inspector_reads_a_picture() -> None:
    parts = engine_parts(POLICIES, passing_fingerprint(), dataclasses.replace(LIMITS, picture_seconds=250.0))
    recipe = Recipe(build_inspect, (parts,))

    def nobody(_message: object) -> None:
        raise AssertionError("looked at in the loop")

    pool = InspectionPool(nobody, recipe, processes=1, seconds=280.0, metrics=Metrics())  # type: ignore[arg-type]
    await pool.start()
    try:
        found = await pool.inspect(message("a.png", saved(drawn(PEOPLE))))
    finally:
        pool.stop()
    assert found.gaps == ()
    assert found.kinds()["phone"] >= 11
    assert {str(one.location) for one in found.findings if one.kind == "phone"} >= {
        "body > a.png > text in the picture"
    }
