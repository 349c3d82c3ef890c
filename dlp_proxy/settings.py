"""How one proxy is set up: one table of settings, read from a YAML file, the environment and flags, in that order."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from dlp_proxy.forward.target import Target
from dlp_proxy.setting_values import (
    Address,
    SettingsError,
    address,
    addresses_to_names,
    count,
    destinations,
    directory_url,
    file_or_none,
    folder,
    header_name,
    headers_of_hosts,
    name_and_port,
    names,
    network_list,
    networks,
    number,
    one_of,
    proxy_url,
    switch,
    targets,
    text,
    texts,
)

ENVIRONMENT_PREFIX: Final = "DLP_PROXY_"
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where it was compiled: a device map in the file can name thousands of people."""


def _setting(default: object, read: Callable[[str, object], object], says: str) -> Any:  # noqa: ANN401 - as dataclasses.field
    if callable(default):
        return field(default_factory=default, metadata={"read": read, "says": says})
    return field(default=default, metadata={"read": read, "says": says})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the metadata of each says what it means."""

    listen: Address = _setting(Address("127.0.0.1", 8080), address, "where workstations reach the proxy")
    operations: Address = _setting(
        Address("127.0.0.1", 8081),
        address,
        "health, readiness, metrics, PAC file and CA certificate; loopback only",
    )
    pac_proxy: tuple[str, int] | None = _setting(
        None,
        name_and_port,
        "NAME or NAME:PORT by which workstations reach the proxy, for the PAC file; where it listens when empty",
    )
    policies: Path = _setting(Path("policies"), folder, "folder of policy files")
    state: Path = _setting(Path("state"), folder, "folder of the CA, keys and events; only its owner may read it")
    monitor: bool = _setting(False, switch, "block nothing, record what would have been done")
    allow_private_destinations: tuple[str, ...] = _setting(
        (), networks, "loopback and private addresses that may be reached: true for all, or a list of networks"
    )
    on_error: str = _setting(
        "block", one_of("block", "allow"), "what becomes of a message that a step of ours failed on"
    )
    device_map: Mapping[str, str] = _setting(dict, addresses_to_names, "workstation address: user")
    device_map_file: Path | None = _setting(
        None,
        file_or_none,
        "CSV or YAML file of the same, with networks, times and `shared`; followed as it changes",
    )
    dhcp_leases: Path | None = _setting(
        None, file_or_none, "lease file of dnsmasq or ISC's DHCP server: device names of addresses"
    )
    htpasswd: Path | None = _setting(None, file_or_none, "file of users who log in at the proxy; `htpasswd -B`")
    ldap_url: str = _setting(
        "", directory_url, "directory that proves who logs in: ldaps://HOST, or ldap:// without TLS"
    )
    ldap_people: str = _setting("", text, "its base of users, e.g. ou=people,dc=corp,dc=example")
    ldap_name: str = _setting("uid", header_name, "its attribute that people type as their name, e.g. sAMAccountName")
    ldap_groups: str = _setting("", text, "its base of groups with `member`; empty for none")
    ldap_account: str = _setting("", text, "DN that may search it; empty for an anonymous search")
    ldap_secret_file: Path | None = _setting(None, file_or_none, "file with the password of ldap_account")
    login: str = _setting(
        "required",
        one_of("required", "optional"),
        "whether a request is refused without a log-in by `htpasswd` or `ldap_url`",
    )
    groups_file: Path | None = _setting(
        None, file_or_none, "groups of users, lines of `group: user user`, for rules with `from: {groups: ...}`"
    )
    shared_users: tuple[str, ...] = _setting((), texts, "user names that several people use: weak, and said to be")
    shared_addresses: tuple[str, ...] = _setting(
        (), network_list, "networks behind which several people are (NAT): said to be in the event"
    )
    proxy_protocol_from: tuple[str, ...] = _setting(
        (), network_list, "networks of front proxies; their connections must begin with a PROXY head"
    )
    identity_header: str = _setting("", header_name, "header in which a front proxy names the user")
    identity_header_from: tuple[str, ...] = _setting(
        (), network_list, "networks of the front proxies whose identity_header is believed"
    )
    client_ca: Path | None = _setting(
        None,
        file_or_none,
        "PEM file of the CAs of client certificates, asked for where clients speak TLS to the proxy",
    )
    client_crl: Path | None = _setting(None, file_or_none, "PEM file of their revocation lists; followed as it changes")
    client_certificate: str = _setting(
        "required",
        one_of("required", "optional"),
        "whether a connection without a client certificate is refused, where `client_ca` is set",
    )
    client_certificate_name: str = _setting(
        "cn", one_of("cn", "email", "upn"), "where in a client certificate the user stands"
    )
    identity_header_certificates: tuple[str, ...] = _setting(
        (), texts, "names in client certificates of front proxies whose identity_header is believed"
    )
    mode: str = _setting(
        "regular",
        one_of("regular", "transparent"),
        "regular: clients are set to use the proxy; transparent: the firewall redirects their connections to it",
    )
    upstream_proxy: str = _setting(
        "", proxy_url, "proxy that everything goes through: http://HOST:PORT, or https:// for TLS to it"
    )
    upstream_login_file: Path | None = _setting(None, file_or_none, "file with USER:PASSWORD for upstream_proxy")
    tenant_headers: Mapping[str, Mapping[str, str]] = _setting(
        dict, headers_of_hosts, "host or *.host: {header: value}, set on requests to it inside TLS"
    )
    ca_passphrase_file: Path | None = _setting(None, file_or_none, "file with the passphrase of the CA's key")
    resolve: Mapping[str, str] = _setting(dict, names, "host name: ADDRESS or ADDRESS:PORT to connect to instead")
    upstream_ca: Path | None = _setting(None, file_or_none, "PEM file of CAs to trust upstream beside the usual ones")
    ssl_insecure: bool = _setting(False, switch, "do not verify destinations' certificates; needs the next one too")
    i_know_upstream_is_not_verified: bool = _setting(False, switch, "the second confirmation of ssl_insecure")
    help_contact: str = _setting("your security team", text, "whom the block page tells people to ask")
    body_bytes: int = _setting(1024 * 1024 * 1024, number(1024), "largest request body that is inspected, in bytes")
    websocket_bytes: int = _setting(4 * 1024 * 1024, number(1024), "largest WebSocket message inspected, in bytes")
    grpc_bytes: int = _setting(8 * 1024 * 1024, number(1024), "largest message of a gRPC stream inspected, in bytes")
    raw_tcp: tuple[tuple[str, int], ...] = _setting(
        (), destinations, "HOST:PORT list where anything may be spoken through CONNECT; judged piece by piece"
    )
    bypass_file: Path | None = _setting(
        None, file_or_none, "YAML list of destinations whose TLS is not opened, each with owner, reason and end"
    )
    spool_bytes: int = _setting(
        4 * 1024**3,
        number(1024 * 1024),
        "bytes of request bodies over 1 MiB held in files at once, in STATE/spool",
    )
    evidence: str = _setting(
        "hits", one_of("off", "hits", "all"), "of which events the request is kept, sealed to people's keys"
    )
    evidence_body_bytes: int = _setting(
        64 * 1024**2, number(0), "bytes of one body that are kept; of a longer one its beginning and its end"
    )
    evidence_disk_bytes: int = _setting(20 * 1024**3, number(0), "bytes of all evidence together, in STATE/blobs")
    evidence_days: int = _setting(
        30, number(0), "days after which evidence is deleted, unless held; 0 keeps it as long as its event"
    )
    evidence_cut_headers: tuple[str, ...] = _setting(
        ("authorization", "cookie", "proxy-authorization", "x-api-key", "x-auth-token"),
        texts,
        "headers whose values are not kept",
    )
    evidence_on_failure: str = _setting(
        "go-on", one_of("go-on", "block"), "what becomes of a message whose evidence cannot be kept"
    )
    hyperscan: bool = _setting(True, switch, "one pass for all patterns where it is installed; off starts sooner")
    ocr: str = _setting(
        "auto", one_of("auto", "off"), "read text in pictures where tesseract is installed, and QR and bar codes"
    )
    light_records: str = _setting(
        "all",
        one_of("all", "flagged", "off"),
        "of whose uploads a light record is kept although nothing was found: everybody's, those in `flagged`, nobody's",
    )
    flagged: tuple[str, ...] = _setting((), texts, "users and groups for `light_records: flagged`")
    retention_days: int = _setting(180, number(0), "days after which events are forgotten; 0 keeps them for ever")
    light_retention_days: int = _setting(30, number(0), "the same for light records")
    node: str = _setting("", text, "name of this machine in the log; its host name when empty; the first one stays")
    forward: tuple[Target, ...] = _setting(
        (), targets, "receivers of events, e.g. {siem: {to: syslog+tls://HOST:6514, format: cef, send: alerts}}"
    )
    workers: int | str = _setting(1, count, "processes that serve the port; auto for one on each core")
    inspectors: int | str = _setting(
        "auto", count, "processes that inspect large or packed bodies, of all workers together; auto by cores"
    )
    drain_seconds: int = _setting(30, number(0), "time for what is under way to end when the proxy is told to stop")


def load_settings(path: Path | None, environment: Mapping[str, str], flags: Mapping[str, Any]) -> Settings:
    """Return the settings: the file's, over them the environment's, over them the flags'. None in `flags` is unset.

    Raises:
        SettingsError: the file cannot be read, a key is unknown, or a value cannot be used.
    """
    found: dict[str, Any] = {}
    if path is not None:
        found.update(_from_file(path))
    for name in (one.name for one in fields(Settings)):
        value = environment.get(ENVIRONMENT_PREFIX + name.upper())
        if value is not None:
            found[name] = value
    found.update({name: value for name, value in flags.items() if value is not None})
    known = {one.name: one for one in fields(Settings)}
    values = {name: known[name].metadata["read"](name, value) for name, value in found.items()}
    made = Settings(**values)
    _check_together(made)
    return made


def _check_together(settings: Settings) -> None:
    """Refuse settings that do not go together."""
    if settings.mode == "transparent":
        if settings.upstream_proxy:
            raise SettingsError("`upstream_proxy` does not go with `mode: transparent`: choose one")
        asks = [name for name in ("htpasswd", "ldap_url", "client_ca", "identity_header") if getattr(settings, name)]
        if asks:
            raise SettingsError(
                f"`{asks[0]}` does not go with `mode: transparent`: clients know of no proxy that could ask them; use "
                "device_map_file"
            )
    if settings.upstream_login_file is not None and not settings.upstream_proxy:
        raise SettingsError("`upstream_login_file` is set and `upstream_proxy` is not")
    if settings.upstream_proxy:
        to = urlsplit(settings.upstream_proxy)
        if to.port == settings.listen.port and to.hostname in {"localhost", "127.0.0.1", "::1", settings.listen.host}:
            raise SettingsError("`upstream_proxy` is this proxy itself: nothing would ever get out")
    if settings.upstream_proxy and settings.resolve:
        raise SettingsError("`resolve` does not go with `upstream_proxy`, which looks names up itself")


def _from_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read the config file {path}: {error}") from error
    try:
        _refuse_twice(path, yaml.compose(text, Loader=_Loader))
        found = yaml.load(text, Loader=_Loader) or {}  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(found, dict):
        raise SettingsError(f"{path} must hold `setting: value` lines")
    known = [one.name for one in fields(Settings)]
    for name in found:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(known)
            raise SettingsError(f"{path}: `{name}` is not a setting; {hint}")
    return found


def _refuse_twice(path: Path, node: yaml.Node | None) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if key.value in seen:
            raise SettingsError(f"{path}:{key.start_mark.line + 1}: `{key.value}` is written twice; delete one")
        seen.add(key.value)
        _refuse_twice(path, value)


def describe() -> list[tuple[str, str, str]]:
    """Return (name, default as text, meaning) of every setting, for help and docs."""
    rows = []
    for one in fields(Settings):
        default = one.default if one.default is not MISSING else "{}"
        rows.append((one.name, str(default), one.metadata["says"]))
    return rows
