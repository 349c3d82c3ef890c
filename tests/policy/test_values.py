from __future__ import annotations

from datetime import date

import pytest

from dlp_proxy.detect.registry import STANDARD_VERSION
from dlp_proxy.policy.keys import Key, Kind
from dlp_proxy.policy.load import load
from dlp_proxy.policy.values import BadValueError, host, meaning


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("time", "90m", 5400),
        ("time", "24h", 86400),
        ("time", "7d", 604800),
        ("time", "30s", 30),
        ("size", "10 MB", 10 * 1024 * 1024),
        ("size", "10mb", 10 * 1024 * 1024),
        ("size", "1 B", 1),
        ("characters", "300 chars", 300),
        ("near", "record", "record"),
        ("near", "40 chars", 40),
        ("date", "2027-03-31", "2027-03-31"),
        ("network", "10.0.0.0/8", "10.0.0.0/8"),
        ("network", "10.0.0.1", "10.0.0.1/32"),
        ("method", "post", "POST"),
        ("url", "https://x.example:8443/up?a=b", "https://x.example:8443/up?a=b"),
        ("text", "anything", "anything"),
    ],
)
def test_a_good_value_has_its_meaning(kind: Kind, text: str, meant: str | int) -> None:
    assert meaning(Key("k", kind, ""), text) == meant


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("time", "1 day", "BAD-VALUE"),
        ("time", "24", "BAD-VALUE"),
        ("time", "1.5h", "BAD-VALUE"),
        ("time", "٣h", "BAD-VALUE"),
        ("time", "0m", "RANGE"),
        ("time", "367d", "RANGE"),
        ("size", "10", "BAD-VALUE"),
        ("characters", "0 chars", "RANGE"),
        ("near", "near", "BAD-VALUE"),
        ("date", "2027-02-30", "BAD-VALUE"),
        ("date", "20270331", "BAD-VALUE"),
        ("network", "10.0.0.1/8", "BAD-VALUE"),
        ("network", "ten", "BAD-VALUE"),
        ("method", "FETCH", "BAD-VALUE"),
        ("url", "x.example", "BAD-VALUE"),
        ("url", "ftp://x.example", "BAD-VALUE"),
        ("url", "https://[x/", "BAD-VALUE"),
        ("url", "https://x.example:99999/", "BAD-VALUE"),
        ("name", "Bulk", "BAD-NAME"),
        ("name", "a--b", "BAD-NAME"),
        ("name", "std/x", "BAD-NAME"),
    ],
)
def test_a_bad_value_is_refused_by_its_code(kind: Kind, text: str, code: str) -> None:
    with pytest.raises(BadValueError) as found:
        meaning(Key("k", kind, ""), text)
    assert found.value.code == code


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Mail.Example.", "mail.example"),
        ("*.Mail.Example", "*.mail.example"),
        ("例子.example", "xn--fsqu00a.example"),
        ("*.例子.example", "*.xn--fsqu00a.example"),
        ("FD00:0::5", "fd00::5"),
        ("10.0.0.7", "10.0.0.7"),
        ("localhost", "localhost"),
    ],
)
def test_hosts_are_kept_in_one_spelling(written: str, plain: str) -> None:
    assert host(written) == plain


@pytest.mark.parametrize(
    "written", ["a..example", "-a.example", "a b.example", "a.example:443", "*a.example", "a/b", "*.*"]
)
def test_what_is_no_host_is_refused(written: str) -> None:
    with pytest.raises(BadValueError):
        host(written)


@pytest.mark.parametrize("written", ["*", "*."])
def test_every_host_there_is_is_too_wide(written: str) -> None:
    with pytest.raises(BadValueError) as found:
        host(written)
    assert found.value.code == "TOO-WIDE"


def test_a_pin_holds_the_version_of_what_is_built_in() -> None:
    def problems(like: str, to: str) -> list[tuple[str, int, int]]:
        text = f"""\
format: dlp-policy/v1
policy: pinned
detectors:
  mail: {{like: {like}}}
rules:
  out:
    mode: monitor
    severity: low
    when: {{to: {to}}}
    find: mail
    action: log
"""
        loaded = load({"p.yaml": text}, date(2026, 11, 28))
        if loaded.policy is not None:
            assert loaded.policy.liked == {"std/email"}
            assert loaded.policy.rules[0].when.to is not None
            assert loaded.policy.rules[0].when.to.covers("mail.google.com")
        return [(one.code, one.line, one.column) for one in loaded.problems]

    pin = f"std@{STANDARD_VERSION}"
    assert problems(f"{pin}/email", f"{pin}/webmail") == []
    assert problems("std@9.9/email", f"{pin}/webmail") == [("BAD-VALUE", 4, 16)]
    assert problems("std/email", "std@9.9/webmail") == [("BAD-VALUE", 9, 16)]
    assert [code for code, *_ in problems(f"{pin}/emial", "std/webmail")] == ["UNKNOWN-NAME"]
