"""Conversations: messages of a WebSocket, of a gRPC stream or of a raw connection, each judged before it goes on.

A stream or a connection is one transfer in many pieces: what was found in earlier messages is judged together with what
is found in the next, so a limit for one request holds for the whole of it. Of a WebSocket it is what was sent within a
minute. Windows count each customer once, as always.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

import structlog
from mitmproxy.flow import Flow

from dlp_proxy.model.event import Disposition, Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.proxy import side_by_side
from dlp_proxy.proxy.enforce import drop_message, stops
from dlp_proxy.proxy.failure import failure
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded, Steps
from dlp_proxy.stores.uid import UidMaker

_log = structlog.get_logger("dlp_proxy.proxy")

_REMEMBERED: Final = 1_000
"""Findings of a conversation that are judged again with its next message. Policy that has not stopped it by then has no
limit for one request that it would reach later; and judging all of them for each message would cost ever more."""

_TOGETHER_SECONDS: Final = 60.0
"""Messages of a WebSocket within this time are judged together: a script's export is, the chats of a day are not."""
_CARRIED: Final = 1024
"""Bytes of what went before that are looked at again: longer than an address with a name and a number."""
_SMALL_BYTES: Final = 256
_VALUE_BYTES: Final = 8
"""Of the shortest message that may hold a value."""
_BARE: Final = re.compile(rb"[^\x00-\x08{}\[\]<>=&:\"]*")
_BETWEEN_WORDS: Final = b" \t\r\n,;|\0"

_ONCE: Final = frozenset({"unknown-format", "malformed"})
"""Reasons of gaps that are told once in a conversation."""

type _Form = Literal["bare", "json", ""]
type Translate = Callable[[str], Message]
"""uid -> the message that waits for its verdict."""


class Talk:
    """Takes one message of a conversation up the staircase. Whatever is raised, the exception policy decides."""

    def __init__(self, settings: ProxySettings, metrics: Metrics, uid: UidMaker) -> None:
        self._settings = settings
        self._metrics = metrics
        self._uid = uid

    async def climb(self, flow: Flow, steps: Steps, translate: Translate) -> None:
        """Steps 2 to 8 for one message. When it is stopped, the flow's passage has a reason to close."""
        uid, step, message = self._uid(), "translate", None
        laps = self._metrics.laps()
        try:
            message = translate(uid)
            laps.end(step)
            step = "inspect"
            form = _form(message)
            seen = await steps.inspect(_behind_tail(flow, message, form))
            inspection = _with_earlier(flow, message, _told(flow, _new(flow, message, seen, form)))
            laps.end(step)
            step = "judge"
            async with asyncio.timeout(self._settings.record_seconds):
                judgement, _ = await steps.judge(message, inspection)
            laps.end(step)
            step = "enforce"
            self._enforce(flow, judgement)
            laps.end(step)
            self._metrics.judged(judgement, message.size)
            self._report(steps, judgement)
        except Exception as error:  # noqa: BLE001 - as in Staircase._climb: every error after receive ends here
            await self._by_exception_policy(flow, steps, message, failure(step, error), uid)

    async def _by_exception_policy(
        self, flow: Flow, steps: Steps, message: Message | None, error: str, uid: str
    ) -> None:
        self._metrics.exceptions.labels(step=error.partition(":")[0]).inc()
        _log.error("step failed", error=error, uid=uid)
        try:
            if message is None:
                drop_message(flow, uid)
                return
            judgement = steps.by_exception_policy(message, error)
            if not error.startswith("record") or self._settings.on_error != "block":
                await self._record(steps, judgement)
            self._enforce(flow, judgement)
        except Exception as second:  # noqa: BLE001 - the last word
            _log.error("exception policy failed", error=type(second).__name__, uid=uid)
            drop_message(flow, uid)

    async def _record(self, steps: Steps, judgement: Judgement) -> Recorded:
        async with asyncio.timeout(self._settings.record_seconds):
            return await steps.record(judgement)

    @staticmethod
    def _enforce(flow: Flow, judgement: Judgement) -> None:
        if stops(judgement.verdict):
            drop_message(flow, judgement.message.uid)
        else:
            passage = passage_of(flow)
            passage.told |= {gap.reason for gap in judgement.inspection.gaps} & _ONCE

    @staticmethod
    def _report(steps: Steps, judgement: Judgement) -> None:
        if judgement.worth_an_event:
            stopped = stops(judgement.verdict)
            sent = 0 if stopped else judgement.message.size
            done = disposition(blocked=stopped, logged=judgement.verdict.action is Action.LOG)
            steps.outcome(Outcome(judgement.message.uid, time.time(), done, sent))


def disposition(*, blocked: bool, logged: bool) -> Disposition:
    if blocked:
        return "blocked"
    return "logged" if logged else "allowed"


def _form(message: Message) -> _Form:
    """Return how a message goes on from the one before: as bare text, as another small document, or not at all.

    What is typed letter by letter comes either way. Messages that are long, or of another form, stand for themselves.
    """
    if message.channel == "tcp":
        return "bare"
    if len(message.body) > _SMALL_BYTES or message.headers:
        return ""
    if _BARE.fullmatch(message.body) is not None:
        return "bare"
    return "json" if message.channel == "websocket" and side_by_side.is_document(message.body) else ""


def _behind_tail(flow: Flow, message: Message, form: _Form) -> Message:
    """Return what is looked at: the message behind the end of what went before, so that a cut value is whole.

    One that may hold a value by itself is looked at a second time, as a line of its own: it need go on with nothing.
    """
    passage = passage_of(flow)
    if not passage.tail or passage.tail_form != form:
        return message
    if form == "json":
        lines = passage.tail + side_by_side.on_a_line(message.body)
        return replace(message, body=lines + side_by_side.strings(lines))
    whole = passage.tail + message.body
    if message.channel != "tcp" and len(message.body) >= _VALUE_BYTES:
        whole += b"\n\n" + passage.tail_lines + message.body
    return replace(message, body=whole)


def _new(flow: Flow, message: Message, seen: Inspection, form: _Form) -> Inspection:
    """Return what was found that the messages before had not, and keep the end of all for the next one."""
    passage = passage_of(flow)
    goes_on = bool(passage.tail) and passage.tail_form == form
    new = seen.beyond(passage.seen) if goes_on and passage.seen is not None else seen
    whole, lines = (passage.tail, passage.tail_lines) if goes_on else (b"", b"")
    line = (side_by_side.on_a_line(message.body) if form == "json" else message.body) + b"\n"
    passage.tail, passage.tail_form = (_end(whole + (line if form == "json" else message.body), form), form)
    passage.tail_lines = _end(lines + line, "json") if form == "bare" else b""
    if not form:
        passage.tail = b""
    passage.seen = seen if passage.tail else None
    return new


def _end(whole: bytes, form: _Form) -> bytes:
    """Return the end of what went so far, from where a word or a document begins: half a number is another one."""
    if len(whole) <= _CARRIED:
        return whole
    kept = whole[-_CARRIED:]
    if form == "json":
        return kept[kept.find(b"\n") + 1 :]
    return kept[next((at for at, byte in enumerate(kept[:256]) if byte in _BETWEEN_WORDS), 0) :]


def _told(flow: Flow, one: Inspection) -> Inspection:
    """Mark an inspection of nothing but gaps that an event of the conversation told of, and policy let pass.

    A binary protocol would otherwise make an event of each of its thousands of messages.
    """
    told = passage_of(flow).told
    if not told or one.findings or not {gap.reason for gap in one.gaps} <= told:
        return one
    return replace(one, told=True)


def _with_earlier(flow: Flow, message: Message, one: Inspection) -> Inspection:
    """Return a message's inspection together with what was found before it; one that found nothing stays as it is.

    A stream is one transfer. A socket is open all day: of it, what was sent within a minute is.
    """
    if not one.findings:
        return one
    passage = passage_of(flow)
    if message.channel == "websocket" and message.time - passage.earlier_since > _TOGETHER_SECONDS:
        passage.earlier = None
    if passage.earlier is None:
        passage.earlier_since = message.time
    so_far = one if passage.earlier is None else passage.earlier.with_later(one)
    kept = so_far if len(so_far.findings) <= _REMEMBERED else one
    passage.earlier = replace(kept, gaps=())
    return so_far
