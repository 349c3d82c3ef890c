"""HAR 1.2 (as browsers save it, ``_user`` beside a request is ours) -> `Message`s."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import click

from dlp_proxy.cli.authors.requests import message_of
from dlp_proxy.model.message import Message

_NOT_TAKEN: Final = frozenset({"content-length", "content-encoding", "host"})


def messages_of_har(text: str, user: str, when: float) -> Iterator[Message]:
    """Yield the requests of a HAR 1.2 text, sent by `user` where an entry does not say `_user`.

    Raises:
        click.UsageError: it is not one.
    """
    try:
        for number, entry in enumerate(json.loads(text)["log"]["entries"], 1):
            started = entry.get("startedDateTime")
            moment = datetime.fromisoformat(started).timestamp() if started else when + number - 1
            yield _message(entry["request"], str(entry.get("_user") or user), moment, number)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(f"this is not a HAR that can be read: {type(error).__name__}") from error


def _message(request: dict[str, Any], user: str, when: float, number: int) -> Message:
    posted = request.get("postData") or {}
    text = posted.get("text", "")
    body = text.encode("utf-8", "surrogateescape")
    if posted.get("encoding") == "base64":
        try:
            body = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError("a body is not base64") from error
    headers = [
        (one["name"], one["value"])
        for one in request.get("headers", ())
        if not one["name"].startswith(":") and one["name"].lower() not in _NOT_TAKEN
    ]
    return message_of(request["url"], user, request["method"], headers, body, when, number)
