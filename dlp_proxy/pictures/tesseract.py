"""Text in a grey picture, read by the program `tesseract`: fixed arguments, no shell, no file, bounded in all it takes.

It runs within what its inspector may do: no network and no file it could write (`dlp_proxy/proxy/sandbox.py`). The
picture goes in on its standard input, decoded by us, so that it never meets a stranger's file.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

WANTED: Final = ("chi_sim", "eng")
"""Languages that are read where they are installed. Simplified Chinese comes first: it has figures and letters."""

_MEMORY: Final = 1024 * 1024 * 1024
_OPTIONS: Final = ("--psm", "6", "--dpi", "150", "-c", "tessedit_do_invert=0", "-c", "preserve_interword_spaces=1")
_ASK_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program as it is installed. `languages` are those of `WANTED` that it has."""

    program: str
    version: str
    languages: tuple[str, ...]

    def read(self, picture: bytes, seconds: float) -> str | None:
        """Return the lines of a PGM picture, None when it took too long or failed."""
        command = [self.program, "stdin", "stdout", "-l", "+".join(self.languages), *_OPTIONS]
        # No DEVNULL: an inspector may write no file, and that is one. One thread: others have work too.
        with subprocess.Popen(  # noqa: S603 - the program that was found at the start, with arguments of ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
        ) as process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
                most = int(seconds) + 1  # also when whoever would end it was killed
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))
            try:
                output, _ = process.communicate(picture, timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                return None
        return output.decode(errors="replace") if process.returncode == 0 else None


def find() -> Tesseract | None:
    """Return the program when it is installed with a language that is wanted."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    version, listed = _ask(program, "--version"), _ask(program, "--list-langs")
    languages = tuple(one for one in WANTED if one in listed)
    return Tesseract(program, version[1] if len(version) > 1 else "?", languages) if languages else None


def _ask(program: str, option: str) -> list[str]:
    """Return the words of an answer, none when there is no answer."""
    try:
        done = subprocess.run(  # noqa: S603 - same
            [program, option], capture_output=True, timeout=_ASK_SECONDS, check=False, env=_environment()
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.decode(errors="replace").split()


def _environment() -> dict[str, str]:
    """Return what the program needs to be told: one thread, and where its languages are if that is unusual."""
    kept = {name: os.environ[name] for name in ("TESSDATA_PREFIX", "LD_LIBRARY_PATH") if name in os.environ}
    return {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8", **kept}
