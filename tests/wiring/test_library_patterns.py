"""What `re` finds in its cache is what it would have compiled, and a start finds most of what it asks for there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dlp_proxy.wiring.engine import EARLY
from dlp_proxy.wiring.library_patterns import LibraryPattern, put, taken_apart
from dlp_proxy.wiring.ready_patterns import Kept, keep, read, ready_file

WRITTEN = [
    (r"(?P<year>\d{4})-(?P<month>\d\d)(?:T(.*))?", 0),
    (r"[\u4e00-\u9fff甲乙丙]{2,8}(?<!路)(?=号)", re.IGNORECASE),
    (r"(?i:straße|ÅNGSTRÖM)|(?:a|b)*+$", re.MULTILINE),
    (r"", 0),
]


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[type, str, int], re.Pattern[str]]:
    empty: dict[tuple[type, str, int], re.Pattern[str]] = {}
    monkeypatch.setattr(re, "_cache", empty)
    return empty


def through_a_file(tmp_path: Path, patterns: list[LibraryPattern]) -> tuple[LibraryPattern, ...]:
    keep(Kept((), tuple(patterns)), tmp_path / "made" / "patterns.json")
    return read(tmp_path / "made" / "patterns.json").library


def test_a_kept_pattern_is_the_compiled_one(
    tmp_path: Path, cache: dict[tuple[type, str, int], re.Pattern[str]]
) -> None:
    put(through_a_file(tmp_path, [taken_apart(pattern, int(flags)) for pattern, flags in WRITTEN]))
    kept = dict(cache)
    cache.clear()
    for pattern, flags in WRITTEN:
        one = kept[str, pattern, flags]
        fresh = compiled_anew(pattern, flags)
        assert one is not fresh
        assert one == fresh, "`re` compares text, flags and code"
        assert (one.groupindex, one.groups) == (fresh.groupindex, fresh.groups)
    found = kept[str, WRITTEN[0][0], 0].fullmatch("2012-05T1")
    assert found is not None
    assert found.groupdict() == {"year": "2012", "month": "05"}
    assert found.group(3) == "1"


def compiled_anew(pattern: str, flags: int) -> re.Pattern[str]:
    re.purge()
    return re.compile(pattern, flags)


def test_what_is_damaged_is_compiled_by_re_itself(cache: dict[tuple[type, str, int], re.Pattern[str]]) -> None:
    good = taken_apart("abc", 0)
    put([good._replace(code=[1, 2, 3]), good._replace(pattern="d", code=[-1]), good._replace(pattern="e", code=[])])
    assert {pattern for _, pattern, _ in cache}.isdisjoint({"abc", "d", "e"})
    assert re.compile("abc").fullmatch("abc")


STARTS = {
    "a supervisor": "import dlp_proxy.wiring.ready_first; import dlp_proxy.wiring.supervisor",
    "a worker": "import dlp_proxy.wiring.worker_start",
    "inspectors": "".join(f"import {module}; " for module in EARLY),
    "whoever does not take them up": "import dlp_proxy.wiring.supervisor",
}


@pytest.mark.parametrize("who", STARTS)
def test_a_start_compiles_none_of_the_dear_ones_that_are_kept(who: str) -> None:
    assert ready_file().exists(), "scripts/bootstrap makes it, which scripts/test calls"
    show = (
        "import re, json\n"
        "made = []\n"
        "compiles = re._compiler.compile\n"
        "re._compiler.compile = lambda pattern, flags=0: (made.append(pattern), compiles(pattern, flags))[1]\n"
        f"{STARTS[who]}\n"
        "print(json.dumps([one for one in made if isinstance(one, str)]))"
    )
    compiled = set(json.loads(subprocess.run([sys.executable, "-c", show], capture_output=True, check=True).stdout))
    dear = {one.pattern for one in read(ready_file()).library[-100:]}
    if who == "whoever does not take them up":
        assert len(compiled & dear) > 50
    else:
        assert len(compiled & dear) < 6, "those that `ready_first` itself needs, and no more"
