"""``scripts/make-samples DIR``: write the set and its manifest; ``--hostile`` the hostile files instead."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.samples.every import samples


def main(words: list[str]) -> int:
    hostile = "--hostile" in words
    folder = Path(next(word for word in words if not word.startswith("-")))
    listed = {}
    for one in samples(hostile=hostile):
        path = folder / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
        listed[one.name] = {
            "expect": one.expect,
            "count": one.count,
            "least": one.least,
            "reason": one.reason,
            "hard": one.hard,
        }
    manifest = folder.with_name(f"{folder.name}.json")
    manifest.write_text(json.dumps(listed, ensure_ascii=False, indent=1))
    print(f"{len(listed)} files in {folder}, what is expected of them in {manifest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
