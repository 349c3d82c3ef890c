"""Events reach a receiver in order, each at least once, whatever the receiver does meanwhile."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dlp_proxy.forward.backlog import Backlog
from dlp_proxy.forward.carriers.carrier import Carrier, NotTakenError
from dlp_proxy.forward.carriers.syslog import Syslog
from dlp_proxy.forward.carriers.webhook import Webhook
from dlp_proxy.forward.forwarder import Forwarder
from dlp_proxy.forward.target import Target
from dlp_proxy.model.event import Event, Outcome
from dlp_proxy.stores.sqlite.store import SqliteStore
from tests.evidence.ocsf_schema import problems
from tests.forward.receivers import SyslogReceiver, WebReceiver
from tests.live.harness import Certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    one = SqliteStore(tmp_path / "events.db")
    yield one
    one.close()


def put(store: SqliteStore, *numbers: int, action: str = "block", outcome: bool = True, light: bool = False) -> None:
    for number in numbers:
        uid = f"{number:026d}"
        body: dict[str, Any] = {
            "kind": "upload",
            "request": {"method": "POST", "path": "/a|b=c", "filenames": ["=cmd|'x'!A1\nsecond\\line.csv"], "bytes": 7},
            "identity": {"method": "device-map", "strength": "weak", "address": "10.0.0.7", "device": "pc-7"},
            "reasons": [{"policy": "orders", "severity": "high", "limit": "50 customers"}],
            "findings": {"phone": 60},
            "policy": "sha256:00",
            "engine": "1",
            "coverage": {"inspected": "full"},
        }
        event = Event(uid, time.time(), "li|na=\\", "files.example:8443", action, action, "bulk", 60, body, light=light)
        store.record(event).result(10)
        if outcome:
            store.outcome(Outcome(uid, time.time(), "blocked"))
    assert store.writable()


def webhook(tmp_path: Path, port: int, certificates: Certificates, **more: Any) -> Target:
    return Target("hook", "https", "127.0.0.1", port, "/in", ca=certificates.ca, **more)


@pytest.fixture
def forwarder(tmp_path: Path) -> Iterator[Callable[[Target], Forwarder]]:
    carriers: list[Carrier] = []

    def make(target: Target) -> Forwarder:
        (tmp_path / "forward").mkdir(exist_ok=True)
        carriers.append((Webhook if target.scheme == "https" else Syslog)(target, "proxy-1"))
        return Forwarder(
            target, Backlog(target, tmp_path / "forward", tmp_path / "events.db", time.time()), carriers[-1]
        )

    yield make
    for carrier in carriers:
        carrier.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ids(lines: list[str]) -> list[int]:
    return [int(json.loads(line)["metadata"]["uid"]) for line in lines]


def test_events_from_the_first_look_on_arrive_in_order_with_their_outcome(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    put(store, 1)
    header = tmp_path / "header"
    header.write_text("Authorization: Bearer hush\n")
    one = forwarder(webhook(tmp_path, receiver.port, certificates, header_file=header))
    put(store, 2, 3)
    put(store, 4, action="counted")
    put(store, 5)
    assert one.step() == 3
    assert one.step() == 0
    assert ids(receiver.taken) == [2, 3, 5]
    first = json.loads(receiver.taken[0])
    assert first["unmapped"]["dlp"]["outcome"]["disposition"] == "blocked"
    assert problems(first) == []
    assert receiver.headers[0]["Authorization"] == "Bearer hush"
    receiver.stop()


def test_what_is_not_taken_comes_again_and_a_new_start_goes_on_where_it_was(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"), lambda number, _lines: 503 if number in {1, 3} else 200)
    receiver.start()
    target = webhook(tmp_path, receiver.port, certificates)
    one = forwarder(target)
    put(store, *range(1, 151))
    with pytest.raises(NotTakenError, match="503"):
        one.step()
    assert one.step() == 100
    again = forwarder(target)
    with pytest.raises(NotTakenError, match="503"):
        again.step()
    assert again.step() == 50
    assert ids(receiver.taken) == list(range(1, 151))
    receiver.stop()


def test_one_event_that_its_receiver_will_never_take_holds_up_nobody(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(
        certificates.leaf("127.0.0.1"), lambda _number, lines: 422 if any(one == 3 for one in ids(lines)) else 200
    )
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1, 2, 3, 4)
    assert one.step() == 4
    assert ids(receiver.taken) == [1, 2, 4]
    cursor = Backlog(
        webhook(tmp_path, receiver.port, certificates), tmp_path / "forward", tmp_path / "events.db", time.time()
    ).look()
    assert (cursor.sent, cursor.refused, cursor.waiting) == (3, (3,), 0)
    receiver.stop()


def test_an_event_waits_for_its_outcome_and_those_behind_it_wait_too(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1)
    put(store, 2, outcome=False)
    put(store, 3)
    assert one.step() == 1
    assert one.step() == 0
    store.outcome(Outcome(f"{2:026d}", time.time(), "logged", 7, 201))
    assert store.writable()
    assert one.step() == 2
    assert ids(receiver.taken) == [1, 2, 3]
    receiver.stop()


def test_an_event_whose_outcome_does_not_come_is_sent_without(
    store: SqliteStore,
    certificates: Certificates,
    tmp_path: Path,
    forwarder: Callable[[Target], Forwarder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1, outcome=False)
    assert one.step() == 0
    monkeypatch.setattr("dlp_proxy.forward.backlog._WAIT_FOR_OUTCOME_MS", 0)
    assert one.step() == 1
    assert "outcome" not in json.loads(receiver.taken[0])["unmapped"]["dlp"]
    receiver.stop()


@pytest.mark.parametrize(
    ("send", "numbers"),
    [("alerts", [1]), ("findings", [1, 2, 3]), ("all", [1, 2, 3, 4])],
)
def test_a_receiver_gets_what_it_is_to_get(
    tmp_path: Path,
    store: SqliteStore,
    certificates: Certificates,
    forwarder: Callable[[Target], Forwarder],
    send: str,
    numbers: list[int],
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates, send=send))
    put(store, 1)
    put(store, 2, action="counted")
    put(store, 3, action="allow")
    put(store, 4, action="allow", light=True)
    assert one.step() == len(numbers)
    assert ids(receiver.taken) == numbers
    receiver.stop()


@pytest.mark.parametrize("status", [302, 401, 404, 429, 500])
def test_an_answer_that_says_nothing_of_the_events_loses_none(
    tmp_path: Path,
    store: SqliteStore,
    certificates: Certificates,
    forwarder: Callable[[Target], Forwarder],
    status: int,
) -> None:
    """A password is changed, a path is mistyped, a server is down: it is mended, and they come."""
    receiver = WebReceiver(certificates.leaf("127.0.0.1"), lambda number, _lines: status if number < 3 else 200)
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1, 2)
    for _ in range(2):
        with pytest.raises(NotTakenError, match=str(status)):
            one.step()
    assert one.step() == 2
    assert ids(receiver.taken) == [1, 2]
    receiver.stop()


def test_an_event_that_was_refused_does_not_come_again(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"), lambda _number, _lines: 422)
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1)
    assert (one.step(), one.step()) == (1, 0)
    receiver.stop()


def test_how_far_a_receiver_is_outlives_a_power_cut(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "forward").mkdir()
    backlog = Backlog(webhook(tmp_path, 1, certificates), tmp_path / "forward", tmp_path / "events.db", time.time())
    synced: list[Path] = []
    fsync = os.fsync

    def telling(handle: int) -> None:
        fsync(handle)
        synced.append(Path(f"/proc/self/fd/{handle}").readlink())

    monkeypatch.setattr(os, "fsync", telling)
    backlog.keep(backlog.cursor)
    assert [one.parent for one in synced] == [tmp_path / "forward", tmp_path]


def test_a_receiver_whose_certificate_is_not_good_gets_nothing(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("elsewhere.test"))
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates))
    put(store, 1)
    with pytest.raises(NotTakenError, match="certificate"):
        one.step()
    assert receiver.requests == 0
    receiver.stop()


def test_syslog_over_tls_loses_nothing_when_the_receiver_hangs_up(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = SyslogReceiver(certificates.leaf("127.0.0.1"), hang_up=1)
    receiver.start()
    target = Target("siem", "syslog+tls", "127.0.0.1", receiver.port, format="cef", ca=certificates.ca)
    one, stop = forwarder(target), threading.Event()
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    put(store, *range(1, 31))

    def numbers() -> list[int]:
        return [int(one) for line in list(receiver.taken) for one in re.findall(r"externalId=(\d+)", line)]

    until(lambda: set(numbers()) == set(range(1, 31)))
    put(store, 31)
    until(lambda: 31 in numbers())
    stop.set()
    thread.join()
    receiver.stop()
    assert list(dict.fromkeys(numbers())) == list(range(1, 32))


def test_a_line_of_cef_in_syslog_is_one_line_however_the_sender_names_things(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = SyslogReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    target = Target("siem", "syslog+tls", "127.0.0.1", receiver.port, format="cef", ca=certificates.ca)
    one = forwarder(target)
    put(store, 1)
    assert one.step() == 1
    until(lambda: len(receiver.taken) == 1)
    (message,) = receiver.taken
    head, _, line = message.partition("\ufeff")
    assert re.fullmatch(r"<108>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z proxy-1 dlp_proxy \d+ event - ", head)
    assert line.startswith("CEF:0|dlp_proxy|dlp_proxy|1|bulk|Customer data, rule bulk|8|rt=")
    assert "\n" not in line
    assert r"suser=li|na\=\\ " in line
    assert r"fname=\=cmd|'x'!A1\nsecond\\line.csv in=7" in line
    assert "act=block outcome=blocked" in line
    assert "dhost=files.example dpt=8443" in line
    receiver.stop()


def test_ecs_has_the_fields_that_dashboards_ask_for(
    tmp_path: Path, store: SqliteStore, certificates: Certificates, forwarder: Callable[[Target], Forwarder]
) -> None:
    receiver = WebReceiver(certificates.leaf("127.0.0.1"))
    receiver.start()
    one = forwarder(webhook(tmp_path, receiver.port, certificates, format="ecs"))
    put(store, 1)
    assert one.step() == 1
    (line,) = receiver.taken
    found = json.loads(line)
    assert found["event"]["kind"] == "alert"
    assert found["event"]["type"] == ["denied"]
    assert found["user"]["name"] == "li|na=\\"
    assert found["source"] == {"ip": "10.0.0.7"}
    assert found["destination"] == {"domain": "files.example", "port": 8443}
    assert found["rule"] == {"name": "bulk", "ruleset": "orders"}
    assert found["dlp_proxy"]["outcome"]["disposition"] == "blocked"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", found["@timestamp"])
    receiver.stop()
