"""A container opened in a real inspector: confined, without the network and without a file it could write."""

from __future__ import annotations

from pathlib import Path

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import InspectionPool
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.unpack.budget import Deferred
from dlp_proxy.wiring.engine import build_inspect, engine_parts
from tests.samples.judge import message
from tests.unpack.opened import DJVU, WIM

POLICIES = Path(__file__).resolve().parents[2] / "policies"


async def test_an_inspector_opens_containers() -> None:
    recipe = Recipe(build_inspect, (engine_parts(POLICIES, passing_fingerprint(), LIMITS),))

    def loop(_message: object) -> None:
        raise Deferred  # as the loop's own engine does, which starts no program

    pool = InspectionPool(loop, recipe, processes=1, seconds=280.0, metrics=Metrics())  # type: ignore[arg-type]
    await pool.start()
    try:
        for name, body in (("a.wim", WIM), ("a.djvu", DJVU)):
            found = await pool.inspect(message(name, body))
            assert (found.content, found.gaps) == ("container", ())
            assert found.kinds()["phone"] == 12
    finally:
        pool.stop()
