"""A kept detector is the one that would be made, and one that does not fit this code is not taken up."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.detect import compile as compiling
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.ready_detectors import READY, ReadyDetectors, name_of
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.wiring import kept_detectors
from dlp_proxy.wiring.kept_detectors import keep, read


@pytest.fixture
def unready() -> Iterator[None]:
    """Detectors are made, whatever is kept here; nobody else is given what these tests keep."""
    was = READY._read
    READY.read_by(dict)
    compile_detector.cache_clear()
    yield
    READY.read_by(was)
    compile_detector.cache_clear()


def all_of(detector: Detector) -> bytes:
    return pickle.dumps(detector)


@pytest.mark.usefixtures("unready")
def test_a_kept_detector_is_the_one_that_would_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [compile_detector(spec) for spec in STANDARD]
    keep(made, tmp_path / "made" / "detectors.json")
    kept = read(tmp_path / "made" / "detectors.json")
    assert len(kept) == len({name_of(spec) for spec in STANDARD}) == len(STANDARD)
    READY.read_by(lambda: kept)
    compile_detector.cache_clear()

    def never(spec: object) -> Detector:
        raise AssertionError(f"{spec} was made though it is kept")

    monkeypatch.setattr(compiling, "_made", never)
    again = [compile_detector(spec) for spec in STANDARD]
    assert [one.spec for one in again] == list(STANDARD)
    restored = [pickle.loads(all_of(one)) for one in made]  # noqa: S301 - made a moment ago
    assert list(map(all_of, again)) == list(map(all_of, restored))


@pytest.mark.usefixtures("unready")
def test_a_spec_that_differs_in_anything_is_made_anew(tmp_path: Path) -> None:
    spec = STANDARD[0]
    keep([compile_detector(spec)], tmp_path / "made" / "detectors.json")
    kept = read(tmp_path / "made" / "detectors.json")
    READY.read_by(lambda: kept)
    assert READY.of(spec) is not None
    assert READY.of(replace(spec, name=f"{spec.name}-of-ours")) is None
    other = ReadyDetectors()
    other.read_by(lambda: {name_of(STANDARD[1]): kept[name_of(spec)]})
    assert other.of(STANDARD[1]) is None, "one of another spec was taken for it"


@pytest.mark.usefixtures("unready")
@pytest.mark.parametrize("change", ["cut", "other code", "no JSON", "missing"])
def test_a_file_that_does_not_fit_is_no_file(tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "made" / "detectors.json"
    keep([compile_detector(STANDARD[0])], file)
    text = file.read_text(encoding="ascii")
    match change:
        case "cut":
            file.write_text(text[:-9], encoding="ascii")
        case "no JSON":
            file.write_text("x", encoding="ascii")
        case "missing":
            file.unlink()
        case _:
            monkeypatch.setattr(kept_detectors, "code_digest", lambda: "of other code")
    assert read(file) == {}


def test_a_piece_that_cannot_be_unpickled_is_made_anew() -> None:
    ready = ReadyDetectors()
    ready.read_by(lambda: {name_of(STANDARD[0]): b"\x80\x05garbage"})
    assert ready.of(STANDARD[0]) is None


def test_a_start_makes_no_standard_detector() -> None:
    compiles = (
        "import dlp_proxy.wiring.ready_first\n"
        "from dlp_proxy.detect import compile as compiling\n"
        "from dlp_proxy.detect.registry import STANDARD\n"
        "made, makes = [], compiling._made\n"
        "compiling._made = lambda spec: (made.append(spec.name), makes(spec))[1]\n"
        "assert len(list(map(compiling.compile_detector, STANDARD))) > 15\n"
        "print(made)"
    )
    done = subprocess.run([sys.executable, "-c", compiles], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", "scripts/bootstrap, which scripts/test calls, did not keep them"
