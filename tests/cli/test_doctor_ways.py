"""Doctor about ways in and out: what is not opened, the proxy upstream, the passphrase of the CA."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from dlp_proxy.cli.doctor import look
from dlp_proxy.cli.examine.firewall import redirects
from dlp_proxy.cli.examine.ways import ways
from dlp_proxy.settings import Settings, load_settings
from dlp_proxy.stores.imported_authority import import_authority
from tests.stores.test_imported_authority import ISSUING, key

RULES = Path(__file__).parents[2] / "deploy" / "nftables" / "transparent.nft"
ENTRY = "- {host: %s.example.com, port: 443, owner: li, reason: pins, expires: %s}\n"


def shipped(port: int) -> str:
    """Return the shipped rules as they are printed: with names filled in."""
    return RULES.read_text().replace("$proxy", str(port))


def settings(**told: str) -> Settings:
    return load_settings(None, {f"DLP_PROXY_{name.upper()}": value for name, value in told.items()}, {})


def test_entries_that_are_over_are_named(tmp_path: Path) -> None:
    file = tmp_path / "bypass.yaml"
    file.write_text(ENTRY % ("a", "2099-01-01") + ENTRY % ("b", "2020-01-01"))
    (answer,) = ways(settings(bypass_file=str(file)))
    assert (answer.name, answer.state) == ("bypass", "warning")
    assert answer.says.startswith("1 destinations are passed on unopened: nobody sees what is sent there")
    assert "over, and do not hold: b.example.com:443 (2020-01-01)" in answer.says
    file.write_text(ENTRY % ("a", "soon"))
    (answer,) = ways(settings(bypass_file=str(file)))
    assert (answer.state, "`expires` must be a date" in answer.says) == ("problem", True)


def test_a_proxy_upstream_that_does_not_answer_is_a_problem(tmp_path: Path) -> None:
    login = tmp_path / "login"
    login.write_text("dlp:secret\n")
    with socket.create_server(("127.0.0.1", 0)) as there:
        url = f"http://127.0.0.1:{there.getsockname()[1]}"
        (answer,) = ways(settings(upstream_proxy=url))
        assert answer.state == "fine"
        (answer,) = ways(settings(upstream_proxy=url, upstream_login_file=str(login)))
        assert (answer.state, "in the clear" in answer.says, "secret" in answer.says) == ("warning", True, False)
    (answer,) = ways(settings(upstream_proxy=url))
    assert (answer.state, "mend `upstream_proxy`" in answer.says) == ("problem", True)
    login.write_text("no colon\n")
    (answer,) = ways(settings(upstream_proxy=url, upstream_login_file=str(login)))
    assert (answer.state, "USER:PASSWORD" in answer.says) == ("problem", True)


def test_transparent_mode_says_what_is_weak() -> None:
    (answer,) = ways(settings(mode="transparent"))
    assert (answer.state, "only addresses tell who sends" in answer.says) == ("warning", True)


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        pytest.param(shipped(8080), "fine", id="the shipped rules"),
        pytest.param(shipped(3129), "problem", id="to another port"),
        pytest.param("", "problem", id="none"),
        pytest.param("tcp dport 443 counter redirect to :80801", "problem", id="a longer port"),
        pytest.param("meta l4proto tcp # REDIRECT redir ports 8080", "fine", id="of iptables"),
        pytest.param('tcp dport 443 counter xt target "REDIRECT"', "warning", id="of iptables, without the port"),
        pytest.param(None, "warning", id="not to be seen"),
    ],
)
def test_rules_that_redirect_nothing_let_everything_past(rules: str | None, state: str) -> None:
    assert redirects(8080, rules).state == state


@pytest.mark.parametrize(
    ("told", "says"),
    [
        pytest.param(None, "set `ca_passphrase_file`", id="not told"),
        pytest.param("wrong", "does not open the key", id="wrong"),
        pytest.param("secret", "CN=CA 2", id="right"),
    ],
)
def test_the_passphrase_of_the_ca_is_tried(told: str | None, says: str, tmp_path: Path) -> None:
    import_authority(tmp_path / "state" / "ca", key(2, "secret"), ISSUING, "secret")
    (tmp_path / "state").chmod(0o700)
    more = {}
    if told is not None:
        (tmp_path / "pass").write_text(f"{told}\n")
        more["ca_passphrase_file"] = str(tmp_path / "pass")
    answers = look(settings(state=str(tmp_path / "state"), policies=str(tmp_path), **more))
    answer = next(one for one in answers if one.name == "CA")
    assert says in answer.says
    assert answer.state == ("problem" if told != "secret" else "warning")  # a CA of thirty days ends soon
