# mypy: disable-error-code=no-untyped-call
"""TLS on the proxy's own port, where a client certificate proves who connects.

And what a client's handshake says to the site, which is no more than which known protocols it offers.

mitmproxy's `request_client_cert` asks for one in the name of every site too, and takes whatever comes. Here it is asked
for where a client speaks TLS to the proxy itself, and must be good.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import structlog
from cryptography import x509
from mitmproxy import ctx, tls
from mitmproxy.addons import tlsconfig
from mitmproxy.flow import Flow
from mitmproxy.net import tls as net_tls
from mitmproxy.proxy.layers import ClientTLSLayer, modes
from OpenSSL import SSL, crypto

from dlp_proxy.proxy.client_certificates import Good, Trust, name_in
from dlp_proxy.proxy.identity import canonical
from dlp_proxy.proxy.ports import CertificateSettings

_CERTIFIED: Final = "dlp_proxy_certified"
_EXPLICIT: Final = (modes.HttpProxy, modes.HttpUpstreamProxy)
# What browsers offer, and what RFCs registered for what is spoken on raw connections (IANA, ALPN protocol IDs).
_HTTP: Final = frozenset({b"h2", b"http/1.1", b"http/1.0"})
_RAW: Final = frozenset(
    b"imap pop3 managesieve xmpp-client xmpp-server ftp irc nntp smb mqtt postgresql tds/8.0 dicom radius/1.1".split()
)
_NO_TICKET: Final = 0x4000  # SSL_OP_NO_TICKET

_log = structlog.get_logger("dlp_proxy.proxy")


def certified(flow: Flow) -> str | None:
    """Return the name in the good certificate of a flow's client; empty where it names nobody, None without one."""
    name: str | None = getattr(flow.client_conn, _CERTIFIED, None)
    return name


class TlsOfClients(tlsconfig.TlsConfig):
    """mitmproxy's addon, which also proves whoever speaks TLS to the proxy by a certificate."""

    name = "tlsconfig"

    def __init__(self, settings: CertificateSettings | None) -> None:
        """Read the files of the settings.

        Raises:
            KnownFileError: one of them cannot be used.
        """
        self._settings = settings
        self._trust = Trust(settings) if settings is not None else None
        self._made: tuple[Good, Path | None, SSL.Context] | None = None

    def tls_start_client(self, tls_start: tls.TlsData) -> None:
        if self._settings is None or self._trust is None or not _to_the_proxy(tls_start):
            super().tls_start_client(tls_start)
            return
        entry = self.get_cert(tls_start.context)
        good = self._trust.good()
        if self._made is None or self._made[:2] != (good, entry.chain_file):
            self._made = (good, entry.chain_file, _context(good, entry.chain_file, required=self._settings.required))
        made = SSL.Connection(self._made[2])
        made.use_certificate(entry.cert.to_cryptography())
        made.use_privatekey(entry.privatekey)
        made.set_app_data(tlsconfig.AppData(client_alpn=b"http/1.1", server_alpn=None, http2=False))
        made.set_accept_state()
        tls_start.ssl_conn = made

    def tls_start_server(self, tls_start: tls.TlsData) -> None:
        """Offer the site what it may be offered: mitmproxy's hands on whatever names the client made up."""
        client = tls_start.context.client
        client.alpn_offers = offers(client.alpn_offers)
        super().tls_start_server(tls_start)

    def tls_established_client(self, data: tls.TlsData) -> None:
        if self._settings is None or not _to_the_proxy(data):
            return
        connection: Any = data.ssl_conn
        found = connection.get_peer_certificate(as_cryptography=True)
        if found is not None:
            setattr(data.conn, _CERTIFIED, name_in(found, self._settings.name))

    def tls_failed_client(self, data: tls.TlsData) -> None:
        if self._settings is not None and _to_the_proxy(data):
            address = canonical(data.context.client.peername[0])
            _log.warning("connection refused", reason=f"TLS to the proxy: {data.conn.error}", address=address)


def offers(names: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return which names of protocols go on: those of HTTP and one other that is registered, each once."""
    once = dict.fromkeys(names)
    raw = [name for name in once if name in _RAW][:1]
    return tuple(name for name in once if name in _HTTP or name in raw)


def _to_the_proxy(data: tls.TlsData) -> bool:
    """Tell whether this is the client's TLS with the proxy, and not with a site in a tunnel."""
    layers = data.context.layers
    first = len(layers) > 1 and isinstance(layers[0], _EXPLICIT) and isinstance(layers[1], ClientTLSLayer)
    return first and sum(isinstance(one, ClientTLSLayer) for one in layers) == 1 and data.conn is data.context.client


def _context(good: Good, chain: Path | None, *, required: bool) -> SSL.Context:
    """Return the context of connections in which a certificate is asked for; a bad one ends the handshake.

    Not out of mitmproxy's cache, which would share it with connections in tunnels, nor with the proxy's own CA as one
    that is trusted, which mitmproxy's function does with `chain_file`.

    Args:
        chain: certificates that are sent with the proxy's own.
    """
    made: SSL.Context = net_tls.create_client_proxy_context.__wrapped__(
        method=net_tls.Method.TLS_SERVER_METHOD,
        min_version=net_tls.Version[ctx.options.tls_version_client_min],
        max_version=net_tls.Version[ctx.options.tls_version_client_max],
        cipher_list=None,
        ecdh_curve=None,
        chain_file=None,
        alpn_select_callback=tlsconfig.alpn_select_callback,
        request_client_cert=False,
        extra_chain_certs=(),
        dhparams=None,
    )
    for one in x509.load_pem_x509_certificates(chain.read_bytes()) if chain is not None else ():
        made.add_extra_chain_cert(one)
    made.set_verify(SSL.VERIFY_PEER | (SSL.VERIFY_FAIL_IF_NO_PEER_CERT if required else 0), None)
    # Each connection proves itself: one that is resumed would not be asked.
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    made.set_session_id(b"dlp_proxy")
    made.set_options(_NO_TICKET)
    store = made.get_cert_store()
    if store is None:
        raise RuntimeError("OpenSSL gave no store of certificates")
    for authority in good.authorities:
        store.add_cert(crypto.X509.from_cryptography(authority))
        made.add_client_ca(authority)
    for listed in good.revoked:
        store.add_crl(listed)
    if good.revoked:
        store.set_flags(crypto.X509StoreFlags.CRL_CHECK)
    return made
