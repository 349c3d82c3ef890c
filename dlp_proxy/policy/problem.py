"""What is wrong with a policy, where, and what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal


class PolicyError(Exception):
    """The policies do not load; the author must act. The text is every problem, as ``policy check`` prints it."""


_BEFORE: Final = 160
_MARKED: Final = 120


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line of a file. Lines and columns count from 1, in characters."""

    path: str
    line: int
    column: int
    width: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake, one message.

    Attributes:
        code: a stable word for scripts and for `explain-error`, e.g. ``UNKNOWN-KEY``.
        width: characters under the carets.
        help: what to write, or empty.
        first_here: the other place of a thing that is there twice.
        fix: what to write in the place of what is marked, when that is plain; for programs.
    """

    severity: Literal["error", "warning"]
    code: str
    path: str
    line: int
    column: int
    width: int
    message: str
    help: str = ""
    first_here: Place | None = None
    fix: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        return (self.path, self.line, self.column, self.code, self.message)


class Problems:
    """Collects every problem of one run; a second message about one place and code is dropped."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str, str], Problem] = {}

    def error(  # noqa: PLR0917 (a problem as it is written)
        self,
        code: str,
        place: Place,
        message: str,
        hint: str = "",
        first_here: Place | None = None,
        fix: str = "",
    ) -> None:
        self._add(
            Problem("error", code, place.path, place.line, place.column, place.width, message, hint, first_here, fix)
        )

    def warning(self, code: str, place: Place, message: str, hint: str = "", first_here: Place | None = None) -> None:
        self._add(
            Problem("warning", code, place.path, place.line, place.column, place.width, message, hint, first_here)
        )

    def _add(self, problem: Problem) -> None:
        self._found.setdefault(problem.order, problem)

    def add(self, others: Problems) -> None:
        """Take over all that `others` collected."""
        for problem in others.sorted():
            self._add(problem)

    @property
    def count(self) -> int:
        return len(self._found)

    @property
    def failed(self) -> bool:
        return any(problem.severity == "error" for problem in self._found.values())

    def sorted(self) -> tuple[Problem, ...]:
        """Return all problems by path, line and column."""
        return tuple(self._found[key] for key in sorted(self._found))


def render_text(problem: Problem, text: str) -> str:
    """Return the problem as people read it: the place, the line with carets under the fault, and the help."""
    lines = [
        f"{problem.path}:{problem.line}:{problem.column}: {problem.severity}[{problem.code}]: {_flat(problem.message)}"
    ]
    source = text.split("\n")
    if 1 <= problem.line <= len(source):
        shown = source[problem.line - 1].rstrip("\r").replace("\t", " ")
        before, marked = shown[: problem.column - 1], shown[problem.column - 1 : problem.column - 1 + problem.width]
        before, marked = before[-_BEFORE:], marked[:_MARKED]
        shown = before + shown[problem.column - 1 :][:_MARKED]
        gutter = " " * len(str(problem.line))
        carets = " " * _cells(before) + "^" * max(1, _cells(marked))
        lines += [f"{gutter} |", f"{problem.line} | {_flat(shown)}", f"{gutter} | {carets}"]
    if problem.first_here is not None:
        first = problem.first_here
        words = "first here" if problem.code == "DUPLICATE" else "see also"
        lines.append(f"  = {words}: {first.path}:{first.line}:{first.column}")
    if problem.help:
        lines.append(f"  = help: {_flat(problem.help)}")
    return "\n".join(lines)


def render_all(problems: Iterable[Problem], files: Mapping[str, str]) -> str:
    """Return all problems in order, an empty line between two."""
    return "\n\n".join(render_text(problem, files.get(problem.path, "")) for problem in problems)


def _flat(text: str) -> str:
    # Keys and values are quoted in messages; a control character in one must not move the terminal's cursor.
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
