"""Checked blocks of a set without errors -> `Policy`."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal, cast

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.known import CUSTOMERS
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.message import UnitKind
from dlp_proxy.model.record import RecordSpec
from dlp_proxy.model.verdict import REPLACEMENT, Action, Asking, Mode, Redaction, Severity
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.conditions import CONTAINERS, After, Hosts, People, When, glob, hosts_of
from dlp_proxy.policy.detectors import Detectors, confidence_of
from dlp_proxy.policy.grammar import UNITS
from dlp_proxy.policy.idle import shut_out_by_hosts
from dlp_proxy.policy.lists import Lists
from dlp_proxy.policy.names import Names, is_literal
from dlp_proxy.policy.places import STANDARD_PLACES
from dlp_proxy.policy.policy import By, Counting, Counts, Exemption, Ladder, Limit, Policy, Rule, Sought
from dlp_proxy.policy.problem import Problems
from dlp_proxy.policy.schedules import Schedule, schedule_of
from dlp_proxy.policy.values import host

TEXT_WINDOW: Final = 300
SHARING: Final = 5
"""Customers in common that link two people together where a limit on people does not say how many."""
_MODES: Final = ("off", "monitor", "enforce")


def digest_of(files: Mapping[str, str], lists: Mapping[str, str]) -> str:
    """Return ``sha256:`` and the hash of all files and lists: each path and text with its length before it, by path.

    Paths of files count from the folder that holds them all, so a set has one digest wherever it lies.
    """
    digest = hashlib.sha256()
    plain = {posixpath.normpath(path): text for path, text in files.items()}
    above = len(_folder_of(plain))
    written = [(path[above:].lstrip("/"), plain[path]) for path in sorted(plain)]
    for both in (*written, *sorted(lists.items())):
        for text in both:
            encoded = text.encode("utf-8", "surrogatepass")
            digest.update(b"%d:" % len(encoded) + encoded)
    return f"sha256:{digest.hexdigest()}"


def _folder_of(paths: Iterable[str]) -> str:
    try:
        return posixpath.commonpath([posixpath.dirname(path) for path in paths])
    except ValueError:
        return ""


class Compiler:
    """Makes the policy of files that have been checked and have no errors."""

    def __init__(self, files: Sequence[Checked], names: Names, detectors: Detectors, lists: Lists) -> None:
        self._files = sorted(files, key=lambda file: file.text("policy"))
        self._names = names
        self._detectors = detectors
        self._lists = lists
        self._destinations = {block.name: _place(block, lists) for block in names.of("destination")}
        self._destinations |= {name: hosts_of(STANDARD_PLACES[name].hosts) for name in sorted(names.places)}
        self._schedules = {block.name: _schedule(block) for block in names.of("schedule")}
        self._asked = self._asked_after()
        self._people = {block.name: _people(block) for block in names.of("people")}
        self._records = {block.name: _record(block) for block in names.of("record")}

    def policy(self, files: Mapping[str, str], today: date) -> Policy:
        fixtures = self._lists.fixtures
        lists = {name: fixtures[name].decode("utf-8-sig") for name in sorted(self._lists.used)}
        rules = tuple(
            self._rule(file, block)
            for file in self._files
            for block in sorted(file.blocks("rules"), key=lambda block: block.name)
            if "off" not in {file.text("mode"), block.text("mode")}
        )
        needed = dict.fromkeys(sought.record for rule in rules for sought in rule.find if sought.record is not None)
        detectors = self._needed_detectors(rules)
        asked = {rule.in_index for rule in rules} | {one.spec.in_index for one in detectors}
        return Policy(
            digest=digest_of(files, lists),
            detectors=detectors,
            indexes=frozenset(asked - {""}),
            records=tuple((self._records[name], confidence) for name, confidence in needed),
            rules=rules,
            tests=tuple(test for file in self._files for test in file.blocks("tests")),
            detector_specs={**self._detectors.standard, **self._detectors.specs},
            record_specs=self._records,
            checked_on=today,
            fixtures=dict(fixtures),
            destinations=self._destinations,
            people=self._people,
            lists=lists,
            liked=frozenset(self._detectors.liked),
            files=tuple(self._files),
            schedules=self._schedules,
        )

    def check_places(self, file: Checked, problems: Problems) -> None:
        """Complain about conditions that no host can fulfil."""
        for block in file.walk():
            if block.kind in {"when", "any"}:
                to, not_to = self._hosts(block.texts("to")), self._hosts(block.texts("not_to"))
                shut_out_by_hosts(block, to, not_to, problems)

    def _needed_detectors(self, rules: Iterable[Rule]) -> tuple[Detector, ...]:
        needed: dict[str, None] = {}
        for sought in (sought for rule in rules for sought in rule.find):
            record = self._records.get(sought.name) if sought.record is not None else None
            needed |= dict.fromkeys((*record.has, *record.has_some, *record.identify_by) if record else (sought.name,))
        return tuple(self._detectors.ready(name) for name in sorted(needed))

    def _rule(self, file: Checked, block: Checked) -> Rule:
        policy = file.text("policy")
        confidence = confidence_of(block.text("confidence", "medium"))
        find = tuple(self._sought(name, confidence) for name in block.texts("find"))
        severity = cast("Severity", block.text("severity"))
        action = Action[block.text("action").upper()]
        identity: list[object] = [policy, block.name, sorted(sought.name for sought in find), self._identify(find)]
        coach = block.block("coach")
        return Rule(
            name=block.name,
            policy=policy,
            place=block.place,
            mode=_weakest(file.text("mode", "enforce"), block.text("mode", "enforce")),
            severity=severity,
            when=self._when(block.block("when")),
            find=find,
            confidence=confidence,
            areas=frozenset(block.texts("look_in")),
            ladder=_ladder(block.blocks("limits"), identity, action, severity),
            action=action,
            cannot_ask=cast("Literal['block', 'log']", coach.text("cannot_ask", "block") if coach else "block"),
            asking=_asking(coach),
            redaction=_redaction(block.block("redact")),
            notify=block.texts("notify"),
            message={given.name: given.text for given in block.all("message")},
            owner=file.text("owner"),
            tags=block.texts("tags"),
            exemptions=self._exemptions(block.name, identity, action, severity),
            trips=self._asked.get(block.name, ()),
            in_index=CUSTOMERS if block.text("known_customers") == "true" else "",
        )

    def _asked_after(self) -> dict[str, tuple[After, ...]]:
        """Return, for each rule that some `after` names, the memories of when it acted."""
        asked: dict[str, dict[After, None]] = {}
        for block in (found for file in self._files for found in file.walk() if found.kind == "after"):
            asked.setdefault(block.text("rule"), {})[_after(block)] = None
        return {rule: tuple(known) for rule, known in asked.items()}

    def _sought(self, name: str, confidence: Confidence) -> Sought:
        record = self._names.get("record", name)
        if record is None:
            return Sought(name, None)
        own = confidence_of(record.text("confidence", "low"))
        return Sought(name, (name, max(own, confidence)))

    def _identify(self, find: Iterable[Sought]) -> list[list[str]]:
        return sorted([sought.name, *self._records[sought.name].identify_by] for sought in find if sought.record)

    def _exemptions(
        self, rule: str, identity: list[object], action: Action, severity: Severity
    ) -> tuple[Exemption, ...]:
        """Return the rule's exceptions, strictest first: those that still count, then by what they do instead."""
        made = []
        for file in self._files:
            for block in file.blocks("exceptions"):
                instead = block.block("instead")
                if rule not in block.texts("rules") or instead is None:
                    continue
                limits = instead.blocks("limits")
                made.append(
                    Exemption(
                        name=block.name,
                        policy=file.text("policy"),
                        place=block.place,
                        when=self._when(block.block("when")),
                        expires=date.fromisoformat(block.text("expires")),
                        action=Action[instead.text("action").upper()] if "action" in instead.given else None,
                        ladder=_ladder(limits, [*identity, block.name], action, severity) if limits else None,
                        values=block.texts("values"),
                    )
                )
        return tuple(sorted(made, key=lambda each: (each.action is not None, -(each.action or 0), each.name)))

    def _when(self, block: Checked | None) -> When:
        if block is None:
            return When()
        size = block.block("size")
        contents = set(block.texts("content"))
        return When(
            to=self._hosts(block.texts("to")),
            not_to=self._hosts(block.texts("not_to")),
            people=self._senders(block.texts("from")),
            not_people=self._senders(block.texts("not_from")),
            methods=frozenset(block.texts("method")),
            paths=tuple(glob(pattern, any_case=False) for pattern in block.texts("path")),
            contents=frozenset(contents | (set(CONTAINERS) if "archive" in contents else set())),
            size_at_least=size.number("at_least") if size else 0,
            size_at_most=size.number("at_most") if size and "at_most" in size.given else None,
            during=tuple(self._schedules[name] for name in block.texts("during")),
            not_during=tuple(self._schedules[name] for name in block.texts("not_during")),
            unreadable=frozenset(block.texts("unreadable")),
            any_of=tuple(self._when(one) for one in block.blocks("any")),
            after=_after(after) if (after := block.block("after")) else None,
        )

    def _hosts(self, names: Sequence[str]) -> Hosts | None:
        if not names:
            return None
        found = Hosts()
        for name in names:
            literal = is_literal(("destination",), name)
            found |= hosts_of([host(name)]) if literal else self._destinations[name]
        return found

    def _senders(self, names: Sequence[str]) -> People | None:
        if not names:
            return None
        found = People()
        for name in names:
            literal = is_literal(("people",), name)
            found |= People(users=(glob(name, any_case=True),)) if literal else self._people[name]
        return found


def _place(block: Checked, lists: Lists) -> Hosts:
    ours = [host for category in block.texts("categories") for host in STANDARD_PLACES[f"std/{category}"].hosts]
    return hosts_of((*block.texts("hosts"), *lists.lines(block, "hosts_from"), *ours), block.texts("networks"))


def _schedule(block: Checked) -> Schedule:
    return schedule_of(block.text("timezone"), block.texts("days"), block.texts("hours"))


def _after(block: Checked) -> After:
    by = cast("Literal['user', 'device']", block.text("by", "user"))
    return After(f"{block.text('rule')} acted on the {by}", by, block.number("within"))


def _asking(block: Checked | None) -> Asking:
    if block is None:
        return Asking()
    ask = cast("Literal['confirm', 'reason']", block.text("ask", "confirm"))
    return Asking(ask, block.texts("choices"), block.number("remember"))


def _redaction(block: Checked | None) -> Redaction:
    if block is None:
        return Redaction()
    instead = cast("Literal['block', 'log']", block.text("cannot_redact", "block"))
    return Redaction(block.text("replace_with", REPLACEMENT), instead)


def _people(block: Checked) -> People:
    return People(
        users=tuple(glob(pattern, any_case=True) for pattern in block.texts("users")),
        groups=frozenset(block.texts("groups")),
        devices=tuple(glob(pattern, any_case=True) for pattern in block.texts("devices")),
        networks=hosts_of((), block.texts("networks")).networks,
    )


def _record(block: Checked) -> RecordSpec:
    some = block.block("has_some")
    return RecordSpec(
        name=block.name,
        has=block.texts("has"),
        has_some=some.texts("of") if some else (),
        has_some_at_least=some.number("at_least", 1) if some else 0,
        units=cast("tuple[UnitKind, ...]", block.texts("unit") or UNITS),
        text_window=block.number("text_window", TEXT_WINDOW),
        identify_by=block.texts("identify_by"),
        confidence=confidence_of(block.text("confidence", "low")),
        not_only=block.texts("not_only"),
        not_only_of_places=block.texts("not_only_of_places"),
    )


def _ladder(limits: Sequence[Checked], identity: list[object], action: Action, severity: Severity) -> Ladder:
    made = tuple(_limit(limit, action, severity) for limit in limits)
    windows: dict[Counts, list[int]] = {}
    for limit in made:
        if limit.seconds and limit.seconds not in windows.setdefault(limit.counts, []):
            windows[limit.counts].append(limit.seconds)
    countings = tuple(
        Counting(_series(identity, counts), counts, tuple(sorted(found))) for counts, found in windows.items()
    )
    return Ladder(made, countings)


def ladder_with(ladder: Ladder, number: int, at_least: int) -> Ladder:
    """Return a ladder whose limit `number` (from 0) begins at another total; what it counts stays."""
    old = ladder.limits[number]
    limit = replace(old, at_least=at_least, words=f"{at_least}{old.words.removeprefix(str(old.at_least))}")
    return replace(ladder, limits=(*ladder.limits[:number], limit, *ladder.limits[number + 1 :]))


def ladder_sharing(ladder: Ladder, number: int, sharing: int) -> Ladder:
    """Return a ladder whose limit on people `number` (from 0) asks for another number of customers in common."""
    old = ladder.limits[number]
    limit = replace(old, sharing=sharing)
    limits = (*ladder.limits[:number], limit, *ladder.limits[number + 1 :])
    return Ladder(
        limits,
        tuple(replace(each, counts=limit.counts) if each.counts == old.counts else each for each in ladder.countings),
    )


def _limit(block: Checked, action: Action, severity: Severity) -> Limit:
    at_least = block.number("at_least")
    within = block.one("within")
    by = cast("By", tuple(sorted(block.texts("by"))))
    window = within.scalar.text if within is not None and within.scalar is not None else ""
    every = block.text("count") == "all"
    sharing = block.number("sharing", SHARING) if block.text("count") == "people" else 0
    many = f"{at_least} counting repeats" if every else f"{at_least}"
    if sharing:
        many = f"{at_least} people sharing {sharing}"
    words = f"{many} in {window} by {' and '.join(by)}" if window else f"{many} in this request"
    return Limit(
        at_least=at_least,
        seconds=block.number("within"),
        window=window,
        by=by,
        words=words,
        action=Action[block.text("action").upper()] if "action" in block.given else action,
        severity=cast("Severity", block.text("severity", severity)),
        every=every,
        sharing=sharing,
    )


def _series(identity: list[object], counts: Counts) -> str:
    """Return the name of a total: the same as long as what is counted and by whom is; a changed number keeps it."""
    kind = ("people",) if counts.sharing else ("all",) if counts.every else ()
    plain = json.dumps([*identity, counts.by, *kind], ensure_ascii=False)
    return f"{identity[1]} by {'+'.join(counts.by)} {hashlib.sha256(plain.encode()).hexdigest()[:16]}"


def _weakest(policy: str, rule: str) -> Mode:
    return cast("Mode", min(policy, rule, key=_MODES.index))
