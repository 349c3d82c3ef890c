from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.policy.places import STANDARD_PLACES
from tests.cli.commands import POLICIES
from tests.cli.commands import dlp_proxy as as_process
from tests.cli.commands import dlp_proxy_here as dlp_proxy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICIES, tmp_path / "policies"))


def test_the_shipped_policies_have_no_problem() -> None:
    done = as_process("policy", "check", POLICIES)
    assert (done.code, done.err) == (0, "")
    assert "0 errors, 0 warnings" in done.out


def test_the_shipped_policies_pass_their_tests() -> None:
    done = dlp_proxy("policy", "test", POLICIES, "--format", "json")
    shown = json.loads(done.out)
    assert (done.code, shown["failed"]) == (0, 0)
    assert shown["passed"] >= 14


def test_every_mistake_is_told_with_its_place_and_what_to_write(folder: Path) -> None:
    file = folder / "customer-orders.yaml"
    file.write_text(file.read_text().replace("mode: enforce", "mode: simulate").replace("not_to:", "not_too:"))
    done = dlp_proxy("policy", "check", folder)
    assert done.code == 1
    assert f"{file}:6:7: error[BAD-VALUE]: `simulate` is not a value of `mode`" in done.out
    assert "did you mean `not_to`?" in done.out
    problems = json.loads(dlp_proxy("policy", "check", folder, "--format", "json").out)["problems"]
    assert {"path", "line", "column", "code", "message", "help", "severity", "width", "first_here", "fix"} == set(
        problems[0]
    )


def test_tests_do_not_run_on_policies_with_errors(folder: Path) -> None:
    (folder / "customer-orders.yaml").write_text("format: dlp-policy/v1\npolicy: x\nrulez: {}\n")
    done = dlp_proxy("policy", "test", folder)
    assert done.code == 1
    assert "UNKNOWN-KEY" in done.out
    assert "passed" not in done.out


def test_a_failing_test_says_what_was_expected_and_what_came(folder: Path) -> None:
    file = folder / "customer-orders.yaml"
    file.write_text(file.read_text().replace("count: 60}", "count: 61}"))
    done = dlp_proxy("policy", "test", folder)
    assert done.code == 1
    assert "FAIL" in done.out
    assert "count: expected 61, got 60" in done.out


def test_no_test_that_ran_is_a_failure() -> None:
    done = dlp_proxy("policy", "test", POLICIES, "-k", "no test has this name")
    assert done.code == 1
    assert "no test ran" in done.err


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    done = dlp_proxy("policy", "check", tmp_path / "nowhere")
    assert done.code == 2
    assert "there is no policy folder" in done.err
    assert "Traceback" not in done.err


def test_std_lists_the_built_in_detectors() -> None:
    lines = dlp_proxy("policy", "std").out.splitlines()
    assert [line.split()[0] for line in lines] == [*(spec.name for spec in STANDARD), *STANDARD_PLACES]
    rows = json.loads(dlp_proxy("policy", "std", "--json").out)
    ours = [*((spec.name, spec.kind) for spec in STANDARD), *((name, "destination") for name in STANDARD_PLACES)]
    assert [(row["name"], row["kind"]) for row in rows] == ours


def test_std_prints_one_that_check_accepts(tmp_path: Path) -> None:
    for name in ("std/phone-cn", "email", "std/webmail", "file-drops"):
        done = dlp_proxy("policy", "std", name)
        assert done.code == 0
        (tmp_path / f"{name.rpartition('/')[2]}.yaml").write_text(done.out)
    checked = dlp_proxy("policy", "check", tmp_path)
    assert (checked.code, checked.out.splitlines()[-1].split(",")[1]) == (0, " 0 errors")


def test_std_says_which_names_there_are() -> None:
    done = dlp_proxy("policy", "std", "phone-xx")
    assert done.code == 2
    assert "std/phone-cn" in done.err
