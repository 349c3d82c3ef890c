"""Values in base64, base32, hexadecimal and their like, as `dlp_proxy/encodings` reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from dlp_proxy.detect.disguise.patch import Patch, Stretch
from dlp_proxy.detect.needs import RUN
from dlp_proxy.encodings.registry import Encoding
from dlp_proxy.encodings.run import Run

_BEFORE: Final = 1024
"""A run may begin so far before the stretch in which it was noticed."""

_LONG_SIGNS: Final = bytes(
    65 if chr(code).isascii() and (chr(code).isalnum() or chr(code) in "+/_-") else 46 for code in range(256)
)
_LEAST: Final = RUN
_SHORTEST: Final = b"A" * _LEAST
_FILE: Final = b"A" * 200


def long_run(text: str) -> bool:
    """Tell whether there is a run of letters and digits as long as a file in Base64, whatever it says."""
    return _FILE in text.encode("ascii", "replace").translate(_LONG_SIGNS)


def runs(text: str) -> str:
    """Return the runs of letters and digits that are long enough for an encoding, a line each."""
    signs = text.encode("ascii", "replace").translate(_LONG_SIGNS)
    found: list[str] = []
    end = 0
    while (start := signs.find(_SHORTEST, end)) >= 0:
        end = signs.find(b".", start + _LEAST)
        end = len(signs) if end < 0 else end
        found.append(text[start:end])
    return "\n".join(found)


class Encoded:
    """One encoding as a disguise."""

    def __init__(self, encoding: Encoding, *, bare: bool = False) -> None:
        """Take an encoding; `bare` when its runs are letters and digits with nothing between them."""
        self.NAME = encoding.NAME
        self.GATE = encoding.GATE
        self._encoding = encoding
        self.bare = bare

    def may(self, text: str) -> bool:
        return not self.bare or bool(runs(text))

    def patches(self, text: str, stretches: Sequence[Stretch]) -> Sequence[Patch]:
        found: list[Patch] = []
        done = 0
        for start, end in stretches:
            for run in self._encoding.runs(text, max(done, start - _BEFORE, 0), end):
                if run.reading is not None and run.start >= done:
                    found.append(Patch(run.start, run.end, run.reading[0], _way_back(run), apart=True))
                    done = run.end
        return found


def _way_back(run: Run) -> Callable[[int, int], Stretch]:
    text, charset = run.reading or ("", "ascii")

    def place(first: int, last: int) -> Stretch:
        if charset == "ascii":
            return run.place(first, last)
        before = len(text[:first].encode(charset))
        return run.place(before, before + len(text[first:last].encode(charset)))

    return place
