"""``dlp-proxy detect``: what detectors find in a text, with offsets into that text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from dlp_proxy.cli.exits import WRONG_USAGE
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.detect.scan import find_in_text, scan
from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Fingerprint
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.unpack.in_place import in_place
from dlp_proxy.wiring.engine import good_policy

_CHUNK: Final = 1 << 16
_MANY: Final = 8 << 20
"""Bytes of lines after which one gate for all detectors, seconds to compile, is worth it."""

_LEVELS: Final = [one.word for one in Confidence]


@click.command()
@click.argument("source", default="-", metavar="[FILE | -]")
@click.option(
    "--policies",
    type=click.Path(path_type=Path),
    default=None,
    envvar="DLP_PROXY_POLICIES",
    help="Detectors of this folder, else of ./policies where it is there; and each built-in one that none is `like`.",
)
@click.option(
    "--confidence", "least", type=click.Choice(_LEVELS), default="medium", show_default=True, help="Least to show."
)
@click.option("--explain", is_flag=True, help="Say why each finding has its level, and what was dropped.")
@click.option("--jsonl", is_flag=True, help='Read {"id","text"} a line, answer {"id","findings"} a line.')
@click.option("--json", "print_json", is_flag=True, help="One JSON object.")
def detect(source: str, policies: Path | None, least: str, *, explain: bool, jsonl: bool, print_json: bool) -> None:
    """Show what detectors find in a text file or standard input. Offsets count its characters.

    With --jsonl each line is answered as it comes; a line that cannot be read is answered by
    {"line","error"}, the rest go on, and the exit is 2.

    \b
    Example:
      echo '电话 13800138000' | dlp-proxy detect --explain
    """
    looker = Looker(every_detector(policies), passing_fingerprint(), Confidence[least.upper()], explain)
    if jsonl:
        if not _answer_lines(source, looker):
            raise click.exceptions.Exit(WRONG_USAGE)
        return
    shown = looker.look(_read(source))
    if print_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for one in shown["findings"]:
        click.echo(f"{_place(one)} {one['detector']:<16} {one['confidence']:<7} {one['masked']}")
        for reason in one.get("why", ()):
            click.echo(f"{'':18}{reason}")
    if not shown["findings"]:
        click.echo("nothing found")
    for one in shown.get("dropped", ()):
        click.echo(f"{_place(one)} {one['detector']:<16} dropped {one['masked']}: {one['reason']}")
    for gap in shown.get("gaps", ()):
        click.echo(f"dlp-proxy: {gap['detail']}", err=True)


@dataclass(frozen=True, slots=True)
class Looker:
    """Detectors, and how much of what they find is shown."""

    detectors: Sequence[Detector]
    fingerprint: Fingerprint
    least: Confidence
    explain: bool

    def look(self, text: str) -> dict[str, Any]:
        """Return what is shown of one text: findings, and where there are any, gaps and dropped candidates."""
        found, gaps = _scan(text, self.detectors, self.fingerprint)
        shown: dict[str, Any] = {"findings": [self._shown(one) for one in found if one.confidence >= self.least]}
        if gaps:
            shown["gaps"] = [{"reason": gap.reason, "detail": gap.detail} for gap in gaps]
        if self.explain:
            shown["dropped"] = self._dropped(text, found)
        return shown

    def _shown(self, finding: Finding) -> dict[str, Any]:
        shown = {
            "detector": finding.detector,
            "kind": finding.kind,
            "start": finding.start,
            "end": finding.end,
            "confidence": finding.confidence.word,
            "masked": finding.value.masked,
        }
        return {**shown, "why": list(finding.why)} if self.explain else shown

    def _dropped(self, text: str, found: Sequence[Finding]) -> list[dict[str, Any]]:
        """Return candidates that are not shown, each with the reason: a check, an overlap, or too low a level."""
        kept = {(one.detector, one.start, one.end) for one in found}
        rows = [
            {**self._shown(one), "reason": f"its confidence is {one.confidence.word}, {self.least.word} is asked for"}
            for one in found
            if one.confidence < self.least
        ]
        rows += [
            {
                "detector": detector.spec.name,
                "kind": detector.spec.kind,
                "start": one.start,
                "end": one.end,
                "masked": Sensitive(one.value).masked,
                "why": list(one.why),
                "reason": one.dropped or "another finding covers it",
            }
            for detector in self.detectors
            for one in find_in_text(text, detector)
            if (detector.spec.name, one.start, one.end) not in kept
        ]
        return sorted(rows, key=lambda row: (row["start"], row["end"], row["detector"]))


def find(text: str, detectors: Sequence[Detector], fingerprint: Fingerprint) -> tuple[Finding, ...]:
    """Return the findings in a bare text, of every level, each value of a kind once."""
    return _scan(text, detectors, fingerprint)[0]


def every_detector(policies: Path | None) -> DetectorSet:
    """Return the detectors of a policy folder, and each built-in one that none of them is `like`.

    Args:
        policies: the folder; for None that is ``./policies``, and where there is none the built-in ones stand alone.
    """
    if policies is None and Path("policies").is_dir():
        policies = Path("policies")
    if policies is None:
        return DetectorSet(map(compile_detector, STANDARD))
    policy = good_policy(policies)
    ready = {one.spec.name: one for one in policy.detectors}
    built_in = {spec.name for spec in STANDARD}
    own = [name for name in policy.detector_specs if name not in built_in]
    rest = [spec.name for spec in STANDARD if spec.name not in policy.liked]
    specs = policy.detector_specs
    return DetectorSet(ready.get(name) or compile_detector(specs[name]) for name in (*own, *rest))


def _scan(
    text: str, detectors: Sequence[Detector], fingerprint: Fingerprint
) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    found, gaps = scan([in_place(text, Location("body"))], detectors, fingerprint, LIMITS)
    once: dict[tuple[str, int, int], Finding] = {}
    for one in found:
        key = (one.kind, one.start, one.end)
        if key not in once or once[key].confidence < one.confidence:
            once[key] = one
    return tuple(once.values()), gaps


def _answer_lines(source: str, looker: Looker) -> bool:
    """Answer each line; return False when one could not be read. What is ready is written before more is read."""
    good = True
    out = sys.stdout.buffer
    waiting = _MANY
    for batch in _batches(source):
        if waiting > 0 >= (waiting := waiting - sum(len(line) for _, line in batch)):
            looker = replace(looker, detectors=DetectorSet(looker.detectors, fast=True))
        answers = []
        for number, line in batch:
            answer: dict[str, Any]
            try:
                identifier, text = _row(line)
                answer = {"id": identifier, **looker.look(text)}
            except UnreadableError as error:
                good = False
                answer = {"line": number, "error": error.message}
                click.echo(f"dlp-proxy: line {number}: {error.message}", err=True)
            answers.append(_encoded(answer))
        out.write(b"".join(answers))
        out.flush()
    return good


def _batches(source: str) -> Iterator[list[tuple[int, bytes]]]:
    """Yield numbered lines, as many together as there were to read without waiting; empty lines are left out."""
    with _opened(source) as stream:
        number, rest = 0, bytearray()
        while True:
            chunk = stream.read1(_CHUNK)  # type: ignore[attr-defined]  # every binary stream of ours is buffered
            if b"\n" not in chunk and chunk:
                rest += chunk
                continue
            *lines, last = (bytes(rest) + chunk).split(b"\n")
            rest = bytearray(last)
            if not chunk and rest:
                lines.append(bytes(rest))
            yield [(at, line) for at, line in enumerate(lines, number + 1) if line.strip()]
            number += len(lines)
            if not chunk:
                return


def _row(line: bytes) -> tuple[Any, str]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise UnreadableError(f"not JSON: {error.msg} at character {error.pos}") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON in UTF-8: {error}") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise UnreadableError('must be an object like {"id": 1, "text": "..."}')
    return row["id"], row["text"]


def _encoded(answer: dict[str, Any]) -> bytes:
    try:
        return f"{json.dumps(answer, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON may hold and UTF-8 may not
        return f"{json.dumps(answer)}\n".encode()


def _place(one: dict[str, Any]) -> str:
    return f"{one['start']:>8}-{one['end']:<8}"


def _opened(source: str) -> BinaryIO:
    try:
        return sys.stdin.buffer if source == "-" else Path(source).open("rb")
    except OSError as error:
        raise UnreadableError(f"cannot read {source}: {error}") from error


def _read(source: str) -> str:
    try:
        with _opened(source) as stream:
            return stream.read().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"cannot read {source}: {error}; use `dlp-proxy scan` for files that are not UTF-8 text"
        ) from error


class UnreadableError(click.ClickException):
    """Input that is not what the command reads."""

    exit_code = WRONG_USAGE
