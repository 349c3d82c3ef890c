"""People: how it is found out who sends, and who can open evidence."""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from collections.abc import Iterator
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.proxy.client_certificates import read_good
from dlp_proxy.proxy.known import read_known
from dlp_proxy.proxy.known_files import KnownFileError
from dlp_proxy.proxy.passwords import WITHOUT_SALT
from dlp_proxy.sealing.people import ROLES, PeopleFolder
from dlp_proxy.settings import Settings
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.who import who_settings

_SOON: Final = dt.timedelta(days=3)


def people(settings: Settings, folder: StateDir) -> Iterator[Answer]:
    """Yield what is there."""
    yield _who(settings)
    if settings.client_ca is not None:
        yield _certificates(settings)
    yield _evidence(settings, folder)


def _who(settings: Settings) -> Answer:
    """Say how it is found out who sends, and what of it is weak."""
    try:
        known = read_known(who_settings(settings))
    except KnownFileError as error:
        return Answer("who sends", "problem", str(error))
    says, weak = [], []
    if settings.ldap_url:
        says.append(f"log-in {settings.login} by {settings.ldap_url}")
        if settings.ldap_url.startswith("ldap:"):
            weak.append("passwords go to the directory in the clear: use ldaps://")
    if settings.htpasswd:
        says.append(f"log-in {settings.login}, {len(known.passwords)} users")
        if WITHOUT_SALT in known.passwords.schemes:
            weak.append("SHA without salt in htpasswd: renew with `htpasswd -B`")
        if not ipaddress.ip_address(settings.listen.host).is_loopback:
            weak.append("passwords reach the proxy in the clear unless clients speak TLS to it")
    if settings.identity_header:
        says.append(f"{settings.identity_header} from {', '.join(settings.identity_header_from) or 'nobody'}")
        if not settings.identity_header_from:
            weak.append("identity_header is believed from nobody: set identity_header_from")
    if settings.proxy_protocol_from:
        says.append(f"PROXY protocol from {', '.join(settings.proxy_protocol_from)}")
    says.append(f"{len(known.devices)} devices, {len(known.leases)} leases")
    if not settings.htpasswd and not settings.ldap_url and not settings.identity_header:
        weak.append("only addresses tell who sends")
    return Answer("who sends", "warning" if weak else "fine", "; ".join(says + weak))


def _certificates(settings: Settings) -> Answer:
    """Say whether anybody can get in by a client certificate: the lists of those that do no more run out themselves."""
    try:
        who = who_settings(settings)
        good = read_good(who.certificates) if who.certificates is not None else None
    except KnownFileError as error:
        return Answer("client CA", "problem", str(error))
    if good is None:
        return Answer("client CA", "fine", "none")
    now = dt.datetime.now(dt.UTC)
    for one in good.authorities:
        if one.not_valid_after_utc <= now:
            says = f"{one.subject.rfc4514_string()} ended on {one.not_valid_after_utc:%Y-%m-%d}: nobody of it gets in"
            return Answer("client CA", "problem", f"{says}; put the new one into `client_ca`")
    ends = min((one.next_update_utc for one in good.revoked if one.next_update_utc), default=None)
    if ends is not None and ends <= now:
        says = f"the list `client_crl` ran out on {ends:%Y-%m-%d %H:%M} UTC: nobody gets in; fetch the new one"
        return Answer("client CA", "problem", says)
    if ends is not None and ends - now < _SOON:
        says = (
            f"the list `client_crl` runs out on {ends:%Y-%m-%d %H:%M} UTC, and then nobody gets in: see to its renewal"
        )
        return Answer("client CA", "warning", says)
    return Answer("client CA", "fine", f"{len(good.authorities)} CAs, {len(good.revoked)} revocation lists")


def _evidence(settings: Settings, folder: StateDir) -> Answer:
    """Say whether what is sealed can be opened, by whom, and for how long."""
    if settings.evidence == "off":
        return Answer("evidence", "warning", "off: requests that are stopped or logged are not kept")
    now = time.time()
    try:
        people = PeopleFolder(folder.people).people()
    except StoreError as error:
        return Answer("evidence", "problem", str(error))
    says = [f"{len(people.in_force(role, now))} {role}s" for role in ROLES]
    weak = [f"no {role} has a key in force: none is kept; `dlp-proxy keys init`" for role in people.missing(now)]
    problem = bool(weak) and settings.evidence_on_failure == "block"
    weak += [f"{one} holds both roles and could open evidence alone" for one in people.in_both_roles(now)]
    weak += [
        f"the key of {one.role} {one.name} ends on {dt.datetime.fromtimestamp(one.expires, dt.UTC):%Y-%m-%d}: "
        "`dlp-proxy keys rotate`"
        for one in people.ending(now)
    ]
    if any(one.demo and not one.retired for one in people.keys):
        weak.append("keys of the demo are in force: their private halves lie in one place")
    return Answer("evidence", "problem" if problem else "warning" if weak else "fine", "; ".join(says + weak))
