"""Gates that are kept in the state folder."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.needs import Need
from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.wiring.gates import keep_gate, kept_gate

TEXTS = {"a.yaml": "policy: a"}


def test_a_gate_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    needs = (
        Need(),
        Need("@"),
        Need(digits=5),
        Need(beyond=True),
        Need(run=True),
        Need(masks=True),
        Need(outside=True),
        Need(foreign=True),
    )
    assert {
        name
        for need in needs
        for name, default in zip(Need._fields, Need(), strict=True)
        if getattr(need, name) != default
    } == set(Need._fields)
    gate = Stored(tuple(bytes([number]) for number in range(len(needs))), needs, frozenset({3, 1}))
    keep_gate(tmp_path, TEXTS, gate)
    kept = kept_gate(tmp_path, TEXTS)
    assert kept is not None
    assert kept._replace(databases=tuple(kept.databases)) == gate
    assert kept_gate(tmp_path, {"a.yaml": "policy: b"}) is None


def test_a_kept_gate_is_carried_to_other_processes_by_its_place(tmp_path: Path) -> None:
    keep_gate(tmp_path, TEXTS, Stored((b"x" * 100_000, b"last"), (Need(), Need()), frozenset({1})))
    kept = kept_gate(tmp_path, TEXTS)
    carried = pickle.dumps(kept)
    assert len(carried) < 1_000
    there = pickle.loads(carried)  # noqa: S301 - made above
    assert (there.databases[0], there.databases[-1], len(there.databases)) == (b"x" * 100_000, b"last", 2)


def test_a_gate_that_is_gone_or_cut_off_is_none(tmp_path: Path) -> None:
    keep_gate(tmp_path, TEXTS, Stored((b"x" * 1_000,), (Need(),), frozenset({1})))
    kept = kept_gate(tmp_path, TEXTS)
    assert kept is not None
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.unlink()
    assert DetectorSet((), stored=kept).engine == "regex"
    for part in (whole[:-1], whole + b"x", b"", b"{}\n", b"[1]\n"):
        path.write_bytes(part)
        assert kept_gate(tmp_path, TEXTS) is None


def test_the_gates_that_were_used_last_stay_and_those_of_older_versions_go(tmp_path: Path) -> None:
    (tmp_path / "older.json").write_text("{}")
    gate = Stored((b"x",), (Need(),), frozenset({1}))
    some = [{"a.yaml": f"policy: {number}"} for number in range(5)]
    for number, texts in enumerate(some[:4]):
        keep_gate(tmp_path, texts, gate)
        for path in tmp_path.iterdir():
            os.utime(path, (number, path.stat().st_mtime - 10))
    assert kept_gate(tmp_path, some[0]) is not None
    keep_gate(tmp_path, some[4], gate)
    assert [kept_gate(tmp_path, texts) is not None for texts in some] == [True, False, True, True, True]
    assert {path.suffix for path in tmp_path.iterdir()} == {".gate"}
