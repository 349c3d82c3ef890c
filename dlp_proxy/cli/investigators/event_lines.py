"""One event as it is read on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from dlp_proxy.incidents.accounts import account_in_words
from dlp_proxy.stores.ports import Kept


def lines_of_event(kept: Kept) -> list[str]:
    """Return the lines of a transfer, a ring, a reset, or a connection that was passed on unopened."""
    other = {"window-reset": _of_reset, "ring": _of_ring, "bypass": _of_bypass}.get(kept.event.body.get("kind", ""))
    return other(kept) if other else _of_transfer(kept)


def _of_ring(kept: Kept) -> list[str]:
    event, body = kept.event, kept.event.body
    return [
        f"event {event.uid}  number {kept.sequence}  {_utc(event.time)} UTC  {kept.incident}  ring",
        f"  who      {len(body['people'])} people: {', '.join(body['people'])}",
        f"  where    {body['place']}, last {event.site}",
        f"  what     {body['shared']} customers that at least two of them sent; {body['sharing']} in common link two",
        f"  verdict  {event.action}" + (f" (would: {event.would})" if event.would != event.action else ""),
        f"  rule     {event.rule} ({body['policy_name']}): limit {body['limit']}, severity {body['severity']}",
        f"  joined   by {event.user}, with event {body['joined_by']}",
    ]


def _of_bypass(kept: Kept) -> list[str]:
    event, body = kept.event, kept.event.body
    identity = body["identity"]
    lines = [
        f"event {event.uid}  number {kept.sequence}  {_utc(event.time)} UTC  passed on unopened, {body['state']}",
        f"  who      {event.user}  (by {identity['method']}, {identity['strength']}; from {identity['address']})",
        f"  where    {event.site}",
        f"  by       {body['entry']} until {body['expires']}, of {body['owner']}: {body['reason']}",
        "  coverage none: nobody saw what was sent",
    ]
    if body["state"] == "ends":
        lines.append(f"  bytes    {body['sent']} sent, {body['received']} received, in {body['seconds']} s")
    return lines


def _of_reset(kept: Kept) -> list[str]:
    event, body = kept.event, kept.event.body
    return [
        f"event {event.uid}  number {kept.sequence}  {_utc(event.time)} UTC  windows reset",
        f"  whose    {event.user}",
        f"  by       {body['by']}: {body['reason']}",
        *(f"  rule     {one['rule']} ({one['policy']}): {one['total']} of {one['limit']}" for one in body["windows"]),
    ]


def _of_transfer(kept: Kept) -> list[str]:
    """Return the lines of a transfer; a light record has no word of findings, reasons and gaps: there were none."""
    event, body = kept.event, kept.event.body
    identity, request, coverage = body["identity"], body["request"], body["coverage"]
    trust = identity["strength"] + ", shared" * bool(identity.get("shared"))
    lines = [
        f"event {event.uid}  number {kept.sequence}  {_utc(event.time)} UTC"
        + (f"  {kept.incident}" * bool(kept.incident)),
        f"  who      {event.user}  (by {identity['method']}, {trust}; from {identity['address']})",
        f"  where    {request['method']} {request['scheme']}://{event.site}{request['path']}",
        f"  what     {request['http_version']}, {request['bytes']} bytes {request['content']}",
        *([f"  account  {account_in_words(request['account'])}"] if "account" in request else []),
        f"  verdict  {event.action}" + (f" (would: {event.would})" if event.would != event.action else ""),
    ]
    if body.get("error"):
        lines.append(f"  error    {body['error']}: the exception policy decided")
    least = "at least " * bool(coverage.get("at_least"))
    for reason in body.get("reasons", ()):
        limit = f", limit {reason['limit']}" if reason["limit"] else ""
        excused = f", exception {reason['exception']}" if reason["exception"] else ""
        settled = f" ({reason['settled']}: {reason['effective']})" if reason.get("settled") else ""
        came_to = f"{reason['action']}{settled}, {least}{reason['count']} customers{limit}{excused}"
        lines.append(f"  rule     {reason['rule']} ({reason['policy']}): {came_to}")
        if answer := reason.get("answer"):
            asked = f"{_utc(answer['at'])} UTC, asked in {answer['asked_in']}"
            lines.append(f"  answer   {answer['by']}: {answer['reason'] or 'confirmed'}  ({asked})")
    if redaction := body.get("redaction"):
        kinds = ", ".join(f"{count} {kind}" for kind, count in redaction["kinds"].items())
        lines.append(f"  redacted {kinds}" if kinds else f"  redacted nothing: {redaction['cannot']}")
    if body.get("findings"):
        lines.append(f"  found    {least}" + ", ".join(f"{count} {kind}" for kind, count in body["findings"].items()))
    lines += [
        f"           {one['masked']}  {one['detector']}, {one['confidence']}  {one['location']}"
        for one in body.get("examples", ())[:5]
    ]
    stopped = "; the rest was not looked at, as this was enough to block" * bool(coverage.get("at_least"))
    lines.append(f"  coverage {coverage['inspected']}{stopped}")
    lines += _looked_at(request["bytes"], coverage)
    lines += [f"  gap      {gap['reason']} at {gap['location']}: {gap['detail']}" for gap in coverage.get("gaps", ())]
    if body.get("repeated_failure"):
        times = body["failure"]["times"]
        lines.append(f"  again    the same body by the same person failed {times} times: no accident, look at the file")
    lines += _evidence(body.get("evidence"))
    outcome = kept.outcome
    lines.append(
        "  outcome  unknown: the proxy stopped before it could tell"
        if outcome is None
        else f"  outcome  {outcome.disposition}, {outcome.released_bytes} bytes released, {outcome.fate}"
        + (f", the destination answered {outcome.status}" if outcome.status else "")
    )
    return lines


def _evidence(evidence: Mapping[str, Any] | None) -> list[str]:
    if evidence is None:
        return []
    if evidence["kept"] == "none":
        return [f"  gap      {evidence['gap']}: {evidence['why']}"]
    says = (
        f"{evidence['kept']}, {evidence['body_bytes']} bytes of the body, sealed to {len(evidence['sealed_to'])} keys"
    )
    return [f"  evidence {says}; blob {evidence['blob'][:16]}"]


def _looked_at(size: int, coverage: Mapping[str, Any]) -> list[str]:
    """Return what was read, and by whom; events of earlier versions do not say."""
    if "formats" not in coverage:
        return []
    formats = ", ".join(f"{count} {name}" for name, count in coverage["formats"].items()) or "no content"
    skipped = f", {coverage['skipped_bytes']} or more not read" if coverage.get("skipped_bytes") else ""
    sizes = f"{size} bytes sent, {coverage['expanded_bytes']} unpacked{skipped}"
    read = f"  read     {sizes}; {coverage['parts']} parts, {formats}"
    if "detectors" not in coverage:
        return [read]
    return [read, f"  looked   {len(coverage['detectors'])} detectors: {', '.join(coverage['detectors']) or 'none'}"]


def _utc(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
