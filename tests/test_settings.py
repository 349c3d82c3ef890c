"""Settings of the ways in and out: what does not go together, and what is no value, is told before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.setting_values import SettingsError
from dlp_proxy.settings import load_settings
from dlp_proxy.wiring.ways import upstream_of


@pytest.mark.parametrize(
    ("config", "says"),
    [
        pytest.param("mode: sideways", "one of: regular, transparent", id="no mode"),
        pytest.param("{mode: transparent, htpasswd: a}", "`htpasswd` does not go with", id="log-in unseen"),
        pytest.param("{mode: transparent, identity_header: X-User}", "`identity_header` does not", id="header unseen"),
        pytest.param("{mode: transparent, upstream_proxy: 'http://a:1'}", "choose one", id="two ways"),
        pytest.param("upstream_proxy: a:3128", "must be http://HOST:PORT", id="no scheme"),
        pytest.param("upstream_proxy: http://a", "must be http://HOST:PORT", id="no port"),
        pytest.param("upstream_proxy: http://u:p@a:3128", "upstream_login_file", id="log-in in the address"),
        pytest.param("upstream_proxy: http://localhost:8080", "is this proxy itself", id="itself"),
        pytest.param("upstream_login_file: a", "`upstream_proxy` is not", id="log-in to nowhere"),
        pytest.param("{upstream_proxy: 'http://a:1', resolve: {a: 127.0.0.1}}", "`resolve` does not", id="resolve"),
        pytest.param("tenant_headers: [a]", "must be a map of hosts", id="no map"),
        pytest.param("tenant_headers: {a.example: {}}", "must have headers", id="no header"),
        pytest.param("tenant_headers: {a.example: {Host: b}}", "the protocol's own", id="the protocol's header"),
        pytest.param("tenant_headers: {a.example: {X-Ab: 客}}", "must be a text in ASCII", id="not ASCII"),
        pytest.param('tenant_headers: {a.example: {X-Ab: "a\\r\\nX-B: c"}}', "must be a text in ASCII", id="two lines"),
        pytest.param("tenant_headers: {a.example: {X-Ab: 1}}", "quote it", id="no text"),
        pytest.param("tenant_headers: {'*': {X-Ab: b}}", "is not a host", id="every host"),
        pytest.param("bypas_file: a", "did you mean `bypass_file`?", id="a letter short"),
    ],
)
def test_what_cannot_be_is_told(config: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "proxy.yaml"
    path.write_text(config + "\n", encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        load_settings(path, {}, {})
    assert says in str(refused.value)


def test_the_proxy_upstream_and_its_log_in_are_read(tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text("dlp:pass:word\n")
    told = {"DLP_PROXY_UPSTREAM_PROXY": "https://squid.corp.example:3128/", "DLP_PROXY_UPSTREAM_LOGIN_FILE": str(login)}
    made = upstream_of(load_settings(None, told, {}))
    assert made is not None
    assert (made.scheme, made.host, made.port, made.login) == ("https", "squid.corp.example", 3128, "dlp:pass:word")
    assert "pass:word" not in repr(made)


def test_tenant_headers_are_read_out_of_the_environment_too() -> None:
    told = {"DLP_PROXY_TENANT_HEADERS": "{'*.google.com': {X-GoogApps-Allowed-Domains: corp.example}}"}
    assert load_settings(None, told, {}).tenant_headers == {
        "*.google.com": {"X-GoogApps-Allowed-Domains": "corp.example"}
    }
