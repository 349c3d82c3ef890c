"""The authors' tools: what people type, and what they read."""

# ruff: noqa: E501 (YAML and command lines)

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlp_proxy.incidents.event_of import event_of
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.policy.load import load
from dlp_proxy.stores.policy_dir import read_policies
from dlp_proxy.stores.sqlite.store import SqliteStore
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import check_policies
from tests.cli.commands import POLICIES, ROOT
from tests.cli.commands import dlp_proxy_here as dlp_proxy
from tests.cli.small_policy import SMALL


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "small.yaml").write_text(SMALL)
    return folder


def test_check_speaks_to_code_hosts_and_test_runners(small: Path) -> None:
    file = small / "small.yaml"
    file.write_text(SMALL.replace("method:", "methods:"))
    sarif = json.loads(dlp_proxy("policy", "check", small, "--format", "sarif").out)
    (result,) = sarif["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], result["level"], region["startLine"]) == ("UNKNOWN-KEY", "error", 19)
    change = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert (change["deletedRegion"], change["insertedContent"]) == (region, {"text": "method"})
    github = dlp_proxy("policy", "check", small, "--format", "github")
    assert github.code == 1
    assert github.out.startswith(f"::error file={file},line=19,col={region['startColumn']},")
    suite = ElementTree.fromstring(dlp_proxy("policy", "check", small, "--format", "junit").out)  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert "`methods` is not a key" in str(suite[0][0].text)


def test_every_code_can_be_asked_for() -> None:
    listed = dlp_proxy("policy", "explain-error").out.splitlines()
    assert len(listed) >= 37
    page = dlp_proxy("policy", "explain-error", "never").out
    assert "Wrong:" in page
    assert "at_least: 50, per: request" in page
    done = dlp_proxy("policy", "explain-error", "NEVR")
    assert done.code == 2
    assert "did you mean NEVER?" in done.err


def test_explain_tells_rule_by_rule_why(small: Path) -> None:
    done = dlp_proxy(
        "policy", "explain", "--policies", small, "--from", "a@corp.example", "--to", "https://watched.example/x",
        "--body", "SO-00000001 SO-00000000", "--detectors",
    )  # fmt: skip
    assert done.code == 0
    assert "MATCH orders-out" in done.out
    assert "limit 1: 1 of 3 in this request -> not reached" in done.out
    assert "block, severity low; mode monitor by the rule, so log" in done.out
    assert "answer: log by watched, count 1, no exception, would block were it enforced" in done.out
    assert "dropped 1, e.g. S*********0: ignored value" in done.out
    assert "SO-00000001" not in done.out
    (small / "small.yaml").write_text(SMALL.replace("detectors:", "mode: monitor\ndetectors:", 1))
    words = ("policy", "explain", "--policies", small, "--to", "https://drop.example/x", "--body", "SO-00000001")
    assert "counted, severity high; mode monitor by its file\n" in dlp_proxy(*words).out
    skipped = dlp_proxy(
        "policy", "explain", "--policies", small, "--to", "https://corp.example/", "--body", "SO-00000001"
    )
    assert "skip  orders-out" in skipped.out
    assert "when.not_to: [our-own] does not hold" in skipped.out


def test_explain_takes_one_request_and_no_folder(small: Path) -> None:
    folder = dlp_proxy("policy", "explain", small, "--to", "https://drop.example/x")
    assert folder.code == 2
    assert f"{small} is a folder, not a request: if it holds the policies, say --policies {small}" in folder.err
    both = dlp_proxy("policy", "explain", "inc-1", "--policies", small, "--to", "https://drop.example/x")
    assert both.code == 2
    assert "'inc-1' and --to with --body are two requests: leave one of them out" in both.err


def test_explain_reads_curl_and_har_and_adds_up_over_its_requests(small: Path, tmp_path: Path) -> None:
    line = "curl -sS 'https://watched.example/up?x=1' -H 'content-type: application/json' --data-raw '{\"o\":\"SO-00000001\"}'"
    curl = json.loads(dlp_proxy("policy", "explain", line, "--policies", small, "--format", "json").out)
    assert (curl["action"], curl["would"]) == ("log", "block")
    assert [reason["rule"] for reason in curl["reasons"]] == ["watched", "orders-out"]
    entries = [
        {
            "request": {
                "method": "POST",
                "url": "https://drop.example/up",
                "headers": [{"name": "content-type", "value": "text/plain"}],
                "postData": {"text": f"SO-000000{number}1 SO-000000{number}2"},
            }
        }
        for number in range(3)
    ]
    har = tmp_path / "monday.har"
    har.write_text(json.dumps({"log": {"entries": entries}}))
    done = dlp_proxy("policy", "explain", har, "--policies", small)
    assert "limit 2: 6 of 5 in 24h by user -> REACHED: block" in done.out
    har.write_text("{}")
    assert dlp_proxy("policy", "explain", har, "--policies", small).code == 2
    stricter = tmp_path / "stricter"
    stricter.mkdir()
    (stricter / "small.yaml").write_text(SMALL.replace("at_least: 5", "at_least: 4"))
    har.write_text(json.dumps({"log": {"entries": entries}}))
    tested = dlp_proxy("policy", "backtest", small, stricter, "--traffic", har)
    assert tested.code == 3
    assert "orders-out" in tested.out
    assert "counted 2 -> 1, block 1 -> 2" in tested.out


def test_try_shows_matches_speed_and_faults(tmp_path: Path) -> None:
    done = dlp_proxy("policy", "try", r"SO-\d{4}", stdin="x\nsee SO-1234 and SO-12345")
    assert done.code == 0
    assert done.out.startswith("2:5  S*****4  medium (pattern 1: medium)\n1 found, 0 dropped; ")
    assert dlp_proxy("policy", "try", r"(\w+\s?)*x", stdin="x").code == 1
    assert dlp_proxy("policy", "try", "std/phone-cn", stdin="12345678901 13800138000").out.count("check phone-cn") == 0


def test_fmt_orders_keys_keeps_comments_and_changes_no_meaning(small: Path) -> None:
    file = small / "small.yaml"
    file.write_text(
        SMALL.replace("    severity: high\n    when:", "    # who and where\n    when:").replace(
            "    action: block\n    message: {en: 'Stopped.'}\n  watched", "    severity: high  # as agreed\n    action: block\n    message: {en: 'Stopped.'}\n  watched"
        )
    )  # fmt: skip
    assert dlp_proxy("policy", "fmt", small, "--check").code == 1
    assert dlp_proxy("policy", "fmt", small).out.startswith("changed ")
    assert dlp_proxy("policy", "fmt", small, "--check").code == 0
    text = file.read_text()
    assert "  orders-out:\n    severity: high  # as agreed\n    # who and where\n    when:" in text
    assert "\n\nrecords:" in text
    assert dlp_proxy("policy", "test", small).code == 0


def test_migrate_puts_our_words_in_place_of_other_tools_words(small: Path) -> None:
    file = small / "small.yaml"
    theirs = SMALL.replace("format: dlp-policy/v1", "format: dlp-policy/v0").replace("pattern:", "regex:")
    theirs = theirs.replace("within: 24h", "timespan: 24h").replace("mode: monitor", "mode: simulate")
    file.write_text(theirs)
    done = dlp_proxy("policy", "migrate", small)
    assert done.code == 0
    assert "regex -> pattern" in done.out
    assert file.read_text() == SMALL
    assert dlp_proxy("policy", "migrate", small).out == "nothing to change\n"


def test_new_starts_from_a_blank_folder_with_what_it_needs(tmp_path: Path) -> None:
    names = [line.split()[0] for line in dlp_proxy("policy", "new").out.splitlines()]
    assert names == [
        "shared", "customer-orders", "credentials", "personal-uploads", "exact-match", "canaries", "ring",
        "legal-tiers",
    ]  # fmt: skip
    for name in names[1:]:
        assert dlp_proxy("policy", "new", name, tmp_path / name).code == 0
        assert load(read_policies(tmp_path / name).texts, date(2026, 11, 28)).problems == ()
    for name, passed in (("legal-tiers", 2), ("ring", 6)):
        tested = dlp_proxy("policy", "test", tmp_path / name)
        assert (tested.code, tested.out.splitlines()[-1]) == (0, f"{passed} passed, 0 failed")
    again = dlp_proxy("policy", "new", "credentials", tmp_path / "credentials")
    assert again.code == 2
    assert "is there already" in again.err
    first = (tmp_path / "credentials/shared/detectors.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=../dlp-policy.v1.schema.json"


def test_the_schema_that_is_shipped_is_the_one_of_the_program() -> None:
    assert (POLICIES / "dlp-policy.v1.schema.json").read_text() == dlp_proxy("policy", "schema").out


def test_diff_tells_stricter_from_looser(small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    changed = SMALL.replace("at_least: 3", "at_least: 2").replace(
        "at_least: 5, within: 24h", "at_least: 9, within: 24h"
    )
    (other / "renamed.yaml").write_text(changed.replace("[corp.example]", "[corp.example, a.example]"))
    done = dlp_proxy("policy", "diff", small, other)
    assert done.code == 3
    rows = [" ".join(line.split()) for line in done.out.splitlines()[1:-1]]
    assert rows == [
        "our-own hosts corp.example -> corp.example, a.example LOOSER",
        "orders-out limit 3 per request at_least 3 -> 2 stricter",
        "orders-out limit 5 in 24h by user at_least 5 -> 9 LOOSER",
    ]
    same = dlp_proxy("policy", "diff", small, small)
    assert (same.code, same.out) == (0, "no difference in meaning\n")


def test_diff_reads_a_revision_of_git(small: Path, tmp_path: Path) -> None:
    git = ["git", "-C", str(small), "-c", "user.name=a", "-c", "user.email=a@a.example"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    (small / "small.yaml").write_text(SMALL.replace("at_least: 3", "at_least: 2"))
    done = dlp_proxy("policy", "diff", "git:HEAD", small)
    assert done.code == 0
    assert "at_least" in done.out
    har = tmp_path / "a.har"
    request = {"method": "POST", "url": "https://drop.example/x", "postData": {"text": "SO-00000001 SO-00000002"}}
    har.write_text(json.dumps({"log": {"entries": [{"request": request}]}}))
    tested = dlp_proxy("policy", "backtest", "git:HEAD", small, "--traffic", har)
    assert "counted -> block by orders-out" in tested.out


def test_coverage_and_probe_name_what_no_test_shows_and_propose_tests(small: Path) -> None:
    covered = dlp_proxy("policy", "coverage", small, "--fail-under", "90")
    assert covered.code == 1
    assert f"never reached: {small}/small.yaml:23: limit orders-out #2" in covered.out
    probed = dlp_proxy("policy", "probe", small, "--tests")
    assert "nobody would notice: " in probed.out
    assert "rule orders-out: at_least 3 -> 2" in probed.out
    tests = probed.out[probed.out.index("  - name:") :]
    (small / "small.yaml").write_text(SMALL + tests)
    assert dlp_proxy("policy", "test", small).code == 0
    again = json.loads(dlp_proxy("policy", "probe", small, "--format", "json").out)
    assert again["noticed"] / again["changes"] >= 0.75
    before = json.loads("[" + probed.out.split(" ")[0].replace("/", ",") + "]")
    assert again["noticed"] > before[0]


def test_every_limit_of_the_shipped_policies_holds_at_its_edge() -> None:
    done = dlp_proxy("policy", "test", POLICIES, "--edges")
    assert done.code == 0, "\n".join(line for line in done.out.splitlines() if not line.startswith("ok"))
    assert done.out.count("edge of ") > 10


def test_edges_try_each_limit_and_bless_says_what_would_pass(small: Path) -> None:
    done = dlp_proxy("policy", "test", small, "--edges")
    assert done.code == 0
    assert "edge of orders-out #1: 3 in this request" in done.out
    assert "3 passed, 0 failed" in done.out
    (small / "small.yaml").write_text(SMALL.replace("rule: orders-out, count: 3", "rule: orders-out, count: 4"))
    failing = dlp_proxy("policy", "test", small, "--bless")
    assert failing.code == 1
    assert "| " in failing.out
    assert "MATCH orders-out" in failing.out
    assert "-    expect: {action: block, rule: orders-out, count: 4}" in failing.out
    assert "+    expect: {action: block, rule: orders-out, count: 3}" in failing.out


def test_graph_and_docs_show_who_uses_what(small: Path) -> None:
    assert "rule orders-out -> record order" in dlp_proxy("policy", "graph", small).out.splitlines()
    assert dlp_proxy("policy", "graph", small, "--format", "dot").out.startswith("digraph policies {")
    page = dlp_proxy("policy", "docs", small).out
    assert "<h3>orders-out</h3>" in page
    assert "in 24h by user: block" in page
    assert "### `file`" in dlp_proxy("policy", "docs", "--reference").out


def test_promote_changes_one_line_when_nothing_is_against_it(small: Path) -> None:
    done = dlp_proxy("policy", "promote", "watched", "--policies", small, "--without-traffic")
    assert done.code == 1
    assert "against it: no test expects that it acts" in done.out
    more = """  - name: one is watched
    request: {from: a@corp.example, to: 'https://watched.example/x', make: {record: order, rows: 1}}
    expect: {action: log, rule: watched}
  - name: elsewhere it is not
    request: {from: a@corp.example, to: 'https://drop.example/x', make: {record: order, rows: 1}}
    expect: {action: counted}
"""
    (small / "small.yaml").write_text(SMALL + more)
    promoted = dlp_proxy("policy", "promote", "watched", "--policies", small, "--without-traffic")
    assert promoted.code == 0, promoted.out
    assert (small / "small.yaml").read_text() == (SMALL + more).replace("mode: monitor", "mode: enforce")


def test_an_exception_may_be_for_the_team_that_the_policies_name(small: Path, tmp_path: Path) -> None:
    people = "people:\n  couriers-desk: {users: ['b@*']}\n  everyone: {users: ['*@corp.example']}\n  others: {users: ['x@*']}\nrules:\n"
    file = small / "small.yaml"
    file.write_text(
        SMALL.replace("rules:\n", people, 1).replace(
            "to: watched.example}", "to: watched.example, not_from: [couriers-desk, everyone, others]}"
        )
    )
    incident, state = recorded(small, tmp_path / "state")
    words = ("policy", "exception", "propose", incident, "--policies", small, "--state", state)
    assert "B  couriers-desk, this site and path" in dlp_proxy(*words).out
    taken = dlp_proxy(*words, "--choose", "B", "--why", "labels", "--owner", "me@corp.example")
    assert taken.code == 0, taken.out
    assert "    when: {from: ['couriers-desk'], to: ['drop.example'], path: '/y/*'}" in file.read_text()


def test_promote_holds_what_was_seen_against_the_bars_of_the_folder(small: Path, tmp_path: Path) -> None:
    file = small / "small.yaml"
    file.write_text(
        SMALL.replace("  orders-out:\n", "  orders-out:\n    mode: monitor\n").replace(
            "action: block, rule", "action: log, rule"
        )
    )
    _, state = recorded(small, tmp_path / "state")
    words = ("policy", "promote", "orders-out", "--policies", small, "--state", state, "--dry-run")
    assert "against it: in monitor for 0.0 days; the bar is 7\n" in dlp_proxy(*words).out
    (small / "dlp-policy.toml").write_text("days_in_monitor = 0\nmost_blocks_per_day = 0.5\n")
    out = dlp_proxy(*words).out
    assert "against it: it would have blocked 1 a day; the bar is 0.5\n" in out
    assert "in monitor for" not in out


def test_an_incident_becomes_an_exception_with_tests(small: Path, tmp_path: Path) -> None:
    incident, state = recorded(small, tmp_path / "state")
    words = ("policy", "exception", "propose", incident, "--policies", small, "--state", state)
    offered = dlp_proxy(*words)
    assert "A  these people, site and path  excuses 1, lets 0 of other incidents by; limit 4 a day" in offered.out
    assert dlp_proxy(*words, "--choose", "A").code == 2
    taken = dlp_proxy(*words, "--choose", "A", "--why", "It's a partner", "--owner", "me@corp.example")
    assert taken.code == 0, taken.out
    assert "all tests pass" in taken.out
    text = (small / "small.yaml").read_text()
    assert "    when: {from: ['b@corp.example'], to: ['drop.example'], path: '/y/*'}" in text
    assert f"    from_incident: {incident}" in text
    listed = dlp_proxy("policy", "exception", "list", small, "--state", state)
    assert "(90 days)" in listed.out
    explained = dlp_proxy("policy", "explain", incident, "--policies", small, "--state", state)
    assert "MATCH orders-out" in explained.out
    assert "another set than the one here" in explained.out


def test_an_exception_may_be_one_value_or_one_more_site_and_is_tried_on_traffic(small: Path, tmp_path: Path) -> None:
    incident, state = recorded(small, tmp_path / "state")
    words = ("policy", "exception", "propose", incident, "--policies", small, "--state", state)
    assert "+= drop.example" in dlp_proxy(*words).out
    assert "no transfer of" in dlp_proxy(*words, "--value", "SO-99999999").err
    policy = check_policies(small)[1].policy
    assert policy is not None
    body = next(message for _, message, _ in messages_of(policy, policy.tests[0])).body.decode()
    value = body.split()[1]
    request = {"method": "POST", "url": "https://drop.example/y/z", "headers": [], "postData": {"text": body}}
    (small / "small.yaml").write_text(SMALL.replace("https://drop.example", "https://else.example"))
    har = tmp_path / "a.har"
    har.write_text(json.dumps({"log": {"entries": [{"startedDateTime": "2026-03-02T09:00:00Z", "request": request}]}}))
    said = ("--why", "labels", "--owner", "me@corp.example", "--traffic", har)
    valued = dlp_proxy(*words, "--value", value, "--choose", "A", "--dry-run", *said)
    assert valued.code == 0, valued.out + valued.err
    assert "A  these values alone" in valued.out
    assert f"+    values: ['{value}']" in valued.out
    assert "on 1 recorded requests:" in valued.out
    letter = next(line[0] for line in dlp_proxy(*words).out.splitlines() if "+= drop.example" in line)
    placed = dlp_proxy(*words, "--choose", letter, *said)
    assert placed.code == 0, placed.out + placed.err
    text = (small / "small.yaml").read_text()
    assert "'drop.example'" in text
    assert dlp_proxy("policy", "test", small).code == 0


def recorded(folder: Path, state: Path) -> tuple[str, Path]:
    """Judge the folder's first test and keep its event as the proxy does; return its incident."""
    policy = check_policies(folder)[1].policy
    assert policy is not None
    engine = Engine(policy, KeyedFingerprint(StateDir(state).key()))
    message = next(message for _, message, _ in messages_of(policy, policy.tests[0]))
    sender = replace(message.principal, user="b@corp.example")
    message = replace(message, uid="01TEST", time=datetime.now(UTC).timestamp(), principal=sender, target="/y/z")
    judged = examine(message, engine, Windows())
    place = StateDir(state)
    place.events.parent.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(place.events)
    incident = store.record(event_of(message, judged.inspection, judged.verdict, judged.counted, "test")).result(10)
    store.close()
    return incident, state


def test_watch_checks_again_after_a_change(small: Path) -> None:
    file = small / "small.yaml"
    words = ["dlp_proxy.cli.main", "policy", "check", str(small), "--watch"]
    watching = subprocess.Popen([sys.executable, "-m", *words], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "1 files, 0 errors, 0 warnings\n"
        file.write_text(SMALL.replace("severity: high", "severity: hihg"))
        assert "error[BAD-VALUE]: `hihg`" in watching.stdout.readline()
    finally:
        watching.kill()
        watching.wait()
        if watching.stdout is not None:
            watching.stdout.close()


def test_tests_speak_to_test_runners_and_code_hosts(small: Path) -> None:
    file = small / "small.yaml"
    more = """  - name: 'four <are> stopped, 100%'
    request: {from: a@corp.example, to: 'https://drop.example/x/y', make: {record: order, rows: 4}}
    expect: {action: block, rule: orders-out, count: 3}
"""
    file.write_text(SMALL + more)
    text = "     step 1  count: expected 3, got 4"
    junit = dlp_proxy("policy", "test", small, "--format", "junit")
    assert junit.code == 1
    suite = ElementTree.fromstring(junit.out)  # noqa: S314 (our own)
    assert suite.attrib == {"name": "dlp-proxy policy test", "tests": "2", "failures": "1"}
    assert [case.attrib for case in suite] == [
        {"classname": str(file), "name": "three are stopped", "file": str(file), "line": "34"},
        {"classname": str(file), "name": "four <are> stopped, 100%", "file": str(file), "line": "37"},
    ]
    (failure,) = suite[1]
    assert failure.get("message") == "step 1  count: expected 3, got 4"
    assert str(failure.text).startswith(text)
    github = dlp_proxy("policy", "test", small, "--format", "github").out
    head = f"::error file={file},line=37,title=four <are> stopped%2C 100%25::{text}%0A"
    assert github.startswith(head)
    assert len(github.splitlines()) == 1
    said = json.loads(dlp_proxy("policy", "test", small, "--format", "json").out)
    assert (said["passed"], said["failed"], [one["passed"] for one in said["tests"]]) == (1, 1, [True, False])
    file.write_text(SMALL)
    assert dlp_proxy("policy", "test", small, "--format", "github").out == ""


def test_fmt_shows_what_like_comes_to(small: Path) -> None:
    liked = "detectors:\n  label: {like: std/waybill, ignore: {values: [SF0000000000000]}}\n"
    file = small / "small.yaml"
    file.write_text(SMALL.replace("detectors:\n", liked, 1))
    shown = dlp_proxy("policy", "fmt", small, "--expand")
    assert (shown.code, file.read_text()) == (0, SMALL.replace("detectors:\n", liked, 1))
    whole = check_policies(small)[1].policy
    again = load({"expanded.yaml": shown.out}, date(2026, 11, 28))
    assert whole is not None
    assert again.policy is not None
    assert [name for name in again.policy.detector_specs if not name.startswith("std/")] == ["label", "order-number"]
    for name in ("label", "order-number"):
        shown_as, meant = again.policy.detector_specs[name], whole.detector_specs[name]
        assert [(one.pattern, one.checks) for one in shown_as.patterns] == [
            (one.pattern, one.checks) for one in meant.patterns
        ]
        assert (shown_as.ignore, shown_as.normalise, shown_as.near) == (meant.ignore, meant.normalise, meant.near)
    assert again.policy.detector_specs["label"].near
    assert again.policy.detector_specs["label"].ignore.values == ("SF0000000000000",)


def test_the_schema_is_that_of_a_format() -> None:
    assert dlp_proxy("policy", "schema", "--format", "v1").out == dlp_proxy("policy", "schema").out
    assert dlp_proxy("policy", "schema", "--format", "v2").code == 2


def test_messages_are_asked_for_in_the_languages_of_the_folder(small: Path) -> None:
    pack = small / "dlp-policy.toml"
    pack.write_text("languages = ['en', 'zh']\n")
    (small / "small.yaml").write_text(SMALL.replace("{en: 'Stopped.'}", "{en: 'Stopped.', zh-TW: '已攔截。'}", 1))
    (problem,) = json.loads(dlp_proxy("policy", "check", small, "--format", "json").out)["problems"]
    assert (problem["severity"], problem["code"], problem["line"]) == ("warning", "MESSAGE", 32)
    assert problem["message"] == "rule `watched` has no message in `zh`, which dlp-policy.toml lists"
    pack.write_text("langauges = ['en']\n")
    wrong = dlp_proxy("policy", "check", small)
    assert wrong.code == 2
    assert "unknown key langauges; there are languages, days_in_monitor, most_blocks_per_day" in wrong.err
