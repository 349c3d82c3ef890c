"""Grouping gone on with: what was grouped is kept with what it takes to take in more without reading all of it again.

Of every kind but the drip an incident is made of the transfers of one key: a number of the block page, a person, a
destination. So only the keys of what is new are grouped again, by the same code, over all their transfers. A drip is
compared with everybody, day by day: the curves are kept as of the day before the newest, and the days after that are
taken in again. What changes anything before that day, or who is whose peer, has all grouped anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from dlp_proxy.incidents.drip import groups_of
from dlp_proxy.incidents.grouped import DAY, VERSION, Draft, Grouped, People, Version, Watching
from dlp_proxy.incidents.grouping import KINDS, Users, counted, finished, in_order, used
from dlp_proxy.incidents.kinds.burst import Burst
from dlp_proxy.incidents.kinds.curve import LONGEST, Curve, Stretch
from dlp_proxy.incidents.kinds.drip import RARE, Drip, counts
from dlp_proxy.incidents.kinds.evasion import Evasion
from dlp_proxy.incidents.kinds.shared import SharedAccount, SharedContent, SharedDestination, account_key
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.together import MOST_ACTORS
from dlp_proxy.incidents.transfers import Transfer, transfers

MANY: Final = 20_000
"""Transfers that are new, beyond which all are grouped anew: that is quicker."""

_FEW: Final = 64
"""Of a destination that more people use nobody can be the only user: no incident has so many people."""


@dataclass(frozen=True, slots=True)
class World:
    """All incidents, and what it takes to go on.

    Attributes:
        kept: JSON-ready; opaque to everybody else.
    """

    found: list[Grouped]
    kept: Mapping[str, Any]


def group_all(connection: sqlite3.Connection, sanctioned: Iterable[str], version: Version = VERSION) -> World:
    """Group everything that a store holds."""
    people = People(groups_of(connection), frozenset(sanctioned), MOST_ACTORS)
    drip = Drip(people)
    watching: list[Watching] = [drip if kind is Drip else kind(people) for kind in KINDS]
    known = _Known({}, {})
    seen: list[Transfer] = []
    newest = 0
    for one in _Reading(connection, version).some(Selection()):
        newest = max(newest, one.time // DAY)
        if one.customers or one.incident:
            seen.append(one)
            known.see(one, people)
            for each in watching:
                each.see(one)
    until = newest - 1
    drip.go_on(until)
    kept = _kept(drip, people, known, until)
    found, drafts = finished(watching, seen, known.users)
    return World(found, {**kept, "own": {one.id: len(one.terms) for one in drafts}})


def group_more(
    connection: sqlite3.Connection,
    sanctioned: Iterable[str],
    before: World,
    uids: Sequence[str],
    version: Version = VERSION,
) -> World | None:
    """Take in transfers that are new, or of which more is known now; None where all must be grouped anew."""
    reading = _Reading(connection, version)
    kept, until = before.kept, int(before.kept["until"])
    changed = list(reading.of(_sequences(connection, uids)))
    groups = {user: tuple(some) for user, some in kept["groups"].items()}
    whose = {one.user for one in changed}
    if (
        len(uids) > MANY
        or any(one.time // DAY <= until for one in changed)
        or groups_of(connection, whose) != {user: groups[user] for user in whose if user in groups}
    ):
        return None
    people = People(groups, frozenset(sanctioned), MOST_ACTORS)
    users, sharing, used_before = (
        {site: dict.fromkeys(some, until) for site, some in kept[name].items()} for name in _MAPS
    )
    known = _Known(users, sharing)
    rare_ones, all_of_them = kept["curves"]
    drip = Drip(people, (Curve.of_json(RARE, rare_ones), Curve.of_json("", all_of_them)))
    drip.used.update(used_before)
    newest = until + 1
    for one in reading.some(Selection(since=newest * DAY)):
        if one.customers or one.incident:
            newest = max(newest, one.time // DAY)
            known.see(one, people)
            drip.see(one)
    rare = drip.rare()
    if any((site in rare) != (site in kept["rare"]) for site in kept["used"]):
        return None
    past = _sent_before(reading, drip, until)
    for curve in drip.curves:
        some = [one for one in past if counts(one, people) and (not curve.where or one.site in rare)]
        curve.remember((one.user, token, one.time // DAY) for one in some for token in one.customers)
    if newest - 1 > until:
        drip.go_on(newest - 1)
        kept = {**_kept(drip, people, known, newest - 1), "own": kept["own"]}
    drip.go_on()
    drafts = drip.drafts(lambda one: _of_stretch(reading, people, one))
    before_today = {site: len(some) for site, some in before.kept["sharing"].items()}
    some = [one for one in changed if one.customers or one.incident]
    again = _again(reading, people, some, known, before_today)
    drafts += again.drafts
    touched = {site for site in again.sites if len(known.users[site]) <= _FEW}
    left = [one for one in before.found if one.kind != "drip" and not again.covers(one)]
    own = {one.id: len(one.terms) for one in drafts} | {one.id: kept["own"][one.id] for one in left}
    found = [one if touched.isdisjoint(one.sites) else _recounted(reading, one, own[one.id], known) for one in left]
    found += [counted(draft, reading.of(draft.events), known.users) for draft in drafts]
    return World(in_order(found), {**kept, "own": own})


@dataclass(frozen=True, slots=True)
class _Reading:
    """Transfers as a version of grouping sees them."""

    connection: sqlite3.Connection
    version: Version

    def some(self, selection: Selection) -> Iterator[Transfer]:
        return transfers(self.connection, selection, values=False, accounts=self.version != "v1")

    def of(self, events: Iterable[int]) -> list[Transfer]:
        return list(self.some(Selection(events=tuple(events))))


@dataclass(frozen=True, slots=True)
class _Known:
    """Destination -> person -> first day: of all, and of who may share it."""

    users: Users
    sharing: Users

    def see(self, one: Transfer, people: People) -> None:
        used(self.users, one)
        if one.customers and one.user in people.groups and not people.meant(one):
            used(self.sharing, one)


_MAPS: Final = ("users", "sharing", "used")
"""Of destinations: what is known, and what the drip has used."""


def _kept(drip: Drip, people: People, known: _Known, until: int) -> dict[str, Any]:
    """Return what is known as of a day, JSON-ready. Of a destination that many use it is enough to know that."""
    most = {"users": _FEW + 1, "sharing": people.most + 1, "used": people.most + 1}
    maps = {
        name: {
            site: list(islice(sorted(user for user, day in some.items() if day <= until), most[name]))
            for site, some in sites.items()
            if min(some.values()) <= until
        }
        for name, sites in zip(_MAPS, (known.users, known.sharing, drip.used), strict=True)
    }
    curves = [curve.as_json(until) for curve in drip.curves]
    groups = {user: list(some) for user, some in people.groups.items()}
    return {"until": until, "groups": groups, "rare": sorted(drip.rare()), "curves": curves, **maps}


def _sequences(connection: sqlite3.Connection, uids: Sequence[str]) -> tuple[int, ...]:
    rows = connection.execute(
        "SELECT sequence FROM event WHERE uid IN (SELECT value FROM json_each(?))", (json.dumps(list(uids)),)
    )
    return tuple(sequence for (sequence,) in rows)


def _sent_before(reading: _Reading, drip: Drip, until: int) -> list[Transfer]:
    """Return earlier transfers, up to a day, with customers whom the same person sends in the days that come."""
    sent = drip.sent()
    tokens = sorted(set().union(*sent.values()))
    rows = reading.connection.execute(
        "SELECT e.sequence, e.user, p.token FROM json_each(?) j JOIN posting p ON p.token = j.value"
        " JOIN event e ON e.sequence = p.event WHERE p.role > 0 AND e.time >= ? AND e.time < ?",
        (json.dumps(tokens), (until - LONGEST) * DAY, (until + 1) * DAY),
    )
    wanted = {sequence for sequence, user, token in rows if token in sent.get(user, ())}
    return sorted(reading.of(wanted), key=lambda one: one.time)


def _of_stretch(reading: _Reading, people: People, one: Stretch) -> list[Transfer]:
    days = set(one.days)
    asked = Selection(user=one.user, since=min(days) * DAY, until=(max(days) + 1) * DAY)
    return [each for each in reading.some(asked) if each.time // DAY in days and counts(each, people)]


def _recounted(reading: _Reading, old: Grouped, own: int, known: _Known) -> Grouped:
    """Return an incident that is the same but for who else uses its destinations."""
    terms = old.terms[len(old.terms) - own :]
    draft = Draft(old.kind, old.id, old.people, old.events, old.because, old.rule, terms)
    return replace(counted(draft, reading.of(old.events), known.users), id=old.id)


@dataclass(frozen=True, slots=True)
class _Again:
    """Incidents of some keys, found again.

    Attributes:
        apart: destinations of everybody, of which only some accounts were looked at; `accounts` are the incidents that
            these may have been.
    """

    drafts: list[Draft]
    incidents: frozenset[str]
    people: frozenset[str]
    sites: frozenset[str]
    apart: frozenset[str]
    accounts: frozenset[str]

    def covers(self, old: Grouped) -> bool:
        """Tell whether an incident that was kept is of one of those keys."""
        match old.kind:
            case "burst":
                return old.id in self.incidents
            case "evasion":
                return old.people[0] in self.people
            case "shared-account" if old.sites[0] in self.apart:
                return old.id in self.accounts
            case _:
                return old.sites[0] in self.sites


def _again(
    reading: _Reading, people: People, changed: Sequence[Transfer], known: _Known, before_today: Mapping[str, int]
) -> _Again:
    """Find again what the keys of changed transfers make; `before_today` is how many shared a destination by then."""
    incidents = frozenset(one.incident for one in changed if one.incident)
    persons = frozenset(one.user for one in changed if one.user in people.groups)
    sites = frozenset(one.site for one in changed)
    accounts = {(one.site, one.account_name) for one in changed if one.account_name}
    apart = frozenset(site for site in sites if before_today.get(site, 0) > people.most)
    drafts: list[Draft] = []
    for incident in sorted(incidents):
        rows = reading.connection.execute("SELECT sequence FROM event WHERE incident = ?", (incident,))
        drafts += _found([Burst(people)], reading.of(sequence for (sequence,) in rows))
    for user in sorted(persons):
        drafts += _found([Evasion(people)], reading.some(Selection(user=user)))
    for site in sorted(sites - apart):
        if len(known.sharing.get(site, ())) > 1:  # one links nobody
            kinds: list[Watching] = [SharedDestination(people), SharedContent(people), SharedAccount(people)]
            drafts += _found(kinds, reading.some(Selection(site=site)))
    for site, account in sorted(accounts):
        if site in apart:  # everybody's, and there is much of it
            drafts += _found([SharedAccount(people, apart)], reading.some(Selection(site=site, account=account)))
    of_accounts = frozenset(Draft("shared-account", account_key(*one), (), (), "").id for one in accounts)
    return _Again(drafts, incidents, persons, sites, apart, of_accounts)


def _found(kinds: Sequence[Watching], some: Iterable[Transfer]) -> list[Draft]:
    for one in some:
        if one.customers or one.incident:
            for kind in kinds:
                kind.see(one)
    return [draft for kind in kinds for draft in kind.found()]
