"""The report of a case: one page that needs nothing else, runs nothing, and prints."""

from __future__ import annotations

import base64
import shlex
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final, Literal

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.reporting.case import Case, Shown
from dlp_proxy.reporting.edges import edges_of, filled_by
from dlp_proxy.reporting.markup import Markup, table, tag
from dlp_proxy.reporting.plots.curve import curve
from dlp_proxy.reporting.plots.matrix import matrix
from dlp_proxy.reporting.plots.timeline import timeline
from dlp_proxy.reporting.words import Words

type Audience = Literal["analyst", "hr", "legal", "police", "authority"]

AUDIENCES: Final[tuple[Audience, ...]] = ("analyst", "hr", "legal", "police", "authority")

NAMED: Final = frozenset({"hr", "legal", "police"})
"""Who reads people's names; the others read pseudonyms."""

_CUSTODY_ROWS: Final = 500
_ACCOUNT_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads, in which language, and how people are written for them."""

    audience: Audience
    words: Words
    shown: Shown


def headline(case: Case, reading: Reading) -> str:
    """Return the one sentence that everybody asks for first."""
    words, numbers = reading.words, case.scope.whole
    first, last = words.time(numbers.first), words.time(numbers.last)
    return words(
        "headline",
        who=_named([reading.shown(user) for user in case.scope.people], words),
        where=_named(list(case.scope.sites), words),
        records=numbers.records,
        customers=numbers.attempted,
        when=words("when-once", first=first) if first == last else words("when-span", first=first, last=last),
        left=numbers.left,
    )


def _named(some: list[str], words: Words) -> str:
    if len(some) > 3:
        return words("and-more", first=", ".join(some[:3]), more=len(some) - 3)
    return ", ".join(some)


def report_html(case: Case, reading: Reading) -> bytes:
    """Return the page, UTF-8. The same case at the same checkpoint gives the same bytes."""
    words = reading.words
    style = files("dlp_proxy.reporting").joinpath("style.css").read_text(encoding="utf-8")
    allowed = base64.b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    name = f"{case.standing.title} ({case.name})" if case.standing.title else case.name
    title = words("report", name=name)
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup(style)),
    )
    moment = case.moment
    as_of = words(
        "audience",
        audience=words(reading.audience),
        size=moment.size,
        origin=moment.origin,
        at=words.time(moment.at),
    )
    main = tag(
        "main",
        tag("h1", title),
        tag("p", as_of),
        tag("p", headline(case, reading), class_="headline") if case.scope.whole.transfers else "",
        _scope(case, words),
        _plots(case, reading),
        _people(case, reading),
        _accounts(case, reading),
        _why(case, words),
        _coverage(case, words),
        _policy(case, words),
        _notice(case, words) if reading.audience == "authority" else "",
        _custody(case, reading),
        _reproduce(case, reading),
    )
    lang = "zh-CN" if words.language == "zh" else "en"
    return f"<!doctype html>\n{tag('html', head, tag('body', main), lang=lang)}\n".encode("utf-8", "replace")


def report_json(case: Case, reading: Reading) -> bytes:
    """Return the same facts for programs, in canonical JSON."""
    shown = reading.shown
    found: dict[str, Any] = case.scope.as_json()
    found["people"] = {shown(user): numbers for user, numbers in found["people"].items()}
    return canonical(
        {
            "case": case.name,
            "title": case.standing.title,
            "state": case.standing.state,
            "headline": headline(case, reading),
            "audience": reading.audience,
            "checkpoint": {"size": case.moment.size, "origin": case.moment.origin, "at": case.moment.at},
            "scope": found,
            "people": [
                {
                    "user": shown(one.user),
                    "known_by": [{"method": m, "strength": s, "shared": several} for m, s, several in one.known_by],
                }
                for one in case.people
            ],
            "edges": [
                {"user": shown(one.user), "site": one.site, "left": one.left, "possible": one.possible}
                | {"blocked": one.blocked, "records": one.records, "transfers": one.transfers}
                for one in edges_of(case.transfers)
            ],
            "accounts": [
                {"site": one.site, "account": case.accounts[one.account], "transfers": one.transfers}
                | {"people": [{"user": shown(user), "customers": count} for user, count in one.people]}
                | {"left": one.left, "possible": one.possible, "blocked": one.blocked}
                for one in filled_by(case.transfers)
            ],
            "incidents": [
                {"id": one.id, "kind": one.kind, "because": one.because, "severity": one.severity}
                for one in case.incidents
            ],
            "policies": list(case.policies),
            "lost_members": list(case.lost),
        }
    )


def _section(title: str, *children: Markup | str) -> Markup:
    return tag("section", tag("h2", title), *children)


def _scope(case: Case, words: Words) -> Markup:
    scope = case.scope
    whole, unseen = scope.whole, scope.unseen
    blind = words("seconds", seconds=unseen.blind_seconds)
    lead = words(
        "scope-lead",
        left=whole.left,
        possible=whole.possible,
        upper=whole.upper,
        blocked=whole.blocked,
        unread=unseen.transfers,
        blind=blind,
        forgotten=unseen.forgotten,
    )
    rows: list[tuple[str | int, ...]] = [
        (words("customers-left"), whole.left),
        (words("customers-possible"), whole.possible),
        (words("customers-blocked"), whole.blocked),
        (words("records"), whole.records),
        (words("transfers"), whole.transfers),
        (words("unread-transfers"), unseen.transfers),
        (words("blind-time"), blind),
        (words("forgotten"), unseen.forgotten),
        (words("first"), words.time(whole.first)),
        (words("last"), words.time(whole.last)),
    ]
    parts = [
        tag("p", lead),
        tag("p", words("lower-bound" if unseen.any or case.lost else "all-seen")),
        table(words("scope"), (words("measure"), words("number")), rows),
    ]
    if scope.possible_because:
        heads = (words("because"), words("customers"))
        parts.append(
            table(
                words("because"), heads, [(words.reason(why), count) for why, count in scope.possible_because.items()]
            )
        )
    kinds = [(kind, one.left, one.possible, one.blocked) for kind, one in scope.kinds.items()]
    heads4 = tuple(words(one) for one in ("kind", "left", "possible", "blocked"))
    parts += [
        table(words("kinds"), heads4, list(kinds)),
        tag("h3", words("rule-of-counting")),
        tag("p", words("counting")),
    ]
    return _section(words("scope"), *parts)


def _plots(case: Case, reading: Reading) -> Markup:
    words, shown = reading.words, reading.shown
    plots = [timeline(case.transfers, words, shown)] if case.transfers else []
    if case.scope.days:
        plots.append(curve(case.scope, words))
    if edges := edges_of(case.transfers):
        plots.append(matrix(edges, words, shown))
    return Markup("".join(_section(one.title, one.figure()) for one in plots))


def _people(case: Case, reading: Reading) -> Markup:
    words = reading.words
    rows: list[tuple[str | int, ...]] = []
    for one in case.people:
        numbers = case.scope.people.get(one.user)
        methods = ", ".join(sorted({method for method, _, _ in one.known_by}))
        strengths = {words(s) if s in {"strong", "medium", "weak", "none"} else s for _, s, _ in one.known_by}
        several = f" ({words('shared')})" if any(shared for _, _, shared in one.known_by) else ""
        counted = (numbers.left, numbers.possible, numbers.blocked) if numbers else (0, 0, 0)
        devices = ", ".join(one.devices) if reading.audience in NAMED else str(len(one.devices))
        rows.append((reading.shown(one.user), methods, ", ".join(sorted(strengths)) + several, devices, *counted))
    heads = ("person", "known-by", "strength", "devices", "left", "possible", "blocked")
    written = table(words("people"), tuple(words(one) for one in heads), rows)
    return _section(words("people"), tag("p", words("people-note")), written)


def _accounts(case: Case, reading: Reading) -> Markup | str:
    words, found = reading.words, filled_by(case.transfers)
    if not found:
        return ""
    rows: list[tuple[str | int, ...]] = [
        (
            one.site,
            case.accounts[one.account],
            ", ".join(f"{reading.shown(user)} ({count})" for user, count in one.people),
            *(one.left, one.possible, one.blocked, one.transfers),
        )
        for one in found[:_ACCOUNT_ROWS]
    ]
    heads = ("destination", "account", "person", "left", "possible", "blocked", "transfers")
    written = table(words("accounts"), tuple(words(one) for one in heads), rows)
    more = tag("p", words("not-shown", count=len(found) - len(rows))) if len(found) > len(rows) else ""
    return _section(words("accounts"), tag("p", words("accounts-note")), written, more)


def _why(case: Case, words: Words) -> Markup | str:
    if not case.incidents:
        return ""
    rows: list[tuple[str | int, ...]] = [
        (
            *(one.id, words.kind(one.kind), words.because(one.because)),
            *("; ".join(f"+{points}: {words.because(term)}" for points, term in one.terms), one.severity),
        )
        for one in case.incidents
    ]
    heads = (*(words(one) for one in ("incident", "kind", "grouped", "measure")), words("severity"))
    return _section(words("why"), table(words("why"), heads, rows))


def _coverage(case: Case, words: Words) -> Markup:
    looked: Counter[str] = Counter(one.coverage or "-" for one in case.transfers)
    parts = [table(words("coverage"), (words("inspected"), words("transfers")), sorted(looked.items()))]
    if unread := case.scope.unseen.unread:
        parts.append(table(words("gap"), (words("gap"), words("transfers")), list(unread.items())))
    if case.lost:
        lost = [(one, words("lost-why")) for one in case.lost]
        parts.append(table(words("lost"), (words("event"), words("reason")), list(lost)))
    if blind := case.scope.unseen.blind:
        rows: list[tuple[str | int, ...]] = [
            (words.time(one.first), words.time(one.last), words(one.why)) for one in blind[:_CUSTODY_ROWS]
        ]
        parts.append(table(words("blind"), (words("first"), words("last"), words("reason")), rows))
    return _section(words("coverage"), *parts)


def _policy(case: Case, words: Words) -> Markup:
    rules: Counter[tuple[str, str, str, str]] = Counter()
    for one in case.events:
        facts = one.facts
        rules[facts.rule or "-", facts.action, facts.policy or "-", facts.engine or "-"] += 1
    heads = tuple(words(one) for one in ("rule", "action", "digest", "engine", "transfers"))
    rows: list[tuple[str | int, ...]] = [(*rule, count) for rule, count in sorted(rules.items())]
    return _section(words("policy"), table(words("policy"), heads, rows))


def _notice(case: Case, words: Words) -> Markup:
    line = tag("span", "", class_="line")
    rows: list[tuple[str | int, ...]] = [
        (words("categories"), ", ".join(case.scope.kinds)),
        (words("customers-left"), case.scope.whole.left),
        (words("customers-possible"), case.scope.whole.possible),
        *((words(one), line) for one in ("cause", "harm", "measures", "own-measures", "contact")),
    ]
    written = table(words("notice"), (words("measure"), words("notice")), rows)
    return _section(words("notice"), tag("p", words("notice-note")), written)


def _custody(case: Case, reading: Reading) -> Markup:
    words = reading.words
    if not case.custody:
        return _section(words("custody"), tag("p", words("no-custody")))
    rows: list[tuple[str | int, ...]] = [
        (one.number, words.time(one.at), one.who, one.did, one.of, one.why) for one in case.custody[-_CUSTODY_ROWS:]
    ]
    heads = tuple(words(one) for one in ("entry", "time", "who", "did", "event", "reason"))
    return _section(words("custody"), table(words("custody"), heads, rows))


def _reproduce(case: Case, reading: Reading) -> Markup:
    words, size = reading.words, case.moment.size
    sanctioned = "".join(f" --sanctioned {shlex.quote(one)}" for one in case.sanctioned)
    common = f"{shlex.quote(case.name)} --as-of {size} --lang {words.language}{sanctioned}"
    commands = (
        f"dlp-proxy incident report {common} --audience {reading.audience} --html report.html",
        f"dlp-proxy incident export {common} --bundle {case.name}",
        "dlp-proxy incident verify --log --anchor NOTE",
    )
    written = tag("pre", *(piece for one in commands for piece in (one, Markup("\n"))))
    return _section(words("reproduce"), tag("p", words("reproduce-note")), written)
