"""The pages, and what is written in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))

_CODE: Final = re.compile(r"`([^`\n]+)`")
_FENCE: Final = re.compile(r"^ *```[a-z]*\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_ROW: Final = re.compile(r"^ *\|(.+)\| *$")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_spans(text: str) -> list[str]:
    """Return what stands in backticks outside of fenced blocks."""
    return _CODE.findall(_FENCE.sub("", text))


def fenced(text: str) -> list[str]:
    return _FENCE.findall(text)


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its level or above."""
    _, found, below = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"there is no `{heading}`"
    ends = re.compile(rf"#{{1,{heading.index(' ')}}} ")
    lines: list[str] = []
    inside = False
    for line in below.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside and ends.match(line):
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables in `text`, without heads and rules."""
    lines = [found[1] if (found := _ROW.match(line)) else None for line in text.splitlines()]
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if line is None or set(line) <= set("-| ") or (following is not None and set(following) <= set("-| ")):
            continue
        yield [cell.strip() for cell in line.split("|")]


def plain(cell: str) -> str:
    """Return a cell that is one code span, without its backticks."""
    assert cell.startswith("`"), cell
    return cell.split("`")[1]
