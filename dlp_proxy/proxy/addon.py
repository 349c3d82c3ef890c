# mypy: disable-error-code=no-untyped-call
"""The proxy's end of the staircase: mitmproxy's hooks, in the order they come."""

from __future__ import annotations

import asyncio
import time

import structlog
from mitmproxy import connection, http, tcp, udp
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from dlp_proxy.model.event import Disposition, Outcome
from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.proxy.destinations import DestinationRefusedError, DestinationRules, normal_host
from dlp_proxy.proxy.enforce import Enforcer, drop_message, fail_closed, forget_messages, refuse_destination
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded, Steps
from dlp_proxy.proxy.translate import Translator, last_content
from dlp_proxy.proxy.uid import UidMaker
from dlp_proxy.proxy.uploads import Uploads

_log = structlog.get_logger("dlp_proxy.proxy")


class Staircase:
    """Takes each message up the staircase. Every hook fails closed; `_climb` is the one place where errors end."""

    name = "dlp_proxy"

    def __init__(  # noqa: PLR0917 - put together in one place, `master`
        self,
        settings: ProxySettings,
        steps: Steps,
        rules: DestinationRules,
        translator: Translator,
        metrics: Metrics,
        uploads: Uploads,
    ) -> None:
        self._settings = settings
        self._steps = steps
        self._rules = rules
        self._translator = translator
        self._metrics = metrics
        self._uploads = uploads
        self._enforcer = Enforcer(settings)
        self._uid = UidMaker()

    def use(self, steps: Steps) -> None:
        """Take other steps into force, for a new policy. A message under way ends on the steps it began with."""
        self._steps = steps

    def client_connected(self, client: connection.Client) -> None:
        self._metrics.connections.inc()

    def client_disconnected(self, client: connection.Client) -> None:
        self._metrics.connections.dec()

    def http_connect(self, flow: http.HTTPFlow) -> None:
        self._check_destination(flow)

    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Refuse destinations, and bodies too large to hold, before anything is read."""
        if flow.error or flow.response or self._check_destination(flow):
            return
        if self._declared(flow) > self._settings.limits.body_bytes:
            passage_of(flow).not_held = f"larger than {self._settings.limits.body_bytes} bytes; not read"
            await self._climb(flow)

    async def request(self, flow: http.HTTPFlow) -> None:
        """Judge a request whose body is held; one that was judged at its headers is let go as decided then."""
        passage = passage_of(flow)
        if passage.judged:
            return
        await self._climb(flow)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Answers are not inspected: let them flow instead of holding them."""
        if flow.response and flow.response.status_code != 101 and not passage_of(flow).blocked:
            flow.response.stream = True

    def response(self, flow: http.HTTPFlow) -> None:
        self._report(flow, flow.response.status_code if flow.response else 0)

    def error(self, flow: http.HTTPFlow) -> None:
        self._report(flow, 0)

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        if flow.websocket and flow.websocket.messages:
            await self._climb_websocket(flow)
        forget_messages(flow)

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Refuse addresses; names are checked when they are resolved (`resolver`)."""
        host, port = data.server.address[:2] if data.server.address else ("", 0)
        if reason := self._rules.refuses(host, port):
            data.server.error = str(DestinationRefusedError(reason))

    def tcp_start(self, flow: tcp.TCPFlow) -> None:
        flow.kill()

    def tcp_message(self, flow: tcp.TCPFlow) -> None:
        del flow.messages[:]
        flow.kill()

    def udp_start(self, flow: udp.UDPFlow) -> None:
        flow.kill()

    def udp_message(self, flow: udp.UDPFlow) -> None:
        del flow.messages[:]
        flow.kill()

    async def _climb(self, flow: http.HTTPFlow) -> None:
        """Steps 2 to 8 for a request. Whatever is raised on the way, the exception policy decides."""
        uid, step, message, steps = self._uid(), "translate", None, self._steps
        try:
            message = self._translator.request(flow, uid, _gaps(flow, Location("body")))
            step = "join"
            joined = await self._uploads.join(message)
            step = "inspect"
            with self._metrics.inspection.time():
                inspection = await steps.inspect(message)
                if joined is not None:
                    so_far = await steps.inspect(joined.message) if joined.message else None
                    inspection = inspection.with_upload(joined.state, so_far, joined.gap)
            step = "judge"
            judgement = steps.judge(message, inspection)
            step = "record"
            recorded = await self._record(judgement)
            step = "enforce"
            self._enforcer.request(flow, judgement, recorded)
            if joined is not None and not passage_of(flow).blocked:
                joined.passed()
            self._metrics.judged(judgement, message.size)
        except Exception as error:  # noqa: BLE001 - THE exception policy: every error after receive ends here
            await self._by_exception_policy(flow, message, f"{step}: {type(error).__name__}", uid)

    async def _by_exception_policy(self, flow: http.HTTPFlow, message: Message | None, error: str, uid: str) -> None:
        """Decide without the step that failed; when even that fails, block."""
        self._metrics.exceptions.labels(step=error.partition(":")[0]).inc()
        _log.error("step failed", error=error, uid=uid)
        try:
            if message is None:
                fail_closed(flow, uid)
                return
            judgement = self._steps.by_exception_policy(message, error)
            recorded = await self._record_or_not(judgement, error)
            self._enforcer.request(flow, judgement, recorded)
        except Exception as second:  # noqa: BLE001 - the last word
            _log.error("exception policy failed", error=type(second).__name__, uid=uid)
            fail_closed(flow, uid)

    async def _climb_websocket(self, flow: http.HTTPFlow) -> None:
        """Steps 2 to 8 for one WebSocket message, under the same exception policy."""
        uid, step, message, steps = self._uid(), "translate", None, self._steps
        try:
            content = last_content(flow)
            message = self._translator.websocket(flow, uid, content, _gaps(flow, Location("websocket")))
            step = "inspect"
            inspection = await steps.inspect(message)
            step = "judge"
            judgement = steps.judge(message, inspection)
            step = "record"
            await self._record(judgement)
            step = "enforce"
            stopped = self._enforcer.websocket(flow, judgement)
            self._metrics.judged(judgement, len(content))
            self._report_websocket(judgement, stopped=stopped)
        except Exception as error:  # noqa: BLE001 - as in _climb
            await self._websocket_by_exception_policy(flow, message, f"{step}: {type(error).__name__}", uid)

    async def _websocket_by_exception_policy(
        self, flow: http.HTTPFlow, message: Message | None, error: str, uid: str
    ) -> None:
        self._metrics.exceptions.labels(step=error.partition(":")[0]).inc()
        _log.error("step failed", error=error, uid=uid)
        try:
            if message is None:
                drop_message(flow, uid)
                return
            judgement = self._steps.by_exception_policy(message, error)
            await self._record_or_not(judgement, error)
            self._enforcer.websocket(flow, judgement)
        except Exception as second:  # noqa: BLE001 - the last word
            _log.error("exception policy failed", error=type(second).__name__, uid=uid)
            drop_message(flow, uid)

    async def _record(self, judgement: Judgement) -> Recorded:
        async with asyncio.timeout(self._settings.record_seconds):
            return await self._steps.record(judgement)

    async def _record_or_not(self, judgement: Judgement, error: str) -> Recorded:
        """Record what the exception policy decided; a store that just failed is not waited for again."""
        if error.startswith("record") and self._settings.on_error == "block":
            return Recorded()
        return await self._record(judgement)

    def _check_destination(self, flow: http.HTTPFlow) -> bool:
        """Answer and tell so when a request's destination is refused or is not the one its headers name."""
        host, port = flow.request.host, flow.request.port
        reason = self._rules.refuses(host, port)
        if not reason and _misdirected(flow):
            reason = "TLS name, Host header and destination differ"
        if not reason:
            return False
        self._metrics.refused.inc()
        uid = self._uid()
        _log.warning("destination refused", reason=reason, port=port, uid=uid)
        refuse_destination(flow, uid, status=421 if "differ" in reason else 403)
        return True

    @staticmethod
    def _declared(flow: http.HTTPFlow) -> int:
        length = flow.request.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _report(self, flow: http.HTTPFlow, status: int) -> None:
        passage = passage_of(flow)
        if not passage.recorded:
            return
        passage.recorded = False
        done = _disposition(blocked=passage.blocked, logged=passage.logged)
        status = 0 if passage.blocked else status
        self._steps.outcome(Outcome(passage.uid, time.time(), done, passage.released, status))

    def _report_websocket(self, judgement: Judgement, *, stopped: bool) -> None:
        if judgement.worth_an_event:
            sent = 0 if stopped else len(judgement.message.body)
            done = _disposition(blocked=stopped, logged=judgement.verdict.action is Action.LOG)
            self._steps.outcome(Outcome(judgement.message.uid, time.time(), done, sent))


def _gaps(flow: http.HTTPFlow, place: Location) -> tuple[Gap, ...]:
    why = passage_of(flow).not_held
    return (Gap("too-large", place, why),) if why else ()


def _disposition(*, blocked: bool, logged: bool) -> Disposition:
    if blocked:
        return "blocked"
    return "logged" if logged else "allowed"


def _misdirected(flow: http.HTTPFlow) -> bool:
    """Tell whether a request names another host than the one it would be sent to (domain fronting).

    Policy judges the destination connected to; a Host header or TLS name of another site would carry the message
    elsewhere behind it. Clients answer 421 (RFC 9110, 15.5.20) with a new connection.
    """
    if flow.request.method == "CONNECT":
        return False
    target = normal_host(flow.request.host)
    named = flow.request.host_header
    if named and normal_host(_without_port(named)) != target:
        return True
    sni = flow.client_conn.sni
    return bool(sni and flow.request.scheme == "https" and normal_host(sni) != target)


def _without_port(authority: str) -> str:
    host, colon, port = authority.rpartition(":")
    return host if colon and port.isdigit() and not authority.endswith("]") else authority
