"""Bodies that were opened by a reveal, or come from elsewhere: a folder of files named after events."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from dlp_proxy.model.event import Event
from dlp_proxy.model.message import Fingerprint, Message, head_of
from dlp_proxy.replay.recorded import message_of
from dlp_proxy.stores.ports import StoreError

_ATTENDED: Final = (True, False, None)


@dataclass(frozen=True, slots=True)
class Revealed:
    """A message with its body.

    Attributes:
        headed: its request line and headers are there, as `reveal open --json` tells them.
        whole: the body is all of it.
    """

    message: Message
    headed: bool
    whole: bool


def revealed_in(folder: Path, event: Event) -> Revealed | None:
    """Return the message of an event from a folder: ``<event>.body``, and ``<event>.json`` with its head; or None.

    Raises:
        StoreError: a file is there and cannot be read.
    """
    path = folder / f"{event.uid}.body"
    if not path.is_file():
        return None
    beside = path.with_suffix(".json")
    try:
        body = path.read_bytes()
        head = json.loads(beside.read_text(encoding="utf-8")) if beside.is_file() else None
        message = replace(message_of(event), body=body)
        if head is not None:
            message = _headed(message, head)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"cannot read {path} and its head: {type(error).__name__}") from error
    whole = len(body) == event.body["request"]["bytes"]
    return Revealed(message, head is not None, whole)


def fits(given: Revealed, inputs: str, fingerprint: Fingerprint) -> bool:
    """Tell whether this is all that the engine was given: head, sender and body have the recorded fingerprint.

    Credentials are not sealed by default; of a message that had some the fingerprint cannot be made again.
    """
    digest = sha256(given.message.body).digest()
    return any(
        fingerprint(
            "message", sha256(head_of(replace(given.message, attended=attended)) + digest).hexdigest()
        ).hex() == inputs
        for attended in _ATTENDED
    )  # fmt: skip


def _headed(message: Message, head: Mapping[str, Any]) -> Message:
    return replace(
        message,
        time=head["time"],
        method=head["method"],
        target=head["target"],
        http_version=head["http_version"],
        headers=tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]),
    )
