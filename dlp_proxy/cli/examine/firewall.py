"""The firewall: in transparent mode, whether connections are redirected here at all; else what only it can do."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings

_SECONDS: Final = 10.0


def around(settings: Settings) -> Answer:
    """Say what only the firewall can do. From here it cannot be seen, so it is a warning where workstations connect."""
    local = ipaddress.ip_address(settings.listen.host).is_loopback
    says = "QUIC is not proxied: block UDP 443, and TCP 80 and 443, at the firewall for everybody but the proxy"
    return Answer("firewall", "fine" if local else "warning", says)


def redirection(settings: Settings) -> Iterator[Answer]:
    """Yield whether the rules of this machine redirect to the proxy; only root can see them, so nobody else looks."""
    if settings.mode == "transparent" and os.geteuid() == 0:
        yield redirects(settings.listen.port, _rules())


def redirects(port: int, rules: str | None) -> Answer:
    """Say whether there is a rule that redirects to a port.

    Args:
        rules: as ``nft list ruleset`` prints them, those of iptables too; None where they cannot be read.
    """
    if rules is None:
        says = (
            "`nft list ruleset` does not say whether connections are redirected to the proxy: install nftables, or look"
        )
        return Answer("redirection", "warning", says)
    if re.search(rf"redirect to :{port}\b|redir ports {port}\b|dnat .*:{port}\b|tproxy .*:{port}\b", rules):
        return Answer("redirection", "fine", f"a rule redirects to port {port}")
    if re.search(r'xt target "(REDIRECT|DNAT|TPROXY)"', rules):
        says = f"rules of iptables redirect, to which port is not seen here: look whether it is {port}"
        return Answer("redirection", "warning", says)
    says = f"no rule here redirects to port {port}: connections go past the proxy, unseen"
    return Answer(
        "redirection", "problem", f"{says}; `nft -f deploy/nftables/transparent.nft`, and load it at the start"
    )


def _rules() -> str | None:
    program = shutil.which("nft", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - found above
            [program, "list", "ruleset"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
