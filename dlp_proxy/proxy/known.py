"""What is known of people and devices: read from files together, taken into force together, followed as they change."""

from __future__ import annotations

from dataclasses import dataclass, field

from dlp_proxy.proxy.bypass_file import BypassEntry, read_bypass
from dlp_proxy.proxy.devices import DeviceMap, devices_of, read_devices
from dlp_proxy.proxy.known_files import read_groups, stamp
from dlp_proxy.proxy.leases import Leases, read_leases
from dlp_proxy.proxy.passwords import Passwords, read_passwords
from dlp_proxy.proxy.ports import WhoSettings


@dataclass(frozen=True, slots=True)
class Known:
    """Tables of one moment. Immutable: a changed file makes another."""

    passwords: Passwords = field(default_factory=lambda: Passwords({}))
    devices: DeviceMap = field(default_factory=lambda: DeviceMap(()))
    leases: Leases = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bypass: tuple[BypassEntry, ...] = ()


def read_known(who: WhoSettings) -> Known:
    """Read all files that the settings name.

    Raises:
        KnownFileError: one of them cannot be used.
    """
    devices = list(devices_of(who.device_map))
    if who.device_map_file is not None:
        devices += read_devices(who.device_map_file)
    return Known(
        passwords=read_passwords(who.htpasswd) if who.htpasswd else Passwords({}),
        devices=DeviceMap(devices),
        leases=read_leases(who.dhcp_leases) if who.dhcp_leases else {},
        groups=read_groups(who.groups_file) if who.groups_file else {},
        bypass=read_bypass(who.bypass_file) if who.bypass_file else (),
    )


class KnownFiles:
    """Reads the files again when one of them has changed. For a thread: it waits for the disk."""

    def __init__(self, who: WhoSettings) -> None:
        """Read them the first time.

        Raises:
            KnownFileError: one of them cannot be used.
        """
        self._who = who
        self._paths = tuple(
            one
            for one in (who.htpasswd, who.groups_file, who.device_map_file, who.dhcp_leases, who.bypass_file)
            if one is not None
        )
        self._seen = self._stamps()
        self.known = read_known(who)

    def changed(self) -> Known | None:
        """Return what the files say now if they have changed, else None.

        Raises:
            KnownFileError: a changed file cannot be used; told once for each change.
        """
        stamps = self._stamps()
        if stamps == self._seen:
            return None
        self._seen = stamps
        self.known = read_known(self._who)
        return self.known

    def _stamps(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(stamp(one) for one in self._paths)
