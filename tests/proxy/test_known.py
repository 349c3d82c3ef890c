"""Files about people and devices: what they say, when, and that a broken one is refused with its line."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dlp_proxy.proxy.devices import DeviceMap, devices_of, read_devices
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.known import Known, KnownFiles, read_known
from dlp_proxy.proxy.known_files import KnownFileError, read_groups
from dlp_proxy.proxy.leases import device_at, read_leases
from dlp_proxy.proxy.passwords import Passwords, read_passwords
from dlp_proxy.proxy.ports import WhoSettings

CSV = """address,user,from,until,shared
10.0.0.0/8,everybody,,,yes
10.1.0.0/16,branch,,,
10.1.2.3,day.shift,2026-03-02T08:00+08:00,2026-03-02T16:00+08:00,
10.1.2.3,night.shift,2026-03-02T16:00+08:00,,
2001:db8::/32,six,,,
"""
YAML = """
- {address: 10.1.2.3, user: li.na, from: 2026-03-02 08:00, until: 2026-03-02 09:00}
- {address: 10.0.0.0/24, user: "007", shared: true}
"""


def at(hour: int, minute: int = 0) -> float:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC).timestamp()


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def user(devices: DeviceMap, address: str, now: float) -> str:
    found = devices.find(address, now)
    return found.user if found else ""


def test_the_narrowest_network_at_the_time_wins(tmp_path: Path) -> None:
    devices = DeviceMap(read_devices(write(tmp_path, "devices.csv", CSV)))
    assert [user(devices, "10.1.2.3", at(hour)) for hour in (0, 7, 8, 20)] == [
        "day.shift",
        "day.shift",
        "night.shift",
        "night.shift",
    ]
    assert user(devices, "10.1.2.3", datetime(2026, 3, 1, tzinfo=UTC).timestamp()) == "branch"
    asked = ("10.1.9.9", "10.200.0.1", "2001:db8::7", "192.0.2.1", "2001:db9::1", "no address", "")
    assert [user(devices, one, at(0)) for one in asked] == ["branch", "everybody", "six", "", "", "", ""]
    assert len(devices) == 5


def test_yaml_says_the_same_and_its_values_are_texts(tmp_path: Path) -> None:
    devices = DeviceMap(read_devices(write(tmp_path, "devices.yaml", YAML)))
    found = devices.find("10.0.0.9", 0.0)
    assert found is not None
    assert (found.user, found.shared) == ("007", True)
    assert [user(devices, "10.1.2.3", when) for when in (at(8) - 1, at(8), at(9) - 1, at(9))] == [
        "",
        "li.na",
        "li.na",
        "",
    ]


BROKEN = (
    ("d.csv", "address,user\n10.0.0.1\n", ":2: not as many cells"),
    ("d.csv", "address,usr\n10.0.0.1,a\n", ":2: `usr` is not known"),
    ("d.csv", "address,user\n10.0.0.1/8,a\n", ":2: `address` must be"),
    ("d.csv", "address,user\n10.0.0.1,\n", ":2: `user` is missing"),
    ("d.csv", "address,user,shared\n10.0.0.1,a,maybe\n", ":2: `shared` must be"),
    ("d.csv", "address,user,from\n10.0.0.1,a,soon\n", ":2: `from` must be a time"),
    ("d.csv", "address,user,from,until\n10.0.0.1,a,2026-03-02,2026-03-01\n", ":2: `from` is not before"),
    ("d.yaml", "address: 10.0.0.1\n", "device 1 must be a map"),
    ("d.yaml", "- [1, 2]\n", "device 1 must be a map"),
    ("d.yaml", "- {address: 10.0.0.1,\n", "is not valid YAML"),
    ("d.yaml", "- {address: 10.0.0.1, user: a}\n- {address: 10.0.0.1, user: b}\n", "two users have 10.0.0.1/32"),
    ("d.yaml", "- {address: 10.0.0.1, user: !!python/name:os.system x}\n", ""),
)


@pytest.mark.parametrize(("name", "text", "says"), BROKEN[:-1])
def test_a_broken_device_file_names_its_line(name: str, text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(KnownFileError) as told:
        DeviceMap(read_devices(write(tmp_path, name, text)))
    assert says in str(told.value)


def test_tags_of_yaml_make_nothing(tmp_path: Path) -> None:
    name, text, _ = BROKEN[-1]
    (one,) = read_devices(write(tmp_path, name, text))
    assert one.user == "x"


def test_leases_of_dnsmasq(tmp_path: Path) -> None:
    text = (
        "1772438400 aa:bb:cc:dd:ee:ff 10.0.0.5 pc-17 01:aa\n0 aa:bb:cc:dd:ee:01 10.0.0.6 printer *\n"
        "1772438400 aa:bb:cc:dd:ee:02 10.0.0.7 * *\nduid 00:01\n1772438400 123 2001:db8::5 pc-17 00:01\n"
    )
    leases = read_leases(write(tmp_path, "leases", text))
    asked = (("10.0.0.5", 1772438399.0), ("10.0.0.5", 1772438400.0), ("10.0.0.6", 9e9), ("10.0.0.7", 0), ("::5", 0))
    assert [device_at(leases, *one) for one in asked] == ["pc-17", "", "printer", "", ""]
    assert device_at(leases, "2001:db8::5", 0) == "pc-17"


def test_leases_of_isc_where_the_last_word_holds(tmp_path: Path) -> None:
    lease = (
        'lease {} {{\n  starts 1 2026/03/02 08:00:00;\n  ends {};\n  binding state {};\n  client-hostname "{}";\n}}\n'
    )
    text = (
        "# a comment\n"
        + lease.format("10.0.0.5", "1 2026/03/02 09:00:00", "active", "old")
        + lease.format("10.0.0.5", "1 2026/03/02 10:00:00", "active", "pc-17")
        + lease.format("10.0.0.6", "never", "active", "server")
        + lease.format("10.0.0.7", "never", "active", "was-here")
        + lease.format("10.0.0.7", "never", "free", "was-here")
        + lease.format("10.0.0.8", "never", "active", "<b>")
    )
    leases = read_leases(write(tmp_path, "dhcpd.leases", text))
    asked = (("10.0.0.5", at(9, 59)), ("10.0.0.5", at(10)), ("10.0.0.6", 9e9), ("10.0.0.7", 0), ("10.0.0.8", 0))
    assert [device_at(leases, *one) for one in asked] == ["pc-17", "", "server", "", ""]


def test_what_is_no_lease_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownFileError, match=":1: neither a lease"):
        read_leases(write(tmp_path, "leases", "root:x:0:0\n"))


def test_groups_are_read_by_user(tmp_path: Path) -> None:
    assert read_groups(write(tmp_path, "groups", "# who\nsales: a b\nall: a\nnone:\n")) == {
        "a": ("all", "sales"),
        "b": ("sales",),
    }
    with pytest.raises(KnownFileError, match=":1: must be GROUP"):
        read_groups(write(tmp_path, "groups", "sales a b\n"))


HASHES = {
    "bcrypt": "$2y$05$II0ZpVgcy5CkowRorQjoFujaJWDkc//kbbGonbHOb9zgBDeAj9hiq",
    "apr1": "$apr1$t03DbO2.$YQXZ8708DIOnXw5FV7h8K1",
    "sha1": "{SHA}JZAz1BSlEF10vQdmBV23Aw62SJ4=",
    "sha256": "$5$IjlBxSrFDQ/p1V0e$UEWH8cQYmfkTnDggGPwjsvjBszrjGdRmKrbM5Kh7aK.",
    "sha512": "$6$xMGVNQqV.jJlXsR7$"
    "WhPfpI3t/KOEbcpJLuQ6qia8i/.hb5SZGlcLPDfd0usfFFuaQQSSqR7dQFangkiU.BKHXmJ2KJJpJ2ghD4y8y0",
}
"""Made by Apache's htpasswd."""
TWICE = f"u:{HASHES['sha1']}\nu:{HASHES['sha1']}"


@pytest.mark.parametrize("scheme", HASHES)
def test_each_hash_of_htpasswd_proves_its_password_only(scheme: str, tmp_path: Path) -> None:
    passwords = read_passwords(write(tmp_path, "htpasswd", f"u:{HASHES[scheme]}\n"))
    right = "pässwörd:x"
    tried = (right, right + " ", right.upper(), "", "x\0y", "y" * 100, "y" * 5000)
    assert [passwords.proves("u", one) for one in tried] == [True] + [False] * 6
    assert not passwords.proves("other", right)
    assert passwords.schemes == {scheme}


@pytest.mark.parametrize("line", ["u:plain", "u:", "u", ":x", "u:rqXexS6ZhobKA", TWICE])
def test_a_broken_password_file_is_refused_and_not_quoted(line: str, tmp_path: Path) -> None:
    with pytest.raises(KnownFileError) as told:
        read_passwords(write(tmp_path, "htpasswd", line + "\n"))
    assert "plain" not in str(told.value)
    assert "{SHA}" not in str(told.value)


def test_nobody_is_in_an_empty_file() -> None:
    assert not Passwords({}).proves("", "")


def test_shared_names_and_addresses_are_said_to_be() -> None:
    known = Known(devices=DeviceMap(devices_of({"10.0.0.7": "desk"})), groups={"li.na": ("sales",)})
    book = AddressBook(known, ["desk", "info"], ["10.9.0.0/16"])
    made = [
        book.principal("10.0.0.7"),
        book.principal("10.9.1.1"),
        book.principal("10.0.0.8"),
        book.proved("li.na", ("password", "medium"), "10.9.1.1"),
        book.proved("info", ("password", "medium"), "10.0.0.8"),
    ]
    assert [(one.user, one.strength, one.shared) for one in made] == [
        ("desk", "weak", True),
        ("10.9.1.1", "none", True),
        ("10.0.0.8", "none", False),
        ("li.na", "medium", False),
        ("info", "weak", True),
    ]
    assert made[3].groups == ("sales",)


def test_changed_files_are_read_again_and_errors_told_once(tmp_path: Path) -> None:
    path = write(tmp_path, "devices.csv", "address,user\n10.0.0.1,a\n")
    files = KnownFiles(WhoSettings(device_map={"10.0.0.2": "b"}, device_map_file=path))
    assert files.changed() is None
    path.write_text("address,user\n10.0.0.1,c\n")
    os.utime(path, (1, 1))
    found = files.changed()
    assert found is not None
    assert (user(found.devices, "10.0.0.1", 0), user(found.devices, "10.0.0.2", 0)) == ("c", "b")
    path.unlink()
    with pytest.raises(KnownFileError, match="cannot be read"):
        files.changed()
    assert files.changed() is None
    with pytest.raises(KnownFileError, match="two users have"):
        read_known(
            WhoSettings(
                device_map={"10.0.0.1": "b"},
                device_map_file=write(tmp_path, "x.csv", CSV.replace("10.1.2.3", "10.0.0.1")),
            )
        )
