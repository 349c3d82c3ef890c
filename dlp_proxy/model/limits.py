"""Every limit that keeps inspection bounded, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one inspection. Reaching one is a `Gap`, never an exception and never silence.

    Attributes:
        body_bytes: largest request body that is inspected, before decoding.
        whole_bytes: largest request body that is read as a whole; a longer one is read in windows if it is plain lines.
        websocket_bytes: largest WebSocket message that is inspected.
        expanded_bytes: sum of everything unpacked from one message.
        ratio: unpacked bytes for each packed byte of one container, once past `ratio_floor`.
        ratio_floor: unpacked bytes up to which the ratio is not looked at.
        depth: containers inside containers.
        members: files over all containers of one message.
        parts: parts over the whole message.
        values: rows of one table, or leaves of one document; one with more is read as plain text, without its layout.
        header_bytes: sum of names and values of the request's headers.
        seconds: wall time of one inspection in the pool.
        pattern_seconds: time of one pattern over one part.
        scan_seconds: time of all patterns over all parts of one message, where the driver brings a clock.
        disguises: encodings and disguises inside each other in one text (a Base64 text in percent-encoding is two).
        read_again: characters of one part that are read again without their disguises, all readings together.
        findings: findings kept for one message; the count goes on, the details stop.
    """

    body_bytes: int = 1024 * 1024 * 1024
    whole_bytes: int = 64 * 1024 * 1024
    websocket_bytes: int = 4 * 1024 * 1024
    expanded_bytes: int = 256 * 1024 * 1024
    ratio: int = 200
    ratio_floor: int = 8 * 1024 * 1024
    depth: int = 10
    members: int = 10_000
    parts: int = 20_000
    values: int = 2_000_000
    header_bytes: int = 256 * 1024
    seconds: float = 30.0
    pattern_seconds: float = 2.0
    scan_seconds: float = 15.0
    disguises: int = 6
    read_again: int = 64 * 1024 * 1024
    findings: int = 1_000_000


LIMITS: Final = Limits()
