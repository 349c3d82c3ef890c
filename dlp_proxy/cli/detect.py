"""``dlp-proxy detect``: what detectors find in a text, with offsets into that text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from dlp_proxy.cli.exits import WRONG_USAGE
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.finding import Finding
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint, Part
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import engine_parts, make_engine


@click.command()
@click.argument("source", default="-", metavar="[FILE | -]")
@click.option(
    "--policies",
    type=click.Path(path_type=Path),
    default=None,
    envvar="DLP_PROXY_POLICIES",
    help="Detectors of this folder; else of ./policies where it is there; else the built-in ones.",
)
@click.option("--jsonl", is_flag=True, help='Read {"id","text"} a line, answer {"id","findings"} a line.')
@click.option("--json", "print_json", is_flag=True, help="One JSON object.")
def detect(source: str, policies: Path | None, *, jsonl: bool, print_json: bool) -> None:
    """Show what detectors find in a text file or standard input. Offsets count its characters.

    \b
    Example:
      echo '电话 13800138000' | dlp-proxy detect
    """
    detectors = _detectors(policies)
    fingerprint = passing_fingerprint()
    if jsonl:
        for number, line in enumerate(_lines(source), 1):
            identifier, text = _row(number, line)
            found = [_shown(finding) for finding in find(text, detectors, fingerprint)]
            click.echo(json.dumps({"id": identifier, "findings": found}, ensure_ascii=False))
        return
    shown = [_shown(finding) for finding in find(_read(source), detectors, fingerprint)]
    if print_json:
        click.echo(json.dumps({"findings": shown}, ensure_ascii=False))
        return
    for one in shown:
        click.echo(f"{one['start']:>8}-{one['end']:<8} {one['detector']:<16} {one['confidence']:<7} {one['masked']}")
    if not shown:
        click.echo("nothing found")


def find(text: str, detectors: Sequence[Detector], fingerprint: Fingerprint) -> tuple[Finding, ...]:
    """Return the findings in a bare text."""
    findings, _ = scan([Part(Location("body"), text)], detectors, fingerprint, LIMITS)
    return findings


def _detectors(policies: Path | None) -> Sequence[Detector]:
    if policies is None and Path("policies").is_dir():
        policies = Path("policies")
    if policies is not None:
        return make_engine(engine_parts(policies, passing_fingerprint(), LIMITS)).policy.detectors
    return tuple(compile_detector(spec) for spec in STANDARD)


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "detector": finding.detector,
        "kind": finding.kind,
        "start": finding.start,
        "end": finding.end,
        "confidence": finding.confidence.word,
        "masked": finding.value.masked,
    }


def _row(number: int, line: str) -> tuple[Any, str]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableError(f"line {number} is not JSON: {error.msg} at character {error.pos}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise UnreadableError(f'line {number} must be an object like {{"id": 1, "text": "..."}}')
    return row["id"], row["text"]


def _read(source: str) -> str:
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"cannot read {source}: {error}; use `dlp-proxy scan` for files that are not UTF-8 text"
        ) from error


def _lines(source: str) -> Iterator[str]:
    yield from (line for line in _read(source).split("\n") if line.strip())


class UnreadableError(click.ClickException):
    """Input that is not what the command reads."""

    exit_code = WRONG_USAGE
