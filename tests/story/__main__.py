"""``scripts/make-story DIR``: a state folder to investigate, and ``truth.json`` to check what was found against."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dlp_proxy.stores.state_dir import StateDir
from tests.story.truth import truth
from tests.story.world import make_world
from tests.story.written import write


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/make-story")
    asked.add_argument("folder", type=Path, help="a folder that is not there yet")
    asked.add_argument("--staff", type=int, default=200)
    asked.add_argument("--days", type=int, default=90)
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args()
    if args.folder.exists():
        asked.error(f"{args.folder} is there already")
    world = make_world(args.staff, args.days, args.seed)
    write(world, StateDir(args.folder / "state"))
    (args.folder / "truth.json").write_text(json.dumps(truth(world), indent=1, sort_keys=True), encoding="utf-8")
    print(f"{len(world.sends)} uploads of {args.staff} people in {args.days} days: {args.folder}/state, truth.json")


if __name__ == "__main__":
    main()
