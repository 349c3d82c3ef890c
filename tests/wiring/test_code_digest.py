"""What is kept is of the code that made it: a change of any file that has a part in it is another code."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.wiring.code_digest import code_digest


@pytest.mark.parametrize(
    ("file", "is_other"),
    [
        ("detect/readers/phone.py", True),
        ("encodings/base64.py", True),
        ("model/limits.py", True),
        ("proxy/addon.py", False),
        ("detect/notes.txt", False),
    ],
)
def test_a_change_of_code_that_has_a_part_in_it_is_another_code(tmp_path: Path, file: str, *, is_other: bool) -> None:
    for one in ("detect/readers/phone.py", "encodings/base64.py", "model/limits.py", "proxy/addon.py"):
        (tmp_path / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one).write_text("A = 1\n", encoding="utf-8")
    before = code_digest(tmp_path)
    code_digest.cache_clear()
    (tmp_path / file).write_text("A = 2\n", encoding="utf-8")
    assert (code_digest(tmp_path) != before) is is_other
