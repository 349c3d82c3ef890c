"""What the PAC file names: something that a workstation can connect to."""

from __future__ import annotations

import platform

import pytest

from dlp_proxy.setting_values import SettingsError
from dlp_proxy.settings import load_settings
from dlp_proxy.wiring.desk import shown_address


@pytest.mark.parametrize(
    ("told", "host", "shown"),
    [
        pytest.param(None, "10.1.2.3", "10.1.2.3:8080", id="one address"),
        pytest.param(None, "fd00::1", "[fd00::1]:8080", id="one of IPv6"),
        pytest.param(None, "0.0.0.0", f"{platform.node()}:8080", id="all addresses"),  # noqa: S104 - nothing is bound
        pytest.param(None, "::", f"{platform.node()}:8080", id="all of IPv6"),
        pytest.param("proxy.corp.example", "::", "proxy.corp.example:8080", id="a name"),
        pytest.param(
            "proxy.corp.example:3128", "::", "proxy.corp.example:3128", id="a name and the port of a balancer"
        ),
        pytest.param("[fd00::2]:1", "::", "[fd00::2]:1", id="an address of IPv6"),
    ],
)
def test_what_the_pac_file_names(told: str | None, host: str, shown: str) -> None:
    settings = load_settings(None, {}, {"pac_proxy": told})
    assert shown_address(settings, host, 8080) == shown


@pytest.mark.parametrize("told", ["a b", "proxy:0", "proxy:99999", 'x"; return "DIRECT', "http://proxy:80", "fd00::1"])
def test_what_is_no_name_is_refused(told: str) -> None:
    with pytest.raises(SettingsError, match="must be a name, or NAME:PORT"):
        load_settings(None, {}, {"pac_proxy": told})
