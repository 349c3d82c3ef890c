"""``dlp-proxy scan``: judge files as if they were uploaded, by the same steps as the proxy."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import click

from dlp_proxy.cli.apart import inspect_apart
from dlp_proxy.cli.exits import FINE, PROBLEMS, WRONG_USAGE
from dlp_proxy.cli.options import POLICIES
from dlp_proxy.incidents.event_of import coverage_of
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine, judge
from dlp_proxy.stores.state_dir import StateDir, passing_fingerprint
from dlp_proxy.unpack.budget import Deferred
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import engine_parts, make_engine, seeing
from dlp_proxy.wiring.gates import with_compiled_gate, with_kept_gate

STANDARD_INPUT: Final = "-"

_MUCH: Final = 2 * 1024 * 1024
"""Bytes of several files from which a gate is compiled first, as the proxy has one: without it looking takes three
times as long, and large archives of clean text run out of the time of a message."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH... | -")
@click.option("--from", "user", default="someone", show_default=True, help="Who uploads.")
@click.option("--to", "url", default="https://upload.example/", show_default=True, help="Where to.")
@POLICIES
@click.option("--state", type=click.Path(path_type=Path), help="The state folder, for rules that ask for an index.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--findings", "with_findings", is_flag=True, help="Each finding too, masked.")
@click.option("--reveal", is_flag=True, help="Findings in plain; only on a terminal.")
@click.option("--together", is_flag=True, help="One upload after the other: windows add up over the files.")
@click.option("--ocr/--no-ocr", default=True, help="Read text and codes in pictures.")
def scan(
    paths: Sequence[str],
    user: str,
    url: str,
    policies: Path,
    state: Path | None,
    form: str,
    *,
    with_findings: bool,
    reveal: bool,
    together: bool,
    ocr: bool,
) -> None:
    """Judge files as if they were uploaded; folders with all below them, `-` for standard input.

    Exits 1 when one of them would be stopped.

    \b
    Example:
      dlp-proxy scan export.csv --from li.na@corp.example --to https://pan.baidu.example/up
    """
    if reveal and not sys.stdout.isatty():
        raise click.UsageError("--reveal shows customers' data in plain: it works on a terminal only")
    destination, target = _destination(url)
    parts = engine_parts(policies, passing_fingerprint(), Limits(), ocr=ocr, state=StateDir(state) if state else None)
    files = list(_files(paths))
    if state:
        parts = with_kept_gate(parts, StateDir(state).gates)
    if len(files) > 1 and sum(map(_size, files)) >= _MUCH:
        parts = with_compiled_gate(parts)
    engine = seeing(make_engine(parts), parts)
    windows = Windows()
    stopped = unreadable = False
    with click.progressbar(files, file=sys.stderr, hidden=not (sys.stderr.isatty() and len(files) > 1)) as listed:
        for number, path in enumerate(listed):
            if not together:
                windows = Windows()
            try:
                message = _message(path, number, user, destination, target, engine.limits)
            except OSError as error:
                click.echo(f"dlp-proxy: cannot read {path}: {error.strerror}", err=True)
                unreadable = True
                continue
            scanned = _scan(path, message, engine, windows, apart=not reveal)
            if parts.gate is None and not together and scanned.ran_out_of_time:
                parts = with_compiled_gate(parts)
                if parts.gate is not None:
                    engine = seeing(make_engine(parts), parts)
                    message = _message(path, number, user, destination, target, engine.limits)
                    scanned = _scan(path, message, engine, Windows(), apart=not reveal)
            stopped = stopped or scanned.judgement.verdict.action >= Action.COACH
            show = scanned.as_json(with_findings=with_findings or reveal, reveal=reveal)
            click.echo(json.dumps(show, ensure_ascii=False) if form == "json" else _text(show))
    raise click.exceptions.Exit(WRONG_USAGE if unreadable else PROBLEMS if stopped else FINE)


@dataclass(frozen=True, slots=True)
class Scanned:
    """One file's judgement, and what it took. `seconds` is wall time."""

    path: str
    judgement: Judgement
    seconds: float

    @property
    def ran_out_of_time(self) -> bool:
        """Say whether something was not looked at for lack of time, which a compiled gate saves most of."""
        return any(gap.reason == "timed-out" for gap in self.judgement.inspection.gaps)

    def as_json(self, *, with_findings: bool, reveal: bool) -> dict[str, Any]:
        inspection, verdict = self.judgement.inspection, self.judgement.verdict
        first = verdict.reasons[0] if verdict.reasons else None
        shown: dict[str, Any] = {
            "path": self.path,
            "action": verdict.action.word,
            "rules": [reason.rule for reason in verdict.reasons],
            "records": self.judgement.records,
            "distinct": first.count if first else 0,
            "at_least": inspection.at_least,
            "findings": inspection.kinds(),
            "gaps": [
                {"reason": gap.reason, "location": str(gap.location), "detail": gap.detail} for gap in inspection.gaps
            ],
            "parts": inspection.parts,
            "bytes": inspection.bytes,
            "coverage": coverage_of(inspection),
            "seconds": round(self.seconds, 4),
        }
        if with_findings:
            shown["details"] = [
                {
                    "detector": finding.detector,
                    "start": finding.start,
                    "end": finding.end,
                    "location": str(finding.location),
                    "confidence": finding.confidence.word,
                    "masked": finding.value.masked,
                    **({"value": finding.value.reveal()} if reveal else {}),
                }
                for finding in inspection.findings
            ]
        return shown


def _scan(path: str, message: Message, engine: Engine, windows: Windows, *, apart: bool) -> Scanned:
    """Judge one file. `apart`: decoders in C run in a process of their own, which gives no plain values back."""
    began = time.perf_counter()
    here = replace(engine, limits=replace(engine.limits, decoders=not apart))
    try:
        judgement = examine(message, here, windows)
    except Deferred:
        judgement = judge(message, inspect_apart(message, engine), engine, windows)
    return Scanned(path, judgement, time.perf_counter() - began)


def _files(paths: Sequence[str]) -> Iterator[str]:
    for given in paths:
        if given != STANDARD_INPUT and Path(given).is_dir():
            yield from (str(path) for path in sorted(Path(given).rglob("*")) if path.is_file())
        else:
            yield given


def _size(path: str) -> int:
    try:
        return 0 if path == STANDARD_INPUT else Path(path).stat().st_size
    except OSError:
        return 0


def _message(path: str, number: int, user: str, destination: Destination, target: str, limits: Limits) -> Message:
    gaps: tuple[Gap, ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if path == STANDARD_INPUT:
        body = sys.stdin.buffer.read(limits.body_bytes + 1)
    else:
        with Path(path).open("rb") as file:
            body = file.read(limits.body_bytes + 1)
        name = quote(Path(path).name, safe="")
        headers = ((b"content-disposition", f"attachment; filename*=UTF-8''{name}".encode()),)
    if len(body) > limits.body_bytes:
        body, gaps = b"", (Gap("too-large", Location("body"), f"over {limits.body_bytes} bytes"),)
    return Message(
        uid=f"scan-{number}",
        time=time.time(),
        channel="http",
        principal=Principal(user, "declared", "none"),
        destination=destination,
        method="POST",
        target=target,
        headers=headers,
        body=body,
        gaps=gaps,
    )


def _destination(url: str) -> tuple[Destination, str]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise click.UsageError(f"--to {url} is not an address like https://pan.example/upload")
    usual = 443 if parts.scheme == "https" else 80
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, parts.hostname.rstrip("."), port or usual), target


def _text(shown: dict[str, Any]) -> str:
    found = ", ".join(f"{count} {kind}" for kind, count in shown["findings"].items()) or "nothing found"
    lines = [
        f"{shown['action']:<8} {shown['path']}  {found}"
        + (f"; {'at least ' * shown['at_least']}{shown['distinct']} customers" * bool(shown["distinct"]))
    ]
    if shown["rules"]:
        lines.append(f"         rules: {', '.join(shown['rules'])}")
    lines += [f"         not inspected: {gap['reason']} at {gap['location']} {gap['detail']}" for gap in shown["gaps"]]
    lines += [
        f"         {one.get('value', one['masked'])}  {one['detector']}, {one['confidence']}, {one['location']}"
        for one in shown.get("details", ())
    ]
    return "\n".join(lines)
