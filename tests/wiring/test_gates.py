"""Gates that are kept in the state folder."""

from __future__ import annotations

from pathlib import Path

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
    assert kept_gate(tmp_path, TEXTS) == gate
    assert kept_gate(tmp_path, {"a.yaml": "policy: b"}) is None
