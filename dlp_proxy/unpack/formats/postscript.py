"""PostScript as programs print it: the texts shown on its pages, in the lines in which they stand there.

Nothing is run. A text begins a line where the pen is set to another height, and a word where it is moved on by more
than letters are moved together or apart. The one-letter procedures are those of grops (groff(7), *grops.ps*).

Source: Adobe, *PostScript Language Reference*, third edition, sections 3.2 (tokens) and 8.2 (`moveto`, `show`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.naming import whole

NAME: Final = "postscript"

_BEGIN: Final = re.compile(rb"(?:\x1b%-12345X(?:@PJL[^\n]{0,400}\n){0,40}|\x04|\s){0,3}%!")
_PAGES: Final = ("%%Page:", "%%EndSetup", "%%EndProlog")
_EOF: Final = "%%EOF"
_GROPS: Final = "grops"
_HEAD: Final = 4096
_TOKEN: Final = re.compile(
    r"\((?P<text>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)"
    r"|(?P<number>[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++))(?![^\s()<>\[\]{}/%])"
    r"|%[^\r\n]*+|/[^\s()<>\[\]{}/%]*+|<[^<>]*+>|(?P<name>[A-Za-z_.$*'\"][^\s()<>\[\]{}/%]*+)"
    r"|[^\s()<>\[\]{}/%]++",  # whatever else: nothing is begun within it
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:([0-7]{1,3})|\r?\n|(.))", re.DOTALL)
_NAMED: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "", "f": ""}
_MOVES: Final = frozenset({"moveto", "m", "M", "mt", "MT", "a"})
_RELATIVE: Final = frozenset({"rmoveto", "rm", "R", "rmt"})
_ENDS: Final = frozenset({"showpage", "EP", "restore", "grestore", "newline", "N"})
_SPACE: Final = 1.2
"""Points from which a move is a space; in fonts of ten points one is 2.5 wide, and letters are moved 0.8 at most."""
_OFTEN: Final = 4096
_STACK: Final = 8
_FEWEST: Final = 2


def accepts(content: Content) -> bool:
    return _BEGIN.match(content.data) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Content]:
    text = content.data.decode("latin-1")
    first = next((at for mark in _PAGES if (at := text.find(mark)) >= 0), 0)
    page = _Page(is_grops=_GROPS in text[:_HEAD])
    beside: list[str] = []
    at = 0
    for number, token in enumerate(_TOKEN.finditer(text, first)):
        if number % _OFTEN == 0:
            budget.hurry()
        if token["text"] is not None:
            page.write(_plain(token["text"]))
            beside.append(text[at : token.start()])
            at = token.end()
        elif token["number"]:
            page.numbers.append(float(token["number"]))
            del page.numbers[:-_STACK]
        elif token["name"]:
            page.do(token["name"])
    lines = page.lines()
    if len(lines) < _FEWEST:
        raise Mismatch
    yield Part(content.location, whole("\n".join(lines)))
    # Nobody is shown a comment, or what stands behind the end; who gets the file has it nevertheless.
    rest, _, behind = "".join([*beside, text[at:]]).partition(_EOF)
    yield content.inside(rest.replace("%!", "%").strip().encode("latin-1"), "beside what is shown")
    yield content.inside(behind.strip().encode("latin-1"), "behind the end")


def _plain(written: str) -> str:
    """Return a text whose escapes are taken off (section 3.2.2)."""
    if "\\" not in written:
        return written
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 8) & 255) if found[1] else _NAMED.get(found[2], found[2]) if found[2] else "",
        written,
    )


class _Page:
    """Where the pen is, and what was written.

    Attributes:
        numbers: those before the next operator.
    """

    def __init__(self, *, is_grops: bool) -> None:
        self.numbers: list[float] = []
        self._is_grops = is_grops
        self._pieces: list[str] = []
        self._waiting: list[tuple[str, int]] = []
        self._gap = "\n"
        self._height = 0.0
        self._spread = 0.0

    def lines(self) -> list[str]:
        return [line for line in "".join(self._pieces).split("\n") if line.strip()]

    def write(self, text: str) -> None:
        """Take a text, which the operator behind it shows."""
        self._waiting.append((text, len(self.numbers)))
        del self._waiting[:-_STACK]

    def do(self, name: str) -> None:
        """Take an operator or a procedure."""
        numbers, waiting = self.numbers, self._waiting
        self.numbers, self._waiting = [], []
        if self._is_grops and waiting and len(name) == 1 and "A" <= name <= "T":
            self._grops(ord(name) - ord("A"), numbers, waiting[-1])
            return
        if not waiting:
            self._move(name, numbers)
            return
        for text, _ in waiting:
            self._pieces += (self._gap, text)
            self._gap = "\n"

    def _move(self, name: str, numbers: list[float]) -> None:
        if name in _ENDS:
            self._gap = "\n"
        elif name in _MOVES and len(numbers) > 1:
            self._gap = "\n" if numbers[-1] != self._height else self._gap
            self._height = numbers[-1]
        elif name in _RELATIVE and len(numbers) > 1:
            self._gap = "\n" if numbers[-1] else " "

    def _grops(self, number: int, numbers: list[float], waiting: tuple[str, int]) -> None:
        """Show a text by one of the twenty ways: five ways to move, then four to spread what is written."""
        text, before = waiting
        spread, moved = numbers[:before], numbers[before:]
        way = number // 4
        gap = "" if self._spread < _SPACE else " "
        if way == 4 and len(moved) > 1:
            gap = "\n" if moved[-1] != self._height else " "
            self._height = moved[-1]
        elif way in {1, 3} and moved:
            gap = " " if moved[0] + self._spread >= _SPACE else ""
        if way in {2, 3} and moved and moved[-1]:
            gap = "\n"
        self._spread = 0.0
        if number % 4 > 1 and spread:
            self._spread = spread[-1]
            text = (" " if self._spread >= _SPACE else "").join(text) if len(text) < _HEAD else text
        self._pieces += (gap, text)
