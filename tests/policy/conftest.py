"""Small policies from text, and messages and inspections by hand: this room is tested without the rooms beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.record import Record
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.model.totals import Observation, Series, Totals
from dlp_proxy.model.verdict import Verdict
from dlp_proxy.policy.decide import decide
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.match import Match, match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import render_all

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()

HEAD = """\
format: dlp-policy/v1
policy: a-policy
detectors:
  order:
    pattern: 'SO-\\d{8}'
    sample: 'SO-{n:8}'
    examples: {match: [SO-00000001], no_match: [SO-1]}
  phone:
    pattern: '1\\d{10}'
    sample: '138{n:8}'
    examples: {match: ['13800138000'], no_match: ['1380013800']}
records:
  customer-order: {has: [order, phone], identify_by: order}
  customer-contact: {has: [phone], identify_by: phone}
destinations:
  our-own: {hosts: [corp.example, '*.corp.example']}
  drops: {hosts: [drop.example]}
people:
  team: {users: ['ship-*@corp.example'], groups: [Shipping]}
"""
TESTS = """
tests:
  - name: every rule is expected
    steps:
"""


class World:
    """Makes what a test needs; one per test."""

    today = TODAY
    noon = NOON
    data = Path(__file__).parents[1] / "data" / "policy"
    shipped = Path(__file__).parents[2] / "policies"

    def load(self, *texts: str, fixtures: dict[str, bytes] | None = None) -> Loaded:
        files = {f"policies/{index}.yaml": text for index, text in enumerate(texts)}
        return load(files, TODAY, fixtures or {})

    def policy(self, rules: str, exceptions: str = "", head: str = "", record_confidence: str = "low") -> Policy:
        """Return the policy of some rules (YAML of the block), on top of the detectors and places above."""
        text = HEAD.replace("{has: [order, phone],", f"{{has: [order, phone], confidence: {record_confidence},")
        text += f"{head}rules:\n{rules}"
        if exceptions:
            text += f"exceptions:\n{exceptions}"
        names = [line.split(":")[0].strip() for line in rules.splitlines() if line.startswith("  ") and line[2] != " "]
        text += TESTS + "".join(
            f"      - {{request: {{from: a, to: 'https://x.example/'}}, expect: {{rule: {name}}}}}\n" for name in names
        )
        loaded = self.load(text)
        assert loaded.policy is not None, render_all(loaded.problems, {"policies/0.yaml": text})
        return loaded.policy

    def message(self, host: str = "drop.example", user: str = "a@corp.example", **changes: Any) -> Message:
        target = changes.pop("target", "/up")
        method = changes.pop("method", "POST")
        groups = changes.pop("groups", ())
        device = changes.pop("device", "laptop-1")
        address = changes.pop("address", "10.0.0.7")
        return Message(
            uid="m-1",
            time=changes.pop("time", NOON),
            channel="http",
            principal=Principal(user, "declared", "strong", address, tuple(groups), device),
            destination=Destination("https", host, changes.pop("port", 443)),
            method=method,
            target=target,
            **changes,
        )

    def rows(
        self, count: int, *, start: int = 0, area: Any = "body", confidence: Confidence = Confidence.HIGH
    ) -> Inspection:
        """Return an inspection of rows that each hold an order and a phone: both records fit each row."""
        findings: list[Finding] = []
        orders: list[Record] = []
        contacts: list[Record] = []
        for row in range(start, start + count):
            place = Location(area, (f"row {row}",))
            first = len(findings)
            findings.append(self.finding("order", f"SO-{row:08}", place, confidence))
            findings.append(self.finding("phone", f"138{row:08}", place, confidence))
            orders.append(Record("customer-order", findings[first].fingerprint, place, (first, first + 1)))
            contacts.append(Record("customer-contact", findings[first + 1].fingerprint, place, (first + 1,)))
        records = {
            (name, least): tuple(found)
            for name, found in (("customer-order", orders), ("customer-contact", contacts))
            for least in Confidence
            if least <= confidence
        }
        return Inspection(tuple(findings), records, parts=1, bytes=1000, content="csv")

    def finding(
        self, detector: str, value: str, place: Location | None = None, confidence: Confidence = Confidence.HIGH
    ) -> Finding:
        mark = hashlib.sha256(f"{detector} {value}".encode()).digest()[:16]
        where = place or Location("body")
        return Finding(detector, detector, 0, 0, len(value), where, confidence, Sensitive(value), mark)

    def gaps(self, *reasons: Any) -> Inspection:
        return Inspection(gaps=tuple(Gap(reason, Location("body")) for reason in reasons), bytes=10)

    def judge(
        self,
        policy: Policy,
        message: Message,
        inspection: Inspection,
        totals: int | None = None,
        *,
        monitor: bool = False,
    ) -> Verdict:
        """Return the verdict when every window holds `totals`, or else just this message's own."""
        matches = match(policy, message, inspection)
        return decide(policy, message, inspection, matches, self.totals(matches, totals), monitor=monitor)

    def totals(self, matches: tuple[Match, ...], number: int | None) -> Totals:
        observations: list[Observation] = [one for found in matches for one in found.observations]
        answers: dict[tuple[Series, int], int] = {}
        for one in observations:
            for seconds in one.windows:
                answers[one.series, seconds] = len(one.identities) if number is None else number
        return Totals(answers)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def codes(world: World) -> Callable[..., list[str]]:
    """Return a function: texts of files -> codes and places of their problems."""

    def found(*texts: str) -> list[str]:
        return [f"{one.code} {one.line}:{one.column}" for one in world.load(*texts).problems]

    return found
