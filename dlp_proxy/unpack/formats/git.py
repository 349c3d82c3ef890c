"""What git sends: packs, bundles, and the body of a push (pkt-lines before the pack).

Source: git's documentation, *gitformat-pack*, *gitformat-bundle*, *gitprotocol-http*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.git_objects import Found, Pack, tree_names
from dlp_proxy.unpack.naming import step, whole
from dlp_proxy.unpack.percent import as_text

NAME: Final = "git"

_PACK: Final = re.compile(rb"PACK\0\0\0[\x02\x03]")
_PUSH: Final = re.compile(rb"[0-9a-f]{4}(?:[0-9a-f]{40}(?:[0-9a-f]{24})? |push-cert|shallow )")
_BUNDLE: Final = re.compile(rb"# v[23] git bundle\n")
_HEAD_AT_MOST: Final = 1 << 20
_HEADER: Final = 12
_CHECKSUM: Final = 20


def accepts(content: Content) -> bool:
    data = content.data
    if _PACK.match(data):
        return True
    return bool(_PUSH.match(data) or _BUNDLE.match(data)) and _PACK.search(data, 0, _HEAD_AT_MOST) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    data = content.data
    found = _PACK.search(data, 0, _HEAD_AT_MOST)
    if found is None:
        raise Mismatch
    if found.start():
        yield Part(content.location / "refs", as_text(data[: found.start()]).replace("\0", "\n"))
    start = found.start()
    count = int.from_bytes(data[start + 8 : start + _HEADER])
    pack = Pack(data, start + _HEADER, budget.meter(len(data)))
    names: dict[str, str] = {}
    blobs: list[Found] = []
    notes: list[str] = []
    for one in pack.objects(min(count, len(data))):
        if one.kind == "tree":
            names.update(tree_names(one.data))
        elif one.kind in {"commit", "tag"}:
            notes.append(as_text(one.data))
        elif one.data:
            blobs.append(one)
    if notes:
        yield Part(content.location / "commits", whole("\n\n".join(notes)))
    yield from _files(content, blobs, names, budget)
    if pack.exhausted:
        raise pack.exhausted
    if pack.problem:
        yield Gap("malformed", content.location, pack.problem)
    if rest := data[pack.end + (0 if pack.problem else _CHECKSUM) :]:
        yield content.inside(rest, "after the pack")


def _files(content: Content, blobs: list[Found], names: dict[str, str], budget: Budget) -> Iterator[Part | Content]:
    for one in blobs:
        budget.spend_member()
        name = names.get(one.name, "")
        if name:
            yield Part(Location("filename", content.location.steps), name)
        where = f"{one.kind} {one.name[:12]}" if one.name else "lines added to a file"
        yield content.inside(one.data, step(f"{name} ({where})" if name else where), name=name)
