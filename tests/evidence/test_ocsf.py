from __future__ import annotations

import json
from dataclasses import replace

import pytest
import rfc8785

from dlp_proxy.cli.demo_traffic import as_json, orders
from dlp_proxy.evidence.ocsf import as_ocsf, event_of_record, record_of, tokens_digest
from dlp_proxy.incidents.event_of import event_of, light_event_of
from dlp_proxy.incidents.unopened import Leave, Relayed, unopened_event
from dlp_proxy.model.event import Event, Identity
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.totals import NOTHING_READ
from dlp_proxy.pipeline import Engine, by_exception_policy, examine
from dlp_proxy.stores.state_dir import KeyedFingerprint
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import engine_parts, make_engine
from tests.cli.commands import POLICIES
from tests.evidence.ocsf_schema import problems


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine(engine_parts(POLICIES, KeyedFingerprint(b"f" * 32), Limits()))


def message(body: bytes, /, **changes: object) -> Message:
    one = Message(
        uid="01JD3K7Q0V8M2C7E5R9T1XWZ4B",
        time=1_764_362_453.123,
        channel="http",
        principal=Principal("li.na@corp.example", "password", "medium", "10.0.0.7", ("cs-night",), "pc-7"),
        destination=Destination("https", "pan.example", 8443),
        method="POST",
        target="/up/13800138000.json?x=1",
        headers=((b"content-type", b"application/json"),),
        body=body,
        client_port=51544,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def judged(engine: Engine, body: bytes, /, **changes: object) -> Event:
    one = examine(message(body, **changes), engine, Windows())
    return event_of(one.message, one.inspection, one.verdict, one.counted, "1.0", one.read, {"python": "3.13"})


def light(engine: Engine, body: bytes) -> Event:
    one = examine(message(body), engine, Windows())
    return light_event_of(one.message, one.inspection, one.verdict, "1.0", one.read, {"python": "3.13"})


def all_kinds(engine: Engine) -> dict[str, Event]:
    failed = by_exception_policy(message(b"x"), "judge: KeyError", engine)
    return {
        "blocked": judged(engine, as_json(orders(60, seed=1))),
        "counted": judged(engine, as_json(orders(1, seed=2))),
        "nothing found": judged(engine, b"hello"),
        "light": light(engine, b"hello " * 300),
        "nobody known": judged(engine, b"hello", principal=Principal("10.0.0.9", "address", "none")),
        "failed": event_of(failed.message, failed.inspection, failed.verdict, failed.counted, "1.0"),
        "unopened": unopened_event(
            "01B",
            5.0,
            Principal("li", "password", "medium", "10.0.0.7", ("hr",), "pc-7"),
            "a.example:443",
            50_000,
            Leave("*.example:443", "li", "pins", "2099-01-01"),
            Relayed("01A", 1000, 7, 3.0),
            "1.0",
        ),
        "reset": Event("01R", 5.0, "li", "", "allow", "allow", "", 0, {"kind": "window-reset", "by": "legal"}),
    }


def test_every_kind_of_event_is_a_finding_by_the_schema(engine: Engine) -> None:
    events = all_kinds(engine)
    assert len(events) == 8
    wrong = {name: problems(as_ocsf(event, 7, 8, "node", "tk-1")) for name, event in events.items()}
    assert {name: some for name, some in wrong.items() if some} == {}


def test_the_check_would_notice() -> None:
    event = as_ocsf(Event("01R", 5.0, "li", "", "allow", "allow", "", 0), 7, 8, "node", "tk-1")
    assert problems(event) == []
    event["metadata"].pop("product")
    event |= {"evidence": {}, "severity_id": 44, "time": 1.5}
    wrong = problems(event)
    assert wrong.pop(2).startswith("$.severity_id 44 is not one of")
    assert wrong == [
        "$ Additional properties are not allowed ('evidence' was unexpected)",
        "$.metadata 'product' is a required property",
        "$.time 1.5 is not of type 'integer'",
    ]


def test_a_record_is_canonical_json_and_is_read_back_as_the_event(engine: Engine) -> None:
    for event in all_kinds(engine).values():
        record = record_of(event, 7, 8, "node", "tk-1")
        assert rfc8785.dumps(json.loads(record)) == record
        assert event_of_record(record) == replace(event, identities=())


def test_attempt_number_time_and_place_are_where_others_look(engine: Engine) -> None:
    record = as_ocsf(all_kinds(engine)["blocked"], 7, 1_764_362_453_200, "node-1", "tk-1")
    assert (record["class_uid"], record["time"], record["disposition"]) == (2006, 1_764_362_453_123, "Blocked")
    assert (record["metadata"]["sequence"], record["metadata"]["log_name"]) == (7, "node-1")
    assert record["dst_endpoint"] == {"hostname": "pan.example", "port": 8443, "svc_name": "https"}
    assert record["resources"][0]["data"]["distinct_customers"] == 60
    assert record["unmapped"]["dlp"]["identity"]["strength"] == "medium"


def test_the_same_decision_has_the_same_hash_and_another_has_another(engine: Engine) -> None:
    body = as_json(orders(60, seed=1))

    def hashed(**changes: object) -> str:
        return str(judged(engine, body, **changes).body["decision"]["hash"])

    assert hashed() == hashed(uid="01OTHER")
    others = {
        hashed(),
        hashed(target="/other"),
        hashed(time=1_764_362_453.124),
        hashed(destination=Destination("https", "pan.example", 443)),
        hashed(body=body + b" "),
        hashed(headers=()),
        judged(replace(engine, monitor=True), body).body["decision"]["hash"],
    }
    assert len(others) == 7


def test_the_counters_that_were_read_are_in_the_decision(engine: Engine) -> None:
    windows = Windows()
    body = as_json(orders(3, seed=1))
    first, second = (examine(message(body), engine, windows) for _ in range(2))
    third = examine(message(as_json(orders(3, seed=2))), engine, windows)
    decisions = [
        event_of(one.message, one.inspection, one.verdict, one.counted, "1", one.read).body["decision"]
        for one in (first, second, third)
    ]
    totals = [max(counter["total"] for counter in one["counters"]) for one in decisions]
    assert totals == [3, 3, 6]
    assert decisions[0]["state_before"] == decisions[1]["state_before"] != decisions[2]["state_before"]


def test_a_customers_values_hang_together_and_one_of_them_names_them(engine: Engine) -> None:
    event = judged(engine, as_json(orders(5, seed=3)))
    customers = {one.record for one in event.identities if one.record}
    assert customers == {1, 2, 3, 4, 5}
    names = [one for one in event.identities if one.names]
    assert sorted(one.record for one in names) == [1, 2, 3, 4, 5]
    assert all({one.kind for one in event.identities if one.record == number} >= {"phone"} for number in customers)


def test_the_body_has_a_fingerprint_of_its_own_from_a_size_on(engine: Engine) -> None:
    assert [one.kind for one in light(engine, b"hello " * 300).identities] == ["body"]
    assert light(engine, b"hello").identities == ()
    assert light(engine, b"a" * 2000).identities == light(engine, b"a" * 2000).identities
    assert light(engine, b"a" * 2000).identities != light(engine, b"b" * 2000).identities


def test_the_digest_of_fingerprints_does_not_depend_on_their_order() -> None:
    some = (
        Identity("phone", b"a" * 16, counted=True, record=1, names=True),
        Identity("order", b"b" * 16, counted=False),
    )
    assert tokens_digest(some) == tokens_digest(some[::-1])
    assert tokens_digest(some) != tokens_digest(some[:1])
    assert tokens_digest(some) != tokens_digest((some[0]._replace(record=2), some[1]))


def test_nothing_was_read_where_no_rule_counts(engine: Engine) -> None:
    assert examine(message(b"hello"), engine, Windows()).read == NOTHING_READ
