"""Log-ins proved by the company's directory (LDAP), and the groups it has for a user. For a thread: it waits.

The user's entry is searched with the account of the proxy, then bound to with the password: a bind tells yes or
no, and nobody else sees the password. An empty one would be an anonymous bind, which succeeds (RFC 4513, 5.1.2).
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any, Final

import structlog
from ldap3 import NONE, SUBTREE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from dlp_proxy.proxy.ports import LdapSettings

_SECONDS: Final = 5
_log = structlog.get_logger("dlp_proxy.proxy")


class Directory:
    """Asks an LDAP server. Whatever it cannot say is a no, and is told in the log."""

    def __init__(self, settings: LdapSettings) -> None:
        self._settings = settings
        tls = Tls(validate=ssl.CERT_REQUIRED) if settings.url.startswith("ldaps:") else None
        self._server = Server(settings.url, get_info=NONE, connect_timeout=_SECONDS, tls=tls)

    def proves(self, user: str, password: str) -> tuple[str, ...] | None:
        """Return the groups of the user whose password this is, or None."""
        if not user or not password or "\0" in password:
            return None
        try:
            search = self._connection(self._settings.account, self._settings.secret)
            try:
                search.bind()
                entry = self._entry(search, user)
                if entry is None or not self._binds(entry, password):
                    return None
                return self._groups(search, entry)
            finally:
                _end(search)
        except LDAPException as error:
            _log.error("directory did not answer", error=type(error).__name__)
            return None

    def _entry(self, search: Connection, user: str) -> str | None:
        """Return the DN of the one user of this name; two are nobody."""
        wanted = f"({self._settings.name}={escape_filter_chars(user)})"
        found = self._search(search, self._settings.people, wanted, [])
        return str(found[0]["dn"]) if len(found) == 1 else None

    def _binds(self, entry: str, password: str) -> bool:
        connection = self._connection(entry, password)
        try:
            return bool(connection.bind())
        finally:
            _end(connection)

    def _groups(self, search: Connection, entry: str) -> tuple[str, ...]:
        if not self._settings.groups:
            return ()
        found = self._search(search, self._settings.groups, f"(member={escape_filter_chars(entry)})", ["cn"])
        return tuple(sorted({str(name) for one in found for name in one["attributes"]["cn"]}))

    @staticmethod
    def _search(connection: Connection, base: str, wanted: str, attributes: list[str]) -> list[Mapping[str, Any]]:
        connection.search(base, wanted, SUBTREE, attributes=attributes or None)
        return [one for one in connection.response or [] if one.get("type") == "searchResEntry"]

    def _connection(self, account: str, secret: str) -> Connection:
        return Connection(
            self._server,
            account or None,
            secret or None,
            raise_exceptions=False,
            receive_timeout=_SECONDS,
            auto_referrals=False,
            read_only=True,
        )


def _end(connection: Connection) -> None:
    """Close a connection, and the socket of one that was never made, which the library leaves open."""
    connection.unbind()
    if connection.socket is not None:
        connection.socket.close()
