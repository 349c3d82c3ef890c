"""Conversations: what is looked at again with the next message, what is judged again, and what is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.test import tflow

from dlp_proxy.model.finding import Confidence, Finding, Gap
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Channel, Destination, Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.model.verdict import Action, Answer, Question, Verdict
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded, Steps
from dlp_proxy.proxy.talk import Talk
from dlp_proxy.stores.uid import UidMaker

FOUND = Finding(
    "phone-cn", "phone", 0, 0, 11, Location("websocket"), Confidence.HIGH, Sensitive("13800138000"), b"f" * 16
)


@dataclass(frozen=True, slots=True)
class Judged:
    message: Message
    inspection: Inspection
    verdict: Verdict
    worth_an_event: bool = False
    redacted: Redacted | None = None
    questions: tuple[Question, ...] = ()


@dataclass
class Engine:
    """Finds a phone where the text has one, cannot read what begins with NUL, and blocks ``stop``."""

    looked_at: list[bytes] = field(default_factory=list)
    judged: list[Inspection] = field(default_factory=list)
    fails: bool = False

    async def inspect(self, message: Message) -> Inspection:
        if self.fails:
            raise ZeroDivisionError
        self.looked_at.append(message.body)
        findings = (FOUND,) * message.body.count(b"13800138000")
        gaps = (Gap("unknown-format", Location("websocket")),) if message.body.startswith(b"\0") else ()
        return Inspection(findings=findings, gaps=gaps, parts=1, bytes=message.size)

    async def judge(self, message: Message, inspection: Inspection) -> tuple[Judgement, Recorded]:
        self.judged.append(inspection)
        action = Action.BLOCK if b"stop" in message.body else Action.ALLOW
        return Judged(message, inspection, Verdict(action, action)), Recorded()

    def by_exception_policy(self, message: Message, error: str) -> Judgement:
        return Judged(message, Inspection(), Verdict(Action.BLOCK, Action.BLOCK, error=error))

    async def record(self, judgement: Judgement) -> Recorded:
        return Recorded()

    async def answer(self, answers: Sequence[Answer]) -> None:
        raise NotImplementedError

    def steps(self) -> Steps:
        return Steps(self.inspect, self.judge, self.by_exception_policy, self.record, lambda _: None, self.answer, str)


@dataclass
class Conversation:
    engine: Engine = field(default_factory=Engine)
    flow: Any = field(default_factory=tflow.tflow)
    talk: Talk = field(default_factory=lambda: Talk(ProxySettings(Path()), Metrics(), UidMaker()))

    async def say(self, *bodies: bytes, channel: Channel = "websocket", at: float = 1.0) -> None:
        for body in bodies:
            await self.talk.climb(self.flow, self.engine.steps(), partial(message, body, channel, at))

    @property
    def closed(self) -> str:
        return passage_of(self.flow).close_reason


def message(body: bytes, channel: Channel, at: float, uid: str) -> Message:
    who = Principal("li.wei", "declared", "none")
    return Message(uid, at, channel, who, Destination("wss", "files.example", 443), "GET", "/", body=body)


async def test_bare_text_is_looked_at_behind_what_went_before() -> None:
    said = Conversation()
    await said.say(b"tel 138", b"0013", b"8000")
    assert said.engine.looked_at == [b"tel 138", b"tel 1380013", b"tel 13800138000"]
    assert len(said.engine.judged[-1].findings) == 1


@pytest.mark.parametrize("form", [b'{"a": "8000"}', b"a=8000", b"<a>8000</a>", b"\0\x01\x02", b"x" * 300])
async def test_what_has_a_form_of_its_own_stands_for_itself(form: bytes) -> None:
    said = Conversation()
    await said.say(b"1380013", form, b"8000")
    assert said.engine.looked_at == [b"1380013", form, b"8000"]


async def test_reading_goes_on_behind_a_finding_which_is_judged_once() -> None:
    """A number and the name beside it may come in two messages; each is found again in what is read again."""
    said = Conversation()
    await said.say(b"13800138000", b" ok", b" fine")
    assert said.engine.looked_at[1:] == [b"13800138000 ok", b"13800138000 ok fine"]
    assert [len(one.findings) for one in said.engine.judged] == [1, 0, 0]


async def test_what_may_be_whole_is_also_looked_at_as_a_line() -> None:
    """Two numbers in two messages are none where they are read as one text."""
    said = Conversation()
    await said.say(b"13800138000", b"13800138001", b"ok")
    assert said.engine.looked_at[1] == b"1380013800013800138001\n\n13800138000\n13800138001"
    assert said.engine.looked_at[2] == b"1380013800013800138001ok"


async def test_small_documents_are_looked_at_side_by_side() -> None:
    said = Conversation()
    await said.say(*[f'{{"n": {number}, "c": "{sign}"}}'.encode() for number, sign in enumerate("tel 13800138000")])
    assert said.engine.looked_at[1] == b'{"n": 0, "c": "t"}\n{"n": 1, "c": "e"}\n["te"]'
    assert sum(len(one.findings) for one in said.engine.judged) == 1


@pytest.mark.parametrize("between", ["\n  ", "\r\n", "\r"])
async def test_documents_of_several_lines_are_a_line_each(between: str) -> None:
    talk = Conversation()
    for letter in "ab":
        await talk.say(f'{{{between}"k": "{letter}"{between}}}'.encode())
    assert not talk.flow.error
    assert talk.engine.looked_at[1].endswith(b'\n["ab"]')


async def test_documents_that_are_long_or_have_no_string_twice_stand_as_they_are() -> None:
    said = Conversation()
    long = b'["%s"]' % (b"x" * 300)
    await said.say(b'{"a": 1}', b'{"b": "x"}', long, b"[1]")
    assert said.engine.looked_at == [b'{"a": 1}', b'{"a": 1}\n{"b": "x"}', long, b"[1]"]


async def test_of_a_raw_connection_everything_goes_on_and_the_tail_begins_with_a_word() -> None:
    said = Conversation()
    await said.say(b"9" * 5000 + b" word " + b"x" * 900, b'{"a": 1}', channel="tcp")
    assert said.engine.looked_at[1] == b" word " + b"x" * 900 + b'{"a": 1}'


async def test_findings_stand_beside_those_of_earlier_messages_and_clean_messages_alone() -> None:
    said = Conversation()
    await said.say(b"t=13800138000", b"t=clean", b"t=13800138000", b"t=13800138000")
    assert [len(one.findings) for one in said.engine.judged] == [1, 0, 2, 3]
    assert [one.part for one in said.engine.judged[-1].findings] == [0, 1, 2]


async def test_of_a_socket_what_is_sent_within_a_minute_is_together_of_a_stream_all() -> None:
    chat, stream = Conversation(), Conversation()
    for at in (1.0, 30.0, 100.0, 120.0, 300.0):
        await chat.say(b"t=13800138000", at=at)
        await stream.say(b"t=13800138000", channel="grpc", at=at)
    assert [len(one.findings) for one in chat.engine.judged] == [1, 2, 1, 2, 1]
    assert [len(one.findings) for one in stream.engine.judged] == [1, 2, 3, 4, 5]


async def test_not_more_than_a_thousand_findings_are_judged_again() -> None:
    said = Conversation()
    await said.say(*[b"t=13800138000 13800138000"] * 502)
    assert max(len(one.findings) for one in said.engine.judged) == 1002
    assert len(said.engine.judged[-1].findings) == 4


async def test_a_gap_that_was_let_pass_is_told_once_unless_something_is_found_beside_it() -> None:
    said = Conversation()
    await said.say(b"\0a", b"\0b", b"\0 13800138000", b"\0c")
    assert [one.told for one in said.engine.judged] == [False, True, False, True]
    assert all(one.gaps for one in said.engine.judged)


async def test_a_stopped_message_closes_the_conversation() -> None:
    said = Conversation()
    await said.say(b"go on")
    assert not said.closed
    await said.say(b"stop")
    assert "stopped by policy" in said.closed


async def test_an_error_of_ours_closes_it() -> None:
    said = Conversation(Engine(fails=True))
    await said.say(b"hello")
    assert said.closed


async def test_an_error_before_there_is_a_message_closes_it() -> None:
    def untranslatable(_: str) -> Message:
        raise KeyError

    said = Conversation()
    await said.talk.climb(said.flow, said.engine.steps(), untranslatable)
    assert said.closed


async def test_an_error_of_the_exception_policy_itself_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Judgement:
        raise KeyError

    said = Conversation(Engine(fails=True))
    monkeypatch.setattr(said.engine, "by_exception_policy", fails)
    await said.say(b"hello")
    assert said.closed
