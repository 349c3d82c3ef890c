"""A disk that is really full, at load, again and again: ``python -m tests.live.full_disk 24``, as root.

The state folder is a small file system of its own. It is filled at moments by chance but for some bytes by chance, and
emptied again. What an answer named must be in the store, which must be sound and verify, nothing may have reached the
origin that has no event, and all goes on by itself afterwards.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_contents
from tests.live.crew import Crew, Load
from tests.live.harness import wait_until

_MEGABYTES = 48


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir(mode=0o700)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_MEGABYTES}m,mode=0700", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Take all but `left` bytes of the disk away."""
    filler = disk / "filler"
    with filler.open("wb") as file, suppress(OSError):  # the last bytes: the proxy writes meanwhile
        while True:
            file.write(bytes(65_536))
            file.flush()
    os.truncate(filler, max(0, filler.stat().st_size - left))
    return filler


def run(folder: Path, times: int, seed: int) -> dict[str, int]:
    """Fill the disk so many times; return counts, those that must be none with `!` before them."""
    chance = random.Random(seed)
    back = 0
    with small_disk(folder / "state") as disk:
        crew = Crew(folder, workers=1)
        try:
            with Load(crew.port) as load:
                for turn in range(times):
                    assert wait_until(crew.ready, 60), crew.system.said()[-2000:]
                    time.sleep(chance.uniform(0.1, 1.0))
                    filler = fill(disk, chance.choice((0, chance.randrange(0, 60_000), chance.randrange(0, 600_000))))
                    time.sleep(chance.uniform(0.5, 3.0))
                    filler.unlink()
                    emptied = time.monotonic()
                    back += wait_until(lambda at=emptied: load.answered_since(at) is not None, 60)
                    print(f"{turn + 1}: {dict(load.codes)}, {load.failed} cut", file=sys.stderr, flush=True)
                assert wait_until(crew.ready, 60)
            kept = {one.event.uid: one for one in crew.system.events()}
            with SqliteReader(crew.system.state / "events.db") as reader:
                contents = verify_contents(reader.connection)
            let_go = [one for one in kept.values() if one.event.action != "block"]
            return {
                "answers": len(load.answers),
                "answers that it was stopped": len(load.stopped),
                "of these, that it is not on record": len(load.unrecorded),
                "went on": back,
                "events": len(kept),
                "phones at the origin": sum(bool(seen.body) for seen in crew.world.seen),
                "events of what was let go": len(let_go),
                "!answered events that are not in the store": len(
                    set(load.stopped) - set(load.unrecorded) - kept.keys()
                ),
                "!uploads at the origin without an event": max(
                    0, sum(bool(seen.body) for seen in crew.world.seen) - len(let_go)
                ),
                "!lists at the origin": crew.leaked(),
                "!faults of the file": int(crew.sound() != "ok"),
                "!faults of the store": int(contents.fault is not None),
            }
        finally:
            crew.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-full-") as name:
        counts = run(Path(name), int(sys.argv[1]), seed=int(time.time()))
    print("\n".join(f"{what}: {count}" for what, count in counts.items()))
    sys.exit(int(any(count for what, count in counts.items() if what.startswith("!"))))
