"""Text of one value -> its meaning, by the kind its key takes."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from datetime import date
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dlp_proxy.detect.registry import STANDARD_VERSION
from dlp_proxy.policy.keys import Key
from dlp_proxy.policy.schedules import moment_of, stretch_of
from dlp_proxy.policy.words import listed, nearest, other_value, slug

_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES: Final = {"b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_HOST: Final = re.compile(r"(?:\*\.)?(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_LONGEST_TIME: Final = 366 * 86400

_ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "America/Chicago",
    "UTC",
)
"""Guesses for a slip; any name of the database is taken."""

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class BadValueError(Exception):
    """A value that its key does not take: a code, what is wrong, and what to write; `fix` is our word, when plain."""

    def __init__(self, code: str, message: str, hint: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.fix = fix


def number(key: Key, value: int) -> int:
    """Return a whole number in range."""
    if value < key.least:
        raise BadValueError("RANGE", f"`{key.name}` is {value}, but it must be {key.least} or more")
    if value > 10**9:
        raise BadValueError("RANGE", f"`{key.name}` is {value}, but it can be 1000000000 at most")
    return value


def meaning(key: Key, text: str) -> str | int:
    """Return what `text` means for a key of a kind that is written as text.

    Raises:
        BadValueError: it means nothing there.
    """
    read = _READERS.get(key.kind)
    return read(key, text) if read else text


def good_name(text: str) -> None:
    """Raise `BadValueError` unless `text` is a name: lower-case words joined by ``-``."""
    if not _NAME.fullmatch(text) or len(text) > 64:
        hint = f"names are lower-case words joined by `-`, e.g. `{slug(text)[:64]}`"
        raise BadValueError("BAD-NAME", f"`{text}` is not a good name", hint)


def host(text: str) -> str:
    """Return a host pattern as hosts are compared: lower case, IDNA, no final dot; ``*.x`` is every host below x."""
    plain = text.strip().lower().rstrip(".")
    if not plain.isascii():
        star, plain = ("*.", plain[2:]) if plain.startswith("*.") else ("", plain)
        try:
            plain = star + plain.encode("idna").decode()
        except UnicodeError:
            raise BadValueError("BAD-VALUE", f"`{text}` is not a host", "write a name like `mail.example`") from None
    if plain == "*":
        hint = "name the places; for everywhere leave `to` out, or say `not_to: our-own`"
        raise BadValueError("TOO-WIDE", "host `*` is every host there is", hint)
    if "://" in text or "/" in text:
        shown = urlsplit(text if "://" in text else f"//{text}").hostname or "mail.example"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a host", f"write the host alone, e.g. `{shown}`")
    if _is_address(plain):
        return str(ipaddress.ip_address(plain.strip("[]")))
    if not _HOST.fullmatch(plain):
        hint = "write a host like `mail.example`, or `*.example` for every host below it; `*` stands only in front"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a host", hint)
    return plain


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _name(_: Key, text: str) -> str:
    good_name(text)
    return text


def _word(key: Key, text: str) -> str:
    if text in key.words:
        return text
    near = other_value(text, key.words) or nearest(text, key.words)
    guess = f"did you mean `{near}`? " if near else ""
    if key.name == "action" and text == "allow":
        guess = "`allow` is written only in exceptions; a rule that must not stop anything says `log`; "
    if key.name == "action" and text == "counted":
        guess = "`counted` is an answer, not an action; "
    hint = f"{guess}allowed: {listed(key.words)}"
    raise BadValueError("BAD-VALUE", f"`{text}` is not a value of `{key.name}`", hint, near)


def _time(key: Key, text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if found is None:
        hint = "write a whole number and s, m, h or d, e.g. `90m` or `24h`"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a length of time", hint)
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds < key.least:
        raise BadValueError("RANGE", f"`{key.name}` must be longer than nothing", "e.g. `24h`")
    if seconds > _LONGEST_TIME:
        raise BadValueError("RANGE", f"`{key.name}` is longer than a year", "366d at most")
    return seconds


def _size(_: Key, text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,12}) ?([kmg]?b)", text, re.IGNORECASE)
    if found is None:
        hint = "write a whole number and B, KB, MB or GB, e.g. `10 MB`"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a size", hint)
    return int(found[1]) * _BYTES[found[2].lower()]


def _characters(key: Key, text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,6}) chars", text)
    if found is None:
        raise BadValueError("BAD-VALUE", f"`{text}` is not a number of characters", "e.g. `300 chars`")
    if not 1 <= int(found[1]) <= 10_000:
        raise BadValueError("RANGE", f"`{key.name}` must be 1 to 10000 chars")
    return int(found[1])


def _near(key: Key, text: str) -> str | int:
    if text in {"record", "field-name"}:
        return text
    try:
        return _characters(key, text)
    except BadValueError as bad:
        hint = "write a number of characters, e.g. `40 chars`, or `record` or `field-name`"
        raise BadValueError(bad.code, f"`{text}` is not a distance", hint) from None


def _date(_: Key, text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise BadValueError("BAD-VALUE", f"`{text}` is not a date", "write year-month-day, e.g. `2027-03-31`")


def _hours(key: Key, text: str) -> str:
    try:
        stretch_of(text)
    except ValueError:
        hint = "write two times of day, e.g. `08:00-20:00`, or `22:00-06:00` for a night; 24:00 is the end of the day"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a stretch of `{key.name}`", hint) from None
    return text


def _zone(_: Key, text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        near = nearest(text, _ZONES)
        guess = f"did you mean `{near}`? " if near else ""
        hint = f"{guess}write a name of the IANA database, e.g. `Asia/Shanghai` or `UTC`"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a time zone", hint) from None
    return text


def _moment(_: Key, text: str) -> str:
    try:
        moment_of(text)
    except ValueError:
        hint = "write day, time and time zone, e.g. `2026-11-24 22:30 Asia/Shanghai`"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a moment", hint) from None
    return text


def _host(_: Key, text: str) -> str:
    return host(text)


def _network(_: Key, text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        hint = "write an address or a network, e.g. `10.20.0.0/16`"
        if "host bits" in str(error):
            hint = f"did you mean `{ipaddress.ip_network(text, strict=False)}`?"
        raise BadValueError("BAD-VALUE", f"`{text}` is not a network", hint) from None


def _method(_: Key, text: str) -> str:
    if text.upper() in METHODS:
        return text.upper()
    near = nearest(text.upper(), METHODS)
    guess = f"did you mean `{near}`? " if near else ""
    raise BadValueError("BAD-VALUE", f"`{text}` is not an HTTP method", f"{guess}allowed: {listed(METHODS)}")


def _url(_: Key, text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https", "ws", "wss"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadValueError("BAD-VALUE", f"`{text}` is not an address", "write it whole, e.g. `https://x.example/up`")
    return text


def _ref(_: Key, text: str) -> str:
    """Take the pin off a built-in: whoever wrote `std@0.1/x` hears of it before another one is in its place."""
    if not text.startswith("std@"):
        return text
    version, name = text.removeprefix("std@").partition("/")[::2]
    if version != STANDARD_VERSION:
        message = f"`{text}` is pinned to std {version}, and this program has {STANDARD_VERSION}"
        hint = f"see in its changelog what it finds now, and write `std@{STANDARD_VERSION}/{name}`"
        raise BadValueError("BAD-VALUE", message, hint)
    return f"std/{name}"


_READERS: Final[dict[str, Callable[[Key, str], str | int]]] = {
    "name": _name,
    "ref": _ref,
    "word": _word,
    "time": _time,
    "size": _size,
    "characters": _characters,
    "near": _near,
    "date": _date,
    "hours": _hours,
    "zone": _zone,
    "moment": _moment,
    "host": _host,
    "network": _network,
    "method": _method,
    "url": _url,
}
