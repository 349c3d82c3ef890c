"""Text in a grey picture, read by the program `tesseract`: fixed arguments, no shell, no file, bounded in all it takes.

It runs within what its inspector may do: no network and no file it could write (`dlp_proxy/proxy/sandbox.py`). The
picture goes in on its standard input, decoded by us, so that it never meets a stranger's file.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

WANTED: Final = ("chi_sim", "eng")
"""Languages that are read where they are installed. Simplified Chinese comes first: it has figures and letters."""

CHINESE: Final = "chi_sim"
FIGURES: Final = "eng"
"""The language that reads figures and Latin letters in a third of the time."""

_UPRIGHT: Final = "osd"
"""What the program knows writing by that lies on its side."""
_SURE: Final = 3.0
"""How sure it must be of that: letters that stand upright are taken for turned ones with less than one."""
_ROTATE: Final = re.compile(r"Rotate: (90|180|270)\nOrientation confidence: ([\d.]+)")
_MEMORY: Final = 1024 * 1024 * 1024
_OPTIONS: Final = ("--psm", "6", "--dpi", "150", "-c", "tessedit_do_invert=0", "-c", "preserve_interword_spaces=1")
_TABLE: Final = ("-c", "tessedit_create_tsv=1", "-c", "tessedit_create_txt=1")
"""Has it write a table of words before the text, with how sure it is of each."""
_COLUMNS: Final = 12
_ASK_SECONDS: Final = 10
_PATIENCE: Final = 3
"""Times the seconds of CPU that a program may take on the clock, where others are at work."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program as it is installed.

    Attributes:
        languages: those of `WANTED` that it has.
        turns: it can tell which way up writing is.
    """

    program: str
    version: str
    languages: tuple[str, ...]
    turns: bool = False

    def read(self, picture: bytes, seconds: float, only: str = "") -> str | None:
        """Return the lines of a PGM picture, None when it took too long or failed.

        Args:
            seconds: of CPU.
            only: the one language to read, where it is installed; else all are.
        """
        return self._run(picture, seconds, "-l", self._named(only), *_OPTIONS)

    def read_surely(self, picture: bytes, seconds: float, only: str = "") -> tuple[str, float] | None:
        """Return the same lines, and how sure the program is of them, from 0 to 100; below 60 they are hardly any."""
        said = self._run(picture, seconds, "-l", self._named(only), *_OPTIONS, *_TABLE)
        if said is None:
            return None
        lines = said.split("\n")
        words = [line.split("\t") for line in lines if line.count("\t") == _COLUMNS - 1][1:]
        sure = [(float(word[-2]), len(word[-1].strip())) for word in words if word[-1].strip()]
        signs = sum(size for _, size in sure)
        text = "\n".join(line for line in lines if line.count("\t") != _COLUMNS - 1)
        return text, sum(one * size for one, size in sure) / signs if signs else 0.0

    def _named(self, only: str) -> str:
        return only if only in self.languages else "+".join(self.languages)

    def turn(self, picture: bytes, seconds: float) -> int:
        """Return by how many quarters of a circle to the right a PGM picture must be turned to stand upright."""
        if not self.turns:
            return 0
        said = _ROTATE.search(self._run(picture, seconds, "--psm", "0", "-l", _UPRIGHT) or "")
        return int(said[1]) // 90 if said and float(said[2]) >= _SURE else 0

    def _run(self, picture: bytes, seconds: float, *options: str) -> str | None:
        command = [self.program, "stdin", "stdout", *options]
        # No DEVNULL: an inspector may write no file, and that is one. One thread: others have work too.
        with subprocess.Popen(  # noqa: S603 - the program that was found at the start, with arguments of ours
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
        ) as process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
                most = int(seconds) + 1  # also when whoever would end it was killed
                resource.prlimit(process.pid, resource.RLIMIT_CPU, (most, most))
            try:
                output, _ = process.communicate(picture, timeout=_PATIENCE * seconds)
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
    if not languages:
        return None
    return Tesseract(program, version[1] if len(version) > 1 else "?", languages, turns=_UPRIGHT in listed)


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
