"""Killing `incident export` at any moment and looking at what it left. ``python -m tests.reporting.crash 100``."""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from dlp_proxy.cli.investigators import handing_on
from dlp_proxy.cli.main import main
from dlp_proxy.evidence.checkpoint import Signer, Verifier
from dlp_proxy.evidence.verify import Fault
from dlp_proxy.reporting.bundle.bag import TAGS
from dlp_proxy.reporting.bundle.strict import RefusedError
from dlp_proxy.reporting.bundle.verify import verify_bundle
from dlp_proxy.stores.sqlite.log import origin_of
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.sqlite.verify import verify_contents, verify_entries
from tests.reporting.store import Told, tell

_LOADED: Final = handing_on
"""Commands load when they are called; here before, or most would die of loading and not of exporting."""
_LONGER: Final = 1.1
"""Some are killed after they have ended: then all must be there."""


class Deaths(NamedTuple):
    """How many exports were killed, and what was there afterwards."""

    times: int
    nothing: int
    unfinished: int
    whole: int


def crash(told: Told, folder: Path, times: int, seed: int) -> Deaths:
    """Kill an export so many times, each into another bundle; see that a bundle is whole and logged, or not there."""
    chance = random.Random(seed)
    began = time.monotonic()
    assert _ended(_exporting(told, folder / "first")) == 0, "the export itself does not work"
    seconds = (time.monotonic() - began) * _LONGER
    nothing = unfinished = whole = 0
    for number in range(times):
        target = folder / f"bundle-{number}"
        child = _exporting(told, target)
        time.sleep(chance.random() * seconds)
        os.kill(child, signal.SIGKILL)
        _ended(child)
        left = [path for path in folder.iterdir() if target.name in path.name and path != target]
        assert all(path.name.startswith(".") and path.name.endswith(".unfinished") for path in left), left
        if target.exists():
            verify_bundle(target)  # raises where anything is amiss
            given = sha256((target / TAGS).read_bytes()).hexdigest()
            assert given in _given_out(told), "what is there is not in the log"
            whole += 1
        elif left:
            unfinished += 1
        else:
            nothing += 1
        assert not any(_believed(path) and not _said(told, path) for path in left), "what nobody gave out is believed"
        assert (fault := _first_fault(told)) is None, fault
    assert _ended(_exporting(told, folder / "last")) == 0, "nothing works afterwards"
    return Deaths(times, nothing, unfinished, whole)


def _exporting(told: Told, target: Path) -> int:
    """Begin the whole command in a process of its own, which has its modules already; return its number."""
    words = ["incident", "export", told.case, "--bundle", str(target), "--reason", "a crash", "--state"]
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            sys.argv = ["dlp-proxy", *words, str(told.state.path)]
            main()
            code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os._exit(code)


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _given_out(told: Told) -> str:
    """Return all entries of the log about what was given out, as one text."""
    with SqliteReader(told.state.events) as reader:
        rows = reader.connection.execute('SELECT entry FROM log WHERE instr(entry, \'"do":"export"\')')
        return "".join(entry.decode() for (entry,) in rows)


def _first_fault(told: Told) -> Fault | None:
    signer = Signer(origin_of("node-1"), told.state.key_of_log())
    with SqliteReader(told.state.events) as reader:
        entries = verify_entries(reader.connection, Verifier(signer.name, signer.verifier.public))
        return entries.fault or verify_contents(reader.connection).fault


def _believed(path: Path) -> bool:
    try:
        verify_bundle(path)
    except (RefusedError, OSError):
        return False
    return True


def _said(told: Told, path: Path) -> bool:
    return sha256((path / TAGS).read_bytes()).hexdigest() in _given_out(told)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        story = tell(Path(name) / "story")
        (Path(name) / "out").mkdir()
        print(crash(story, Path(name) / "out", int(sys.argv[1]), seed=int(time.time())))
