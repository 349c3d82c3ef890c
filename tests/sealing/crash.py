"""Killing a process that seals, at any moment, and looking at what it left. ``python -m tests.sealing.crash 100``."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.sealing.check import Held, check
from dlp_proxy.sealing.pointer import pointer_of
from dlp_proxy.sealing.vault import Bounds, Vault
from dlp_proxy.stores.state_dir import StateDir
from tests.sealing.world import World, make_world, message

_BODY: Final = 2_000_000
_LONGEST: Final = 1.0
"""Seconds after which the latest is killed: some bodies later."""
_OF_A_TURN: Final = 1000


class Deaths(NamedTuple):
    """How many sealers were killed, how many sealed bodies they had told of, and how many files nobody points to."""

    times: int
    told: int
    stray: int
    unfinished: int


def crash(world: World, times: int, seed: int) -> Deaths:
    """Kill a sealer so many times; see that what it told of is whole, and what else is left is nobody's evidence."""
    chance = random.Random(seed)
    told = stray = unfinished = 0
    vault = Vault(world.state, Bounds(room=0))
    for turn in range(times):
        child, said = _sealing(world.state, turn * _OF_A_TURN)
        with os.fdopen(said, encoding="ascii") as lines:
            assert lines.readline() == "go\n"
            time.sleep(chance.random() * _LONGEST)
            os.kill(child, signal.SIGKILL)
            whole = [line for line in lines.read().splitlines(keepends=True) if line.endswith("\n")]
        os.waitpid(child, 0)
        pointers = [(uid, pointer_of(kept)) for uid, kept in map(json.loads, whole)]
        held = [Held(uid, time.time(), pointer) for uid, pointer in pointers if pointer is not None]
        assert len(held) == len(whole)
        unfinished += len(list(world.state.blobs.glob(".sealing-*")))
        vault.prepare()
        assert list(world.state.blobs.glob(".sealing-*")) == [], "what was half written is still there"
        found = check(world.state, held, world.audit)
        assert (found.faults, found.whole) == ([], len(held)), found.faults
        told += len(held)
        stray += len(found.stray)
        for path in [*world.state.blobs.glob("??/*"), *world.state.shares.glob("*/*")]:
            path.unlink()
    return Deaths(times, told, stray, unfinished)


def _sealing(state: StateDir, first: int) -> tuple[int, int]:
    """Begin to seal one body after the other in a process of its own; return its number, and what it tells."""
    said, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        return child, said
    try:
        os.close(said)
        vault = Vault(state, Bounds(room=0))
        os.write(tell, b"go\n")
        for number in range(first, first + _OF_A_TURN):
            one = message(number, os.urandom(_BODY))
            pointer = vault.seal(one, threading.Event())
            os.write(tell, json.dumps([one.uid, pointer.as_json()]).encode() + b"\n")
    finally:
        os._exit(1)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(crash(make_world(Path(name)), int(sys.argv[1]), seed=int(time.time())))
