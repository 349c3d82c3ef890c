"""Grouping gone on with, against grouping from scratch, on random companies."""

from __future__ import annotations

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents import kept_grouping, regrouping
from dlp_proxy.incidents.kept_grouping import keep, kept_or_grouped
from dlp_proxy.incidents.regrouping import group_all, group_more
from dlp_proxy.model.event import ACCOUNT, Event, Identity, Outcome
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import keep_node
from dlp_proxy.stores.sqlite.writing import Writing

DAY = 86_400
BEGIN = 20_000 * DAY
SANCTIONED = ("courier.example",)


class Company:
    """People who send customers to places, day by day: some of all kinds of incidents come about."""

    def __init__(self, seed: int, staff: int) -> None:
        self.chance = random.Random(seed)
        self.accounts = random.Random(seed + 100)
        self.staff = [f"user-{number}" for number in range(staff)]
        self.sites = ["courier.example", "mail.example", *(f"site-{number}.example" for number in range(8))]
        self.slow = self.staff[0]
        self.number = 0
        self.blocked: dict[str, list[int]] = {}
        self.under_way: list[str] = []

    def event(self, time: float) -> Event:
        chance = self.chance
        self.number += 1
        user = chance.choice(self.staff[: 1 + self.number // 4])
        site = chance.choice(self.sites if chance.random() < 0.4 else self.sites[:4])
        customers = chance.sample(range(300), chance.choice((0, 1, 3, 8, 25)))
        if chance.random() < 0.2:
            user, site = self.slow, self.sites[-1 - chance.randrange(3)]
            customers = chance.sample(range(1000, 3000), 12)
        if user in self.blocked and chance.random() < 0.4:
            customers = self.blocked.pop(user)
        blocks = chance.random() < 0.15
        if blocks:
            self.blocked[user] = customers
        identities = tuple(Identity("phone", one.to_bytes(16, "big"), True, 1, True) for one in customers)
        if (told := self.accounts.random()) < 0.7:  # a few that some share at each destination, or one of their own
            name = f"{site} {self.accounts.randrange(3)}" if told < 0.5 else user
            identities += (Identity(ACCOUNT, sha256(name.encode()).digest()[:16], False),)
        shared = user.endswith("-3")
        identity = {"groups": ["a", "b"][: 1 + len(user) % 2], "shared": shared, "strength": "medium"}
        body = {"identity": identity, "coverage": {"inspected": chance.choice(("full", "full", "partial"))}}
        action = "block" if blocks else "counted"
        rule = "bulk" if blocks else ""
        return Event(f"01R{self.number:023d}", time, user, site, action, action, rule, 1, body, identities)

    def some(self, writing: Writing, begin: float, end: float, count: int) -> None:
        """Write some uploads of a time, and what became of some of those that were under way."""
        for time in sorted(self.chance.uniform(begin, end) for _ in range(count)):
            one = self.event(time)
            writing.log.at = int(time * 1000)
            writing.insert_event(one)
            self.under_way.append(one.uid)
            if self.chance.random() < 0.1:
                writing.log.append(Entry("heartbeat", more={"worker": "w1", "process": 1}))
            while self.under_way and self.chance.random() < 0.8:
                uid = self.under_way.pop(0)
                fate = self.chance.choice(("blocked", "accepted", "accepted", "refused", "aborted"))
                status = {"accepted": 200, "refused": 502}.get(fate, 0)
                writing.insert_outcome(Outcome(uid, time, "blocked" if fate == "blocked" else "allowed", 0, status))


@pytest.mark.parametrize(("seed", "staff"), [(1, 8), (2, 40), (3, 14), (4, 30)])
def test_going_on_gives_what_grouping_from_scratch_gives(tmp_path: Path, seed: int, staff: int) -> None:
    company = Company(seed, staff)
    went_on, kinds = 0, Counter[str]()
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        with transaction(connection):
            keep_node(connection, "test")
            company.some(Writing(connection, 0, "test", "key"), BEGIN, BEGIN + 12 * DAY, 240)
        at = BEGIN + 12 * DAY
        world, entry = kept_or_grouped(connection, SANCTIONED)
        for step in range(60):
            with transaction(connection):
                writing = Writing(connection, 0, "test", "key")
                keep(writing, SANCTIONED, world, entry or _newest(connection))
                later = at + company.chance.choice((60, 3600, 6 * 3600, 2 * DAY if step % 20 == 19 else 1800))
                company.some(writing, at, later, company.chance.choice((1, 1, 2, 5)))
            at = later
            row = connection.execute("SELECT entry FROM grouped").fetchone()
            uids = kept_grouping._changed(connection, row[0])
            assert uids is not None
            more = group_more(connection, SANCTIONED, world, uids)
            scratch = group_all(connection, SANCTIONED)
            if more is not None:
                went_on += 1
                assert more.found == scratch.found
            world, entry = kept_or_grouped(connection, SANCTIONED)
            assert world.found == scratch.found
            kinds.update(one.kind for one in world.found)
    assert went_on > 15
    assert kinds.keys() >= {"burst", "evasion", "drip", "shared-destination", "shared-content", "shared-account"}


def test_an_account_goes_on_while_its_destination_becomes_everybodys(tmp_path: Path) -> None:
    """Two fill an account, at first all that goes there; then everybody comes, and two more fill another."""
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        number, kinds = 0, []

        def sent(user: str, time: float, customers: range, account: str) -> str:
            nonlocal number
            number += 1
            values = tuple(Identity("phone", one.to_bytes(16, "big"), True, 1, True) for one in customers)
            token = Identity(ACCOUNT, sha256(account.encode()).digest()[:16], False)
            body = {"identity": {"groups": ["a"], "strength": "medium"}, "coverage": {"inspected": "full"}}
            uid, site = f"01R{number:023d}", "mail.example"
            event = Event(uid, time, user, site, "counted", "counted", "", 1, body, (*values, token))
            with transaction(connection):
                writing = Writing(connection, int(time * 1000), "test", "key")
                writing.insert_event(event)
                writing.insert_outcome(Outcome(uid, time, "allowed", 0, 200))
            return uid

        with transaction(connection):
            keep_node(connection, "test")
        for one in range(40):  # all of them are known as people, from another place
            sent(f"p{one:02}", BEGIN, range(0), "none")
        world = group_all(connection, ())
        steps = [("p00", 1, range(30), "out"), ("p01", 1, range(30, 60), "out")]
        steps += [(f"p{one:02}", 2, range(1000 + one, 1001 + one), f"own-{one}") for one in range(2, 30)]
        steps += [(user, 3 + number % 2, range(2000 + number * 40, 2030 + number * 40), "in") for number, user in
                  enumerate(("p30", "p31", "p00", "p31"))]  # fmt: skip
        for at, (who, day, customers, account) in enumerate(sorted(steps, key=lambda one: one[1])):
            uid = sent(who, BEGIN + day * DAY + at * 60, customers, account)
            more = group_more(connection, (), world, [uid])
            assert more is None or more.found == group_all(connection, ()).found
            world = more or group_all(connection, ())
            kinds.append(tuple(sorted(one.kind for one in world.found if one.kind != "drip")))
        assert list(dict.fromkeys(kinds)) == [
            (),
            ("shared-destination",),
            ("shared-account", "shared-destination"),
            ("shared-account",),
            ("shared-account", "shared-account"),
        ]


def test_a_destination_that_becomes_everybodys_has_all_grouped_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrouping, "MOST_ACTORS", 3)
    company = Company(7, 4)
    with closing(open_for_writing(tmp_path / "events.db")) as connection:

        def sent(user: str, day: int, first: int, site: str = "site.example") -> None:
            customers = tuple(
                Identity("phone", one.to_bytes(16, "big"), True, 1, True) for one in range(first, first + 12)
            )
            identity = {"groups": ["a"], "shared": False, "strength": "medium"}
            body = {"identity": identity, "coverage": {"inspected": "full"}}
            company.number += 1
            uid, time = f"01R{company.number:023d}", BEGIN + day * DAY
            event = Event(uid, time, user, site, "counted", "counted", "", 1, body, customers)
            with transaction(connection):
                writing = Writing(connection, 0, "test", "key")
                writing.insert_event(event)
                writing.insert_outcome(Outcome(uid, time, "allowed", 0, 200))

        with transaction(connection):
            keep_node(connection, "test")
        for day in range(20):
            sent("slow", day, 1000 + 12 * day)
        for number in range(2):
            sent(f"user-{number}", 1, 100 * number)
        sent("another", 2, 5000, "elsewhere.example")
        before = group_all(connection, ())
        assert ["not everybody" in one.because for one in before.found if one.kind == "drip"] == [True]
        sent("another", 20, 6000)
        assert group_more(connection, (), before, [f"01R{company.number:023d}"]) is None
        after = group_all(connection, ())
        assert ["not everybody" in one.because for one in after.found if one.kind == "drip"] == [False]


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    company = Company(5, 10)
    with closing(open_for_writing(tmp_path / "events.db")) as connection, transaction(connection):
        keep_node(connection, "test")
        writing = Writing(connection, 0, "test", "key")
        company.some(writing, BEGIN, BEGIN + 20 * DAY, 300)
        world, entry = kept_or_grouped(connection)
        keep(writing, (), world, entry)
        again, nothing = kept_or_grouped(connection)
        assert (again.found, again.kept, nothing) == (world.found, json.loads(json.dumps(world.kept)), 0)
        other, entry = kept_or_grouped(connection, SANCTIONED)
        assert (entry > 0, other.found != world.found) == (True, True)
        writing.log.append(Entry("purge", of="x"))
        assert kept_grouping._changed(connection, 1) is None


def test_what_was_kept_later_says_nothing_of_an_earlier_moment(tmp_path: Path) -> None:
    company = Company(6, 10)
    with closing(open_for_writing(tmp_path / "events.db")) as connection:
        with transaction(connection):
            keep_node(connection, "test")
            company.some(Writing(connection, 0, "test", "key"), BEGIN, BEGIN + 15 * DAY, 200)
        earlier, size = kept_or_grouped(connection)
        with transaction(connection):
            writing = Writing(connection, 0, "test", "key")
            company.under_way.clear()  # what becomes of the earlier ones would change them
            company.some(writing, BEGIN + 15 * DAY, BEGIN + 18 * DAY, 100)
            later, entry = kept_or_grouped(connection)
            keep(writing, (), later, entry)
        for table, column, last in (("log", "number", size), ("event", "sequence", 200)):
            # As a report sees an earlier checkpoint: views stand before the tables.
            sql = f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE {column} <= {last}"
            connection.execute(sql)
        again, _ = kept_or_grouped(connection)
        assert later.found != earlier.found
        assert again.found == earlier.found


def _newest(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT max(number) FROM log").fetchone()[0])
