"""The setting `forward`: what it takes, and what it says of what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from dlp_proxy.forward.target import Target, TargetError, read_targets


def test_a_target_is_read_with_its_usual_port() -> None:
    (one,) = read_targets({"siem": {"to": "syslog+tls://siem.corp.example", "format": "cef", "send": "findings"}})
    assert one == Target("siem", "syslog+tls", "siem.corp.example", 6514, "/", "cef", "findings")
    assert str(one) == "syslog+tls://siem.corp.example:6514"


def test_a_webhook_keeps_its_path_and_files() -> None:
    (one,) = read_targets({"soc": {"to": "https://soc.example:8443/in?a=1", "header_file": "/etc/h", "ca": "/etc/ca"}})
    assert (one.host, one.port, one.path) == ("soc.example", 8443, "/in?a=1")
    assert (one.header_file, one.ca, one.format, one.send) == (Path("/etc/h"), Path("/etc/ca"), "ocsf", "alerts")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("nonsense", "must be a map"),
        ({"S I": {"to": "https://a"}}, "is not a name"),
        ({"siem": {"format": "cef"}}, "needs `to`"),
        ({"siem": {"to": "https://a", "fromat": "cef"}}, "did you mean `format`?"),
        ({"siem": {"to": "https://a", "format": "leef"}}, "must be one of: ocsf, ecs, cef"),
        ({"siem": {"to": "https://a", "send": "everything"}}, "must be one of: alerts, findings, all"),
        ({"siem": {"to": "kafka://a"}}, "must be SCHEME://HOST"),
        ({"siem": {"to": "https://u:secret@a"}}, "would be printed"),
        ({"siem": {"to": "https://a:port"}}, "must be SCHEME://HOST"),
    ],
    ids=["no map", "name", "no to", "typo", "format", "send", "scheme", "password", "port"],
)
def test_a_bad_target_says_what_to_do(value: object, says: str) -> None:
    with pytest.raises(TargetError, match=says.replace("?", r"\?")) as told:
        read_targets(value)
    assert "secret" not in str(told.value)
