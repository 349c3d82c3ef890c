"""``scripts/fuzz hostile``: every hostile file through an inspector, a line for each; exits 1 when one overran."""

from __future__ import annotations

import asyncio
import sys

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.proxy import pool as pools
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import EARLY, build_inspect, engine_parts
from tests.kept_gate import POLICIES, gated
from tests.kept_gate import main as compile_gate
from tests.samples.ordeal import nobody, nothing_is_small, undergo


async def main(wanted: list[str]) -> int:
    # An inspector loads this module too, and would have the libraries that write samples in its memory.
    from tests.samples.every import samples  # noqa: PLC0415

    parts = gated(engine_parts(POLICIES, passing_fingerprint(), LIMITS))
    pools.is_small = nothing_is_small
    recipe = Recipe(build_inspect, (parts,), EARLY)
    pool = pools.InspectionPool(nobody, recipe, processes=1, seconds=60.0, metrics=Metrics())
    await pool.start()
    over = 0
    for one in samples(hostile=True):
        if not wanted or any(part in one.name for part in wanted):
            outcome = await undergo(pool, one.name, one.data)
            bad = outcome.died or outcome.seconds > 10 or outcome.megabytes > 512
            over += bad
            print(f"{'OVER' if bad else '    '} {one.name:42} {len(one.data) / 1e6:6.2f} MB  {outcome.seconds:5.1f} s CPU  "
                  f"{outcome.megabytes:4.0f} MB  {outcome.inspection.content:10} {' '.join(outcome.reasons)}", flush=True)  # fmt: skip
    pool.stop()
    print(f"{over} went over 10 s of CPU or 512 MB")
    return int(over > 0)


if __name__ == "__main__":
    # As a proxy has it: an inspector is forked from what has all modules, and reads the gate from its file.
    if compiled := compile_gate():
        sys.exit(compiled)
    sys.exit(asyncio.run(main(sys.argv[1:])))
