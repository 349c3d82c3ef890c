"""Tables in pages are equal to the tables in the code."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from dlp_proxy.cli.authors.folder import run_tests
from dlp_proxy.detect.disguise.encoded import Encoded
from dlp_proxy.detect.disguise.registry import DISGUISES
from dlp_proxy.detect.registry import CHECKS, STANDARD
from dlp_proxy.encodings.registry import ENCODINGS
from dlp_proxy.model.limits import Limits
from dlp_proxy.pipeline import Engine
from dlp_proxy.policy.decide import DEFAULT_FOR_GAPS
from dlp_proxy.policy.load import load
from dlp_proxy.policy.reference import keys, places
from dlp_proxy.policy.wording import BLANKS
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.operations import Desk, OperationsServer
from dlp_proxy.settings import describe, load_settings
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.unpack.long_registry import LONG_FORMATS
from dlp_proxy.unpack.registry import FORMATS
from dlp_proxy.wiring.supervisor import METRICS as OF_THE_SUPERVISOR
from dlp_proxy.wiring.watching import NAMES as OF_THE_INSTALLATION
from tests.docs.pages import ROOT, fenced, plain, read, rows, section

ARCHITECTURE: Final = read("docs/architecture.md")
OPERATING: Final = read("docs/operating.md")
POLICIES: Final = read("docs/policies.md")
_CODE: Final = re.compile(r"[A-Z]{2,}(?:-[A-Z]+)*")


def test_settings_are_those_of_the_program() -> None:
    written = [(plain(name), plain(default), says) for name, default, says in rows(section(OPERATING, "## Settings"))]
    assert written == describe()


def test_the_config_on_the_page_is_one(tmp_path: Path) -> None:
    path = tmp_path / "proxy.yaml"
    path.write_text(fenced(section(OPERATING, "## Settings"))[0])
    assert str(load_settings(path, {}, {}).listen) == "0.0.0.0:8080"


def test_limits_are_those_of_the_program() -> None:
    table = section(ARCHITECTURE, "## What fails how").partition("| limit |")[2]
    written = [(plain(row[0]), row[1]) for row in rows(f"| limit |{table}")]
    assert written == [(one.name, str(one.default)) for one in fields(Limits)]


def test_formats_are_those_of_the_program_in_their_order() -> None:
    written = [plain(row[0]) for row in rows(section(ARCHITECTURE, "## Formats that are unpacked"))]
    assert written == [form.NAME for form in FORMATS]


def test_long_formats_are_those_of_the_program_in_their_order() -> None:
    written = [plain(row[0]) for row in rows(section(ARCHITECTURE, "## Long bodies"))]
    assert written == [form.NAME for form in LONG_FORMATS]


def test_encodings_are_those_of_the_program_in_their_order() -> None:
    written = [plain(row[0]) for row in rows(section(ARCHITECTURE, "## Encodings that are opened"))]
    assert written == [encoding.NAME for encoding in ENCODINGS]


def test_disguises_are_those_of_the_program() -> None:
    page = section(ARCHITECTURE, "## Disguises that are taken off")
    modules = [one for one in DISGUISES if not isinstance(one, Encoded)]
    files = [f"{getattr(one, '__name__', '').replace('.', '/')}.py" for one in modules]
    assert [plain(row[1]) for row in rows(page)] == files


def test_detectors_are_those_of_the_program() -> None:
    written = [tuple(row[:2]) for row in rows(section(ARCHITECTURE, "## Detectors that come with the program"))]
    assert written == [(f"`{spec.name}`", spec.kind) for spec in STANDARD]


def test_the_changelog_names_every_detector_check_and_format() -> None:
    detection = section(read("CHANGELOG.md"), "### Detection")
    names = [*(spec.name for spec in STANDARD), *CHECKS, *(form.NAME for form in FORMATS if form.NAME != "binary")]
    assert [name for name in names if f"`{name}`" not in detection] == []


def test_metrics_are_those_of_the_program() -> None:
    written = {name for row in rows(section(OPERATING, "## What to watch")) for name in re.findall(r"`(\w+)`", row[0])}
    own = {metric.name for metric in Metrics().registry.collect()}
    assert written == own | set(OF_THE_INSTALLATION) | set(OF_THE_SUPERVISOR)


def test_operations_paths_are_those_of_the_program() -> None:
    written = set(re.findall(r"`(?:POST )?(/[a-z./-]+)`", section(OPERATING, "## Ports")))
    served = ROOT.joinpath("dlp_proxy/proxy/operations.py").read_text(encoding="utf-8")
    assert written == {path.replace("\\", "") for path in re.findall(r'\(r"(/[^"]+)", _', served)}
    assert OperationsServer.__init__.__annotations__["desk"] in {Desk, "Desk"}


def test_keys_of_the_language_are_as_the_grammar_tells_them() -> None:
    """Mend it with `dlp_proxy.policy.reference.keys()`, which is the text of the section."""
    start = POLICIES.index("### `file`")
    assert POLICIES[start : POLICIES.index("\n## ", start)] == keys()


def test_lists_of_hosts_are_those_of_the_program() -> None:
    assert places() in section(POLICIES, "## Lists of hosts")


def test_codes_are_those_that_the_program_gives() -> None:
    written = [plain(row[0]) for row in rows(section(POLICIES, "## Codes"))]
    given = {
        str(call.args[0].value)
        for path in (ROOT / "dlp_proxy/policy").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.args[0].value, str) and _CODE.fullmatch(call.args[0].value)
    }
    assert set(written) == given
    assert len(written) == len(given) > 25


@pytest.mark.parametrize(
    ("page", "heading"), [("docs/policies.md", "## Meaning"), ("docs/adr/0006-defaults-for-gaps.md", "## Decided")]
)
def test_defaults_for_gaps_are_those_of_the_program(page: str, heading: str) -> None:
    written = {plain(row[0]): row[1] for row in rows(section(read(page), heading))}
    assert written == {reason: action.word for reason, action in DEFAULT_FOR_GAPS.items()}


def test_blanks_of_messages_are_those_of_the_program() -> None:
    assert set(re.findall(r"\{([a-z]+)\}", section(POLICIES, "## Meaning"))) == set(BLANKS)


def test_the_policy_on_the_page_works() -> None:
    loaded = load({"page.yaml": fenced(section(POLICIES, "## A policy that works"))[0]}, date(2026, 11, 24))
    assert loaded.problems == ()
    assert loaded.policy is not None
    results = run_tests(Engine(loaded.policy, passing_fingerprint()))
    assert [(result.name, result.text) for result in results if not result.passed] == []
    assert len(results) == 2
