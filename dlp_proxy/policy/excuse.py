"""From transfers that a rule acted on to an exception for them: narrowest first, each with its tests, as YAML."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dlp_proxy.policy.conditions import glob
from dlp_proxy.policy.words import slug

DAYS: Final = 90
MOST_DAYS: Final = 180


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is kept of one transfer that the rule acted on.

    Attributes:
        count: how many of `what` it was.
        teams: people named in the policies that the sender belongs to by the user name, all that a test has.
    """

    incident: str
    user: str
    site: str
    path: str
    count: int
    what: str
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One way to except them.

    Attributes:
        letter: how it is chosen.
        says: what it is narrowed to.
        users: names of users, or of people in the policies; empty for everybody.
        path: a pattern; empty for every path.
        excused: transfers of the incident that it covers.
        others: transfers of other incidents that it covers too.
        limit: what the exception stops at, of different ones by user in 24 hours.
    """

    letter: str
    says: str
    users: tuple[str, ...]
    sites: tuple[str, ...]
    path: str
    excused: int
    others: int
    limit: int

    @property
    def row(self) -> str:
        advice = "   not advised" if self.others else ""
        return (
            f"{self.says:<28} excuses {self.excused}, lets {self.others} of other incidents by"
            f"; limit {self.limit} a day{advice}"
        )


def narrowings(ours: Sequence[Transfer], others: Sequence[Transfer]) -> list[Narrowing]:
    """Return ways to except `ours`, narrowest first, each with what else of the rule it would let by."""
    users = tuple(sorted({one.user for one in ours}))
    sites = tuple(sorted({one.site for one in ours}))
    path = _common([one.path for one in ours])
    most = max(one.count for one in ours)
    team = _team(ours, others)
    options = [
        ("these people, site and path", users, path),
        (f"{team[0]}, this site and path", team, path) if team else ("these people and this site", users, ""),
        ("this site and path", (), path),
        ("this site", (), ""),
    ]
    made: list[Narrowing] = []
    for says, who, where in dict.fromkeys(options):
        if "path" in says and not where:
            continue  # they share no folder
        excused = sum(_covers(who, sites, where, one) for one in ours)
        by = sum(_covers(who, sites, where, one) for one in others)
        made.append(Narrowing("ABCD"[len(made)], says, who, sites, where, excused, by, most + max(1, most // 2)))
    return made


def as_yaml(  # noqa: PLR0917 (all that an exception says)
    choice: Narrowing,
    rule: str,
    record: str,
    ours: Sequence[Transfer],
    why: str,
    owner: str,
    today: date,
    days: int = DAYS,
) -> tuple[str, str]:
    """Return the exception and two tests for it: one that it excuses, and one a step beside it that it does not."""
    most = max(one.count for one in ours)
    name = slug(f"for-{ours[0].incident}")
    conditions = [f"from: [{', '.join(map(_quoted, choice.users))}]"] if choice.users else []
    conditions.append(f"to: [{', '.join(map(_quoted, choice.sites))}]")
    conditions += [f"path: {_quoted(choice.path)}"] if choice.path else []
    exception = f"""  {name}:
    rules: {rule}
    when: {{{", ".join(conditions)}}}
    instead:
      limits: [{{at_least: {choice.limit}, within: 24h, by: user}}]
    why: {_quoted(why)}
    owner: {_quoted(owner)}
    expires: {today + timedelta(days=min(days, MOST_DAYS))}
    from_incident: {ours[0].incident}
"""
    made = f"make: {{record: {record}, rows: {most}}}"
    path = choice.path.replace("*", "x") if choice.path else "/x"
    inside = f"{{from: {_quoted(ours[0].user)}, to: 'https://{ours[0].site}{path}', {made}}}"
    beside = f"{{from: {_quoted(ours[0].user)}, to: 'https://not-{ours[0].site}{path}', {made}}}"
    tests = f"""  - name: 'what {ours[0].incident} was about is excused'
    request: {inside}
    expect: {{action: counted, rule: {rule}, exception: {name}}}
  - name: 'beside what {ours[0].incident} was about the rule holds'
    request: {beside}
    expect: {{rule: {rule}, count: {most}}}
"""
    return exception, tests


def of_values(  # noqa: PLR0917 (all that an exception says)
    values: Sequence[str],
    rule: str,
    ours: Sequence[Transfer],
    why: str,
    owner: str,
    today: date,
    days: int = DAYS,
) -> str:
    """Return an exception for what holds one of `values`, to the sites where it went."""
    sites = sorted({one.site for one in ours})
    return f"""  {slug(f"for-{ours[0].incident}")}:
    rules: {rule}
    when: {{to: [{", ".join(map(_quoted, sites))}]}}
    values: [{", ".join(map(_quoted, values))}]
    instead: {{action: allow}}
    why: {_quoted(why)}
    owner: {_quoted(owner)}
    expires: {today + timedelta(days=min(days, MOST_DAYS))}
    from_incident: {ours[0].incident}
"""


def a_test(name: str, one: Transfer, request: str, expect: str) -> str:
    """Return a test that sends what `request` says to the site of a transfer."""
    to = f"https://{one.site}{one.path if one.path.startswith('/') else '/x'}"
    return f"""  - name: {_quoted(name)}
    request: {{from: {_quoted(one.user)}, to: {_quoted(to)}, {request}}}
    expect: {expect}
"""


def _covers(users: Sequence[str], sites: Sequence[str], path: str, one: Transfer) -> bool:
    fits = not path or glob(path, any_case=False).fullmatch(one.path) is not None
    return one.site in sites and (not users or one.user in users or not one.teams.isdisjoint(users)) and fits


def _team(ours: Sequence[Transfer], others: Sequence[Transfer]) -> tuple[str, ...]:
    """Return the named people to whom all senders belong, of several those with the fewest others; empty for none."""
    shared = frozenset.intersection(*(one.teams for one in ours))
    return tuple(sorted(shared, key=lambda team: (sum(team in one.teams for one in others), team))[:1])


def _common(paths: Sequence[str]) -> str:
    """Return a pattern for the folder that all paths share; empty when that is the root."""
    folder = posixpath.commonpath([posixpath.dirname(path) or "/" for path in paths])
    return f"{folder}/*" if folder not in {"", "/"} else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
