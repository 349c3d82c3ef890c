"""What goes into the bundle of a case."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.reporting.bundle.affected import customers_of
from dlp_proxy.reporting.bundle.bag import Content, Sums, sums_of
from dlp_proxy.reporting.bundle.proved import log_files
from dlp_proxy.reporting.bundle.record_note import record_note
from dlp_proxy.reporting.case import Case
from dlp_proxy.reporting.edges import edges_of
from dlp_proxy.reporting.report import Reading, report_html, report_json
from dlp_proxy.reporting.sheet import sheet
from dlp_proxy.reporting.words import utc
from dlp_proxy.sealing.pointer import Pointer
from dlp_proxy.sealing.vault import blob_path, shares_path
from dlp_proxy.stores.state_dir import StateDir

EXHIBITS: Final = "清单.csv"
NOTE: Final = "提取笔录.html"
AFFECTED: Final = "affected.age"
REPLAY: Final = "replay-manifest.json"
NOTHING_MORE: Final[Mapping[str, Content]] = {}
EVENTS: Final = "events.jsonl"

_KINDS: Final = {
    "report.html": "报告", "report.json": "报告", NOTE: "提取笔录", EVENTS: "事件记录", "outcomes.jsonl": "传输结果",
    "timeline.csv": "时间线", "edges.csv": "人员与去向", "coverage.csv": "检查覆盖", "customers.csv": "客户标记",
    "custody.jsonl": "保管记录", REPLAY: "重放清单", "log": "日志与证明", "policy": "策略集",
    "evidence": "密封证据", AFFECTED: "受影响客户（密封）",
}  # fmt: skip
"""File, or folder -> 类别."""


@dataclass(slots=True)
class Contents:
    """The payload: path -> content.

    Attributes:
        missing: what should be there and is not, and why; said in `coverage.csv`.
    """

    files: dict[str, Content] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)


def contents_of(
    connection: sqlite3.Connection,
    case: Case,
    reading: Reading,
    state: StateDir,
    more: Mapping[str, Content] = NOTHING_MORE,
) -> Contents:
    """Gather the payload.

    Args:
        connection: one that sees nothing later than the case's moment.
        more: further files: `REPLAY`, where one was made; `AFFECTED`, sealed to whom it is for.
    """
    found = Contents()
    _evidence(case, state, found)
    _policies(case, state, found)
    found.files |= {f"{path}": content for path, content in log_files(connection, case)}
    found.files |= {
        "report.html": report_html(case, reading),
        "report.json": report_json(case, reading),
        EVENTS: b"".join(one.json + b"\n" for one in case.events),
        "outcomes.jsonl": b"".join(_outcomes(connection, case)),
        "timeline.csv": _timeline(case, reading),
        "edges.csv": _edges(case, reading),
        "customers.csv": _customers(connection, case),
        "coverage.csv": _coverage(case, reading, found.missing),
        "custody.jsonl": b"".join(_custody(case)),
    }
    found.files |= more
    found.files[NOTE] = record_note(case, reading, len(found.files) + 1)
    found.files[EXHIBITS] = _exhibits(case, {path: sums_of(content) for path, content in found.files.items()})
    return found


def _evidence(case: Case, state: StateDir, found: Contents) -> None:
    for one in case.events:
        pointer = one.facts.evidence
        if pointer is None:
            continue
        if pointer.kept == "none":
            found.missing.append((one.uid, f"no evidence was kept: {pointer.why}"))
            continue
        for path, file, digest in _sealed(one.uid, pointer, state):
            if not file.is_file():
                found.missing.append((one.uid, f"{path} is not there: purged, or removed"))
            elif _sha256(file) != digest:
                found.missing.append((one.uid, f"{path} is not what the event names, and is left out"))
            else:
                found.files[path] = file


def _sealed(uid: str, pointer: Pointer, state: StateDir) -> Iterator[tuple[str, Path, str]]:
    yield f"evidence/blobs/{pointer.blob}", blob_path(state, pointer.blob), pointer.blob
    yield f"evidence/shares/{uid}.json", shares_path(state, uid), pointer.shares


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _policies(case: Case, state: StateDir, found: Contents) -> None:
    for digest in case.policies:
        name = digest.removeprefix("sha256:")
        file = state.policies / f"{name}.json"
        if name.isalnum() and file.is_file():
            found.files[f"policy/{name}.json"] = file
        else:
            found.missing.append(("", f"the policy set {digest} is not there"))


def _outcomes(connection: sqlite3.Connection, case: Case) -> Iterator[bytes]:
    for one in case.events:
        row = connection.execute(
            "SELECT time, disposition, released, status, fate FROM outcome WHERE uid = ?", (one.uid,)
        ).fetchone()
        said: Mapping[str, Any] = (
            {"fate": "unknown"}
            if row is None
            else dict(zip(("time", "disposition", "released", "status", "fate"), row, strict=True))
        )
        yield canonical({"uid": one.uid, **said}) + b"\n"


def _timeline(case: Case, reading: Reading) -> bytes:
    heads = (
        "time_utc",
        "event",
        "person",
        "destination",
        "verdict",
        "rule",
        "reached",
        "customers",
        "records",
        "bytes",
    )
    return sheet(
        heads,
        (
            (
                *(utc(one.time), one.uid, reading.shown(one.user), one.site, one.action, one.rule, one.reached.word),
                *(len(set(one.customers)), len(one.customers), one.bytes),
            )
            for one in case.transfers
        ),
    )


def _edges(case: Case, reading: Reading) -> bytes:
    heads = ("person", "destination", "left", "possible", "blocked", "records", "transfers")
    return sheet(
        heads,
        (
            (reading.shown(one.user), one.site, one.left, one.possible, one.blocked, one.records, one.transfers)
            for one in edges_of(case.transfers)
        ),
    )


def _customers(connection: sqlite3.Connection, case: Case) -> bytes:
    """Return who is affected, as keyed tokens: whoever has the key can tell whether a customer is among them."""
    rows = []
    for token, (reached, first) in customers_of(case).items():
        value, kind, key = connection.execute(
            "SELECT value, kind, key FROM token WHERE number = ?", (token,)
        ).fetchone()
        rows.append((value.hex(), kind, key, reached.word, utc(first)))
    return sheet(("token", "kind", "key", "reached", "first_utc"), sorted(rows))


def _coverage(case: Case, reading: Reading, missing: list[tuple[str, str]]) -> bytes:
    rows: list[tuple[str | int, ...]] = []
    looked = {one.sequence: one for one in case.transfers}
    for one in case.events:
        transfer = looked.get(one.sequence)
        why = "; ".join(one.facts.gaps)
        if transfer is not None:
            person = reading.shown(transfer.user)
            rows.append(("event", one.uid, utc(transfer.time), person, transfer.coverage, transfer.bytes, why))
    unseen = case.scope.unseen
    rows += [("blind", one.why, utc(one.first), "", "none", 0, f"until {utc(one.last)}") for one in unseen.blind]
    rows += [("lost", one, "", "", "none", 0, "deleted by retention, or grouped otherwise now") for one in case.lost]
    rows += [("missing", uid, "", "", "", 0, why) for uid, why in missing]
    if unseen.forgotten:
        rows.append(("forgotten", "", "", "", "none", 0, f"{unseen.forgotten} events deleted by retention"))
    return sheet(("what", "event", "time_utc", "person", "inspected", "bytes", "why"), rows)


def _custody(case: Case) -> Iterator[bytes]:
    for one in case.custody:
        said = {"entry": one.number, "at": one.at, "who": one.who, "did": one.did, "of": one.of, "why": one.why}
        yield canonical({**said, "before": one.before.hex(), "after": one.hash.hex()}) + b"\n"


def _exhibits(case: Case, sums: Mapping[str, Sums]) -> bytes:
    of_event = {f"evidence/shares/{one.uid}.json": one.uid for one in case.events}
    for one in case.events:
        pointer = one.facts.evidence
        if pointer is not None and pointer.blob:
            of_event[f"evidence/blobs/{pointer.blob}"] = one.uid
    rows = []
    for path in sorted(sums):
        own = PurePosixPath(path)
        kind = _KINDS.get(path) or _KINDS.get(own.parts[0], "")
        one_sum = sums[path]
        what = own.suffix.removeprefix(".") or "sealed"
        rows.append((path, kind, what, one_sum.size, one_sum.sha256, one_sum.sm3, of_event.get(path, case.name)))
    return sheet(("名称", "类别", "格式", "大小", "SHA-256", "SM3", "来源事件"), rows)
