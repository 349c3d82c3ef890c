"""A store in which three people fill one outside account at everybody's destination, and share a small one too."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from dlp_proxy.incidents.event_of import event_of, light_event_of
from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.policy.load import load
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.unpack.account import account_at
from dlp_proxy.windows.windows import Windows
from tests.cli.small_policy import SMALL

OUTSIDER: Final = "Outsider-77@Mail.example"
HOME: Final = "@staff-of.invalid"
"""Behind the name of everybody who works there, and in nothing else."""
EVERYBODYS: Final = "pan.example"
SMALL_SITE: Final = "drop.example"


def message(number: int, name: str, account: str, body: bytes, site: str = EVERYBODYS) -> Message:
    secret = b64encode(f"{account}:s3cret-word".encode())
    headers = ((b"Authorization", b"Basic " + secret),) if account else ()
    who = Principal(name + HOME, "password", "medium", "10.0.0.1", via="front" + HOME)
    where = Destination("https", site, 443)
    return Message(f"01ACC{number:021d}", 1_780_000_000.0 + number, "http", who, where, "PUT", "/up", headers, body)


def order(number: int) -> bytes:
    return b"order SO-%08d goes out\n" % number


def _kept(done: Judgement) -> Event:
    if not done.worth_an_event:
        return light_event_of(done.message, done.inspection, done.verdict, "0", done.read, {})
    return event_of(done.message, done.inspection, done.verdict, done.counted, "0", done.read)


def fill(folder: Path) -> StateDir:
    """Make the state folder of an installation.

    `li`, `wu` and `chen` send to one account of `EVERYBODYS`; twenty-three others there to one of their own each, and
    `zhao` nothing of anybody to theirs. `li` and `wu` send the same customers to `SMALL_SITE`; there `li` is stopped.
    """
    state = StateDir(folder / "state")
    state.make()
    key = KeyedFingerprint(state.key())
    policy = load({"small.yaml": SMALL}, date(2026, 11, 23)).policy
    assert policy is not None
    engine = Engine(policy, key, LIMITS)
    done = [
        examine(message(number, user, OUTSIDER.swapcase(), order(number)), engine, Windows())
        for number, user in enumerate(("li", "wu", "chen"), 11)
    ]
    for number in range(20, 43):
        crowd = message(number, f"p{number}", f"p{number}", b"")
        seen = replace(done[0].inspection, account=account_at(crowd, (), key))
        done.append(replace(done[0], message=crowd, inspection=seen))
    done.append(examine(message(71, "zhao", OUTSIDER, b"nothing of anybody " * 80), engine, Windows()))
    two, three = order(5) + order(6), order(5) + order(6) + order(7)
    for number, (user, body) in enumerate((("li", two), ("wu", two), ("li", three)), 81):
        done.append(examine(message(number, user, "", body, SMALL_SITE), engine, Windows()))
    with closing(SqliteStore(state.events, key=key.name)) as store:
        for judged, one in zip(done, map(_kept, done), strict=True):
            written = store.record(one)
            blocked = judged.verdict.action.word == "block"
            store.outcome(Outcome(one.uid, one.time + 1, "blocked" if blocked else "allowed", 100 * (not blocked), 200))
        written.result(30)
    return state
