"""How it is found out who sends, out of the settings."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from dlp_proxy.proxy.known_files import text_of
from dlp_proxy.proxy.ports import CertificateSettings, LdapSettings, WhoSettings
from dlp_proxy.settings import Settings


def who_settings(settings: Settings) -> WhoSettings:
    """Return what the proxy needs of the settings.

    Raises:
        KnownFileError: the directory's secret cannot be read.
    """
    return WhoSettings(
        htpasswd=settings.htpasswd,
        ldap=_ldap(settings) if settings.ldap_url else None,
        login="optional" if settings.login == "optional" else "required",
        groups_file=settings.groups_file,
        device_map=settings.device_map,
        device_map_file=settings.device_map_file,
        dhcp_leases=settings.dhcp_leases,
        bypass_file=settings.bypass_file,
        shared_users=settings.shared_users,
        shared_addresses=settings.shared_addresses,
        proxy_protocol_from=settings.proxy_protocol_from,
        identity_header=settings.identity_header,
        identity_header_from=settings.identity_header_from,
        certificates=_certificates(settings, settings.client_ca) if settings.client_ca is not None else None,
    )


def _certificates(settings: Settings, authority: Path) -> CertificateSettings:
    return CertificateSettings(
        authority=authority,
        revoked=settings.client_crl,
        required=settings.client_certificate == "required",
        name=cast("Literal['cn', 'email', 'upn']", settings.client_certificate_name),
        front_proxies=settings.identity_header_certificates,
    )


def _ldap(settings: Settings) -> LdapSettings:
    return LdapSettings(
        url=settings.ldap_url,
        people=settings.ldap_people,
        account=settings.ldap_account,
        secret=text_of(settings.ldap_secret_file).strip() if settings.ldap_secret_file else "",
        name=settings.ldap_name,
        groups=settings.ldap_groups,
    )
