"""Recorded traffic: HAR files of browsers and flow files of mitmproxy -> `Message`s in order of time."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dlp_proxy.cli.authors.har import messages_of_har
from dlp_proxy.model.held import Held
from dlp_proxy.model.message import Message

if TYPE_CHECKING:
    from dlp_proxy.proxy.flow_file import FlowFile

_FIRST: Final = 4096
"""Bytes in which a HAR has begun."""
_UNITS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def recorded(path: Path, user: str, now: float) -> Iterator[Message]:
    """Yield the requests of one file; `user` is who sent what the file names no sender of.

    Raises:
        click.UsageError: it is neither a HAR nor a flow file.
    """
    with _telling(path):
        if _is_har(path):
            yield from _of_har(path, user, now)
        else:
            file = _flow_file(path, user)
            for one in file.held():
                yield file.message(one)


def held_in(paths: Sequence[Path], user: str) -> list[Message | Held]:
    """Return the requests of all files in order of time; those of flow files are left where they are.

    Raises:
        click.UsageError: a file cannot be read.
    """
    found: list[Message | Held] = []
    now = time.time()
    for path in paths:
        with _telling(path):
            found += _of_har(path, user, now) if _is_har(path) else _flow_file(path, user).held()
    return sorted(found, key=lambda one: one.time)


def _of_har(path: Path, user: str, now: float) -> Iterator[Message]:
    return messages_of_har(path.read_bytes().decode("utf-8-sig", "surrogateescape"), user, now)


def _flow_file(path: Path, user: str) -> FlowFile:
    # Loaded here: mitmproxy takes a second, and most commands need none of it.
    from dlp_proxy.proxy.flow_file import flow_file  # noqa: PLC0415

    return flow_file(path, user)


def _is_har(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_FIRST).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.UsageError(f"cannot read {path}: {error.strerror}") from error
    except click.UsageError as error:
        raise click.UsageError(f"{path}: {error.message}") from error
    except ValueError as error:
        raise click.UsageError(f"{path} is no HAR and no flow file of mitmproxy that can be read: {error}") from error


def recorded_in(paths: Sequence[Path], user: str, since: str = "") -> list[Message]:
    """Return the requests of all files in order of time; with `since` (``14d``), those not longer ago.

    Raises:
        click.UsageError: a file cannot be read, or `since` is no length of time.
    """
    now = time.time()
    oldest = now - length_of(since) if since else 0.0
    found = [message for path in paths for message in recorded(path, user, now) if message.time >= oldest]
    return sorted(found, key=lambda one: one.time)


def length_of(words: str) -> int:
    """Return seconds of ``14d``, ``12h``.

    Raises:
        click.UsageError: it is no such length.
    """
    parts = re.fullmatch(r"(\d{1,6})([mhdw])", words)
    if parts is None:
        raise click.UsageError(f"{words} is no length of time like 12h or 14d")
    return int(parts[1]) * _UNITS[parts[2]]
