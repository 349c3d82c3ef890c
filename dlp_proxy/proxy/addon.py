# mypy: disable-error-code=no-untyped-call
"""The proxy's end of the staircase: mitmproxy's hooks, in the order they come."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from functools import partial
from urllib.parse import urljoin, urlsplit

import structlog
from mitmproxy import connection, http, tcp, udp
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.tls import ClientHelloData

from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Destination, Message
from dlp_proxy.proxy.ahead import Ahead
from dlp_proxy.proxy.bypass import Bypassed
from dlp_proxy.proxy.coaching import Coaching, is_ours
from dlp_proxy.proxy.destinations import DestinationRefusedError, DestinationRules, normal_host
from dlp_proxy.proxy.enforce import (
    Enforcer,
    drop_message,
    fail_closed,
    forget_messages,
    refuse_destination,
    withhold,
)
from dlp_proxy.proxy.failure import failure
from dlp_proxy.proxy.gatekeeper import Gatekeeper
from dlp_proxy.proxy.growing import WAIT_SECONDS
from dlp_proxy.proxy.grpc import speaks_grpc
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import Judgement, ProxySettings, Recorded, Steps
from dlp_proxy.proxy.raw import may_be_raw
from dlp_proxy.proxy.resolver import Inside
from dlp_proxy.proxy.streams import AHEAD_FROM
from dlp_proxy.proxy.talk import Talk, disposition
from dlp_proxy.proxy.translate import Translator, destination_of
from dlp_proxy.proxy.transparent import host_and_port, name_connection, name_destination
from dlp_proxy.proxy.unopened import UnopenedBook
from dlp_proxy.proxy.uploads import Uploads
from dlp_proxy.stores.uid import UidMaker

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
        gate: Gatekeeper,
    ) -> None:
        self._settings = settings
        self._steps = steps
        self._rules = rules
        self._translator = translator
        self._metrics = metrics
        self._uploads = uploads
        self._gate = gate
        self._coaching = Coaching(settings.answer_key)
        self._enforcer = Enforcer(settings, self._coaching)
        self._uid = UidMaker()
        self._talk = Talk(settings, metrics, self._uid)
        self._inside = Inside(rules)
        self._elsewhere = settings.transparent or settings.upstream is not None
        self._unopened = UnopenedBook(metrics, settings.record_seconds, self._uid)

    def use(self, steps: Steps) -> None:
        """Take other steps into force, for a new policy. A message under way ends on the steps it began with."""
        self._steps = steps

    def client_connected(self, client: connection.Client) -> None:
        self._metrics.connections.inc()

    async def client_disconnected(self, client: connection.Client) -> None:
        self._metrics.connections.dec()
        await self._unopened.client_gone(client.id, self._steps)

    async def bypass_begins(self, bypassed: Bypassed) -> None:
        await self._unopened.begins(bypassed, self._steps)

    async def bypass_ends(self, bypassed: Bypassed) -> None:
        await self._unopened.ends(bypassed, self._steps)

    async def http_connect(self, flow: http.HTTPFlow) -> None:
        if not await self._gate.answers(flow):
            self._check_destination(flow, await self._refuses(flow))

    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Refuse destinations, and bodies too large to hold, before anything is read."""
        if flow.error or flow.response or await self._gate.answers(flow):
            return
        if self._check_destination(flow, await self._refuses(flow)):
            return
        if (declared := self._declared(flow)) > self._settings.limits.body_bytes:
            passage_of(flow).not_held_bytes = declared
            passage_of(flow).not_held = f"larger than {self._settings.limits.body_bytes} bytes; not read"
            await self._climb(flow)
        elif speaks_grpc(flow.request):
            await self._climb(flow)
            passage = passage_of(flow)
            # Only the head was judged: whatever else comes is judged in its turn.
            passage.judged, passage.by_message = passage.blocked, not passage.blocked

    def look_ahead(self, flow: http.HTTPFlow) -> None:
        """Begin to inspect a long body of known length while it comes in; the verdict waits for its end."""
        declared, passage = self._declared(flow), passage_of(flow)
        look, steps = self._steps.look_ahead, self._steps
        if look is None or declared <= self._settings.limits.long_bytes or passage.not_held:
            return
        passage.held_bytes = declared
        if AHEAD_FROM / max(0.001, time.time() - flow.request.timestamp_start) * WAIT_SECONDS > declared:
            passage.ahead = Ahead(steps, replace(self._translator.request(flow, ""), body_grows=True), look)

    async def request(self, flow: http.HTTPFlow) -> None:
        """Judge a request whose body is held; one that was judged at its headers is let go as decided then."""
        passage = passage_of(flow)
        if passage.judged:
            return
        self._gate.forget_trailers(flow.request)
        await self._climb(flow)

    async def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Answers are not inspected: let them flow instead of holding them. One waits for the upload's light record."""
        if not await self._is_kept(flow):
            withhold(flow)
            return
        if flow.response:
            if not passage_of(flow).blocked:
                flow.response.headers.pop("proxy-authenticate", None)  # only we may ask for the log-in here
            flow.response.headers.pop("alt-svc", None)  # it would call the client away to QUIC, past us
        if flow.response and flow.response.status_code != 101 and not passage_of(flow).blocked:
            codings = flow.response.headers.get("content-encoding", "")
            flow.response.stream = self._uploads.listener(passage_of(flow).uid, codings) or True
            if flow.response.status_code == 201 and (place := flow.response.headers.get("location")):
                self._uploads.created(passage_of(flow).uid, *_named(flow, place))

    async def _is_kept(self, flow: http.HTTPFlow) -> bool:
        """Wait for the light record of an upload that was let go before it was durable: no record, no answer."""
        light, passage_of(flow).durable = passage_of(flow).durable, None
        if light is None:
            return True
        try:
            await self._steps.kept(light)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not known to be recorded
            self._metrics.exceptions.labels(step="record").inc()
            _log.error("step failed", error=failure("record", error), uid=passage_of(flow).uid)
            return False
        return True

    def response(self, flow: http.HTTPFlow) -> None:
        if flow.response and flow.response.trailers:
            flow.response.trailers.pop("alt-svc", None)
        self._report(flow, flow.response.status_code if flow.response else 0)

    def error(self, flow: http.HTTPFlow) -> None:
        self._report(flow, 0, aborted=True)

    async def websocket_message(self, flow: http.HTTPFlow) -> None:
        if flow.websocket and flow.websocket.messages:
            await self._talk.climb(flow, self._steps, partial(self._translator.websocket, flow))
        forget_messages(flow)

    async def grpc_message(self, flow: http.HTTPFlow) -> None:
        await self._talk.climb(flow, self._steps, partial(self._translator.grpc, flow))

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Shake hands with the server first where a raw connection may follow: it may be the one who speaks first."""
        name_connection(data, self._rules)
        if may_be_raw(data.context):
            data.establish_server_tls_first = True

    async def raw_message(self, flow: tcp.TCPFlow) -> None:
        sni, address = flow.client_conn.sni, flow.server_conn.address
        if sni and address and normal_host(sni) != normal_host(address[0]):
            _log.warning("destination refused", reason="TLS name and destination differ", port=address[1])
            drop_message(flow, self._uid())
            return
        await self._talk.climb(flow, self._steps, partial(self._translator.raw, flow))

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Refuse addresses; names are checked when they are resolved (`resolver`)."""
        host, port = data.server.address[:2] if data.server.address else ("", 0)
        if self._rules.upstream is not None:
            if (host, port) != self._rules.upstream:
                data.server.error = str(DestinationRefusedError("all connections go through the proxy upstream"))
            return
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
        laps = self._metrics.laps()
        try:
            if is_ours(flow):
                await self._coaching.answer(flow, uid, self._translator.principal(flow), destination_of(flow), steps)
                return
            message = self._translator.request(flow, uid)
            step = "join"
            joined = await self._uploads.join(message)
            laps.end("translate")
            step = "inspect"
            inspection = await self._ahead(flow, steps, message) or await steps.inspect(message)
            if joined is not None:
                so_far = await steps.inspect(joined.message) if joined.message else None
                inspection = inspection.with_upload(joined.state, so_far, joined.gap)
                if joined.otherwise is not None:
                    first = await steps.inspect(joined.otherwise)
                    inspection = inspection.with_upload(joined.state, first, None)
            laps.end(step)
            step = "judge"
            judgement, recorded = await self._judge(steps, message, inspection)
            laps.end(step)
            step = "enforce"
            self._enforcer.request(flow, judgement, recorded)
            laps.end(step)
            if joined is not None:
                (joined.stopped if passage_of(flow).blocked else joined.passed)()
            self._metrics.judged(judgement, message.size)
        except Exception as error:  # noqa: BLE001 - THE exception policy: every error after receive ends here
            await self._by_exception_policy(flow, message, failure(step, error), uid)

    async def _ahead(self, flow: http.HTTPFlow, steps: Steps, message: Message) -> Inspection | None:
        """Return what was seen of a body while it came in; None where it must be looked at now."""
        ahead = passage_of(flow).ahead
        if ahead is None:
            return None
        seen = await ahead.seen(steps, message)
        self._metrics.ahead.labels(result="in vain" if seen is None else "used").inc()
        return seen

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

    async def _judge(self, steps: Steps, message: Message, inspection: Inspection) -> tuple[Judgement, Recorded]:
        async with asyncio.timeout(self._settings.record_seconds):
            return await steps.judge(message, inspection)

    async def _record(self, judgement: Judgement) -> Recorded:
        async with asyncio.timeout(self._settings.record_seconds):
            return await self._steps.record(judgement)

    async def _record_or_not(self, judgement: Judgement, error: str) -> Recorded:
        """Record what the exception policy decided; a store that just failed is not waited for again."""
        if error.startswith("record") and self._settings.on_error == "block":
            return Recorded()
        return await self._record(judgement)

    async def _refuses(self, flow: http.HTTPFlow) -> str:
        """Return why the rules refuse a request's destination; in transparent mode it has its name afterwards."""
        reason = self._rules.refuses(flow.request.host, flow.request.port)
        if reason or not self._elsewhere or passage_of(flow).tunnel is not None:
            return reason
        name_destination(flow)
        host, port = flow.request.host, flow.request.port
        return self._rules.refuses(host, port) or await self._inside.refuses(host, port)

    def _check_destination(self, flow: http.HTTPFlow, reason: str) -> bool:
        """Answer and tell so when a request's destination is refused or is not the one its headers name.

        Args:
            reason: why it is refused already; empty where it is not.
        """
        if not reason and _misdirected(flow):
            reason = "TLS name, Host header and destination differ"
        if not reason:
            return False
        self._metrics.refused.inc()
        uid = self._uid()
        _log.warning("destination refused", reason=reason, port=flow.request.port, uid=uid)
        refuse_destination(flow, uid, status=421 if "differ" in reason else 403)
        return True

    @staticmethod
    def _declared(flow: http.HTTPFlow) -> int:
        length = flow.request.headers.get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _report(self, flow: http.HTTPFlow, status: int, *, aborted: bool = False) -> None:
        passage = passage_of(flow)
        if not passage.recorded:
            return
        passage.recorded = False
        done = disposition(blocked=passage.blocked, logged=passage.logged)
        status = 0 if passage.blocked or passage.withheld else status
        self._steps.outcome(Outcome(passage.uid, time.time(), done, passage.released, status, aborted))


def _named(flow: http.HTTPFlow, place: str) -> tuple[str, str]:
    """Return the site and the path of a Location."""
    url = urlsplit(urljoin(flow.request.url, place))
    try:
        port = url.port or (443 if url.scheme == "https" else 80)
    except ValueError:
        port = 0
    return Destination(url.scheme, normal_host(url.hostname or ""), port).site, url.path


def _misdirected(flow: http.HTTPFlow) -> bool:
    """Tell whether a request names another host than the one it would be sent to (domain fronting).

    Policy judges the destination connected to; a Host header or TLS name of another site would carry the message
    elsewhere behind it. Clients answer 421 (RFC 9110, 15.5.20) with a new connection.
    """
    if flow.request.method == "CONNECT":
        return False
    target = normal_host(flow.request.host)
    named = flow.request.host_header
    if named:
        host, port = host_and_port(named)
        if normal_host(host) != target or (port and port != str(flow.request.port)):
            return True
    sni = flow.client_conn.sni
    return bool(sni and flow.request.scheme == "https" and normal_host(sni) != target)
