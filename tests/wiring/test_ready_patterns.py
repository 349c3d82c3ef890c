"""Kept patterns are those that would be compiled, and a file that is not in order is no file."""

from __future__ import annotations

import copyreg
import subprocess
import sys
from pathlib import Path

import pytest
import regex

from dlp_proxy.detect.ready import Ready, Shelf
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.wiring.engine import EARLY
from dlp_proxy.wiring.ready_patterns import Kept, keep, read

WRITTEN = [(one.pattern, flags) for spec in STANDARD for one in spec.patterns for flags in (0, regex.IGNORECASE)]


def numbers(pattern: regex.Pattern[str]) -> object:
    """Return all that `regex` made of a pattern."""
    made: object = copyreg.dispatch_table[regex.Pattern](pattern)[1]
    return made


def kept(tmp_path: Path, patterns: list[tuple[str, int]]) -> tuple[Ready, ...]:
    shelf = Shelf()
    shelf.keep()
    for pattern, flags in patterns:
        shelf.compiled(pattern, flags)
    keep(Kept(shelf.kept()), tmp_path / "made" / "patterns.json")
    return read(tmp_path / "made" / "patterns.json").patterns


def test_a_kept_pattern_is_the_compiled_one_to_the_last_number(tmp_path: Path) -> None:
    shelf = Shelf()
    shelf.put(kept(tmp_path, WRITTEN))
    assert len(WRITTEN) >= 100
    for pattern, flags in WRITTEN:
        taken = shelf.compiled(pattern, flags)
        assert numbers(taken) == numbers(regex.compile(pattern, flags))
    again = Shelf()
    again.put([Ready("a", 0, (*numbers_of("b"),))])
    assert again.compiled("a").fullmatch("b"), "kept patterns are not used"


def numbers_of(pattern: str) -> tuple[object, ...]:
    made = numbers(regex.compile(pattern))
    assert isinstance(made, tuple)
    return made


def test_the_process_that_inspectors_are_forked_from_has_every_late_pattern_compiled() -> None:
    asked = (
        "import dlp_proxy.wiring.early, dlp_proxy.detect.late as late; print([vars(one).keys() for one in late._made])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.count("finditer") == done.stdout.count("dict_keys") > 50
    assert EARLY[0] == "dlp_proxy.wiring.ready_first", "what comes before it compiles its patterns itself"
    assert "dlp_proxy.wiring.early" in EARLY


def test_what_inspectors_are_forked_with_is_left_alone_by_each_of_their_collections() -> None:
    asked = "import dlp_proxy.wiring.early, gc; print(gc.get_freeze_count(), len(gc.get_objects()))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    frozen, looked_at = map(int, done.stdout.split())
    assert frozen > 100 * max(looked_at, 100)


def test_what_cannot_be_taken_up_is_compiled() -> None:
    shelf = Shelf()
    shelf.put([Ready("a+", 0, ("a+", 0, b"\x01\x02", {}, {}, {}, [], -1, None, 0, 0)), Ready("b", 0, ())])
    assert shelf.compiled("a+").fullmatch("aaa")
    assert shelf.compiled("b").fullmatch("b")
    assert shelf.compiled("c").fullmatch("c")
    with pytest.raises(regex.error):
        shelf.compiled("(")


@pytest.mark.parametrize("change", ["cut", "flipped", "other release", "empty"])
def test_a_damaged_file_is_no_file(tmp_path: Path, change: str) -> None:
    kept(tmp_path, [("[0-9]{3}", 0)])
    file = tmp_path / "made" / "patterns.json"
    text = file.read_text(encoding="utf-8")
    changed = {
        "cut": text[:-4],
        "flipped": text.replace("[0-9]", "[1-9]"),
        "other release": f"{'0' * 64}\n{text.split('\n', 1)[1]}",
        "empty": "",
    }
    file.write_text(changed[change], encoding="utf-8")
    with pytest.raises(ValueError, match=r"release|unpack"):
        read(file)


def test_patterns_are_the_same_in_every_process() -> None:
    """One that depends on the order of a set would be kept under a name that no other process asks for."""
    show = (
        "import dlp_proxy.detect.readers.address, dlp_proxy.detect.late as late, hashlib\n"
        "from dlp_proxy.detect.registry import STANDARD\n"
        "print(hashlib.sha256(repr(([one._pattern for one in late._made],"
        " STANDARD)).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", show], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
