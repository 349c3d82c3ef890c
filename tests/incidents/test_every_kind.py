"""No kind of incident is forgotten."""

from __future__ import annotations

import importlib
from pathlib import Path

import dlp_proxy.incidents.kinds as folder
from dlp_proxy.incidents.grouping import KINDS


def test_every_file_of_the_folder_has_its_kinds_in_the_tuple() -> None:
    files = {path.stem for path in Path(folder.__file__).parent.glob("*.py")} - {"__init__"}
    watching = {
        value
        for name in files
        for value in vars(importlib.import_module(f"dlp_proxy.incidents.kinds.{name}")).values()
        if isinstance(value, type)
        and value.__module__.endswith(f"kinds.{name}")
        and hasattr(value, "see")
        and not value.__name__.startswith("_")
    }
    assert watching == set(KINDS)
    assert len(files) >= 4
