"""Compiled gates, kept in the state folder, and the process that compiles one.

Compiling the gate of twenty detectors takes seconds of Python that lets nothing else run. So a proxy never compiles it
in its own process: it begins without, has another process compile it, and takes it up like a new policy. A restart
finds it kept.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Final, overload

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
_ENDING: Final = ".gate"


@dataclass(frozen=True, slots=True)
class _InFile(Sequence[bytes]):
    """Databases in the file of a gate, each read when it is asked for.

    Every process of a proxy needs them once, for a moment: carried along they would be 20 MB of each, for good.
    """

    path: Path
    starts: tuple[int, ...]
    """Where each begins, and behind the last one the end of the file."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        """Return a database.

        Raises:
            OSError: the file is gone.
        """
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        start, end = self.starts[index % len(self)], self.starts[index % len(self) + 1]
        with self.path.open("rb") as held:
            held.seek(start)
            return held.read(end - start)


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
    path = folder / f"{gate_key(texts)}{_ENDING}"
    try:
        with path.open("rb") as held:
            said = json.loads(held.readline())
            starts = tuple(accumulate(said["sizes"], initial=held.tell()))
            if os.fstat(held.fileno()).st_size != starts[-1]:
                return None
        with suppress(OSError):  # a state folder that may only be read
            os.utime(path)  # the newest few stay: it is in use
        needs = tuple(Need(*need) for need in said["needs"])
        return Stored(_InFile(path, starts), needs, frozenset(map(int, said["covered"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_gate(folder: Path, texts: Mapping[str, str], gate: Stored) -> None:
    """Keep a compiled gate, and the newest few of those before it.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{gate_key(texts)}{_ENDING}"
    said = {"sizes": list(map(len, gate.databases)), "needs": gate.needs, "covered": sorted(gate.covered)}
    with path.with_suffix(".new").open("wb") as held:
        held.write(json.dumps(said).encode("ascii") + b"\n")
        held.writelines(gate.databases)
    path.with_suffix(".new").replace(path)
    for old in sorted(folder.glob(f"*{_ENDING}"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
    for other in folder.glob("*.json"):  # as they were kept by older versions
        other.unlink(missing_ok=True)


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


def main() -> int:
    """Compile for ``policies folder key``."""
    with suppress(OSError):
        os.nice(_NICE)
    policies, folder, key = sys.argv[1:4]
    return 0 if compile_and_keep(Path(policies), Path(folder), key) else 1


if __name__ == "__main__":
    sys.exit(main())
