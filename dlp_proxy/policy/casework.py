"""Tests written in YAML: their requests as messages on a virtual clock, and verdicts against what they expect.

Running needs the pipeline, which is a room above; it comes in as two functions, so this room stays pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final, Protocol, cast
from urllib.parse import urlsplit

from dlp_proxy.model.finding import Gap, GapReason
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Action, Reason, Verdict
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.made import MIME, Layout, Made, make_body, zipped
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.schedules import moment_of
from dlp_proxy.policy.wording import fill

_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_START: Final = time(9, 0, tzinfo=UTC)


class Judged(Protocol):
    """Whatever the engine answers with, as far as a test looks at it."""

    @property
    def verdict(self) -> Verdict: ...

    @property
    def redacted(self) -> Redacted | None: ...


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one test went.

    Attributes:
        path: file and `line` of the test.
        messages: requests that were judged.
        failures: what was not as expected, with the reasons given; empty for a test that passed.
    """

    name: str
    path: str
    line: int
    messages: int
    failures: tuple[str, ...]
    expected: Checked | None = None
    """The `expect` that was not met, the message it was of, and what that message was judged to be."""
    message: Message | None = None
    judged: Judged | None = None

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def text(self) -> str:
        """Return the failures as lines to print below the test's own line."""
        return "\n".join(f"     {line}" for line in self.failures)


def run_cases(
    policy: Policy, examine: Callable[[Message], Judged], reset: Callable[[], None]
) -> tuple[CaseResult, ...]:
    """Run every test of the set and return how each went; `reset` empties the windows before each.

    A test ends at its first step that fails, since later totals rest on it.
    """
    return tuple(_run(policy, test, examine, reset) for test in policy.tests)


def _run(policy: Policy, test: Checked, examine: Callable[[Message], Judged], reset: Callable[[], None]) -> CaseResult:
    reset()
    judged = 0
    place = test.place
    try:
        for step, message, expect in messages_of(policy, test):
            judged += 1
            answer = examine(message)
            wrong = (
                [*compare_answer(expect, answer.verdict), *_compare_body(expect, answer)] if expect is not None else []
            )
            if wrong:
                failures = (*(f"step {step}  {line}" for line in wrong), *_reasons(policy, answer.verdict))
                return CaseResult(test.name, place.path, place.line, judged, failures, expect, message, answer)
    except ValueError as error:
        return CaseResult(test.name, place.path, place.line, judged, (str(error),))
    return CaseResult(test.name, place.path, place.line, judged, ())


def messages_of(policy: Policy, test: Checked) -> Iterator[tuple[int, Message, Checked | None]]:
    """Yield (number of the step, message, what it expects) in order of time.

    A step without `at` comes one second after the message before it. A repeated step makes new records each time.

    Raises:
        ValueError: a detector that `make` needs has no sample.
    """
    begin = datetime.combine(policy.checked_on, _START).timestamp()
    if (begins := test.text("begins")) != "":
        begin = moment_of(begins)
    clock = 0
    number = 0
    for index, step in enumerate(test.blocks("steps") or (test,), 1):
        request = step.block("request")
        if request is None:
            continue
        clock = step.number("at", clock + 1 if number else 0)
        for turn in range(step.number("repeat", 1)):
            if turn:
                clock += step.number("every")
            number += 1
            yield index, _message(policy, request, number, begin + clock, turn), step.block("expect")


def _message(policy: Policy, request: Checked, number: int, moment: float, turn: int) -> Message:
    to = urlsplit(request.text("to"))
    made = _made(policy, request, turn)
    headers = [(b"host", to.netloc.encode("idna") if to.netloc.isascii() else to.netloc.encode())]
    if made.mime:
        headers.append((b"content-type", made.mime.encode()))
    if name := request.text("filename"):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        headers.append((b"content-disposition", f'attachment; filename="{quoted}"'.encode()))
    gaps: tuple[Gap, ...] = ()
    if reason := request.text("unreadable"):
        gaps = (Gap(cast("GapReason", reason), Location("body"), "The test says so."),)
    return Message(
        uid=f"test-{number}",
        time=moment,
        channel="websocket" if to.scheme in {"ws", "wss"} else "http",
        principal=Principal(request.text("from"), "declared", "strong", device="test"),
        destination=Destination(to.scheme, (to.hostname or "").rstrip("."), to.port or _PORTS[to.scheme]),
        method=request.text("method", "POST"),
        target=(to.path or "/") + (f"?{to.query}" if to.query else ""),
        headers=tuple(headers),
        body=made.body,
        gaps=gaps,
        known=request.texts("known"),
    )


def _made(policy: Policy, request: Checked, turn: int) -> Made:
    content = request.text("content")
    made = _body(policy, request, turn)
    if content == "archive":
        return Made(zipped(request.text("filename", "upload.txt"), made.body), MIME["archive"])
    return Made(made.body, MIME.get(content, made.mime))


def _body(policy: Policy, request: Checked, turn: int) -> Made:
    make = request.block("make")
    if make is not None:
        rows = make.number("rows")
        record = policy.record_specs[make.text("record")]
        start = make.number("start") + turn * rows
        return make_body(record, policy.detector_specs, rows, cast("Layout", make.text("as", "csv")), start)
    if "body_file" in request.given:
        return Made(policy.fixtures[request.text("body_file")], MIME["binary"])
    body = request.text("body").encode()
    return Made(body, MIME["text"] if body else "")


def compare_answer(expect: Checked, verdict: Verdict) -> list[str]:
    """Return what differs. `rule` and `exception` choose the reason that `count` and the message are asked of."""
    wrong = []
    action = verdict.action.word
    if action != expect.text("action", action):
        wrong.append(f"action: expected {expect.text('action')}, got {action}")
    chosen = verdict.reasons
    for key, name in (("rule", "rule"), ("exception", "exception")):
        wanted = expect.text(key)
        if not wanted:
            continue
        decided = [reason for reason in verdict.reasons if reason.effective == verdict.action]
        fitting = tuple(reason for reason in decided if getattr(reason, name) == wanted)
        if not fitting:
            got = ", ".join(dict.fromkeys(getattr(reason, name) for reason in decided if getattr(reason, name)))
            wrong.append(f"{key}: expected {wanted}, got {got or 'none'}")
        chosen = tuple(reason for reason in chosen if reason in fitting)
    reason = chosen[0] if chosen else None
    if "count" in expect.given and (reason.count if reason else 0) != expect.number("count"):
        wrong.append(f"count: expected {expect.number('count')}, got {reason.count if reason else 0}")
    words = expect.text("message_contains")
    if words and not any(words in text for text in _messages(reason)):
        wrong.append(f"message_contains: no message of {reason.rule if reason else 'any rule'} holds `{words}`")
    return wrong


def _compare_body(expect: Checked, answer: Judged) -> list[str]:
    """Return what the redacted body holds and must not, or lacks."""
    contains, lacks = expect.texts("body_contains"), expect.texts("body_lacks")
    if not contains and not lacks:
        return []
    one = answer.redacted
    if answer.verdict.action is not Action.REDACT or one is None or one.body is None:
        why = f": {one.why}" if one is not None and one.why else ""
        return [f"body: expected a redacted body, there is none{why}"]
    body = one.body.decode(errors="replace")
    wrong = [f"body_contains: `{words}` is not in the redacted body" for words in contains if words not in body]
    return wrong + [f"body_lacks: `{words}` is in the redacted body" for words in lacks if words in body]


def _messages(reason: Reason | None) -> list[str]:
    if reason is None:
        return []
    blanks = {"site": "the site", "user": "the user", "incident": "test", "help_": "the help desk"}
    return [fill(text, reason, language=language, **blanks) for language, text in reason.message.items()]


def _reasons(policy: Policy, verdict: Verdict) -> list[str]:
    """Return one line a rule that matched: where it is, what it came to, and the totals it saw."""
    places = {(rule.policy, rule.name): rule.place for rule in policy.rules}
    lines = []
    for reason in verdict.reasons:
        place = places.get((reason.policy, reason.rule))
        at = f" ({place.path}:{place.line})" if place else ""
        what = " + ".join(f"{count} {name}" for name, count in reason.what.items()) or "nothing to count"
        totals = "; ".join(f"{total} of {words}" for words, total in reason.totals.items())
        under = f", exception {reason.exception}" if reason.exception else ""
        lines.append(f"{reason.rule}{at} {reason.effective.word}{under}: {what}{f'; {totals}' if totals else ''}")
    return lines or ["no rule matched"]
