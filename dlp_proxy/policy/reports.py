"""Problems for machines: JSON, SARIF 2.1.0 (OASIS), the annotations of GitHub Actions, and JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from dlp_proxy.policy.codes import BY_NAME
from dlp_proxy.policy.problem import Problem, render_all, render_text

type Files = Mapping[str, str]


def as_text(problems: Sequence[Problem], files: Files) -> str:
    errors = sum(problem.severity == "error" for problem in problems)
    shown = f"{render_all(problems, files)}\n\n" if problems else ""
    return f"{shown}{len(files)} files, {errors} errors, {len(problems) - errors} warnings"


def as_json(problems: Sequence[Problem], files: Files) -> str:
    return json.dumps({"files": len(files), "problems": [plain(one) for one in problems]}, ensure_ascii=False)


def as_sarif(problems: Sequence[Problem], _: Files) -> str:
    """Return a log of SARIF 2.1.0, as code hosts take it: columns count characters, fixes are replacements."""
    rules = [
        {"id": name, "shortDescription": {"text": BY_NAME[name].says}}
        for name in sorted({one.code for one in problems})
    ]
    run = {
        "tool": {"driver": {"name": "dlp-proxy policy check", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one) for one in problems],
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False)


def as_github(problems: Sequence[Problem], _: Files) -> str:
    """Return one workflow command a problem; a line of the log that GitHub shows at its place in the change."""
    return "\n".join(
        f"::{one.severity} file={property_value(one.path)},line={one.line},col={one.column},"
        f"endColumn={one.column + one.width},title={property_value(one.code)}::{data(_words(one))}"
        for one in problems
    )


def as_junit(problems: Sequence[Problem], files: Files) -> str:
    """Return a test suite in which each file is a test that fails with its errors."""
    cases = []
    failed = 0
    for path in sorted({*files, *(one.path for one in problems)}):
        here = [one for one in problems if one.path == path and one.severity == "error"]
        failed += bool(here)
        text = "\n\n".join(render_text(one, files.get(path, "")) for one in here)
        inner = f"<failure message={quoteattr(_words(here[0]))}>{escape(clean(text))}</failure>" if here else ""
        cases.append(f'  <testcase classname="policy" name={quoteattr(path)}>{inner}</testcase>')
    head = f'<testsuite name="dlp-proxy policy check" tests="{len(cases)}" failures="{failed}">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *cases, "</testsuite>"))


REPORTS: Final[Mapping[str, Callable[[Sequence[Problem], Files], str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "junit": as_junit,
}


def plain(one: Problem) -> dict[str, Any]:
    """Return a problem for JSON."""
    first = asdict(one.first_here) if one.first_here else None
    return {**asdict(one), "first_here": first, "fix": one.fix or None}


def _result(one: Problem) -> dict[str, Any]:
    region = {"startLine": one.line, "startColumn": one.column, "endColumn": one.column + one.width}
    place = {"artifactLocation": {"uri": _uri(one.path)}, "region": region}
    shown: dict[str, Any] = {
        "ruleId": one.code,
        "level": one.severity,
        "message": {"text": _words(one)},
        "locations": [{"physicalLocation": place}],
    }
    if one.first_here is not None:
        first = one.first_here
        there = {"startLine": first.line, "startColumn": first.column, "endColumn": first.column + first.width}
        where = {"artifactLocation": {"uri": _uri(first.path)}, "region": there}
        shown["relatedLocations"] = [{"physicalLocation": where}]
    if one.fix:
        change = {"deletedRegion": region, "insertedContent": {"text": one.fix}}
        changes = [{"artifactLocation": {"uri": _uri(one.path)}, "replacements": [change]}]
        shown["fixes"] = [{"description": {"text": one.help}, "artifactChanges": changes}]
    return shown


def _words(one: Problem) -> str:
    return f"{one.message}; {one.help}" if one.help else one.message


def _uri(path: str) -> str:
    return path.replace("\\", "/").replace(" ", "%20")


def clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(char if char.isprintable() or char == "\n" else "?" for char in text)


def data(text: str) -> str:
    """Return a text for the data of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def property_value(text: str) -> str:
    """Return a text for a property of a workflow command."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
