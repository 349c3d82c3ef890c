"""``policy explain``: why a request gets its answer, rule by rule."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dlp_proxy.cli.authors.candidates import candidates_of
from dlp_proxy.cli.authors.folder import POLICIES, engine_for_tests, good_policy
from dlp_proxy.cli.authors.requests import message_of, of_curl
from dlp_proxy.cli.authors.traffic import recorded
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import STATE
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import Judgement, examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.reasons import trace
from dlp_proxy.stores.ports import Kept
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.windows.windows import Windows


@click.command("explain")
@click.argument("request", default="", metavar="[REQUEST]")
@POLICIES
@click.option("--from", "user", default="someone", show_default=True, help="Who sends.")
@click.option("--to", "url", default="", help="Where to, e.g. https://pan.example/up.")
@click.option("--body", default="", help="What is sent; @FILE for a file.")
@click.option("--method", default="", help="POST with a body, GET without, when not given.")
@click.option("--group", "groups", multiple=True, help="A group of the sender.")
@click.option("--test", "test_line", default="", metavar="LINE|NAME", help="A test of the policies instead.")
@STATE
@click.option("--detectors", is_flag=True, help="What each detector matched, and why candidates were dropped.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain(
    request: str,
    policies: Path,
    user: str,
    url: str,
    body: str,
    method: str,
    groups: Sequence[str],
    test_line: str,
    state: Path,
    form: str,
    *,
    detectors: bool,
) -> None:
    """Tell rule by rule why a request gets its answer; requests of one file add up in the windows.

    REQUEST is a curl command line in quotes, a HAR file of a browser, a flow file of mitmproxy, or the number of an
    incident or event; without it, --to and --body are the request.

    \b
    Example:
      dlp-proxy policy explain --from li.na@corp.example --to https://pan.example/up --body @export.csv
    """
    _refuse_two_requests(request, url, body)
    _, policy = good_policy(policies)
    if request.startswith("inc-") or (request and not _is_request(request)):
        _explain_kept(request, state, policy)
        return
    if test_line:
        messages: Iterator[Message] = _of_test(policy, test_line)
    else:
        messages = _messages(request, user, url, body, method)
    engine, windows = engine_for_tests(policy), Windows()
    shown = 0
    for message in messages:
        named = replace(message, principal=replace(message.principal, groups=tuple(groups) or message.principal.groups))
        shown += 1
        judged = examine(named, engine, windows)
        lines = trace(engine.policy, named, judged.inspection, judged.matches, judged.verdict)
        if form == "json":
            click.echo(json.dumps(_as_json(judged, lines), ensure_ascii=False))
            continue
        if shown > 1:
            click.echo()
        click.echo("\n".join(lines))
        if detectors:
            click.echo("\n".join(candidates_of(named, engine)))
    if not shown:
        raise click.UsageError("there is no request in it")


def _refuse_two_requests(request: str, url: str, body: str) -> None:
    if request and Path(request).is_dir():
        raise click.UsageError(
            f"{request} is a folder, not a request: if it holds the policies, say --policies {request}"
        )
    if request and (url or body):
        raise click.UsageError(f"{request!r} and --to with --body are two requests: leave one of them out")


def _is_request(request: str) -> bool:
    return request.startswith("curl ") or Path(request).is_file()


def _messages(request: str, user: str, url: str, body: str, method: str) -> Iterator[Message]:
    now = time.time()
    if request.startswith("curl "):
        yield of_curl(request, user, now)
    elif request:
        yield from recorded(Path(request), user, now)
    elif url:
        try:
            content = Path(body[1:]).read_bytes() if body.startswith("@") else body.encode()
        except OSError as error:
            raise click.UsageError(f"cannot read {body[1:]}: {error.strerror}") from error
        yield message_of(url, user, method.upper() or ("POST" if content else "GET"), [], content, now)
    else:
        raise click.UsageError("give a REQUEST, or --to with --body; see --help")


def _of_test(policy: Policy, wanted: str) -> Iterator[Message]:
    for test in policy.tests:
        if wanted in {test.name, str(test.place.line), f"{test.place.path}:{test.place.line}"}:
            yield from (message for _, message, _ in messages_of(policy, test))
            return
    raise click.UsageError(f"no test begins in line {wanted} or has this name")


def _as_json(judged: Judgement, lines: Sequence[str]) -> dict[str, Any]:
    verdict = judged.verdict
    return {
        "action": verdict.action.word,
        "would": verdict.would.word,
        "policy": verdict.policy_digest,
        "reasons": [
            {
                "rule": one.rule,
                "policy": one.policy,
                "action": one.action.word,
                "mode": one.mode,
                "count": one.count,
                "totals": dict(one.totals),
                "what": dict(one.what),
                "exception": one.exception or None,
            }
            for one in verdict.reasons
        ],
        "trace": list(lines),
    }


def _explain_kept(identifier: str, state: Path, policy: Policy) -> None:
    with SqliteReader(StateDir(state).events) as reader:
        events = reader.named(identifier)
    if not events:
        click.echo(
            f"dlp-proxy: {identifier} is no file, no curl command line, and no incident or event in {state}", err=True
        )
        raise click.exceptions.Exit(PROBLEMS)
    for kept in events:
        click.echo("\n".join(_kept(kept, policy)))


def _kept(kept: Kept, policy: Policy) -> Iterator[str]:
    event, body = kept.event, kept.event.body
    places = {(rule.policy, rule.name): rule.place for rule in policy.rules}
    if (kind := body.get("kind")) is not None:
        closing = f"; `dlp-proxy policy explain {body['joined_by']}` tells of the transfer that closed it" * (
            kind == "ring"
        )
        yield f"event {event.uid} is a {kind}: `dlp-proxy incident show {event.uid}` has it{closing}"
        return
    request = body["request"]
    yield f"{request['method']} {request['scheme']}://{event.site}{request['path']}  from {event.user}"
    for reason in body["reasons"]:
        place = places.get((reason["policy"], reason["rule"]))
        at = f"{place.path}:{place.line}" if place else "not in these policies"
        what = " + ".join(f"{count} different {name}" for name, count in reason["what"].items())
        yield f"  MATCH {reason['rule']:<28} {at}  {what}"
        yield from (f"          {total} of {words}" for words, total in reason["totals"].items())
        excused = f", exception {reason['exception']}" if reason["exception"] else ""
        yield f"          {reason['action']}; mode {reason['mode']}{excused}"
    yield f"  answer: {event.action}" + (f", would {event.would}" if event.would != event.action else "")
    same = "the set in force here" if body["policy"] == policy.digest else "another set than the one here"
    yield f"  policy {body['policy']}: {same}"
