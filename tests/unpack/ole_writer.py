"""A writer of the old Office container (MS-CFB), as small as it can be: for samples that no library writes.

Streams are made at least 4096 bytes long, so that there is no second table of small ones.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR = 512
END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    right: int = NONE


def write_ole(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """Return a container of these streams, by their paths; zero bytes fill short ones up."""
    entries = [_Entry("Root Entry", 5)]
    places: dict[tuple[str, ...], int] = {(): 0}
    for path, data in streams.items():
        for depth in range(1, len(path) + 1):
            if path[:depth] not in places:
                places[path[:depth]] = len(entries)
                entries[places[path[: depth - 1]]].children.append(len(entries))
                entries.append(_Entry(path[depth - 1], 2 if depth == len(path) else 1))
        entries[places[path]].data = data.ljust(4096, b"\0")
    for entry in entries:
        for one, other in zip(entry.children, entry.children[1:], strict=False):
            entries[one].right = other
    return _laid_out(entries)


def _laid_out(entries: list[_Entry]) -> bytes:
    chains: list[int] = []
    body = b""

    def put(data: bytes) -> int:
        nonlocal body
        start, count = len(chains), -(-len(data) // SECTOR)
        chains.extend([*range(start + 1, start + count), END])
        body += data.ljust(count * SECTOR, b"\0")
        return start

    starts = [put(entry.data) if entry.data else END for entry in entries]
    raw = b"".join(
        entry.name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack(
            "<HBB3L", 2 * len(entry.name) + 2, entry.kind, 1, NONE, entry.right, (entry.children or [NONE])[0]
        )
        + bytes(36)
        + struct.pack("<LQ", start, len(entry.data))
        for entry, start in zip(entries, starts, strict=True)
    )
    directory = put(raw.ljust(-(-len(raw) // SECTOR) * SECTOR, b"\0"))
    tables = 1
    while (len(chains) + tables) * 4 > tables * SECTOR:
        tables += 1
    first = len(chains)
    chains += [FAT] * tables
    table = struct.pack(f"<{len(chains)}L", *chains).ljust(tables * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9L", 0, tables, directory, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109L", *range(first, first + tables), *[FREE] * (109 - tables))
    return head + body + table
