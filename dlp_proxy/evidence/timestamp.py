"""Time stamps by RFC 3161, through the ``openssl`` command: whoever checks has that too."""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Final

_SECONDS: Final = 30
_QUERY: Final = bytes.fromhex("3039 020101 3031 300d 0609608648016503040201 0500 0420")
"""Version 1, and a digest of SHA-256 (its object identifier, no parameters), whose 32 bytes follow."""
_TIME: Final = re.compile(r"^Time stamp: (.+)$", re.MULTILINE)


class TimestampError(Exception):
    """A time stamp that cannot be asked for or believed; the text says why."""


def query_of(content: bytes) -> bytes:
    """Return a query about a content (RFC 3161, 2.4.1): SHA-256, the certificate is wanted, no nonce.

    So it is the same for the same content, and is what ``openssl ts -query -sha256 -cert -no_nonce`` writes.
    """
    return _QUERY + sha256(content).digest() + b"\x01\x01\xff"


def ask(note: Path, query: Path) -> None:
    """Write what a time stamp authority is to be sent about a note.

    Raises:
        TimestampError: openssl is not there or did not do it.
    """
    _openssl("ts", "-query", "-data", str(note), "-sha256", "-cert", "-out", str(query))


def stamped(note: Path, reply: Path, authorities: Path) -> str:
    """Return the time that an authority gave to a note, in openssl's words.

    Args:
        authorities: PEM file of the certificates to trust.

    Raises:
        TimestampError: the reply is not about this note, or not by such an authority.
    """
    _openssl("ts", "-verify", "-data", str(note), "-in", str(reply), "-CAfile", str(authorities))
    return time_in(reply)


def time_in(reply: Path) -> str:
    """Return the time that a reply speaks of, believed or not.

    Raises:
        TimestampError: it is no reply.
    """
    found = _TIME.search(_openssl("ts", "-reply", "-in", str(reply), "-text"))
    if found is None:
        raise TimestampError(f"{reply} grants no time stamp")
    return found[1].strip()


def _openssl(*words: str) -> str:
    program = shutil.which("openssl")
    if program is None:
        raise TimestampError("time stamps need the openssl command")
    done = subprocess.run([program, *words], capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603 - our own words and files
    if done.returncode:
        says = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip()[:200])
        raise TimestampError(f"openssl ts: {says}")
    return done.stdout
