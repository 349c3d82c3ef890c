"""Names of files and words of the house."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FORBIDDEN_FILES: Final = {"utils", "helpers", "common", "core", "base", "manager", "misc"}
FORBIDDEN_WORDS: Final = re.compile(r"white[-_ ]?list|black[-_ ]?list", re.IGNORECASE)
REVEALERS: Final = {
    "cli/scan.py",  # on a terminal, asked for
    "model/names.py",  # to take values out of names
    "pipeline.py",  # to take them out of a body that a rule redacts
    "unpack/account.py",  # to make the fingerprint of an account
    "model/sensitive.py",  # where it is defined
}
"""The only places that may ask a `Sensitive` for its plain value."""


def test_no_file_has_a_name_that_says_nothing() -> None:
    names = [path for path in (ROOT / "dlp_proxy").rglob("*") if path.stem in FORBIDDEN_FILES]
    assert names == []


def test_house_words_are_used() -> None:
    files = [*(ROOT / "dlp_proxy").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    wrong = [str(path.relative_to(ROOT)) for path in files if FORBIDDEN_WORDS.search(path.read_text(encoding="utf-8"))]
    assert wrong == []
    assert len(files) > 60


def test_plain_values_are_revealed_only_where_listed() -> None:
    package = ROOT / "dlp_proxy"
    found = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\.reveal\(|def reveal\(", path.read_text(encoding="utf-8"))
    }
    assert found == REVEALERS


def test_files_are_of_a_size_that_one_name_covers() -> None:
    """Tables written as one text count as one line: the names of three thousand counties are one thing."""
    wrong = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in (ROOT / "dlp_proxy").rglob("*.py")
        if (lines := _lines_without_tables(path.read_text(encoding="utf-8"))) > 400
    ]
    assert wrong == []


def _lines_without_tables(source: str) -> int:
    tables = sum(
        (node.end_lineno or node.lineno) - node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    return len(source.splitlines()) - tables
