from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dlp_proxy.model.totals import Observation, Series
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.shared_windows import SharedWindows
from dlp_proxy.stores.sqlite.window_clock import HostClock, WindowClock

HOUR = 3600.0


@dataclass
class Machine:
    boot: str = "first"
    since_boot: float = 100.0
    wall: float = 1_000_000.0

    @property
    def clock(self) -> HostClock:
        return HostClock(lambda: self.boot, lambda: self.since_boot, lambda: self.wall)


def started(path: Path, machine: Machine, *, seen: float = 0.0) -> WindowClock:
    """Return the clock of a proxy that starts now; `seen` is the time of a sighting it makes."""
    connection = open_for_writing(path)
    with transaction(connection):
        clock = WindowClock(connection, machine.clock)
        clock.keep(connection)
        if seen:
            SharedWindows(connection).observe(seen, [Observation(Series("bulk", "li"), (b"a" * 16,), ())])
    connection.close()
    return clock


def test_it_begins_with_the_wall_clock_and_goes_on_by_the_time_since_boot(tmp_path: Path) -> None:
    machine = Machine()
    clock = started(tmp_path / "events.db", machine)
    assert clock.now() == 1_000_000.0
    machine.since_boot += HOUR
    assert clock.now() == 1_000_000.0 + HOUR


def test_setting_the_wall_clock_changes_nothing_not_even_over_a_restart(tmp_path: Path) -> None:
    machine = Machine()
    clock = started(tmp_path / "events.db", machine)
    machine.since_boot += 10
    for wall in (machine.wall + 24 * HOUR, machine.wall - 24 * HOUR):
        machine.wall = wall
        assert clock.now() == 1_000_010.0
        assert started(tmp_path / "events.db", machine).now() == 1_000_010.0


def test_proxies_of_one_machine_go_by_one_time(tmp_path: Path) -> None:
    machine = Machine()
    first = started(tmp_path / "events.db", machine)
    machine.since_boot += 50
    machine.wall += 70
    assert started(tmp_path / "events.db", machine).now() == first.now() == 1_000_050.0


def test_after_a_restart_of_the_machine_the_time_it_was_off_counts(tmp_path: Path) -> None:
    started(tmp_path / "events.db", Machine(), seen=1_000_000.0)
    assert started(tmp_path / "events.db", Machine("second", 5.0, 1_000_000.0 + HOUR)).now() == 1_000_000.0 + HOUR


def test_a_machine_that_was_restarted_and_runs_for_longer_by_now_is_another_run_of_it(tmp_path: Path) -> None:
    started(tmp_path / "events.db", Machine(), seen=1_000_000.0)
    assert started(tmp_path / "events.db", Machine("second", 500.0, 1_000_000.0 + HOUR)).now() == 1_000_000.0 + HOUR


def test_a_machine_that_starts_with_its_clock_behind_frees_nobody(tmp_path: Path) -> None:
    started(tmp_path / "events.db", Machine(), seen=1_000_500.0)
    assert started(tmp_path / "events.db", Machine("second", 5.0, 0.0)).now() == 1_000_500.0
