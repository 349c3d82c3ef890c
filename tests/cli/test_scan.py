from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dlp_proxy.cli import scan as scanning
from dlp_proxy.cli.demo_traffic import as_csv, as_json, as_zip, orders
from dlp_proxy.detect.prefilter import ENGINE
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Engine
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import EngineParts, make_engine
from tests.cli.commands import POLICIES, dlp_proxy
from tests.small_policy import small_policies

SIXTY = orders(60, seed=5)


def scan(path: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    done = dlp_proxy("scan", path, "--policies", POLICIES, "--format", "json", *words)
    assert done.err == ""
    return done.code, [json.loads(line) for line in done.out.splitlines()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.csv", as_csv(SIXTY)),
        ("orders.txt", as_zip(SIXTY)),
        ("orders.png", as_json(SIXTY)),
        ("orders.csv.gz", gzip.compress(as_csv(SIXTY))),
    ],
)
def test_sixty_orders_in_a_file_would_be_blocked(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    code, (shown,) = scan(tmp_path / name, "--to", "https://pan.baidu.example/up", "--from", "li@corp.example")
    assert code == 1
    assert shown["action"] == "block"
    assert "bulk-orders-out" in shown["rules"]
    assert (shown["records"], shown["distinct"]) == (60, 60)
    assert shown["coverage"]["whole"] is True
    assert shown["coverage"]["formats"]
    assert len(shown["coverage"]["detectors"]) > 5
    assert shown["findings"]["order-number"] == 60
    assert shown["findings"]["phone"] == 60
    assert set(shown) == {
        "path", "action", "rules", "records", "distinct", "at_least", "findings", "gaps", "parts", "bytes", "coverage",
        "seconds",
    }  # fmt: skip


def test_one_order_is_counted_and_fine(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(as_csv(orders(1, seed=1)))
    code, (shown,) = scan(tmp_path / "one.csv")
    assert (code, shown["action"], shown["distinct"]) == (0, "counted", 1)


def test_our_own_site_gets_all(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_bytes(as_csv(SIXTY))
    code, (shown,) = scan(tmp_path / "all.csv", "--to", "https://erp.corp.example/import")
    assert (code, shown["action"]) == (0, "allow")


def test_a_folder_is_scanned_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "all.json").write_bytes(as_json(SIXTY))
    (tmp_path / "note.txt").write_text("nothing to see")
    code, shown = scan(tmp_path)
    assert code == 1
    assert [(Path(one["path"]).name, one["action"]) for one in shown] == [("all.json", "block"), ("note.txt", "allow")]


def test_much_in_several_files_is_looked_at_by_a_compiled_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the proxy does: without one, large archives of clean text ran out of their time and were stopped."""
    engines: list[str] = []

    def made(parts: EngineParts) -> Engine:
        engine = make_engine(parts)
        engines.append(engine.looks_first)
        return engine

    policies, files = small_policies(tmp_path / "policies"), tmp_path / "files"
    files.mkdir()
    (files / "all.json").write_bytes(as_json(SIXTY))
    (files / "note.txt").write_text("nothing to see")
    monkeypatch.setattr(scanning, "make_engine", made)
    for much in (1 << 30, 1):
        monkeypatch.setattr(scanning, "_MUCH", much)
        done = CliRunner().invoke(scanning.scan, [str(files), "--policies", str(policies), "--format", "json"])
        shown = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(one["action"], one["distinct"]) for one in shown] == [("block", 60), ("allow", 0)]
    assert engines == ["regex", ENGINE]


def test_a_file_that_ran_out_of_time_is_looked_at_again_with_a_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the proxy does, which has one: a log of two megabytes ran out of its time alone, and not beside others."""
    (tmp_path / "note.txt").write_text("nothing to see")
    engines: list[str] = []

    def hurried(path: str, message: Message, engine: Engine, windows: Windows, *, apart: bool) -> scanning.Scanned:
        engines.append(engine.looks_first)
        scanned = looked(path, message, engine, windows, apart=apart)
        if engine.looks_first == ENGINE:
            return scanned
        late = replace(scanned.judgement.inspection, gaps=(Gap("timed-out", Location("body"), "too slow"),))
        return replace(scanned, judgement=replace(scanned.judgement, inspection=late))

    looked = scanning._scan
    monkeypatch.setattr(scanning, "_scan", hurried)
    policies = small_policies(tmp_path / "policies")
    done = CliRunner().invoke(scanning.scan, [str(tmp_path / "note.txt"), "--policies", str(policies)])
    assert engines == ["regex", ENGINE]
    assert done.exit_code == 0
    assert "timed-out" not in done.stdout


def test_windows_add_up_over_files_when_asked(tmp_path: Path) -> None:
    for number in range(50):
        (tmp_path / f"{number:02}.csv").write_bytes(as_csv(orders(200, seed=9)[number * 4 : number * 4 + 4]))
    assert {one["action"] for one in scan(tmp_path)[1]} == {"counted"}
    code, shown = scan(tmp_path, "--together")
    assert code == 1
    assert [one["action"] for one in shown] == ["counted"] * 49 + ["block"]


def test_findings_are_masked_and_placed(tmp_path: Path) -> None:
    (one,) = orders(1, seed=3)
    (tmp_path / "one.csv").write_bytes(as_csv([one]))
    done = dlp_proxy("scan", tmp_path / "one.csv", "--policies", POLICIES, "--format", "json", "--findings")
    details = json.loads(done.out)["details"]
    assert {detail["detector"] for detail in details} >= {"order-number", "phone-cn", "address-cn"}
    assert any("row 2" in detail["location"] for detail in details)
    assert one.phone not in done.out
    assert one.address not in done.out


def test_plain_values_are_for_a_terminal_only(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_bytes(as_csv(SIXTY))
    done = dlp_proxy("scan", tmp_path / "one.csv", "--policies", POLICIES, "--reveal")
    assert done.code == 2
    assert "terminal" in done.err
    assert done.out == ""


def test_standard_input_is_judged(tmp_path: Path) -> None:
    done = dlp_proxy("scan", "-", "--policies", POLICIES, "--format", "json", stdin=as_csv(SIXTY))
    assert done.code == 1
    assert json.loads(done.out)["path"] == "-"


def test_a_file_that_is_not_there_is_told_and_others_are_judged(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")
    done = dlp_proxy("scan", tmp_path / "missing.csv", tmp_path / "note.txt", "--policies", POLICIES)
    assert done.code == 2
    assert "missing.csv" in done.err
    assert "note.txt" in done.out


@pytest.mark.parametrize(
    "url", ["pan.example", "ftp://pan.example/", "https://", "https://pan.example:0/", "https://pan.example:x/"]
)
def test_a_destination_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    done = dlp_proxy("scan", tmp_path, "--to", url)
    assert done.code == 2
    assert "--to" in done.err


def test_a_customer_in_the_file_name_is_found_and_masked(tmp_path: Path) -> None:
    (tmp_path / "13912345678.txt").write_text("x")
    done = dlp_proxy("scan", tmp_path / "13912345678.txt", "--policies", POLICIES, "--format", "json", "--findings")
    shown = json.loads(done.out)
    assert set(shown["findings"]) == {"phone"}
    assert "13912345678" not in json.dumps(shown["details"])


def test_policies_with_errors_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "a.yaml").write_text("rules: [")
    (tmp_path / "note.txt").write_text("hello")
    done = dlp_proxy("scan", tmp_path / "note.txt", "--policies", tmp_path / "policies")
    assert done.code == 2
    assert "a.yaml:1:9: error[YAML]" in done.err
    assert "Traceback" not in done.err
