from __future__ import annotations

import ipaddress

import pytest

from dlp_proxy.proxy.destinations import DestinationRules, is_local, normal_host, parse_ip

EVERYTHING = ("0.0.0.0/0", "::/0")
ANY = "0.0.0.0"  # noqa: S104 - a destination here, nothing is bound

INSIDE = (
    *("127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.1."),
    *("[::1]", "::1", "::ffff:127.0.0.1", "[::ffff:7f00:1]", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost"),
    *("LOCALHOST.", "a.localhost", ANY, "0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.1.1"),
    *("169.254.169.254", "100.100.100.200", "100.64.0.1", "fd00::1", "fe80::1", "fd00:ec2::254", "::"),
    *("224.0.0.1", "ff02::1", "255.255.255.255", "mitm.it", "metadata.google.internal.", ""),
    *("127.0.0.1%lo", "fe80::1%eth0", "[::1%25lo]"),
    # IPv4 inside IPv6 in forms that are out of use (RFC 4291, 2.5.5.1; RFC 2765), site-local (RFC 3879), not given out.
    *("::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1", "fec0::1", "4000::1", "5f00::1"),
    # Metadata and host services of clouds beside the usual one: Azure, ECS, EKS, Google, Oracle.
    *("168.63.129.16", "169.254.170.2", "169.254.170.23", "fd00:ec2::23", "fd20:ce::254", "192.0.0.192"),
)
OUTSIDE = (
    "mail.qq.com",
    "8.8.8.8",
    "2001:4860:4860::8888",
    "0x08.8.8.8",
    "1.1",
    "xn--fiq228c.com",
    "10.example.com",
    "2002:808:808::1",
    "64:ff9b::808:808",
)


@pytest.mark.parametrize("host", INSIDE)
def test_the_inside_is_refused_in_every_spelling(host: str) -> None:
    assert DestinationRules(()).refuses(host, 80) != ""


@pytest.mark.parametrize("host", OUTSIDE)
def test_the_outside_is_not(host: str) -> None:
    assert DestinationRules(()).refuses(host, 80) == ""


def test_all_spellings_were_tried() -> None:
    assert (len(INSIDE), len(OUTSIDE)) == (51, 9)


def test_named_networks_may_be_reached_and_no_others() -> None:
    rules = DestinationRules((), ["10.8.0.0/16"])
    assert (rules.refuses("10.8.1.2", 80), rules.refuses("10.9.1.2", 80) == "") == ("", False)


def test_everything_does_not_mean_own_ports_metadata_or_names_that_are_none() -> None:
    rules = DestinationRules([8080, 8081], EVERYTHING)
    for host, port in (
        ("127.0.0.1", 8080),
        ("127.9.9.9", 8081),
        (ANY, 8080),
        ("::1", 8080),
        ("169.254.169.254", 80),
        ("::ffff:169.254.169.254", 80),
        ("64:ff9b::a9fe:a9fe", 80),
        ("2002:a9fe:a9fe::1", 80),
        ("2002:7f00:1::1", 8080),
        ("100.100.100.200", 80),
        ("168.63.129.16", 80),
        ("169.254.170.2", 80),
        ("fd00:ec2::23", 80),
        ("fd20:ce::254", 80),
        ("fe80::1", 80),
        ("192.0.0.192", 80),
        ("::ffff:0:169.254.169.254", 80),
        ("::169.254.169.254", 80),
        ("mitm.it", 80),
        ("224.0.0.1", 80),
    ):
        assert rules.refuses(host, port) != "", host
    assert rules.refuses("127.0.0.1", 9000) == ""
    assert rules.refuses("8.8.8.8", 8080) == ""


def test_a_metadata_service_can_be_named() -> None:
    assert DestinationRules((), ["169.254.169.254/32"]).refuses("169.254.169.254", 80) == ""
    assert DestinationRules((), ["169.254.0.0/16"]).refuses("169.254.170.2", 80) == ""
    assert DestinationRules((), ["168.63.129.16"]).refuses("168.63.129.16", 80) == ""


@pytest.mark.parametrize(
    ("network", "service", "beside"),
    [
        ("100.64.0.0/10", "100.100.100.200", "100.64.0.1"),
        ("fd00::/8", "fd00:ec2::254", "fd00::1"),
        ("192.0.0.0/24", "192.0.0.192", "192.0.0.1"),
    ],
)
def test_the_network_around_a_metadata_service_does_not_name_it(network: str, service: str, beside: str) -> None:
    """Who lets staff reach the inside names such networks, and means no service of the cloud."""
    rules = DestinationRules((), [network])
    assert (rules.refuses(service, 80) != "", rules.refuses(beside, 80)) == (True, "")


def test_a_public_address_of_this_machine_is_inside_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What listens there trusts the machine, or is behind a firewall that only others meet."""
    monkeypatch.setattr("dlp_proxy.proxy.destinations.is_local", lambda address: str(address) == "8.8.4.4")
    assert DestinationRules((), ()).refuses("8.8.4.4", 22) == "an address of this machine"
    assert DestinationRules((), ()).refuses("8.8.8.8", 22) == ""
    assert DestinationRules((), ["8.8.4.4/32"]).refuses("8.8.4.4", 22) == ""
    assert DestinationRules([22], EVERYTHING).refuses("8.8.4.4", 22) == "a port of the proxy itself"


def test_what_is_local_is_this_machines_alone() -> None:
    assert is_local(ipaddress.ip_address("127.9.9.9"))
    assert is_local(ipaddress.ip_address("::1"))
    assert not is_local(ipaddress.ip_address("192.0.2.1"))


def test_a_pinned_name_goes_where_the_setting_says_but_not_to_own_ports() -> None:
    rules = DestinationRules(
        [8080], (), {"Mail.Example": "127.0.0.1:9443", "six.example": "[::1]:1", "own.example": "127.0.0.1:8080"}
    )
    assert rules.pinned("mail.example.", 443) == ("127.0.0.1", 9443)
    assert rules.pinned("six.example", 443) == ("::1", 1)
    assert rules.refuses("mail.example", 443) == ""
    assert rules.refuses("own.example", 443) == "a port of the proxy itself"


def test_a_pin_without_a_port_keeps_the_one_asked_for() -> None:
    rules = DestinationRules((), (), {"a.example": "10.0.0.1", "b.example": "fd00::1"})
    assert (rules.pinned("a.example", 443), rules.pinned("b.example", 80)) == (("10.0.0.1", 443), ("fd00::1", 80))


def test_hosts_have_one_spelling() -> None:
    assert [normal_host(one) for one in ("Example.COM.", "[::1]", "例子.com")] == [
        "example.com",
        "::1",
        "xn--fsqu00a.com",
    ]
    assert parse_ip("0x7f.1") == ipaddress.ip_address("127.0.0.1")
    assert parse_ip("127.0.0.1.example.com") is None
