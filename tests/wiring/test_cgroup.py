"""Limits of a container are seen, in both versions of control groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.wiring.cgroup import Allowance, allowance
from dlp_proxy.wiring.sizes import within_quota


def tree(root: Path, own: str, files: dict[str, str]) -> tuple[Path, Path]:
    """Make a table of a process's groups, and what is mounted."""
    mounted = root / "cgroup"
    for name, text in files.items():
        path = mounted / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    (root / "own").write_text(own)
    return root / "own", mounted


@pytest.mark.parametrize(
    ("own", "files", "seen"),
    [
        pytest.param("0::/\n", {"cpu.max": "150000 100000", "memory.max": "1073741824", "pids.max": "512"},
                     Allowance(1.5, 1 << 30, 512), id="a container, version 2"),
        pytest.param("0::/system.slice/x.service\n",
                     {"system.slice/x.service/memory.max": "max", "system.slice/memory.max": "4096",
                      "cpu.max": "max 100000"},
                     Allowance(0.0, 4096, 0), id="a unit below a slice with a limit"),
        pytest.param("0::/docker/of-outside\n", {"memory.max": "77"}, Allowance(0.0, 77, 0), id="a path of outside"),
        pytest.param("4:memory:/a\n1:cpu,cpuacct:/a\n8:pids:/\n0::/\n",
                     {"memory/a/memory.limit_in_bytes": "5000", "memory/memory.limit_in_bytes": "9223372036854771712",
                      "cpu,cpuacct/a/cpu.cfs_quota_us": "200000", "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
                      "pids/pids.max": "max"},
                     Allowance(2.0, 5000, 0), id="version 1"),
        pytest.param("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, Allowance(),
                     id="version 1 without a limit"),
        pytest.param("", {}, Allowance(), id="no groups"),
    ],
)  # fmt: skip
def test_limits(tmp_path: Path, own: str, files: dict[str, str], seen: Allowance) -> None:
    assert allowance(*tree(tmp_path, own, files)) == seen


def test_no_table_is_no_limit(tmp_path: Path) -> None:
    assert allowance(tmp_path / "none", tmp_path) == Allowance()


@pytest.mark.parametrize(
    ("cores", "quota", "used"), [(64, 2.0, 2), (64, 1.5, 2), (64, 0.0, 64), (2, 8.0, 2), (4, 0.5, 1)]
)
def test_so_many_cores_are_used_as_there_is_time_for(cores: int, quota: float, used: int) -> None:
    assert within_quota(cores, quota) == used
