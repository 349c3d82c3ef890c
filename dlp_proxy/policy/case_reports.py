"""How tests of policies went, for machines: JSON, JUnit's XML, and the annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dlp_proxy.policy.casework import CaseResult
from dlp_proxy.policy.reports import clean, data, property_value


def as_json(results: Sequence[CaseResult]) -> str:
    shown = [
        {"path": one.path, "line": one.line, "name": one.name, "passed": one.passed, "text": one.text}
        for one in results
    ]
    failed = sum(not one.passed for one in results)
    return json.dumps({"tests": shown, "passed": len(results) - failed, "failed": failed}, ensure_ascii=False)


def as_junit(results: Sequence[CaseResult]) -> str:
    """Return a suite in which a file is a class and each of its tests a case."""
    cases = []
    for one in results:
        head = f"  <testcase classname={quoteattr(one.path)} name={quoteattr(clean(one.name))}"
        where = f' file={quoteattr(one.path)} line="{one.line}"'
        if one.passed:
            cases.append(f"{head}{where}/>")
        else:
            failure = f"<failure message={quoteattr(clean(one.failures[0]))}>{escape(clean(one.text))}</failure>"
            cases.append(f"{head}{where}>{failure}</testcase>")
    failed = sum(not one.passed for one in results)
    suite = f'<testsuite name="dlp-proxy policy test" tests="{len(results)}" failures="{failed}">'
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', suite, *cases, "</testsuite>"))


def as_github(results: Sequence[CaseResult]) -> str:
    """Return one workflow command for each test that failed."""
    return "\n".join(
        f"::error file={property_value(one.path)},line={one.line},title={property_value(one.name)}::{data(one.text)}"
        for one in results
        if not one.passed
    )


CASE_REPORTS: Final[Mapping[str, Callable[[Sequence[CaseResult]], str]]] = {
    "json": as_json,
    "junit": as_junit,
    "github": as_github,
}
