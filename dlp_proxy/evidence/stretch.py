"""A stretch of the log, read by itself: several can be read at once, and are put together in their order."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple

from dlp_proxy.evidence.entry import PROXY
from dlp_proxy.evidence.merkle import AT_ONCE, whole_trees

_BY_PROXY: Final = b'"by":"%s"' % PROXY.encode()

SILENT_MILLISECONDS: Final = 150_000
"""Two missed signs of life and a half: longer silence without a stop is a blind time."""


class Row(NamedTuple):
    """One entry as it lies in a store or a bundle."""

    number: int
    entry: bytes
    hash: bytes


type Rows = Iterable[tuple[int, bytes, bytes]]
"""Rows, bare: making a `Row` of each would be a quarter of the work."""

type Lives = dict[str, int]
"""Worker -> when it last gave a sign of life; where that was its goodbye, less than 0."""


class Jump(NamedTuple):
    """Entry `number` says a time that is before that of the entry before it; or it is a proxy's, long after its last.

    `lives` are the signs of life until there.
    """

    number: int
    before: int
    now: int
    lives: Lives


class Break(NamedTuple):
    """Where the chain broke: the number and the hash before that an entry must have, and what lies there."""

    number: int
    row: Row
    before: bytes


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was read, up to where the chain broke.

    Attributes:
        first: number of its first entry; one more than a multiple of `AT_ONCE`.
        before: hash of the entry before that, as it was given.
        entries: how many were as they must be.
        tail: hash of the last of them.
        began: time that the first of them says, and `ended` that of the last; 0 where there is none.
        first_sign: the same of the first that a proxy wrote, and `last_sign` of the last.
        jumps: of time, ascending; `lives` are the signs of life after the last.
        said: sizes of which entries say that they were signed.
        trees: roots over whole blocks of `AT_ONCE` leaves.
        marks: size of the log -> the leaves up to there that are in no whole block.
    """

    first: int
    before: bytes
    entries: int
    tail: bytes
    began: int
    ended: int
    first_sign: int
    last_sign: int
    trees: list[bytes]
    marks: Mapping[int, list[bytes]]
    jumps: list[Jump] = field(default_factory=list)
    lives: Lives = field(default_factory=dict)
    said: list[int] = field(default_factory=list)
    broke: Break | None = None
    untimed: bool = False
    """It broke because an entry does not begin with its time."""


def read_stretch(rows: Rows, first: int, before: bytes, sizes: Collection[int]) -> Stretch:
    """Read rows in the order of their numbers.

    Args:
        first: number that the first must have; one more than a multiple of `AT_ONCE`.
        before: hash of the entry before it.
        sizes: of the log, at which its root will be asked for.
    """
    jumps: list[Jump] = []
    lives: Lives = {}
    said: list[int] = []
    broke: Break | None = None
    leaves: list[bytes] = []
    number, at, began, untimed, link = first - 1, 0, 0, False, before
    first_sign = sign = 0
    for row, entry, hashed in rows:
        number += 1
        # Written out, as it is done for each of millions: `leaf` is for the others.
        if (
            sha256(b"\0" + link + entry).digest() != hashed
            or row != number
            or entry.find(b'"n":%d,"of":' % number) < 0  # five times as fast as `in`
        ):
            broke = Break(number, Row(row, entry, hashed), link)
            break
        try:
            time = int(entry[6:19])  # canonical JSON has `at` first
        except ValueError:
            broke, untimed = Break(number, Row(row, entry, hashed), link), True
            break
        link = hashed
        leaves.append(hashed)
        if time < at:
            jumps.append(Jump(number, at, time, lives))
            lives = {}
        at = time
        began = began or at
        if not entry.startswith(_BY_PROXY, 20):  # and `by` next; what people do is no sign of a proxy's life
            continue
        if entry.find(b'"do":"checkpoint"') >= 0:
            said.append(json.loads(entry)["size"])
            continue
        if time - sign > SILENT_MILLISECONDS and sign:
            jumps.append(Jump(number, sign, time, lives))
            lives = {}
        sign = time
        first_sign = first_sign or sign
        if entry.find(b'"worker":') >= 0:
            facts = json.loads(entry)
            lives[facts["worker"]] = -time if facts["do"] == "stop" else time
    ends = {size: size - first + 1 for size in sizes if 0 < size - first + 1 <= len(leaves)}
    marks = {size: leaves[end - end % AT_ONCE : end] for size, end in ends.items()}
    trees = whole_trees(leaves)
    return Stretch(
        first, before, len(leaves), link, began, at, first_sign, sign, trees, marks, jumps, lives, said, broke,
        untimed=untimed,
    )  # fmt: skip
