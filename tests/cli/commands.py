"""Running the command line as people do: as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
POLICIES: Final = ROOT / "policies"


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def dlp_proxy(*words: str | Path, stdin: str | bytes = b"", cwd: Path = ROOT, **environment: str) -> Done:
    """Run `dlp-proxy` and return how it ended."""
    done = subprocess.run(
        [sys.executable, "-m", "dlp_proxy.cli.main", *map(str, words)],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        cwd=cwd,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
