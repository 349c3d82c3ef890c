"""Who with whom: destinations that several people used, and customers that several people sent to one of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Final

from dlp_proxy.incidents.accounts import account_names
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.transfers import COUNTED, IS_TRANSFER, NAMES
from dlp_proxy.model.event import ACCOUNT

MOST_ACTORS: Final = 25
"""A destination that more people use is everybody's (a courier, a mail service) and links nobody."""

_CUSTOMERS: Final = (
    # What `transfers.transfers` takes for customers, in SQL: names of records, else what was counted.
    f" AND (p.role & {NAMES} OR (p.role & {COUNTED} AND NOT EXISTS"  # noqa: S608 - constants
    f" (SELECT 1 FROM posting q WHERE q.event = p.event AND q.role & {NAMES})))"
)


@dataclass(frozen=True, slots=True)
class SharedSite:
    """A destination that several people sent customers to: who -> different customers, most first."""

    site: str
    customers: int
    people: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SharedAccount:
    """An account at a destination, whoever else uses that, to which several people sent customers."""

    site: str
    account: str
    customers: int
    people: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SharedCustomers:
    """Two people who sent the same customers to the same destination; `first` is before `second` by name."""

    first: str
    second: str
    site: str
    customers: int


@dataclass(frozen=True, slots=True)
class Together:
    """The answer.

    Attributes:
        everybodys: destinations left out because more than `most` people used them -> how many people.
        sanctioned: destinations left out because somebody said so.
    """

    sites: tuple[SharedSite, ...]
    pairs: tuple[SharedCustomers, ...]
    everybodys: tuple[tuple[str, int], ...]
    sanctioned: tuple[str, ...]
    most: int = MOST_ACTORS
    accounts: tuple[SharedAccount, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def together(
    connection: sqlite3.Connection, selection: Selection, sanctioned: Iterable[str] = (), most: int = MOST_ACTORS
) -> Together:
    """Find who shared destinations and customers with whom; both lists with most customers first."""
    condition, given = selection.where()
    known = tuple(sorted(set(sanctioned)))
    sent: dict[str, dict[str, set[int]]] = {}
    rows = connection.execute(
        "SELECT DISTINCT e.site, e.user, p.token FROM event e LEFT JOIN outcome o ON o.uid = e.uid"  # noqa: S608 - constants
        f" JOIN posting p ON p.event = e.sequence WHERE {condition}{IS_TRANSFER}{_CUSTOMERS}",
        given,
    )
    for site, user, token in rows:
        sent.setdefault(site, {}).setdefault(user, set()).add(token)
    everybodys = tuple(sorted((site, len(people)) for site, people in sent.items() if len(people) > most))
    left_out = {*known, *(site for site, _ in everybodys)}
    sites, pairs = [], []
    for site, people in sent.items():
        if site in left_out or len(people) < 2:
            continue
        sites.append(SharedSite(site, *_sent(people)))
        names = sorted(people)
        pairs += [
            SharedCustomers(first, second, site, shared)
            for first, second in combinations(names, 2)
            if (shared := len(people[first] & people[second]))
        ]
    return Together(
        tuple(sorted(sites, key=lambda one: (-one.customers, one.site))),
        tuple(sorted(pairs, key=lambda one: (-one.customers, one.site, one.first, one.second))),
        everybodys,
        known,
        most,
        _accounts(connection, selection, known, most),
    )


def _accounts(
    connection: sqlite3.Connection, selection: Selection, known: tuple[str, ...], most: int
) -> tuple[SharedAccount, ...]:
    """Return the accounts that several people, and few in all, sent customers to; most customers first."""
    condition, given = selection.where()
    sent: dict[tuple[str, int], dict[str, set[int]]] = {}
    rows = connection.execute(
        "SELECT DISTINCT e.site, a.token, e.user, p.token FROM token t JOIN posting a ON a.token = t.number"  # noqa: S608 - constants
        " JOIN event e ON e.sequence = a.event LEFT JOIN outcome o ON o.uid = e.uid"
        f" JOIN posting p ON p.event = e.sequence WHERE t.kind = ? AND {condition}{IS_TRANSFER}{_CUSTOMERS}",
        (ACCOUNT, *given),
    )
    for site, account, user, token in rows:
        if site not in known:
            sent.setdefault((site, account), {}).setdefault(user, set()).add(token)
    shared = {at: people for at, people in sent.items() if 1 < len(people) <= most}
    names = account_names(connection, (account for _, account in shared))
    found = (
        SharedAccount(site, names[account], *_sent(people))
        for (site, account), people in shared.items()
        if names[account].split(" ", 1)[0] not in known
    )
    return tuple(sorted(found, key=lambda one: (-one.customers, one.site, one.account)))


def _sent(people: dict[str, set[int]]) -> tuple[int, tuple[tuple[str, int], ...]]:
    """Return how many customers they sent together, and who how many, most first."""
    each = sorted(((one, len(some)) for one, some in people.items()), key=lambda one: (-one[1], one[0]))
    return len(set().union(*people.values())), tuple(each)
