# mypy: disable-error-code=no-untyped-call
"""Who asks: proved once for a request, or for a tunnel and all that is inside, before anything else is done with it.

What proves somebody is taken off the request here, and goes no further: not into the message that is judged and
recorded, not to the destination.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import structlog
from mitmproxy import http

from dlp_proxy.model.message import Principal, Strength
from dlp_proxy.proxy.enforce import refuse_sender
from dlp_proxy.proxy.fields import take_off, take_off_trailers
from dlp_proxy.proxy.identity import AddressBook, canonical, networks_of, within
from dlp_proxy.proxy.login import LogIn, LogInDesk
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.ports import WhoSettings
from dlp_proxy.proxy.tls_of_clients import certified
from dlp_proxy.proxy.translate import via_of
from dlp_proxy.stores.uid import UidMaker

_log = structlog.get_logger("dlp_proxy.proxy")

_CREDENTIALS: Final = b"proxy-authorization"
_CHALLENGE: Final = 'Basic realm="dlp_proxy", charset="UTF-8"'
_NAME: Final = re.compile(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,254}[^\s\x00-\x1f\x7f])?")


class Gatekeeper:
    """Decides whose a request is, and answers those that must prove it and do not."""

    def __init__(self, who: WhoSettings, book: AddressBook, desk: LogInDesk | None, metrics: Metrics) -> None:
        self._book = book
        self._desk = desk
        self._required = who.login == "required"
        self._header = who.identity_header.lower().encode()
        self._believed = networks_of(who.identity_header_from)
        certificates = who.certificates
        self._certificates = certificates is not None and certificates.required
        self._fronts = frozenset(certificates.front_proxies if certificates is not None else ())
        self._metrics = metrics
        self._uid = UidMaker()

    async def answers(self, flow: http.HTTPFlow) -> bool:
        """Find out who sends, and take off what proves it; true when the request was answered and ends here."""
        credentials = take_off(flow.request, _CREDENTIALS)
        claims = take_off(flow.request, self._header) if self._header else []
        passage = passage_of(flow)
        if passage.tunnel is not None:
            passage.principal = passage.tunnel.principal
            return self._refuses_in_tunnel(flow, passage.principal, claims)
        address, via = address_of(flow), via_of(flow)
        holder = certified(flow)
        if claims:
            return self._claimed(flow, claims, address, via, holder)
        if holder is not None or self._certificates:
            return self._refuses_holder(flow, holder, address, via)
        if self._desk is None or not (credentials or self._required):
            return False
        found = await self._desk.check(address, credentials)
        self._metrics.log_ins.labels(result=found.result).inc()
        if found.result != "in":
            self._not_in(flow, found, address)
            return True
        passage.principal = self._book.proved(found.user, ("password", "medium"), address, via, found.groups)
        return False

    def forget_trailers(self, request: http.Request) -> None:
        """Take the identity header off the trailers too, where nobody looks for it but a careless destination."""
        if self._header:
            take_off_trailers(request, self._header)

    def _refuses_holder(self, flow: http.HTTPFlow, holder: str | None, address: str, via: str) -> bool:
        """Take the name in a good certificate, which nobody else can show; a front proxy's own is nobody's alone."""
        if holder and _NAME.fullmatch(holder):
            strength: Strength = "weak" if holder in self._fronts else "strong"
            found = self._book.proved(holder, ("certificate", strength), address, via)
            passage_of(flow).principal = replace(found, shared=found.shared or holder in self._fronts)
            return False
        uid = self._uid()
        why = "no certificate" if holder is None else "certificate that names nobody"
        self._metrics.log_ins.labels(result="missing" if holder is None else "wrong").inc()
        _log.warning("connection refused", reason=why, address=address, uid=uid)
        refuse_sender(flow, uid, 403)
        return True

    def _claimed(self, flow: http.HTTPFlow, claims: list[bytes], address: str, via: str, holder: str | None) -> bool:
        if not (within(address, self._believed) or (holder and holder in self._fronts)):
            return self._refuse_claim(flow, "from an address that is no front proxy")
        user = claims[0].decode("utf-8", "replace").strip()
        if len(claims) > 1 or "\ufffd" in user or not _NAME.fullmatch(user):
            return self._refuse_claim(flow, "malformed")
        passage_of(flow).principal = self._book.proved(user, ("header", "medium"), address, via or holder or "")
        return False

    def _refuses_in_tunnel(self, flow: http.HTTPFlow, principal: Principal | None, claims: list[bytes]) -> bool:
        """Inside a tunnel it is the workstation that writes, whoever opened it."""
        if claims:
            return self._refuse_claim(flow, "inside a tunnel")
        if principal is None or principal.method != "password" or self._desk is None:
            return False
        if self._desk.knows(principal.user):
            return False
        uid = self._uid()
        _log.warning("log-in refused", reason="no user any more", address=principal.address, uid=uid)
        refuse_sender(flow, uid, 403)
        return True

    def _refuse_claim(self, flow: http.HTTPFlow, why: str) -> bool:
        uid = self._uid()
        self._metrics.log_ins.labels(result="forged").inc()
        _log.warning("identity header refused", reason=why, address=address_of(flow), uid=uid)
        refuse_sender(flow, uid, 400)
        return True

    def _not_in(self, flow: http.HTTPFlow, found: LogIn, address: str) -> None:
        uid = self._uid()
        if found.result != "missing":
            _log.warning("log-in refused", reason=found.result, address=address, user=found.user, uid=uid)
        if found.result in {"wait", "busy"}:
            status = 429 if found.result == "wait" else 503
            refuse_sender(flow, uid, status, {"Retry-After": str(int(found.seconds) + 1)})
        else:
            refuse_sender(flow, uid, 407, {"Proxy-Authenticate": _CHALLENGE})


def address_of(flow: http.HTTPFlow) -> str:
    peer = flow.client_conn.peername
    return canonical(peer[0]) if peer else ""
