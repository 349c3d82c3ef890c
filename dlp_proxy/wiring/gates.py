"""Compiled gates, kept in the state folder, and the process that compiles one.

Compiling the gate of twenty detectors takes seconds of Python that lets nothing else run. So a proxy never compiles it
in its own process: it begins without, has another process compile it, and takes it up like a new policy. A restart
finds it kept.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.needs import Need
from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.wiring.code_digest import code_digest
from dlp_proxy.wiring.engine import EngineParts, engine_of_texts

try:
    hyperscan_version = importlib.metadata.version("hyperscan")
except importlib.metadata.PackageNotFoundError:
    hyperscan_version = ""

_KEPT: Final = 4
_NICE: Final = 10


def gate_key(texts: Mapping[str, str]) -> str:
    """Return what a gate of these policies is kept under: it is made by this code, this Hyperscan, of these texts."""
    digest = hashlib.sha256(f"{hyperscan_version} {code_digest()}".encode())
    # Not their names: the same folder is the same under another spelling of its path.
    digest.update(json.dumps([text for _, text in sorted(texts.items())]).encode())
    return digest.hexdigest()[:32]


def kept_gate(folder: Path, texts: Mapping[str, str]) -> Stored | None:
    """Return the gate that was compiled for these policies; None when there is none, or it cannot be read."""
    if not hyperscan_version:
        return None
    try:
        kept = json.loads((folder / f"{gate_key(texts)}.json").read_text(encoding="ascii"))
        return _stored(kept)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_gate(folder: Path, texts: Mapping[str, str], gate: Stored) -> None:
    """Keep a compiled gate, and the newest few of those before it.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{gate_key(texts)}.json"
    path.with_suffix(".new").write_text(json.dumps(_plain(gate)), encoding="ascii")
    path.with_suffix(".new").replace(path)
    for old in sorted(folder.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)


def command(policies: Path, folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Return the command that compiles the gate of a policy folder, if the folder still holds these texts."""
    return [sys.executable, "-m", "dlp_proxy.wiring.gates", str(policies), str(folder), gate_key(texts)]


def compile_and_keep(policies: Path, folder: Path, key: str) -> bool:
    """Compile the gate of a policy folder and keep it; False when there is none, or the folder has changed."""
    files = read_policies(policies)
    if gate_key(files.texts) != key:
        return False
    detectors = engine_of_texts(files.texts, files.fixtures)
    gate = DetectorSet(detectors, fast=True).stored()
    if gate is None:
        return False
    keep_gate(folder, files.texts, gate)
    return True


def with_kept_gate(parts: EngineParts, folder: Path) -> EngineParts:
    """Return `parts` with the gate that is kept for them, if there is one."""
    return replace(parts, gate=kept_gate(folder, parts.texts))


def with_compiled_gate(parts: EngineParts) -> EngineParts:
    """Return `parts` with a gate, compiled here and now where there is none: seconds of CPU."""
    if parts.gate is not None or not hyperscan_version:
        return parts
    return replace(parts, gate=DetectorSet(engine_of_texts(parts.texts, parts.fixtures), fast=True).stored())


def _plain(stored: Stored) -> dict[str, object]:
    databases = [base64.b64encode(one).decode("ascii") for one in stored.databases]
    return {"databases": databases, "needs": stored.needs, "covered": sorted(stored.covered)}


def _stored(kept: Mapping[str, list[Any]]) -> Stored:
    databases = tuple(base64.b64decode(one, validate=True) for one in kept["databases"])
    needs = tuple(Need(*need) for need in kept["needs"])
    return Stored(databases, needs, frozenset(int(one) for one in kept["covered"]))


def main() -> int:
    """Compile for ``policies folder key``."""
    with suppress(OSError):
        os.nice(_NICE)
    policies, folder, key = sys.argv[1:4]
    return 0 if compile_and_keep(Path(policies), Path(folder), key) else 1


if __name__ == "__main__":
    sys.exit(main())
