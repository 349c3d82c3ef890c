"""The grammar's table as a page for people: what docs/policies.md says of keys is made here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.keys import Block, Key
from dlp_proxy.policy.places import AS_OF, STANDARD_PLACES

_TAKES: Final = {
    "name": "a name",
    "time": "time, `24h`",
    "size": "size, `10 MB`",
    "characters": "`300 chars`",
    "near": "`40 chars`, record, field-name",
    "hours": "`08:00-20:00`",
    "zone": "time zone",
    "moment": "`2026-11-24 22:30 Asia/Shanghai`",
    "glob": "text with `*` and `?`",
    "method": "HTTP method",
    "file": "path, `fixtures/hosts.txt`",
    "texts": "language: text",
}
"""What people call the values of a kind, where that is not the kind's own name."""


def keys() -> str:
    """Return every block with its keys, as Markdown."""
    return "\n".join(line for block in BLOCKS.values() for line in _block(block))


def places() -> str:
    """Return the lists of hosts that come with the program, as Markdown."""
    rows = [f"| `{name}` | {len(place.hosts)} | {place.description} |" for name, place in STANDARD_PLACES.items()]
    return "\n".join([f"As of {AS_OF}:", "", "| list | hosts | what |", "|---|---:|---|", *rows])


def _block(block: Block) -> Iterator[str]:
    yield from (f"### `{block.name}`", "", "| key | takes | meaning |", "|---|---|---|")
    for key in block.keys:
        marks = "*" * key.required + " []" * key.many
        yield f"| `{key.name}`{marks} | {_takes(key)} | {key.description} |"
    yield ""


def _takes(key: Key) -> str:
    if key.kind == "word":
        return ", ".join(key.words)
    if key.kind == "ref":
        return f"name of a {' or '.join(key.words)}"
    if key.kind == "block":
        return f"block `{key.block}`"
    if key.kind == "blocks":
        return f"name: block `{key.block}`"
    return _TAKES.get(key.kind, key.kind)
