from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.test import tflow

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Action, Asking, Question, Reason, Verdict
from dlp_proxy.proxy.coaching import Coaching
from dlp_proxy.proxy.enforce import Enforcer, fail_closed, refuse_destination, refuse_sender, stops, withhold
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import ProxySettings, Recorded
from dlp_proxy.proxy.words import words_for
from tests.proxy.test_talk import Judged

REASON = Reason("orders", "bulk", Action.BLOCK, Action.BLOCK, "high", "enforce", 61, "50 in request", 50, "")


@pytest.mark.parametrize(
    ("action", "stopped"),
    [
        (Action.ALLOW, False),
        (Action.COUNTED, False),
        (Action.LOG, False),
        (Action.REDACT, True),
        (Action.COACH, True),
        (Action.BLOCK, True),
    ],
)
def test_what_must_not_leave_as_it_is_does_not(action: Action, stopped: bool) -> None:  # noqa: FBT001
    assert stops(Verdict(action, action, ())) is stopped


def words(verdict: Verdict, language: str) -> tuple[str, str]:
    return words_for(verdict, language, site="a.example", user="li.wei", incident="INC-1", help_contact="the desk")


def test_the_rules_own_message_is_shown_with_its_blanks_filled() -> None:
    message = {"en": "Ask {help} about {incident} at {site}.", "zh": "请联系 {help}，编号 {incident}。"}
    verdict = Verdict(Action.BLOCK, Action.BLOCK, (replace(REASON, message=message),))
    assert words(verdict, "zh-CN") == ("zh", "请联系 the desk，编号 INC-1。")
    assert words(verdict, "de") == ("en", "Ask the desk about INC-1 at a.example.")


def test_our_own_words_tell_no_number() -> None:
    for verdict in (
        Verdict(Action.BLOCK, Action.BLOCK, (REASON,)),
        Verdict(Action.BLOCK, Action.BLOCK, (), error="inspect: KeyError"),
        Verdict(Action.BLOCK, Action.BLOCK, (replace(REASON, policy="default", rule="unreadable"),)),
    ):
        for language in ("en", "zh"):
            said = words(verdict, language)
            assert said[0] == language
            assert not any(character.isdigit() for character in said[1])
            assert "KeyError" not in said[1]


def _withhold(flow: http.HTTPFlow, uid: str) -> None:
    passage_of(flow).uid = uid
    withhold(flow)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(fail_closed, 403, id="it could not be checked"),
        pytest.param(_withhold, 503, id="it could not be recorded"),
        pytest.param(refuse_destination, 403, id="such a destination is refused"),
        pytest.param(lambda flow, uid: refuse_sender(flow, uid, 407), 407, id="who sends is not known"),
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_answer_of_which_there_is_no_event_names_none(
    accept: str, answer: Callable[[http.HTTPFlow, str], None], status: int
) -> None:
    flow = tflow.tflow()
    flow.request.headers["accept"] = accept
    answer(flow, "01REFERENCE")
    assert flow.response is not None
    assert flow.response.status_code == status
    assert flow.response.headers["x-dlp-proxy"] == "unrecorded; reference=01REFERENCE"
    assert b"unrecorded" in (flow.response.raw_content or b"")


def enforced(
    action: Action, redacted: Redacted | None = None, *, attended: bool | None = True, kept: bool = True
) -> http.HTTPFlow:
    """Return a flow of a request after its verdict was done."""
    flow = tflow.tflow()
    named: dict[str | bytes, str | bytes] = {
        "Content-Encoding": "gzip", "Transfer-Encoding": "chunked", "Content-MD5": "x", "Digest": "sha-256=x",
        "Content-Digest": "sha-256=:x:", "Repr-Digest": "sha-256=:x:", "Trailer": "x-sum", "X-Kept": "yes",
        "Proxy-Authorization": "Basic x", "Proxy-Connection": "close", "Accept": "text/html",
    }  # fmt: skip
    flow.request = http.Request.make("POST", "https://pan.example/up", b"", named)
    flow.request.raw_content = b"old body"
    flow.request.trailers = http.Headers(x_sum="x")
    who, to = Principal("li.wei", "declared", "none"), Destination("https", "pan.example", 443)
    message = Message("01UID", 1.0, "http", who, to, "POST", "/up", attended=attended)
    questions = (Question("p", "r", "mark", Asking()),) if action is Action.COACH else ()
    judged = Judged(message, Inspection(), Verdict(action, action), True, redacted, questions)
    Enforcer(ProxySettings(Path()), Coaching(b"k" * 32)).request(flow, judged, Recorded("inc-1", kept))
    return flow


OF_THE_OLD = (
    "Content-Encoding",
    "Transfer-Encoding",
    "Content-MD5",
    "Digest",
    "Content-Digest",
    "Repr-Digest",
    "Trailer",
)


def test_what_was_said_of_a_body_goes_when_another_leaves_in_its_place() -> None:
    flow = enforced(Action.REDACT, Redacted(b"new", {"phone": 1}))
    assert (flow.response, flow.request.raw_content, flow.request.headers["Content-Length"]) == (None, b"new", "3")
    assert [name for name in OF_THE_OLD if name in flow.request.headers] == []
    assert flow.request.trailers is None
    assert passage_of(flow).rewritten


def test_a_body_that_goes_on_keeps_what_was_said_of_it_but_for_what_is_meant_for_us() -> None:
    flow = enforced(Action.LOG)
    assert (flow.response, flow.request.raw_content) == (None, b"old body")
    assert [name for name in OF_THE_OLD if name not in flow.request.headers] == []
    assert flow.request.headers["X-Kept"] == "yes"
    assert [name for name in flow.request.headers if name.lower().startswith("proxy-")] == []
    assert (passage_of(flow).blocked, passage_of(flow).logged) == (False, True)


@pytest.mark.parametrize(
    ("action", "redacted", "attended", "kind"),
    [
        pytest.param(Action.BLOCK, None, True, "blocked", id="block"),
        pytest.param(Action.COACH, None, True, "asked", id="ask"),
        pytest.param(Action.COACH, None, False, "blocked", id="nobody there to ask"),
        pytest.param(Action.COACH, None, None, "blocked", id="nobody known to be there"),
        pytest.param(Action.REDACT, None, True, "blocked", id="nothing to put in its place"),
        pytest.param(Action.REDACT, Redacted(why="locked"), True, "blocked", id="it cannot be rewritten"),
    ],
)
@pytest.mark.parametrize("kept", [True, False])
def test_what_is_stopped_is_answered_here_with_its_event_where_there_is_one(
    action: Action,
    redacted: Redacted | None,
    attended: bool | None,  # noqa: FBT001
    kind: str,
    kept: bool,  # noqa: FBT001
) -> None:
    flow = enforced(action, redacted, attended=attended, kept=kept)
    assert flow.response is not None
    assert flow.response.status_code == 403
    assert f'<main id="dlp-proxy-{kind}">'.encode() in (flow.response.raw_content or b"")
    assert flow.response.headers["x-dlp-proxy"] == ("01UID" if kept else "unrecorded; reference=01UID")
    assert passage_of(flow).blocked
    assert flow.request.raw_content == b"old body"
