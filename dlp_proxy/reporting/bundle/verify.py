"""Whether a bundle says what the log that was signed says: events, entries, and the anchor that somebody kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.evidence.checkpoint import Checkpoint, NoteError, Verifier, checkpoint_of
from dlp_proxy.evidence.entry import commitment
from dlp_proxy.evidence.merkle import leaf, root_from
from dlp_proxy.evidence.proofs import consistent
from dlp_proxy.reporting.bundle.strict import RefusedError, read_strictly

_ENTRIES = "data/log/entries.jsonl"
_INCLUSION = "data/log/inclusion.json"
_CHECKPOINT = "data/log/checkpoint.txt"
_CONSISTENCY = "data/log/consistency.json"
_SALTS = "data/log/salts.json"
_EVENTS = "data/events.jsonl"
_CUSTODY = "data/custody.jsonl"


@dataclass(frozen=True, slots=True)
class Believed:
    """A bundle that is as it was signed.

    Attributes:
        key: who signed it.
        vouched: a key or an anchor from outside agrees; without one whoever has it could have made all of it anew.
        anchored: entries of the log that an anchor vouches for; 0 without one, or where it is newer than the bundle.
    """

    key: Verifier
    checkpoint: Checkpoint
    files: int
    events: int
    entries: int
    vouched: bool
    anchored: int


def verify_bundle(folder: Path, known: Verifier | None = None, anchors: Sequence[tuple[str, str]] = ()) -> Believed:
    """Read a bundle and compare all that can be compared.

    Args:
        known: the key as it was told by another way.
        anchors: (name, text) of signed notes that were kept outside.

    Raises:
        RefusedError: it is not to be believed; names the first file that is wrong.
    """
    public, files = read_strictly(folder)
    origin = (folder / _CHECKPOINT).read_text(encoding="utf-8").partition("\n")[0]
    key = Verifier(origin, public)
    if known is not None and known.public != public:
        raise RefusedError("sig/pub.pem", "is not the key that you were told: the bundle was signed by somebody else")
    try:
        checkpoint = checkpoint_of((folder / _CHECKPOINT).read_text(encoding="utf-8"), key)
    except NoteError as error:
        raise RefusedError(_CHECKPOINT, str(error)) from error
    entries = _entries(folder, checkpoint)
    events = _events(folder, entries)
    _custody(folder, entries)
    anchored = max((_anchored(folder, key, checkpoint, *one) for one in anchors), default=0)
    return Believed(key, checkpoint, files, events, len(entries), known is not None or bool(anchors), anchored)


def _entries(folder: Path, checkpoint: Checkpoint) -> dict[int, tuple[dict[str, Any], bytes, bytes]]:
    """Return number -> entry, hash before and own hash, each proved to be in the log of the checkpoint."""
    proofs = {one["n"]: one for one in _json(folder, _INCLUSION)["entries"]}
    found: dict[int, tuple[dict[str, Any], bytes, bytes]] = {}
    last = 0
    for raw, facts in _lines(folder, _ENTRIES):
        number = facts["n"]
        if number not in proofs or number <= last:
            raise RefusedError(_ENTRIES, f"entry {number} has no proof, or is not in order")
        proof, last = proofs[number], number
        before = bytes.fromhex(proof["before"])
        own = leaf(before, raw)
        try:
            root = root_from(number - 1, checkpoint.size, own, [bytes.fromhex(one) for one in proof["path"]])
        except ValueError as error:
            raise RefusedError(_INCLUSION, f"entry {number}: {error}") from error
        if root != checkpoint.root:
            raise RefusedError(_ENTRIES, f"entry {number} is not in the log that was signed")
        found[number] = facts, before, own
    if len(found) != len(proofs):
        raise RefusedError(_ENTRIES, f"{len(proofs) - len(found)} entries that there are proofs for are not there")
    return found


def _events(folder: Path, entries: dict[int, tuple[dict[str, Any], bytes, bytes]]) -> int:
    """Compare every event with the commitment in its entry of the log."""
    commits = {facts["of"]: facts["commit"] for facts, _, _ in entries.values() if "commit" in facts}
    salts = _json(folder, _SALTS)
    count, last = 0, 0
    for raw, facts in _lines(folder, _EVENTS):
        uid, sequence = facts["metadata"]["uid"], facts["metadata"]["sequence"]
        if sequence <= last:
            raise RefusedError(_EVENTS, f"event {uid} is not in order")
        if uid not in commits or commitment(bytes.fromhex(salts.get(uid, "")), raw) != commits[uid]:
            raise RefusedError(_EVENTS, f"event {uid} is not what the log has a commitment to")
        count, last = count + 1, sequence
    if count != len(salts) or count != len(commits):
        raise RefusedError(_EVENTS, "events that the log has a commitment to are not there")
    return count


def _custody(folder: Path, entries: dict[int, tuple[dict[str, Any], bytes, bytes]]) -> None:
    for _, said in _lines(folder, _CUSTODY):
        entry = entries.get(said["entry"])
        if entry is None:
            raise RefusedError(_CUSTODY, f"step {said['entry']} is not in the log")
        facts, before, own = entry
        told = (said["at"], said["who"], said["of"], said["before"], said["after"])
        if told != (facts["at"], facts["by"], facts["of"], before.hex(), own.hex()):
            raise RefusedError(_CUSTODY, f"step {said['entry']} is not what the log says")


def _anchored(folder: Path, key: Verifier, checkpoint: Checkpoint, name: str, text: str) -> int:
    """Return how many entries an anchor vouches for, having seen that it is of the same key."""
    try:
        kept = checkpoint_of(text, key)
    except NoteError as error:
        raise RefusedError("sig/pub.pem", f"did not sign the anchor {name}: {error}") from error
    proofs = _json(folder, _CONSISTENCY)["proofs"]
    if kept.size != checkpoint.size and str(kept.size) not in proofs:
        return 0  # taken later, or never given out by the program: it vouches for the key and for no entry
    path = [bytes.fromhex(one) for one in proofs.get(str(kept.size), ())]
    if not consistent(kept.size, kept.root, checkpoint.size, checkpoint.root, path):
        raise RefusedError(_CHECKPOINT, f"does not go on from the anchor {name}: the log was made anew")
    return kept.size


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        raise RefusedError(name, "is not there, or is no JSON") from error
    return found


def _lines(folder: Path, name: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    try:
        with (folder / name).open("rb") as file:
            for number, line in enumerate(file, 1):
                raw = line.removesuffix(b"\n")
                facts = json.loads(raw)
                if canonical(facts) != raw:
                    raise RefusedError(name, f"line {number} is not in canonical form")
                yield raw, facts
    except (OSError, ValueError) as error:
        raise RefusedError(name, "is not there, or is not lines of JSON") from error
