"""A store as it is after a year of much traffic: events, postings and a log, written the way the proxy writes them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from dlp_proxy.evidence.checkpoint import Signer, Verifier
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.model.event import Event, Identity, Outcome
from dlp_proxy.stores.sqlite.connect import open_for_writing, transaction
from dlp_proxy.stores.sqlite.log import keep_node, origin_of
from dlp_proxy.stores.sqlite.writing import Writing

LOG_KEY: Final = b"b" * 32
NODE: Final = "bench"
SIGNER: Final = Signer(origin_of(NODE), LOG_KEY)
VERIFIER: Final = Verifier(SIGNER.name, SIGNER.verifier.public)

STAFF: Final = 500
SITES: Final = 300
CUSTOMERS: Final = 1_000_000
_AT_ONCE: Final = 5_000
_START: Final = 1_760_000_000.0
STEP_SECONDS: Final = 10
"""Between two events."""
_BEAT_EVERY: Final = 12
"""Events between two signs of life of the proxy."""


def beginning() -> int:
    """Return the time of the first event, in milliseconds since the epoch."""
    return int(_START * 1000)


def make(path: Path, events: int) -> None:
    """Make a store of so many events, each with the three values of one customer or without any, as it comes."""
    connection = open_for_writing(path)
    connection.execute("PRAGMA synchronous=OFF")  # it is not the disk that is measured
    connection.execute("PRAGMA cache_size=-400000")
    chance = random.Random(9)
    with transaction(connection):
        keep_node(connection, NODE)
    for first in range(0, events, _AT_ONCE):
        with transaction(connection):
            writing = Writing(connection, 0, NODE, "tk-bench")
            for number in range(first, min(first + _AT_ONCE, events)):
                one = event(number, chance)
                writing.log.at = int(one.time * 1000)
                if number % _BEAT_EVERY == 0:
                    writing.log.append(Entry("heartbeat", more={"worker": "w1", "process": 1}))
                writing.insert_event(one)
                writing.insert_outcome(Outcome(one.uid, one.time + 1, "blocked" if one.rule else "allowed", 0, 0))
            writing.log.sign(SIGNER)
        if first // _AT_ONCE % 20 == 0:
            print(f"  {first:,} of {events:,} events", flush=True)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("ANALYZE")
    connection.close()


def event(number: int, chance: random.Random) -> Event:
    customer = chance.randrange(CUSTOMERS)
    # One in a hundred acted on: incidents are few and events many.
    blocked = number % 100 == 0
    identities = tuple(
        Identity(kind, (customer * 3 + offset).to_bytes(16, "big"), kind == "phone", 1, kind == "phone")
        for offset, kind in enumerate(("phone", "order-number", "address"))
    )
    return Event(
        uid=f"01BENCH{number:019d}",
        time=_START + number * STEP_SECONDS,
        user=f"user-{chance.randrange(STAFF)}@corp.example",
        site=f"site-{min(int(chance.expovariate(0.05)), SITES)}.example",
        action="block" if blocked else "counted",
        would="block" if blocked else "counted",
        rule="bulk" if blocked else "",
        records=1,
        body={
            "identity": {"method": "password", "strength": "medium", "address": "10.0.0.7", "device": "pc-7"},
            "request": {"channel": "http", "method": "POST", "scheme": "https", "path": "/up", "bytes": 2000},
            "coverage": {"inspected": "full", "parts": 3, "expanded_bytes": 2000, "formats": {"json": 1}},
            "findings": {"address": 1, "order-number": 1, "phone": 1},
            "policy": "sha256:bench",
            "engine": "0",
        },
        identities=identities,
    )
