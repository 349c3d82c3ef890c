from __future__ import annotations

from typing import Any

import pytest

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.policy.conditions import Facts, glob, holds, hosts_of, plain_host, plain_path


@pytest.mark.parametrize(
    ("pattern", "host", "covered"),
    [
        ("corp.example", "corp.example", True),
        ("corp.example", "www.corp.example", False),
        ("corp.example", "evilcorp.example", False),
        ("*.corp.example", "www.corp.example", True),
        ("*.corp.example", "a.b.corp.example", True),
        ("*.corp.example", "corp.example", False),
        ("*.corp.example", "evilcorp.example", False),
        ("*.corp.example", "corp.example.evil.example", False),
        ("10.0.0.7", "10.0.0.7", True),
    ],
)
def test_a_star_is_every_host_strictly_below(pattern: str, host: str, covered: bool) -> None:  # noqa: FBT001
    assert hosts_of([pattern]).covers(host) is covered


@pytest.mark.parametrize(
    ("host", "covered"), [("10.20.3.4", True), ("10.21.0.1", False), ("fd00::5", True), ("ten.example", False)]
)
def test_networks_cover_hosts_that_are_addresses(host: str, covered: bool) -> None:  # noqa: FBT001
    assert hosts_of([], ["10.20.0.0/16", "fd00::/64"]).covers(plain_host(host)) is covered


@pytest.mark.parametrize(
    ("host", "plain"),
    [
        ("Drop.Example.", "drop.example"),
        ("[FD00:0:0::5]", "fd00::5"),
        ("a:b", "a:b"),
        ("例子.Example", "xn--fsqu00a.example"),
        ("", ""),
    ],
)
def test_hosts_are_compared_in_one_spelling(host: str, plain: str) -> None:
    assert plain_host(host) == plain


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/returns/a", "/returns/a"),
        ("/returns/../other", "/other"),
        ("/returns/%2e%2e/other", "/other"),
        ("/returns/..%2fother", "/other"),
        ("/returns/..%5cother", "/other"),
        ("/a/./b", "/a/b"),
        ("/../../a", "/a"),
        ("/a/b/..", "/a/"),
        ("/a/b/.", "/a/b/"),
        ("/%E9%80%80%E8%B4%A7/x", "/退货/x"),
        ("", "/"),
        ("*", "/*"),
        ("/a//b", "/a//b"),
    ],
)
def test_paths_are_compared_decoded_and_resolved(path: str, plain: str) -> None:
    assert plain_path(path) == plain


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("ship-*@corp.example", "SHIP-01@corp.example", True),
        ("ship-*@corp.example", "ship-01@corp.example.evil.example", False),
        ("ship-??@corp.example", "ship-01@corp.example", True),
        ("a.b", "axb", False),
        ("[a]*", "[a]x", True),
        ("*", "", True),
    ],
)
def test_in_a_glob_only_star_and_question_mark_are_special(pattern: str, text: str, fits: bool) -> None:  # noqa: FBT001
    assert (glob(pattern, any_case=True).fullmatch(text) is not None) is fits


def test_many_stars_in_a_row_do_not_slow_a_glob() -> None:
    assert glob("*" * 30 + "x", any_case=False).fullmatch("a" * 3000) is None


@pytest.mark.parametrize(
    ("when", "changes", "expected"),
    [
        ("to: drops", {}, True),
        ("to: drops", {"host": "DROP.example."}, True),
        ("to: drops", {"host": "other.example"}, False),
        ("to: [other.example, '*.below.example']", {"host": "x.below.example"}, True),
        ("to: [other.example, drops]", {}, True),
        ("not_to: [our-own, other.example]", {"host": "other.example"}, False),
        ("not_to: our-own", {"host": "x.corp.example"}, False),
        ("not_to: our-own", {}, True),
        ("from: team", {"user": "ship-7@corp.example"}, True),
        ("from: team", {"user": "a@corp.example"}, False),
        ("from: team", {"groups": ["Shipping"]}, True),
        ("from: '*@corp.example'", {}, True),
        ("from: '*@corp.example'", {"user": "a@corp.example.evil.example"}, False),
        ("not_from: team", {"user": "ship-7@corp.example"}, False),
        ("method: [post, put]", {}, True),
        ("method: [post, put]", {"method": "get"}, False),
        ("path: '/up*'", {"target": "/upload?x=/other"}, True),
        ("path: '/up'", {"target": "/upload"}, False),
        ("path: ['/x', '/up']", {}, True),
        ("content: csv", {}, True),
        ("content: [json, archive]", {}, False),
        ("size: {at_least: 1000 B}", {}, True),
        ("size: {at_least: 1001 B}", {}, False),
        ("size: {at_most: 1000 B}", {}, True),
        ("size: {at_most: 999 B}", {}, False),
        ("{to: drops, method: GET}", {}, False),
    ],
)
def test_each_condition_holds_when_it_should(world: Any, when: str, changes: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    block = when if when.startswith("{") else f"{{{when}}}"
    policy = world.policy(f"  r:\n    severity: low\n    mode: monitor\n    when: {block}\n    action: log\n")
    message = world.message(changes.pop("host", "drop.example"), changes.pop("user", "a@corp.example"), **changes)
    facts = Facts(message, Inspection(bytes=1000, content="csv"))
    assert holds(policy.rules[0].when, facts) is expected


@pytest.mark.parametrize("content", ["zip", "gzip"])
def test_archive_stands_for_every_container(world: Any, content: str) -> None:
    policy = world.policy("  r: {severity: low, action: log, when: {content: archive}}\n")
    assert holds(policy.rules[0].when, Facts(world.message(), Inspection(content=content)))


def test_people_can_be_known_by_device_and_network(world: Any) -> None:
    head = "format: dlp-policy/v1\npolicy: p\nmode: monitor\npeople:\n  desk: {devices: ['laptop-?']}\n"
    head += "  floor: {networks: [10.0.0.0/24]}\n"
    rules = "rules:\n  a: {severity: low, action: log, when: {from: desk}}\n"
    rules += "  b: {severity: low, action: log, when: {from: floor}}\n"
    policy = world.load(head + rules).policy
    here = Facts(world.message(), Inspection())
    away = Facts(world.message(device="laptop-22", address="10.0.1.7"), Inspection())
    assert [holds(rule.when, here) for rule in policy.rules] == [True, True]
    assert [holds(rule.when, away) for rule in policy.rules] == [False, False]
