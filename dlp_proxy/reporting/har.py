"""An opened request as HAR 1.2, for tools of the browser kind, without what would let a reader act as the person.

Form: w3c.github.io/web-performance/specs/HAR/Overview.html. A body that is no UTF-8 stands in Base64, with
``encoding`` as browsers write it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from dlp_proxy import __version__
from dlp_proxy.stores.ports import StoreError

LEFT_OUT: Final = "(left out)"

_SECRET: Final = re.compile(
    r"auth|cookie|token|session|secret|passw|passwd|api-?_?key|access-?_?key|credential|signature|csrf|xsrf|jwt|^sid$|^sig$|^key$",
    re.IGNORECASE,
)
_ADDRESSES: Final = frozenset({"referer", "content-location", "destination"})
"""Headers that hold an address."""
_MOST: Final = 64 * 1024 * 1024
"""Bytes of a body that one JSON text is made of."""


def har(head: dict[str, Any], pieces: Iterable[bytes]) -> bytes:
    """Return the HAR of one request.

    Args:
        head: as `sealing.content` opens it.
        pieces: what was kept of the body.

    Raises:
        StoreError: the body is too large for one JSON text.
    """
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > _MOST:
            raise StoreError("the body is too large for HAR: take it as it is, without --har")
    url, query = _harmless(f"{head['scheme']}://{head['site']}{head['target']}")
    headers = [{"name": name, "value": _header(name, value)} for name, value in head["headers"]]
    of_type = next((value for name, value in head["headers"] if name.lower() == "content-type"), "")
    request = {
        "method": head["method"],
        "url": url,
        "httpVersion": head["http_version"],
        "cookies": [],
        "headers": headers,
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": -1,
        "bodySize": head["body"]["bytes"],
        "postData": {"mimeType": of_type, "params": [], **_text(bytes(body))},
    }
    nothing = {"status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [], "redirectURL": ""}
    entry = {
        "startedDateTime": dt.datetime.fromtimestamp(head["time"], dt.UTC).isoformat(),
        "time": 0,
        "request": request,
        "response": {**nothing, "content": {"size": 0, "mimeType": ""}, "headersSize": -1, "bodySize": -1},
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": _comment(head),
    }
    creator = {"name": "dlp_proxy", "version": __version__}
    return json.dumps({"log": {"version": "1.2", "creator": creator, "entries": [entry]}}, ensure_ascii=False).encode()


def _harmless(address: str) -> tuple[str, list[tuple[str, str]]]:
    """Return an address and its query, without what opens a door in it."""
    url = urlsplit(address)
    query = [(name, LEFT_OUT if _SECRET.search(name) else value) for name, value in parse_qsl(url.query, True)]  # noqa: FBT003 - blanks are kept
    return urlunsplit(url._replace(query=urlencode(query))), query


def _header(name: str, value: str) -> str:
    if name.lower() in _ADDRESSES:
        try:
            return _harmless(value)[0]
        except ValueError:  # it is none
            return LEFT_OUT
    return LEFT_OUT if _SECRET.search(name) else value


def _text(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _comment(head: dict[str, Any]) -> str:
    why = head["body"]["why_not_whole"]
    return f"event {head['event']}; the answer is not kept" + (f"; NOT WHOLE: {why}" if why else "")
