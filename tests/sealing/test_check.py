"""Whoever changes evidence on disk is found out, and the place is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dlp_proxy.sealing.check import PURGED, Fault, check
from dlp_proxy.sealing.people import Role
from dlp_proxy.sealing.shares import Shares, Wrapped, split, wrap
from dlp_proxy.sealing.vault import Vault, blob_path, shares_path
from tests.sealing.world import World, message

type Damage = Callable[[Path, Path], None]


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def _empty(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(b"")


def _copy_over(one: Path, other: Path) -> None:
    one.unlink()
    shutil.copy(other, one)


def _cut(path: Path) -> None:
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-5])


def _swap(one: Path, other: Path) -> None:
    aside = one.with_name("aside")
    shutil.move(one, aside)
    shutil.move(other, one)
    shutil.move(aside, other)


BLOBS: dict[str, tuple[Damage, list[str]]] = {
    "flip a bit": (lambda one, _: _flip(one, 300), ["was changed: its SHA-256 is not its name", ""]),
    "flip the last": (lambda one, _: _flip(one, -1), ["was changed: its SHA-256 is not its name", ""]),
    "delete": (lambda one, _: one.unlink(), ["is gone", ""]),
    "truncate": (lambda one, _: _cut(one), ["it was cut", ""]),
    "empty": (lambda one, _: _empty(one), ["has 0 bytes", ""]),
    "swap two": (_swap, ["SHA-256 is not its name", "SHA-256 is not its name"]),
    "copy over another": (_copy_over, ["not its name", ""]),
}
SHARES: dict[str, tuple[Damage, list[str]]] = {
    "flip a bit": (lambda one, _: _flip(one, 200), ["was changed", ""]),
    "delete": (lambda one, _: one.unlink(), ["is gone", ""]),
    "truncate": (lambda one, _: _cut(one), ["was changed or cut", ""]),
    "swap two": (_swap, ["is of another event", "is of another event"]),
}


@pytest.mark.parametrize(("kind", "name"), [("blob", name) for name in BLOBS] + [("shares", name) for name in SHARES])
def test_damage_is_found_and_its_place_named(world: World, kind: str, name: str) -> None:
    damage, says = (BLOBS if kind == "blob" else SHARES)[name]
    held = [world.seal(message(1)), world.seal(message(2))]
    assert (check(world.state, held, world.audit).whole, check(world.state, held, world.audit).faults) == (2, [])
    places = [
        blob_path(world.state, one.pointer.blob) if kind == "blob" else shares_path(world.state, one.event)
        for one in held
    ]
    damage(*places)
    faults = check(world.state, held, world.audit).faults
    expected = [(one.event, place) for one, place, said in zip(held, places, says, strict=True) if said]
    assert [(one.event, world.state.path / one.place) for one in faults] == expected
    assert all(said in one.says for one, said in zip(faults, [one for one in says if one], strict=True))


def test_shares_that_somebody_made_anew_are_found(world: World) -> None:
    """Public keys are public: whoever writes here can seal another content. The event knows which it was."""
    held = world.seal(message(1))
    parts = split(bytes(32))
    by_role: dict[Role, Wrapped] = {
        "investigator": wrap(held.event, "investigator", parts["investigator"], [world.key("li")]),
        "approver": wrap(held.event, "approver", parts["approver"], [world.key("dpo")]),
    }
    forged = Shares(held.event, held.pointer.blob, held.pointer.size, 0.0, by_role)
    shares_path(world.state, held.event).write_bytes(forged.text())
    (fault,) = check(world.state, [held], world.audit).faults
    assert "was changed or replaced" in fault.says


def test_what_was_purged_is_no_fault_and_what_is_gone_without_an_entry_is(world: World) -> None:
    purged, gone = world.seal(message(1)), world.seal(message(2))
    world.audit.append(PURGED, "tester", purged.event, {})
    for one in (purged, gone):
        Vault(world.state).forget(one.event, one.pointer.blob)
    found = check(world.state, [purged, gone], world.audit)
    assert found.purged == 1
    assert {fault.event for fault in found.faults} == {gone.event}


def test_an_entry_of_a_purge_excuses_no_change(world: World) -> None:
    held = world.seal(message(1))
    world.audit.append(PURGED, "tester", held.event, {})
    _flip(blob_path(world.state, held.pointer.blob), 100)
    assert len(check(world.state, [held], world.audit).faults) == 1


def test_files_of_no_event_are_stray(world: World) -> None:
    held = world.seal(message(1))
    found = check(world.state, [], world.audit)
    assert found.stray == [
        str(path.relative_to(world.state.path))
        for path in (blob_path(world.state, held.pointer.blob), shares_path(world.state, held.event))
    ]


def test_a_place_is_a_path_below_the_state_folder() -> None:
    assert json.loads(json.dumps(Fault("e", "blobs/aa/aa", "is gone")._asdict()))["place"] == "blobs/aa/aa"
