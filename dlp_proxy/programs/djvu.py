"""DjVu documents by the programs of DjVuLibre: text of each page, notes, and pages without text as pictures."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dlp_proxy.programs.running import FILE, can_run, run
from dlp_proxy.unpack.opener import Opened

_TEXTS_AT_MOST: Final = 16 * 1024 * 1024
_PICTURES: Final = 50
_FORM: Final = 12
"""Bytes up to and with the length of the form, which is the document (Lizardtech DjVu Reference, *IFF85*)."""
_HEAD: Final = re.compile(rb"P([456])\s(?:#[^\n]*\n)?([0-9]{1,6})\s+([0-9]{1,6})\s+(?:255\s)?")
_SAMPLES: Final = {b"5": 1, b"6": 3}
_NOTES: Final = "n; print-outline; print-merged-ant; print-meta"


@dataclass(frozen=True, slots=True)
class DjVu:
    """The programs as they are installed."""

    text: str
    picture: str
    notes: str

    def open(self, data: bytes, seconds: float, room: int) -> Opened:
        """Return the texts of a document, and the pictures of pages that have none."""
        said = run([self.text, FILE], data, seconds / 4, min(room, _TEXTS_AT_MOST))
        notes = run([self.notes, "-u", FILE, "-e", _NOTES], data, seconds / 4, min(room, _TEXTS_AT_MOST))
        count, _, more = notes.output.partition(b"\n")
        texts = [text for text in said.output.split(b"\f") if text.strip()]
        members = [(f"text {number}", text) for number, text in enumerate(texts, 1)]
        if more.strip():
            members.append(("notes", more))
        end = _FORM + int.from_bytes(data[_FORM - 4 : _FORM], "big")
        problem, cut = "" if said.fine and end <= len(data) else "is broken or cut", said.cut
        pages = int(count) if count.isdigit() else len(texts) + 1
        if len(texts) < pages:
            members += self._pictures(data, min(pages, _PICTURES), seconds / 2, room, bare=not texts)
            if pages > _PICTURES:
                problem, cut = problem or "has more pages of pictures than are looked at", True
        return Opened(tuple(members), min(end, len(data)), problem, cut)

    def _pictures(
        self, data: bytes, pages: int, seconds: float, room: int, *, bare: bool
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the pages that have no text; `bare` says that none has."""
        drawn = run([self.picture, "-format=pnm", f"-page=1-{pages}", FILE], data, seconds, room)
        for number, picture in enumerate(_pages(drawn.output), 1):
            said = None if bare else run([self.text, f"-page={number}", FILE], data, 1, _TEXTS_AT_MOST)
            if said is None or not said.output.strip():
                yield f"page {number}.pnm", picture


def find() -> DjVu | None:
    """Return the programs when they are installed, on a system where they can be used."""
    text, picture, notes = map(shutil.which, ("djvutxt", "ddjvu", "djvused"))
    return DjVu(text, picture, notes) if text and picture and notes and can_run() else None


def _pages(output: bytes) -> Iterator[bytes]:
    """Yield the pictures that stand behind one another (PBM, PGM, PPM of one byte a sample, netpbm's pnm(5))."""
    at = 0
    while found := _HEAD.match(output, at):
        width, height = int(found[2]), int(found[3])
        size = -(-width // 8) * height if found[1] == b"4" else width * height * _SAMPLES[found[1]]
        yield output[at : found.end() + size]
        at = found.end() + size
