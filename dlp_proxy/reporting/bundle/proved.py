"""The part of the log that is about a case, with proofs that it is in the log that was signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.evidence.proofs import consistency, inclusions
from dlp_proxy.reporting.case import Case


def log_files(connection: sqlite3.Connection, case: Case) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of what lies below ``log/``.

    Args:
        connection: one that sees nothing later than the case's moment.
    """
    names = {case.name, *(one.uid for one in case.events), *(one.of for one in case.custody)}
    entries, leaves, carried, kept = _read(connection, names)
    paths = inclusions(leaves, (number - 1 for number in entries))
    proofs = [
        {
            "n": number,
            "before": leaves[number - 2].hex() if number > 1 else bytes(32).hex(),
            "path": [one.hex() for one in paths[number - 1]],
        }
        for number in sorted(entries)
    ]
    yield "log/entries.jsonl", b"".join(entries[number] + b"\n" for number in sorted(entries))
    yield "log/inclusion.json", canonical({"size": len(leaves), "entries": proofs})
    yield "log/checkpoint.txt", case.moment.note.encode()
    yield "log/salts.json", canonical({one.uid: one.salt.hex() for one in case.events})
    anchors = list(_anchors(connection, kept, case.moment.size))
    sizes = sorted({*carried, *(size for size, _, _ in anchors)})
    proved: dict[str, Any] = {str(size): [one.hex() for one in consistency(leaves, size)] for size in sizes}
    yield "log/consistency.json", canonical({"size": len(leaves), "proofs": proved})
    notes = dict(connection.execute("SELECT size, note FROM checkpoint"))
    for number, (size, kind, content) in enumerate(anchors, 1):
        yield f"log/anchors/{number}-{size}.{'tsr' if kind == 'rfc3161' else 'note'}", content
        if size in notes:
            yield f"log/anchors/checkpoint-{size}.note", notes[size].encode()


def _read(
    connection: sqlite3.Connection, names: Collection[str]
) -> tuple[dict[int, bytes], list[bytes], set[int], int]:
    """Return the entries about these names, all hashes, the checkpoints that were carried out, and how many came back.

    A checkpoint that was not given out is nobody's anchor, so nothing is proved about it.
    """
    entries: dict[int, bytes] = {}
    leaves: list[bytes] = []
    carried: set[int] = set()
    kept = 0
    for number, entry, hashed in connection.execute("SELECT number, entry, hash FROM log ORDER BY number"):
        leaves.append(hashed)
        of = entry.partition(b'"of":"')[2].partition(b'"')[0].decode("utf-8", "replace")
        if of in names:
            entries[number] = entry
        if of.startswith("checkpoint ") and b'"do":"export"' in entry:
            carried.add(int(of.removeprefix("checkpoint ")))
        kept += b'"do":"anchor"' in entry
    return entries, leaves, carried, kept


def _anchors(connection: sqlite3.Connection, kept: int, size: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield the attestations that were kept by then: as many as the log speaks of."""
    rows = connection.execute("SELECT size, kind, content FROM anchor ORDER BY number LIMIT ?", (kept,))
    for about, kind, content in rows:
        if about <= size:
            yield int(about), str(kind), content if isinstance(content, bytes) else str(content).encode()
