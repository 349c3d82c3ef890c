"""The import law of the house, read off the syntax trees."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "dlp_proxy"

MAY_IMPORT: Final = {
    "model": set(),
    "encodings": {"model"},
    "unpack": {"model", "encodings"},
    "detect": {"model", "encodings"},
    "policy": {"model", "detect"},
    "windows": {"model"},
    "evidence": {"model"},
    "stores": {"model", "windows", "evidence"},
    "sealing": {"model", "stores", "evidence"},
    "incidents": {"model", "policy", "stores", "windows", "evidence"},
    "reporting": {"model", "stores", "evidence", "sealing", "incidents"},
    "pictures": {"model", "unpack"},
    "programs": {"model", "unpack"},
    "pipeline": {"model", "unpack", "detect", "policy", "windows"},
    "forward": {"model", "evidence", "stores"},
    "replay": {"model", "policy", "windows", "stores", "evidence", "incidents", "pipeline"},
    "setting_values": {"forward"},
    "settings": {"model", "policy", "forward", "setting_values"},
    "logs": {"model", "settings"},
    "proxy": {"model", "unpack", "policy", "windows", "stores", "incidents", "pipeline"},
    "wiring": {
        "model",
        "unpack",
        "detect",
        "policy",
        "windows",
        "stores",
        "evidence",
        "sealing",
        "incidents",
        "pipeline",
        "settings",
        "setting_values",
        "logs",
        "proxy",
        "pictures",
        "programs",
        "forward",
        "replay",
    },
    "cli": {
        "model",
        "unpack",
        "detect",
        "policy",
        "windows",
        "stores",
        "evidence",
        "sealing",
        "incidents",
        "reporting",
        "pipeline",
        "settings",
        "setting_values",
        "logs",
        "proxy",
        "wiring",
        "pictures",
        "programs",
        "forward",
        "replay",
    },
}
"""Room -> rooms it may import beside itself. Whoever widens a row says why in an ADR."""

PURE: Final = ("model", "encodings", "unpack", "detect", "policy")
IMPURE: Final = {
    "asyncio", "logging", "mitmproxy", "multiprocessing", "os", "random", "secrets", "shutil",
    "signal", "socket", "sqlite3", "ssl", "structlog", "subprocess", "tempfile", "threading", "time",
    "tornado", "urllib.request",
}  # fmt: skip
IMPURE_CALLS: Final = {"open", "input", "print", "breakpoint", "exec", "eval", "__import__"}


def modules() -> Iterator[Path]:
    return PACKAGE.rglob("*.py")


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_rooms_import_only_downwards() -> None:
    looked = 0
    wrong = []
    for path in modules():
        here = room(path)
        if here == "__init__":
            continue
        for name in imported(path):
            if not name.startswith("dlp_proxy."):
                continue
            looked += 1
            there = name.split(".")[1]
            if there not in {here, "__version__"} and there not in MAY_IMPORT[here]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []
    assert looked > 150


def test_only_the_proxy_room_imports_mitmproxy() -> None:
    wrong = [
        str(p.relative_to(ROOT))
        for p in modules()
        if room(p) != "proxy" and any(n.split(".")[0] == "mitmproxy" for n in imported(p))
    ]
    assert wrong == []


def test_replay_has_nothing_to_talk_to_anybody_with() -> None:
    talking = {"socket", "ssl", "urllib.request", "http", "asyncio", "mitmproxy", "subprocess", "tornado"}
    files = [path for path in modules() if room(path) == "replay"]
    assert [(path.name, one) for path in files for one in imported(path) if {one, one.split(".")[0]} & talking] == []
    assert len(files) > 10


def test_only_the_command_line_imports_the_wiring() -> None:
    wrong = [
        str(p.relative_to(ROOT))
        for p in modules()
        if room(p) not in {"cli", "wiring"} and any(n.startswith("dlp_proxy.wiring") for n in imported(p))
    ]
    assert wrong == []


@pytest.mark.parametrize("pure", PURE)
def test_pure_rooms_touch_no_clock_disk_network_or_chance(pure: str) -> None:
    wrong = []
    files = [path for path in modules() if room(path) == pure]
    for path in files:
        for name in imported(path):
            if name in IMPURE or name.split(".")[0] in IMPURE:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.id}")
    assert wrong == []
    assert len(files) > 3


def test_no_module_is_part_of_an_import_cycle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in modules()}
    for name, path in names.items():
        graph[name] = {one for one in imported(path) if one in names and one != name}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above[above.index(name) :], name))
        if name in done:
            return
        for below in graph[name]:
            visit(below, (*above, name))
        done.add(name)

    for name in names:
        visit(name, ())
    assert len(done) > 60


def test_packages_re_export_nothing() -> None:
    wrong = []
    for path in modules():
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            allowed = [
                n for n in body if isinstance(n, ast.Expr) or (isinstance(n, ast.Assign) and path.parent == PACKAGE)
            ]
            if len(allowed) != len(body):
                wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []
