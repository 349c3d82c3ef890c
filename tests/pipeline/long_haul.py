"""Every `by` over a long time, against an oracle that counts everything again: `scripts/hammer windows`.

Messages at random go through matching, the store's windows and deciding, on a machine whose clocks are ours. Meanwhile
the proxy is started again, policies with other numbers come into force, the machine's clock is set forward and back,
and the machine itself is started again. The oracle knows the language's rules and nothing of the program.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Final

from dlp_proxy.incidents.event_of import event_of
from dlp_proxy.model.event import Event
from dlp_proxy.model.finding import Confidence, Finding
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.model.verdict import Verdict
from dlp_proxy.pipeline import Engine, conclude
from dlp_proxy.policy.load import load
from dlp_proxy.policy.match import match
from dlp_proxy.stores.ports import SharedMemory
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.window_clock import HostClock
from dlp_proxy.stores.state_dir import KeyedFingerprint

LIMITS: Final = (
    # at_least, minutes, by, count
    (6, 10, ("user",), "distinct"),
    (12, 40, ("user",), "distinct"),
    (9, 10, ("device",), "distinct"),
    (14, 20, ("site",), "distinct"),
    (18, 20, ("destination",), "distinct"),
    (25, 10, ("rule",), "distinct"),
    (4, 20, ("user", "site"), "distinct"),
    (5, 20, ("destination", "user"), "distinct"),
    (3, 20, ("device", "site"), "distinct"),
    (3, 40, ("device", "site", "user"), "distinct"),
    (10, 20, ("user",), "all"),
    (15, 20, ("destination",), "all"),
    (3, 20, ("destination",), "people"),
    (3, 20, ("site",), "people"),
    (5, 20, ("rule",), "people"),
)
_SHARING: Final = 2
_AFTER: Final = 600
_EXCUSED: Final = "carol"
_PLACES: Final = {
    "a.example": "drops+mixed",
    "b.example": "drops",
    "c.example": "couriers",
    "d.example": "couriers",
    "e.example": "e.example",
}
_HEAD: Final = """
format: dlp-policy/v1
policy: haul
destinations:
  drops: {hosts: [a.example, b.example]}
  mixed: {hosts: [a.example]}
  couriers: {hosts: [c.example, d.example]}
people:
  carol: {users: [carol]}
rules:
  bulk:
    severity: low
    find: std/email
    action: log
    limits:
"""
_TAIL: Final = """
  second:
    severity: low
    when: {after: {rule: bulk, within: 10m, by: user}}
    find: std/email
    action: log
exceptions:
  for-carol:
    rules: bulk
    when: {from: carol, to: [drops, mixed, couriers]}
    instead: {limits: [{at_least: 5, within: 10m, by: user}]}
    why: tested
    owner: a@corp.example
    expires: 2099-01-01
tests:
  - name: both
    steps:
      - {request: {from: a, to: 'https://e.example/', body: 'write to a@b.example'}, expect: {rule: bulk}}
      - {request: {from: a, to: 'https://e.example/', body: 'write to a@b.example'}, expect: {rule: second}}
"""


@dataclass
class Machine:
    """A machine whose clocks are ours."""

    boot: int = 1
    since_boot: float = 1000.0
    wall: float = 1_800_000_000.0

    @property
    def clock(self) -> HostClock:
        return HostClock(lambda: str(self.boot), lambda: self.since_boot, lambda: self.wall)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as the oracle remembers it. `times` is seconds that nobody can set."""

    at: float
    user: str
    device: str
    site: str
    customers: tuple[int, ...]
    excused: bool

    def key(self, by: tuple[str, ...]) -> tuple[str, ...]:
        own = {"user": self.user.casefold(), "device": self.device, "site": self.site, "rule": ""}
        return tuple(_PLACES[self.site] if one == "destination" else own[one] for one in by)


@dataclass
class Oracle:
    """Counts by hand, from everything that was sent."""

    history: list[Sent] = field(default_factory=list)
    acted: list[tuple[float, str]] = field(default_factory=list)

    def totals(self, now: Sent, scale: float) -> list[int]:
        """Return the total of each limit in force with this message, which is remembered."""
        oldest = now.at - 60 * 60
        self.history = [one for one in self.history if one.at > oldest]
        self.history.append(now)
        if now.excused:
            return [self._count(now, 10 * 60, ("user",), "distinct")]
        return [self._count(now, minutes(one, scale) * 60, by, count) for _, one, by, count in LIMITS]

    def _count(self, now: Sent, seconds: int, by: tuple[str, ...], count: str) -> int:
        key = now.key(by)
        same = [
            one
            for one in self.history
            if one.at > now.at - seconds and one.excused == now.excused and one.key(by) == key
        ]
        if count == "all":
            return sum(len(one.customers) for one in same)
        if count == "distinct":
            return len({customer for one in same for customer in one.customers})
        sets: dict[str, set[int]] = {}
        for one in same:
            sets.setdefault(one.user.casefold(), set()).update(one.customers)
        linked = [pair for pair in combinations(sets, 2) if len(sets[pair[0]] & sets[pair[1]]) >= _SHARING]
        group = {now.user.casefold()}
        while joined := {one for pair in linked for one in pair if not group.isdisjoint(pair)} - group:
            group |= joined
        return len(group)

    def second(self, now: Sent) -> bool:
        """Tell whether the rule that waits for the other one speaks of this message."""
        return any(at > now.at - _AFTER and user == now.user.casefold() for at, user in self.acted)

    def act(self, now: Sent) -> None:
        self.acted = [one for one in self.acted if one[0] > now.at - _AFTER]
        self.acted.append((now.at, now.user.casefold()))


def minutes(written: int, scale: float) -> int:
    return int(written * scale)


def policy_text(extra: int, scale: float) -> str:
    """Return the policies; `extra` is added to each number, and windows are `scale` times as long: totals stay."""
    lines = []
    for at_least, within, by, count in LIMITS:
        words = f"at_least: {at_least + extra}, within: {minutes(within, scale)}m, by: [{', '.join(by)}]"
        more = f", count: {count}" + (f", sharing: {_SHARING}" if count == "people" else "")
        lines.append(f"      - {{{words}{more if count != 'distinct' else ''}}}")
    return _HEAD + "\n".join(lines) + _TAIL


_VARIANTS: Final = ((0, 1.0), (1, 1.0), (2, 0.5), (0, 1.5))


def engines() -> list[Engine]:
    made = []
    for extra, scale in _VARIANTS:
        loaded = load({"haul.yaml": policy_text(extra, scale)}, date(2027, 1, 1))
        if loaded.policy is None:
            raise AssertionError([one.message for one in loaded.problems])
        made.append(Engine(loaded.policy, KeyedFingerprint(b"k" * 32)))
    return made


@dataclass
class Haul:
    """What came of it."""

    disagreements: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    reached: Counter[int] = field(default_factory=Counter)
    missed: Counter[int] = field(default_factory=Counter)


def haul(folder: Path, events: int, seed: int) -> Haul:
    """Send `events` messages and compare each total and each verdict."""
    chance = random.Random(seed)
    machine, oracle, found, some = Machine(), Oracle(), Haul(), engines()
    variant = 0
    path = folder / "events.db"
    store = SqliteStore(path, host=machine.clock)
    at = machine.wall  # what the windows' clock must say
    for number in range(events):
        step = chance.choice((0.0, 1.0, 10.0, 60.0, 200.0))
        machine.since_boot, machine.wall, at = machine.since_boot + step, machine.wall + step, at + step
        match chance.randrange(1000):
            case 0 | 1 | 2:
                store.close()
                store = SqliteStore(path, host=machine.clock)
                found.happened["restart"] += 1
            case 3 | 4 | 5 | 6:
                variant = chance.randrange(len(some))
                found.happened["reload"] += 1
            case 7 | 8 | 9 | 10 | 11 | 12:
                machine.wall += chance.choice((-1, 1)) * chance.uniform(1, 864_000)
                found.happened["clock set"] += 1
            case 13 | 14:
                store.close()
                machine.boot, machine.since_boot = machine.boot + 1, chance.uniform(1, 60)
                machine.wall = at + chance.choice((-1, 1)) * chance.uniform(0, 3000)
                newest = max((one.at for one in oracle.history), default=0.0)
                at = max(machine.wall, newest)
                store = SqliteStore(path, host=machine.clock)
                found.happened["reboot"] += 1
        sent = _sent(chance, at)
        for fault in _compare(store, some[variant], _VARIANTS[variant], oracle, sent, machine.wall, number, found):
            found.disagreements.append(f"message {number}: {fault}")
    store.close()
    return found


def _sent(chance: random.Random, at: float) -> Sent:
    user = chance.choice(("ann", "Ann", "bob", _EXCUSED, "dave", "eve"))
    site = chance.choice(tuple(_PLACES))
    customers = tuple(chance.randrange(40) for _ in range(chance.choice((1, 1, 2, 3))))
    excused = user == _EXCUSED and site != "e.example"
    return Sent(at, user, chance.choice(("pc-1", "pc-2", "pc-3")), site, customers, excused)


def _compare(
    store: SqliteStore,
    engine: Engine,
    variant: tuple[int, float],
    oracle: Oracle,
    sent: Sent,
    wall: float,
    number: int,
    found: Haul,
) -> Iterator[str]:
    message, inspection = _message(sent, wall, number), _inspection(sent)
    matches = match(engine.policy, message, inspection)

    def judge(windows: SharedMemory, now: float) -> tuple[tuple[float, Verdict], Event | None]:
        judged = conclude(message, inspection, engine, matches, windows, now)
        event = event_of(message, inspection, judged.verdict, judged.counted, "test")
        return (now, judged.verdict), event if number % 50 == 0 else None

    (now, verdict), _ = store.settle(judge).result(60)
    extra, scale = variant
    second = oracle.second(sent)
    expected = oracle.totals(sent, scale)
    limits = [5] if sent.excused else [at_least + extra for at_least, *_ in LIMITS]
    acts = any(total >= at_least for total, at_least in zip(expected, limits, strict=True))
    if acts:
        oracle.act(sent)
    if abs(now - sent.at) > 1e-3:
        yield f"the windows' clock says {now}, it is {sent.at}"
    rules = {reason.rule: reason for reason in verdict.reasons}
    actual = list(rules["bulk"].totals.values())
    if actual != expected:
        yield f"totals {actual}, counted by hand {expected}"
    if (rules["bulk"].action.word == "log") != acts:
        yield f"{rules['bulk'].action.word} at {actual}"
    if ("second" in rules) != second:
        yield f"the rule that waits {'spoke' if 'second' in rules else 'did not speak'}"
    if not sent.excused:
        for place, (total, at_least) in enumerate(zip(expected, limits, strict=True)):
            (found.reached if total >= at_least else found.missed)[place] += 1


def _message(sent: Sent, wall: float, number: int) -> Message:
    return Message(
        uid=f"haul-{number}",
        time=wall,
        channel="http",
        principal=Principal(sent.user, "declared", "strong", device=sent.device),
        destination=Destination("https", sent.site, 443),
        method="POST",
        target="/",
    )


def _inspection(sent: Sent) -> Inspection:
    place = Location("body")
    return Inspection(
        findings=tuple(
            Finding("std/email", "email", 0, 0, 1, place, Confidence.HIGH, Sensitive(""), customer.to_bytes(16, "big"))
            for customer in sent.customers
        ),
        parts=1,
    )


def main() -> None:
    asked = argparse.ArgumentParser(prog="scripts/hammer windows")
    asked.add_argument("--events", type=int, default=100_000)
    asked.add_argument("--seed", type=int, default=1)
    args = asked.parse_args()
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        found = haul(Path(folder), args.events, args.seed)
    for fault in found.disagreements[:10]:
        print(fault)
    happened = ", ".join(f"{count} times {what}" for what, count in sorted(found.happened.items()))
    print(f"{args.events} messages, {happened}: {len(found.disagreements)} disagreements")
    for place, (at_least, within, by, count) in enumerate(LIMITS):
        print(f"  {at_least} {count} in {within}m by {'+'.join(by)}: reached {found.reached[place]} times,"
              f" not {found.missed[place]} times")  # fmt: skip
    raise SystemExit(1 if found.disagreements else 0)


if __name__ == "__main__":
    main()
