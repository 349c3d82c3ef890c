"""`docs/benchmarks.md`: each bench writes between its own two marks and leaves the rest alone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def put(name: str, shown: str) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->``."""
    text = PAGE.read_text(encoding="utf-8")
    before, mark, rest = text.partition(f"<!-- {name} -->\n")
    _, end, after = rest.partition(f"<!-- /{name} -->\n")
    assert mark, f"{PAGE} has no marks for {name}"
    assert end, f"{PAGE} has no marks for {name}"
    PAGE.write_text(f"{before}{mark}{shown}\n{end}{after}", encoding="utf-8")
