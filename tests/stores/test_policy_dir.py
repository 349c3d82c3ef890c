"""A policy folder that cannot be read whole: a rule that nobody sees is not in force."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.stores.ports import StoreError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.yaml", "more/b.yaml", "more/fixtures/up.bin", ".hidden/c.yaml", "more/.d.yaml", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    return tmp_path


def test_all_below_it_is_read_but_what_is_hidden(folder: Path) -> None:
    read = read_policies(folder)
    assert read.texts == {str(folder / "a.yaml"): "a.yaml", str(folder / "more" / "b.yaml"): "more/b.yaml"}
    assert read.fixtures == {"more/fixtures/up.bin": b"more/fixtures/up.bin"}


@pytest.mark.parametrize("inner", ["", "more"])
def test_a_folder_that_may_not_be_listed_is_not_taken_for_an_empty_one(
    folder: Path, inner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules in a folder that the proxy's user may not read were left out, and nobody was told."""
    closed, scandir = folder / inner, os.scandir

    def refusing(path: Any = ".") -> Any:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(StoreError, match=rf"^cannot read {closed}: Permission denied: may the proxy's user read it\?$"):
        read_policies(folder)


def test_a_file_that_may_not_be_looked_at_is_not_taken_for_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is below a folder that may be listed and not entered."""
    closed, stat = folder / "more" / "b.yaml", os.stat

    def refusing(path: Any, **more: Any) -> Any:
        if not isinstance(path, int) and Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **more)

    monkeypatch.setattr(os, "stat", refusing)
    with pytest.raises(StoreError, match=rf"^cannot read {closed}: "):
        read_policies(folder)
