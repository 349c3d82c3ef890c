"""How connections come in and go out, out of the settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from dlp_proxy.proxy.known_files import KnownFileError, text_of
from dlp_proxy.proxy.ports import Upstream
from dlp_proxy.settings import Settings


def upstream_of(settings: Settings) -> Upstream | None:
    """Return the proxy that everything goes through.

    Raises:
        KnownFileError: the file of its log-in cannot be used.
    """
    if not settings.upstream_proxy:
        return None
    parts = urlsplit(settings.upstream_proxy)
    login = ""
    if settings.upstream_login_file is not None:
        login = text_of(settings.upstream_login_file).strip()
        if ":" not in login or "\n" in login:
            raise KnownFileError(f"{settings.upstream_login_file}: must be one line, USER:PASSWORD")
    return Upstream("https" if parts.scheme == "https" else "http", parts.hostname or "", parts.port or 0, login)


def ca_passphrase(settings: Settings) -> str:
    """Return the passphrase of the CA's key; empty where there is none.

    Raises:
        KnownFileError: its file cannot be read.
    """
    return text_of(settings.ca_passphrase_file).strip("\r\n") if settings.ca_passphrase_file else ""
