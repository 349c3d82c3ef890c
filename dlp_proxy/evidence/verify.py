"""Reading a log as a sceptic does: the first thing that is not as it was written, and what only looks odd."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from dlp_proxy.evidence.checkpoint import Checkpoint, NoteError, Verifier, checkpoint_of
from dlp_proxy.evidence.merkle import AT_ONCE, FIRST, Frontier, leaf
from dlp_proxy.evidence.stretch import SILENT_MILLISECONDS, Break, Lives, Rows, Stretch, read_stretch

type FaultKind = Literal["edited", "removed", "inserted", "reordered", "truncated", "rebuilt", "forged", "unlogged"]


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is not as it was written.

    Attributes:
        where: ``entry``, ``event``, ``checkpoint``, ``outcome`` or ``anchor``.
        number: which one: number of the entry, sequence of the event, size of the checkpoint.
        says: one sentence for people.
    """

    kind: FaultKind
    where: str
    number: int
    says: str


@dataclass(slots=True)
class LogReport:
    """What reading a log gave.

    Attributes:
        entries: how many were read, up to the fault.
        checkpoints: how many signatures and roots were right; `signed` entries are under the last of them.
        anchored: entries that an anchor from outside vouches for; 0 without one.
        blind: (from, to) in milliseconds since the epoch in which no proxy gave a sign of life, nor had said goodbye.
        oddities: sentences about what is no fault: the clock went back, a proxy fell silent.
    """

    fault: Fault | None = None
    entries: int = 0
    checkpoints: int = 0
    signed: int = 0
    anchored: int = 0
    blind: list[tuple[int, int]] = field(default_factory=list)
    oddities: list[str] = field(default_factory=list)


class _FoundError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.says)
        self.fault = fault


type Elsewhere = Callable[[int, int], int | None]
"""(number, row) -> another row in which an entry says that it has that number."""


def verify_log(
    rows: Rows,
    notes: Sequence[tuple[int, str]],
    verifier: Verifier,
    anchors: Sequence[Checkpoint] = (),
    elsewhere: Elsewhere = lambda number, row: None,  # noqa: ARG005 - its names say what it gets
) -> LogReport:
    """Read a log from its first entry and stop at the first fault.

    Args:
        rows: in the order of their numbers.
        notes: (size, signed note) of the checkpoints that lie beside the log, ascending.
        verifier: whose checkpoints are believed.
        anchors: checkpoints that were kept outside, of which the caller has checked the signatures.
    """
    whole = read_stretch(rows, 1, FIRST, sizes_asked_for(notes, anchors))
    return verify_stretches([whole], notes, verifier, anchors, elsewhere)


def sizes_asked_for(notes: Sequence[tuple[int, str]], anchors: Sequence[Checkpoint]) -> frozenset[int]:
    """Return the sizes of the log at which somebody vouches for its root."""
    return frozenset({size for size, _ in notes} | {one.size for one in anchors})


def verify_stretches(
    stretches: Iterable[Stretch],
    notes: Sequence[tuple[int, str]],
    verifier: Verifier,
    anchors: Sequence[Checkpoint],
    elsewhere: Elsewhere,
) -> LogReport:
    """Put stretches of a log together, in their order, and stop at the first fault."""
    report = LogReport()
    try:
        reader = _Reader(report, _marks(notes, verifier, anchors), elsewhere)
        for one in stretches:
            reader.take(one)
        reader.end()
    except _FoundError as found:
        report.fault = found.fault
    return report


class _Mark(NamedTuple):
    """A size at which the root is known from a signature."""

    size: int
    root: bytes
    outside: bool


def _marks(notes: Sequence[tuple[int, str]], verifier: Verifier, anchors: Sequence[Checkpoint]) -> list[_Mark]:
    marks = [_Mark(one.size, one.root, outside=True) for one in anchors]
    for size, note in notes:
        try:
            signed = checkpoint_of(note, verifier)
        except NoteError as error:
            raise _FoundError(Fault("forged", "checkpoint", size, f"checkpoint {size}: {error}")) from error
        if signed.size != size or signed.origin != verifier.name:
            says = f"checkpoint {size} is signed, but for {signed.size} entries of {signed.origin}"
            raise _FoundError(Fault("forged", "checkpoint", size, says))
        marks.append(_Mark(size, signed.root, outside=False))
    return sorted(marks)


class _Reader:
    def __init__(self, report: LogReport, marks: list[_Mark], elsewhere: Callable[[int, int], int | None]) -> None:
        self._report = report
        self._marks = marks
        self._elsewhere = elsewhere
        self._tree = Frontier()
        self._signed = {mark.size for mark in marks if not mark.outside}
        self._said: list[int] = []
        self._workers: dict[str, int] = {}
        self._at = 0
        self._sign = 0
        self._goodbye = 0
        self._good = 0
        self._tail = FIRST

    def take(self, one: Stretch) -> None:
        """Go on with the next stretch."""
        if one.before != self._tail:
            number = one.first - 1
            says = f"entry {number} has another hash for the entry behind it than by itself"
            raise _FoundError(Fault("edited", "entry", number, says))
        self._compare_all(one)
        if one.began and one.began < self._at:
            self._jump(one.first, self._at, one.began)
        if one.first_sign and self._sign and one.first_sign - self._sign > SILENT_MILLISECONDS:
            self._jump(one.first, self._sign, one.first_sign)
        self._sign = one.last_sign or self._sign
        for jump in one.jumps:
            self._live(jump.lives)
            self._jump(jump.number, jump.before, jump.now)
        self._live(one.lives)
        self._said += one.said
        self._report.entries, self._at, self._tail = one.first - 1 + one.entries, one.ended or self._at, one.tail
        if one.broke is not None:
            raise _FoundError(self._diagnosis(one.broke, untimed=one.untimed))

    def _compare_all(self, one: Stretch) -> None:
        grown = 0
        for size in sorted(one.marks):
            whole = (size - one.first + 1) // AT_ONCE
            self._tree.extend_by_trees(one.trees[grown:whole])
            grown = whole
            self._report.entries = size
            self._compare(size, self._tree.with_leaves(one.marks[size]).root())
        self._tree.extend_by_trees(one.trees[grown:])

    def end(self) -> None:
        entries = self._report.entries
        for mark in self._marks:
            if mark.size > entries:
                says = f"{'the anchor' if mark.outside else 'a checkpoint'} vouches for {mark.size} entries"
                says = f"the log ends at entry {entries}, but {says}: the rest was cut off"
                raise _FoundError(Fault("truncated", "entry", entries + 1, says))
        for size in self._said:
            if size not in self._signed:
                says = f"the log says that {size} entries were signed, but that checkpoint is not there"
                raise _FoundError(Fault("removed", "checkpoint", size, says))
        for worker, last in self._workers.items():
            if self._at - last > SILENT_MILLISECONDS:
                self._report.oddities.append(f"proxy {worker} fell silent without a stop after {_utc(last)}")

    def _compare(self, size: int, root: bytes) -> None:
        for mark in self._marks:
            if mark.size != size:
                continue
            if mark.root != root:
                who = "the anchor" if mark.outside else f"the checkpoint of {size} entries"
                says = (
                    f"entries {self._good + 1} to {size} are not those that {who} vouches for: "
                    "one of them was changed and the chain made anew"
                )
                raise _FoundError(Fault("rebuilt", "entry", self._good + 1, says))
            if mark.outside:
                self._report.anchored = size
            else:
                self._report.checkpoints += 1
                self._report.signed = size
        self._good = size

    def _diagnosis(self, broke: Break, *, untimed: bool) -> Fault:
        number, row, before = broke
        if untimed:
            return Fault("edited", "entry", number, f"entry {number} does not begin with its time")
        says_it_is = _number_in(row.entry)
        other = self._elsewhere(number, row.number)
        if row.number != number:
            last = row.number - 1
            gone = f"entry {number} is" if last == number else f"entries {number} to {last} are"
            return Fault("removed", "entry", number, f"{gone} not there")
        if says_it_is is None:
            return Fault("edited", "entry", number, f"entry {number} is no entry any more")
        if says_it_is != number:
            if self._elsewhere(says_it_is, row.number) is not None:
                says = f"two entries say that they are number {says_it_is}: one was put in"
                return Fault("inserted", "entry", says_it_is, says)
            if other is not None:
                return Fault("reordered", "entry", number, f"entry {number} stands in the place of entry {other}")
            return Fault("removed", "entry", number, f"entry {number} is not there, and others were moved up")
        if other is not None:
            return Fault("inserted", "entry", number, f"two entries say that they are number {number}: one was put in")
        if leaf(before, row.entry) != row.hash:
            return Fault("edited", "entry", number, f"entry {number}, or its hash, is not as it was written")
        return Fault("edited", "entry", number, f"entry {number} is not in canonical form")

    def _jump(self, number: int, before: int, now: int) -> None:
        if now < before:
            self._report.oddities.append(f"the clock went back by {(before - now) / 1000:.1f} s at entry {number}")
            return
        # One that was lost long ago makes no later night blind in which the others had said goodbye.
        lived = any(before - last <= SILENT_MILLISECONDS for last in self._workers.values())
        if lived or (self._workers and before - self._goodbye > SILENT_MILLISECONDS):
            self._report.blind.append((before, now))

    def _live(self, lives: Lives) -> None:
        for worker, last in lives.items():
            if last < 0:
                self._workers.pop(worker, None)
                self._goodbye = max(self._goodbye, -last)
            else:
                self._workers[worker] = last


def _number_in(entry: bytes) -> int | None:
    try:
        number = json.loads(entry)["n"]
    except (ValueError, KeyError, TypeError):
        return None
    return number if isinstance(number, int) else None


def _utc(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
