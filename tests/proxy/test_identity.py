from __future__ import annotations

import pytest

from dlp_proxy.proxy.devices import DeviceMap, devices_of
from dlp_proxy.proxy.identity import AddressBook, canonical
from dlp_proxy.proxy.known import Known


def test_a_mapped_address_is_a_weakly_known_user() -> None:
    principal = AddressBook(Known(devices=DeviceMap(devices_of({"10.0.0.7": "li.wei"})))).principal("::ffff:10.0.0.7")
    assert (principal.user, principal.method, principal.strength, principal.address, principal.device) == (
        "li.wei",
        "device-map",
        "weak",
        "10.0.0.7",
        "10.0.0.7",
    )


def test_an_unknown_address_stands_for_itself() -> None:
    principal = AddressBook(Known()).principal("10.0.0.8")
    assert (principal.user, principal.method, principal.strength) == ("10.0.0.8", "address", "none")


@pytest.mark.parametrize(
    ("written", "one"),
    [("fe80::1%eth0", "fe80::1"), ("::FFFF:1.2.3.4", "1.2.3.4"), ("2001:DB8:0::1", "2001:db8::1"), ("", "")],
)
def test_one_spelling_for_each_address(written: str, one: str) -> None:
    assert canonical(written) == one
