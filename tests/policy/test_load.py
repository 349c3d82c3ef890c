from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from dlp_proxy.policy.load import load
from dlp_proxy.policy.problem import render_all

CODES = {
    "YAML", "YAML-TAB", "YAML-ALIAS", "YAML-MERGE", "DUPLICATE", "UNKNOWN-KEY", "UNKNOWN-NAME", "BAD-VALUE", "MISSING",
    "EMPTY", "TYPE", "RANGE", "ONE-OF", "NEEDS", "BAD-NAME", "FORMAT-NEWER", "FORMAT-OLD", "REGEX", "REGEX-EMPTY",
    "REGEX-SLOW", "REGEX-LONG", "REGEX-QUOTES", "EXAMPLE", "NO-EXAMPLE", "UNTESTED", "UNUSED", "TOO-WIDE", "EXPIRED",
    "EXPIRES-SOON", "MESSAGE", "DEAD-RULE", "NEVER", "CONFLICT", "COST", "COACH-HERE", "REGEX-DULL", "ODD-HOST",
}  # fmt: skip


def test_each_bad_file_gives_exactly_the_problems_its_first_line_says(world: Any) -> None:
    seen: set[str] = set()
    files = sorted((world.data / "invalid").glob("*.yaml"))
    assert len(files) >= 128
    for path in files:
        text = path.read_text()
        expected = re.match(r"# expect: (.*)\n", text)
        assert expected is not None, path.name
        problems = load({"x.yaml": text}, world.today).problems
        actual = ", ".join(f"{one.severity} {one.code} {one.line}:{one.column}" for one in problems)
        assert (path.name, actual) == (path.name, expected[1])
        seen |= {one.code for one in problems}
    assert seen == CODES


def test_all_problems_of_all_files_come_in_one_run_in_the_words_of_the_design(world: Any) -> None:
    folder = world.data / "sample"
    files = {f"policies/{path.name}": path.read_text() for path in sorted(folder.glob("*.yaml"))}
    assert len(files) == 5
    loaded = load(files, world.today)
    assert loaded.policy is None
    assert render_all(loaded.problems, files) + "\n" == (world.data / "sample.txt").read_text()


def test_problems_do_not_depend_on_the_order_of_files(world: Any) -> None:
    folder = world.data / "sample"
    files = {f"policies/{path.name}": path.read_text() for path in sorted(folder.glob("*.yaml"))}
    backwards = dict(reversed(files.items()))
    assert load(files, world.today) == load(backwards, world.today)


def test_nothing_is_not_a_policy(world: Any) -> None:
    loaded = load({}, world.today)
    assert loaded.policy is None
    assert [one.code for one in loaded.problems] == ["EMPTY"]


def test_one_bad_file_keeps_the_whole_set_out(world: Any) -> None:
    good = "format: dlp-policy/v1\npolicy: good\n"
    assert load({"a.yaml": good}, world.today).policy is not None
    assert load({"a.yaml": good, "b.yaml": "x: ["}, world.today).policy is None


@pytest.mark.parametrize("folder", ["policies", "/etc/dlp/policies", "."])
def test_a_set_has_one_digest_wherever_its_folder_lies(world: Any, folder: str) -> None:
    texts = {"a.yaml": "format: dlp-policy/v1\npolicy: a\n", "shared/b.yaml": "format: dlp-policy/v1\npolicy: b\n"}
    here = load(texts, world.today).policy
    there = load({f"{folder}/{path}": text for path, text in texts.items()}, world.today).policy
    assert here is not None
    assert there is not None
    assert there.digest == here.digest


def test_the_digest_tells_texts_and_paths_apart(world: Any) -> None:
    def digest(files: dict[str, str]) -> str:
        policy = load(files, world.today).policy
        assert policy is not None
        return policy.digest

    one = "format: dlp-policy/v1\npolicy: a\n"
    other = "format: dlp-policy/v1\npolicy: b\n"
    digests = {
        digest({"a.yaml": one, "b.yaml": other}),
        digest({"a.yaml": other, "b.yaml": one}),
        digest({"a.yaml": one, "c.yaml": other}),
        digest({"a.yaml": one + "#\n", "b.yaml": other}),
    }
    assert len(digests) == 4
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", found) for found in digests)


def test_an_ended_exception_is_told_by_the_day_that_is_given(world: Any) -> None:
    text = (world.data / "invalid" / "expired.yaml").read_text()
    assert [one.code for one in load({"x.yaml": text}, date(2026, 1, 1)).problems] == []
    assert [one.code for one in load({"x.yaml": text}, date(2026, 5, 17)).problems] == []
    assert [one.code for one in load({"x.yaml": text}, date(2026, 5, 18)).problems] == ["EXPIRES-SOON"]
    assert [one.code for one in load({"x.yaml": text}, date(2026, 6, 1)).problems] == ["EXPIRES-SOON"]
    assert [one.code for one in load({"x.yaml": text}, date(2026, 6, 2)).problems] == ["EXPIRED"]


def test_a_slip_in_one_file_is_still_told_when_another_file_cannot_be_read(world: Any) -> None:
    good = "format: dlp-policy/v1\npolicy: good\nmode: monitor\ndestinations: {webmail: {hosts: [a.example]}}\n"
    rule = "rules: {r: {severity: low, action: log, when: {to: [%s]}}}\n"
    found = world.load(good + rule % "web-mail, elsewhere", "x: [")
    assert [(one.code, one.path) for one in found.problems] == [
        ("UNKNOWN-NAME", "policies/0.yaml"),
        ("YAML", "policies/1.yaml"),
    ]


def test_a_slip_beside_the_right_key_is_not_read_in_its_place(world: Any) -> None:
    rule = "rules:\n  r:\n    severity: low\n    find: std/email\n"
    rule += "    finds: nothing\n    findd: nothing\n    action: log\n"
    found = world.load("format: dlp-policy/v1\npolicy: p\nmode: monitor\n" + rule)
    assert [(one.code, one.line) for one in found.problems] == [("UNKNOWN-KEY", 8), ("UNKNOWN-KEY", 9)]


def test_of_two_slips_of_one_key_the_first_is_read(world: Any) -> None:
    rule = "rules:\n  r: {severity: low, findd: std/email, finds: nothing, action: log}\n"
    found = world.load("format: dlp-policy/v1\npolicy: p\nmode: monitor\n" + rule)
    assert [one.code for one in found.problems] == ["UNKNOWN-KEY", "UNKNOWN-KEY"]
