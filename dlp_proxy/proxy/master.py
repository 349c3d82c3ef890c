# mypy: disable-error-code=no-untyped-call
"""mitmproxy, set up for one purpose: the addons that a server needs, options that no file can change, our classes."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path
from typing import Any, Final

import certifi
import structlog
from mitmproxy import options
from mitmproxy.addonmanager import Loader
from mitmproxy.addons import (
    block,
    core,
    disable_h2c,
    dns_resolver,
    proxyserver,
    strip_dns_https_records,
    update_alt_svc,
)
from mitmproxy.master import Master

from dlp_proxy.proxy import resolver
from dlp_proxy.proxy.addon import Staircase
from dlp_proxy.proxy.bypass import BypassDesk
from dlp_proxy.proxy.connections import FRONT_PROXIES, CleanHandler
from dlp_proxy.proxy.destinations import DestinationRules, normal_host
from dlp_proxy.proxy.early_answers import LINGER_SECONDS
from dlp_proxy.proxy.gatekeeper import Gatekeeper
from dlp_proxy.proxy.grpc_stream import GRPC_BYTES
from dlp_proxy.proxy.hooks import HookTable
from dlp_proxy.proxy.http1 import HEADER_BYTES
from dlp_proxy.proxy.identity import AddressBook, networks_of
from dlp_proxy.proxy.known import KnownFiles
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.proxy.ldap import Directory
from dlp_proxy.proxy.listening import GIVEN
from dlp_proxy.proxy.login import LogInDesk
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.next_layer import HttpOnly
from dlp_proxy.proxy.patches import install
from dlp_proxy.proxy.ports import ProxySettings, Steps, WhoSettings
from dlp_proxy.proxy.raw import RAW_TCP
from dlp_proxy.proxy.refusals import REFUSED
from dlp_proxy.proxy.request_headers import RequestHeaders
from dlp_proxy.proxy.spool import SpoolFolder
from dlp_proxy.proxy.streams import BODY_BYTES, SPOOL
from dlp_proxy.proxy.tls_of_clients import TlsOfClients
from dlp_proxy.proxy.translate import Translator
from dlp_proxy.proxy.under_way import UnderWay
from dlp_proxy.proxy.uploads import Uploads
from dlp_proxy.proxy.websocket import WEBSOCKET_BYTES

CA_FILE: Final = "mitmproxy-ca.pem"
TRUST_FILE: Final = "upstream-trust.pem"
_LOOK_SECONDS: Final = 2.0
_LAST_BYTES_SECONDS: Final = 0.1
"""For the kernel to take what was written to connections that are closed."""
_NEVER: Final = ("emudhra", "emudhra_old")
"""Options of mitmproxy 12.3 that sign with a leaked third-party CA."""


_log = structlog.get_logger("dlp_proxy.proxy")


class ProxyError(Exception):
    """The proxy cannot start as it is set up; the operator must change something. The text says what."""


class FixedOptions(options.Options):
    """Options that cannot change once the proxy is put together, and cost nothing to read.

    mitmproxy copies an option's value each time it is read, some twenty times a request, because it may change.
    """

    def fix(self) -> None:
        self.__dict__.update({name: option.current() for name, option in self._options.items()})
        self.__dict__["fixed"] = True

    def update(self, **values: object) -> None:
        if self.__dict__.get("fixed"):
            raise ProxyError(f"options of the running proxy do not change: {', '.join(values)}")
        super().update(**values)


class ProxyMaster(Master):
    """The running proxy. `serve` serves until `shutdown` or the end of `drain`; `ready` is set once it listens.

    Args:
        given: a socket that is bound and listens already; without it the proxy binds its own.
    """

    def __init__(
        self, settings: ProxySettings, steps: Steps, metrics: Metrics, given: socket.socket | None = None
    ) -> None:
        install()
        fixed = _options(settings)
        super().__init__(fixed)
        self.addons = HookTable(self)
        self.settings = settings
        self.ready = asyncio.Event()
        self.destination_rules = DestinationRules(
            {*settings.own_ports, settings.listen_port} - {0},
            settings.allow_private,
            settings.resolve,
            (settings.upstream.host, settings.upstream.port) if settings.upstream else None,
        )
        self.spool = SpoolFolder(settings.ca_folder.parent / "spool", settings.spool_bytes)
        self.uploads = Uploads(self.spool, settings.limits.body_bytes)
        who = settings.who
        try:
            self._files = KnownFiles(who)
        except KnownFileError as error:
            raise ProxyError(str(error)) from error
        setattr(self, FRONT_PROXIES, networks_of(who.proxy_protocol_from))
        self._book = AddressBook(self._files.known, who.shared_users, who.shared_addresses)
        self.bypass = BypassDesk(self._files.known.bypass, self._book)
        directory = Directory(who.ldap).proves if who.ldap else None
        passwords = self._files.known.passwords
        self._desk = LogInDesk(passwords, directory=directory) if who.htpasswd or directory else None
        self.staircase = Staircase(
            settings,
            steps,
            self.destination_rules,
            Translator(self._book),
            metrics,
            self.uploads,
            Gatekeeper(who, self._book, self._desk, metrics),
        )
        self.server = proxyserver.Proxyserver()
        self.under_way = UnderWay()
        setattr(self, GIVEN, given)
        self.addons.add(
            core.Core(),
            block.Block(),
            self.under_way,
            strip_dns_https_records.StripDnsHttpsRecords(),
            disable_h2c.DisableH2C(),
            self.server,
            dns_resolver.DnsResolver(),
            HttpOnly(self.bypass),
            _tls_of_clients(who),
            update_alt_svc.UpdateAltSvc(),
            _Bounds(settings),
            self.staircase,
        )
        if settings.tenant_headers or settings.upstream:
            login = settings.upstream.login if settings.upstream else ""
            self.addons.add(RequestHeaders(settings.tenant_headers, login))
        self.options.update(**_set_by_addons())
        _refuse_dangerous(self.options)
        fixed.fix()
        fixed.__dict__[SPOOL] = self.spool
        fixed.__dict__[REFUSED] = metrics.refused_form
        fixed.__dict__[RAW_TCP] = frozenset((normal_host(host), port) for host, port in settings.raw_tcp)

    async def serve(self) -> None:
        """Serve until `shutdown`.

        Raises:
            ProxyError: the port cannot be bound.
        """
        try:
            self.spool.prepare()
        except OSError as error:
            raise ProxyError(f"bodies cannot be held in {self.spool.folder}: {error.strerror}") from error
        resolver.guard(asyncio.get_running_loop())
        following = asyncio.create_task(self._follow_files())
        try:
            await self.run()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            if self._desk is not None:
                self._desk.close()
            self.uploads.close()
        failed = [one.last_exception for one in self.server.servers if one.last_exception]
        if failed:
            raise ProxyError(f"cannot listen on {self.settings.listen_host}:{self.settings.listen_port}: {failed[0]}")

    def stop(self) -> None:
        """Shut down at once."""
        self.shutdown()

    async def drain(self, seconds: float) -> None:
        """Take no more connections, let what is under way end for at most `seconds`, and shut down."""
        await self.server.servers.update([])
        clients = self.server.connections
        whole = await self.under_way.end(lambda: map(str, clients), self._close, seconds)
        if not whole:
            _log.warning("stopping with connections open: they had no end in time", connections=len(clients))
            for one in [*clients]:
                self._close(str(one))  # what they came to is told as they end
        await asyncio.sleep(_LAST_BYTES_SECONDS)
        self.shutdown()

    def _close(self, client: str) -> None:
        handler = self.server.connections.get(client)
        if isinstance(handler, CleanHandler):
            handler.abandon("the proxy ends")

    async def _follow_files(self) -> None:
        """Take changed files about people up. One with an error changes nothing, and is told."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                known = await asyncio.to_thread(self._files.changed)
            except KnownFileError as error:
                _log.error("file about people refused, the last good one stays in force", problem=str(error))
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, the look-out goes on
                _log.error("file about people not read", problem=type(error).__name__)
                continue
            if known is not None:
                self._book.use(known)
                self.bypass.use(known.bypass)
                if self._desk is not None:
                    self._desk.use(known.passwords)
                _log.info("files about people taken up", users=len(known.passwords), devices=len(known.devices))

    async def running(self) -> None:
        """Start only with the port bound; mitmproxy itself would go on without."""
        if not all(one.is_running for one in self.server.servers):
            self.should_exit.set()
            return
        self.destination_rules.own_ports |= {port for _, port in self.addresses()}
        await super().running()
        self.ready.set()

    def addresses(self) -> list[tuple[str, int]]:
        """Return the addresses it listens on."""
        return [(address[0], address[1]) for address in self.server.listen_addrs()]


class _Bounds:
    """Registers our limits as options, which is where mitmproxy's layers can see them."""

    def __init__(self, settings: ProxySettings) -> None:
        self._settings = settings

    def load(self, loader: Loader) -> None:
        limits = self._settings.limits
        loader.add_option(BODY_BYTES, int, limits.body_bytes, "Largest body that is held.")
        loader.add_option(WEBSOCKET_BYTES, int, limits.websocket_bytes, "Largest WebSocket message that is held.")
        loader.add_option(GRPC_BYTES, int, limits.grpc_bytes, "Largest message of a gRPC stream that is held.")
        loader.add_option(HEADER_BYTES, int, limits.header_bytes, "Largest request head.")
        loader.add_option(LINGER_SECONDS, int, int(self._settings.linger_seconds), "Time to throw away a refused body.")


def _options(settings: ProxySettings) -> FixedOptions:
    if settings.ssl_insecure and not settings.insecure_confirmed:
        raise ProxyError(
            "ssl_insecure turns off the check of destinations' certificates: confirm it with the second setting"
        )
    if not (settings.ca_folder / CA_FILE).is_file():
        raise ProxyError(f"there is no CA in {settings.ca_folder}: run `dlp-proxy ca init`")
    return FixedOptions(
        confdir=str(settings.ca_folder),
        mode=[_mode(settings)],
        cert_passphrase=settings.ca_passphrase or None,
        listen_host=settings.listen_host,
        listen_port=settings.listen_port,
        http2=True,
        http3=False,
        rawtcp=False,
        websocket=True,
        ssl_insecure=settings.ssl_insecure,
        ssl_verify_upstream_trusted_ca=_trust(settings),
        add_upstream_certs_to_client_chain=False,
        show_ignored_hosts=True,
    )


def _mode(settings: ProxySettings) -> str:
    if settings.upstream is None:
        return "transparent" if settings.transparent else "regular"
    if settings.transparent:
        raise ProxyError("transparent mode does not go through a proxy upstream: choose one")
    one = settings.upstream
    return f"upstream:{one.scheme}://{f'[{one.host}]' if ':' in one.host else one.host}:{one.port}"


def _tls_of_clients(who: WhoSettings) -> TlsOfClients:
    try:
        return TlsOfClients(who.certificates)
    except KnownFileError as error:
        raise ProxyError(str(error)) from error


def _set_by_addons() -> dict[str, Any]:
    """Options that exist only once their addons are loaded."""
    return {
        "connection_strategy": "lazy",
        "stream_large_bodies": None,
        "body_size_limit": None,
        "store_streamed_bodies": False,
        "validate_inbound_headers": True,
        "block_global": True,
    }


def _refuse_dangerous(opts: options.Options) -> None:
    for name in _NEVER:
        if name in opts and getattr(opts, name):
            raise ProxyError(f"mitmproxy's option {name} signs with a leaked CA and must stay off")
    if opts.ignore_hosts or opts.allow_hosts or opts.tcp_hosts or opts.udp_hosts:
        raise ProxyError("mitmproxy's options ignore_hosts, allow_hosts, tcp_hosts and udp_hosts pass traffic unseen")


def _trust(settings: ProxySettings) -> str | None:
    """Return a PEM file of the usual CAs and the installation's own; mitmproxy takes one file in place of the usual."""
    if settings.upstream_ca is None:
        return None
    together: Path = settings.ca_folder / TRUST_FILE
    together.write_bytes(Path(certifi.where()).read_bytes() + b"\n" + settings.upstream_ca.read_bytes())
    return str(together)


def quiet_mitmproxy() -> None:
    """Keep content out of logs: below WARNING mitmproxy writes heads and payloads of frames into its messages."""
    logging.getLogger("mitmproxy").setLevel(logging.WARNING)
    logging.getLogger("mitmproxy").addFilter(_without_content)
    for name in ("mitmproxy.proxy.server", "mitmproxy.addonmanager", "mitmproxy.master"):
        logging.getLogger(name).addFilter(_without_content)


def _without_content(record: logging.LogRecord) -> bool:
    """Reduce a failure to its kind and place: assertion texts of mitmproxy's layers quote the data they got."""
    if record.exc_info:
        kind = record.exc_info[0]
        record.msg = f"failed in {record.name}:{record.lineno}: {kind.__name__ if kind else 'error'}"
        record.args = ()
        record.exc_info = None
        record.exc_text = None
    return True
