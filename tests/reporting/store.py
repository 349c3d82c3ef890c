"""A store with a small case of known truth in it, and hostile names in what the attacker writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents.casebook import mark, next_case
from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from tests.sealing.world import World, make_world, message

BEGAN: Final = 1_772_442_000
"""2026-03-02 09:00:00 UTC."""
CANARY: Final = "13912345678"
CANARY_NAME: Final = "欧阳若溪"
HOSTILE: Final = "=cmd|' /C calc'!A0<script>alert(1)</script>\x1b[31m\u202exslx.sredro\tx,\"'"
HOSTILE_SITE: Final = "pan.example<img src=x onerror=alert(1)>\u2066"
DAYS: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Sent:
    """One transfer of the story: who, where, on which day, which customers, and what became of it."""

    number: int
    user: str
    site: str
    day: int
    customers: range
    fate: str
    coverage: str = "full"


STORY: Final = (
    Sent(0, "li", "pan.example", 0, range(10), "accepted"),
    Sent(1, "li", "pan.example", 1, range(5, 20), "accepted"),  # 5 to 9 again
    Sent(2, "li", "pan.example", 1, range(300), "blocked"),  # the first alarm
    Sent(3, "wu", "pan.example", 2, range(18, 25), "accepted"),
    Sent(4, "wu", HOSTILE_SITE, 3, range(30, 34), ""),  # no outcome: may have left
    Sent(5, "li", "mail.example", 4, range(2), "accepted", "partial"),
)
"""Left: 0 to 24, so 25. Possible: 30 to 33, so 4. Blocked: the rest of 300, so 271. Records: 338 in 6 transfers."""


def uid(number: int) -> str:
    return f"01JD3K7Q0V8M2C7E5R9T{number:06}"


def event(one: Sent, key: KeyedFingerprint, evidence: dict[str, Any] | None, policy: str) -> Event:
    blocked = one.fate == "blocked"
    gaps = [{"reason": "encrypted", "location": f"file {HOSTILE}", "detail": "", "bytes": 9}] * (one.coverage != "full")
    return Event(
        uid=uid(one.number),
        time=BEGAN + one.day * DAYS + one.number * 60,
        user=one.user,
        site=one.site,
        action="block" if blocked else "log",
        would="block" if blocked else "log",
        rule="orders.bulk",
        records=len(one.customers),
        body={
            "identity": {
                "method": "kerberos" if one.user == "li" else "device-map",
                "strength": "strong" if one.user == "li" else "weak",
                "address": "10.0.0.7",
                "device": f"pc-{one.user}",
                "groups": ["night-shift"],
                "shared": False,
            },
            "request": {"scheme": "https", "path": "/u", "bytes": 5000 + one.number, "filenames": [HOSTILE]},
            "coverage": {"inspected": one.coverage, "gaps": gaps},
            "findings": {"phone": len(one.customers)},
            "examples": [
                {"detector": "phone-cn", "location": f"file {HOSTILE}", "confidence": "high", "masked": "13*"}
            ],
            "reasons": [{"policy": "orders", "severity": "high", "limit": "200 in this request"}],
            "policy": policy,
            "engine": "0.1.0",
            "evidence": evidence,
        },
        identities=tuple(
            Identity("phone", key("phone", f"1{number:010}"), counted=True, record=place, names=True)
            for place, number in enumerate(one.customers, 1)
        ),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What was made. `incident` is that of the block page."""

    world: World
    case: str
    incident: str

    @property
    def state(self) -> StateDir:
        return self.world.state


def tell(folder: Path) -> Told:
    """Make the store: the story, one event outside of the case, sealed evidence, a policy set, and a case."""
    world = make_world(folder)
    state = world.state
    digest = "sha256:" + "ab" * 32
    (state.policies / f"{'ab' * 32}.json").write_text('{"orders.yaml": "rules: []"}', encoding="utf-8")
    key = KeyedFingerprint(state.key())
    store = SqliteStore(state.events, state.key_of_log(), key.name, "node-1")
    store.log(Entry("start", more={"worker": "w1"}))
    incidents = [_keep(store, world, one, key, digest) for one in STORY]
    other = Sent(9, "zhao", "courier.example", 5, range(400, 420), "accepted")
    store.record(event(other, key, None, digest)).result(30)

    def work(writing: Writing) -> str:
        case = next_case(writing.connection)
        mark(writing, "li.na", case, [("open", "Orders to a pan")], "alarm of 2 March")
        mark(writing, "li.na", case, [("add", uid(one.number)) for one in STORY], "same customers")
        return case

    case = store.write(work).result(30)
    store.sign().result(30)
    store.close()
    return Told(world, case, incidents[2])


def _keep(store: SqliteStore, world: World, one: Sent, key: KeyedFingerprint, digest: str) -> str:
    blocked = one.fate == "blocked"
    sealed = None
    if blocked:
        sealed = world.seal(message(one.number, f"order of {CANARY} {CANARY_NAME}\n".encode() * 50)).pointer.as_json()
    incident = store.record(event(one, key, sealed, digest)).result(30)
    if one.fate:
        sent = 0 if blocked else 5000
        store.outcome(Outcome(uid(one.number), BEGAN, "blocked" if blocked else "allowed", sent, 200 * bool(sent)))
    return incident
