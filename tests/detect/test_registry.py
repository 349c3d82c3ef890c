"""No detector and no check is forgotten."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from dlp_proxy.detect import checks, detectors
from dlp_proxy.detect.registry import CHECKS, STANDARD


def names(folder: str) -> list[str]:
    return sorted(path.stem for path in Path(folder).glob("*.py") if path.stem != "__init__")


def test_every_file_of_detectors_is_in_the_tuple() -> None:
    files = names(detectors.__path__[0])
    made = [import_module(f"dlp_proxy.detect.detectors.{name}").DETECTOR for name in files]
    assert sorted(spec.name for spec in STANDARD) == sorted(spec.name for spec in made)
    assert sorted(spec.name for spec in STANDARD) == ["std/" + name.replace("_", "-") for name in files]
    assert len(files) >= 4


def test_every_file_of_checks_is_in_the_table() -> None:
    files = names(checks.__path__[0])
    assert {name.replace("_", "-"): import_module(f"dlp_proxy.detect.checks.{name}").holds for name in files} == dict(
        CHECKS
    )
    assert len(files) >= 5
