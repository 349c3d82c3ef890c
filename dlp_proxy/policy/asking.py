"""What a rule asks about, so that an answer holds for that and for nothing else."""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Mapping, Sequence
from typing import Final

from dlp_proxy.model.message import Fingerprint
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.match import Match

NO_MARKS: Final[Mapping[tuple[str, str], str]] = {}
_PIECE: Final = 1024 * 1024
_BOUNDARY: Final = re.compile(r'(?i)^\s*multipart/.*;\s*boundary="?([^";,\s]{8,200})')


def asking(matches: Sequence[Match], *, monitor: bool) -> tuple[Match, ...]:
    """Return the matches that may come to coach, whatever the totals say."""
    return tuple(one for one in matches if not monitor and one.rule.mode == "enforce" and Action.COACH in one.may)


def marks_of(matches: Sequence[Match], digest: str, fingerprint: Fingerprint) -> dict[tuple[str, str], str]:
    """Return for each rule the keyed mark of what it counted, or of the whole transfer where it counted nobody."""
    marks: dict[tuple[str, str], str] = {}
    for one in matches:
        about = "".join(identity.hex() for identity in one.identities) or digest
        key = (one.rule.policy, one.rule.name)
        # An exception's own values are a match of their own: both are asked about.
        marks[key] = fingerprint("transfer", marks.get(key, "") + about).hex()
    return marks


def digest_of(target: str, content_type: str, body: bytes | mmap.mmap) -> str:
    """Return the digest of a transfer. A browser that sends a form again draws another boundary: it does not count."""
    digest = hashlib.sha256(target.encode() + b"\0")
    found = _BOUNDARY.match(content_type)
    boundary = found[1].encode() if found else b""
    at = 0
    while boundary and (place := body.find(boundary, at)) >= 0:
        _add(digest, body, at, place)
        at = place + len(boundary)
    _add(digest, body, at, len(body))
    return digest.hexdigest()


def _add(digest: hashlib._Hash, body: bytes | mmap.mmap, start: int, end: int) -> None:
    for at in range(start, end, _PIECE):
        digest.update(body[at : min(end, at + _PIECE)])
