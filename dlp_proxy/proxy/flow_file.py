# mypy: disable-error-code=no-untyped-call
"""Flow files that mitmproxy wrote -> `Message`s: recorded traffic for people who write policies, and for replay."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from mitmproxy import connection, exceptions, http, tcp
from mitmproxy.flow import Flow
from mitmproxy.io import FlowReader
from mitmproxy.version import FLOW_FORMAT_VERSION

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.held import Held
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message, Principal
from dlp_proxy.proxy.flow_records import Bytes, Place, fields, records, value
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.known import Known
from dlp_proxy.proxy.translate import Translator

_NOT_RECORDED: Final = Gap("too-large", Location("body"), "the body was streamed past the recording and is not there")
_OWN: Final = frozenset(
    {"type", "version", "id", "request", "client_conn", "metadata", "websocket", "timestamp_created"}
)
_TIMES: Final = frozenset({"timestamp_end", "timestamp_start"})

type _Fields = dict[str, Place]


class FlowFile:
    """The messages of one file, told apart first, and read one by one where they are wanted."""

    def __init__(self, data: Bytes, path: str, user: str) -> None:
        """Take the content.

        Args:
            path: of the file, for whoever reads it elsewhere.
            user: who sent what the file names no sender of.
        """
        self._data = data
        self._path = path
        self._user = user
        self._translator = Translator(AddressBook(Known()))
        # One for all requests: making a flow and its connections takes longer than finding what they held.
        client = connection.Client(peername=("", 0), sockname=("", 0))
        self._flow = http.HTTPFlow(client, connection.Server(address=None))
        self._flow.request = http.Request.make("GET", "http://unknown.invalid/")
        self._states = self._flow.request.get_state().keys()

    def held(self) -> Iterator[Held]:
        """Yield what clients sent, without reading bodies: requests, messages of WebSockets, raw connections.

        Raises:
            ValueError: it is no flow file, or it breaks off.
        """
        at = 0
        for record in records(self._data):
            start, at = at, record[2] + 1
            found = fields(self._data, record)
            if self._is_plain(found):
                named = [(value(self._data, found["id"]), self._time(found))]
            else:
                named = [(one.uid, one.time) for one in self._all(start, at)]
            for part, (uid, when) in enumerate(named):
                yield Held(uid, when, self._path, start, at, part, self._user)

    def message(self, held: Held) -> Message:
        """Return a message of the file.

        Raises:
            ValueError: the record cannot be read.
        """
        found = fields(self._data, next(records(self._data, held.start, held.end)))
        return self._plain(found) if self._is_plain(found) else self._all(held.start, held.end)[held.part]

    def _is_plain(self, found: _Fields) -> bool:
        """Tell whether a record is one request as this version writes it; all others are read by mitmproxy."""
        if not found.keys() >= _OWN:
            return False
        kind, version, websocket = (value(self._data, found[name]) for name in ("type", "version", "websocket"))
        return kind == "http" and version == FLOW_FORMAT_VERSION and not websocket

    def _time(self, found: _Fields) -> float:
        times = fields(self._data, found["request"], _TIMES)
        end, start = (value(self._data, times[name]) for name in ("timestamp_end", "timestamp_start"))
        return float(end or start or value(self._data, found["timestamp_created"]))

    def _plain(self, found: _Fields) -> Message:
        peer = value(self._data, fields(self._data, found["client_conn"], {"peername"})["peername"])
        request = value(self._data, found["request"])
        if request.keys() != self._states:  # what is not there would stay as it was in the request before
            raise ValueError("Invalid data format: a request without all that one has")
        flow = self._flow
        flow.client_conn.peername = (peer[0], peer[1])
        flow.id = value(self._data, found["id"])
        flow.metadata = value(self._data, found["metadata"])
        flow.timestamp_created = value(self._data, found["timestamp_created"])
        flow.request.set_state(request)
        return next(self._told(flow))

    def _all(self, start: int, end: int) -> list[Message]:
        try:
            flow = next(iter(FlowReader(io.BytesIO(self._data[start:end])).stream()))
        except (exceptions.FlowReadException, StopIteration) as error:
            raise ValueError(str(error)) from error
        return list(self._told(flow))

    def _told(self, flow: Flow) -> Iterator[Message]:
        for one in _messages(flow, self._translator):
            yield replace(one, principal=_sender(flow, one.principal, self._user))


def flow_file(path: Path, user: str) -> FlowFile:
    """Return a file of which only what is asked for is read.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        empty = not path.stat().st_size  # of which no map can be made
        return FlowFile(b"" if empty else mmap(file.fileno(), 0, access=ACCESS_READ), str(path), user)


def _messages(flow: Flow, translator: Translator) -> Iterator[Message]:
    # What the recording proxy's addons left there is not ours.
    flow.metadata.pop("dlp_proxy", None)
    if isinstance(flow, tcp.TCPFlow):
        whole = translator.raw(flow, flow.id)
        for number, piece in enumerate(flow.messages):
            if piece.from_client:
                yield replace(whole, uid=f"{flow.id}-{number}", time=piece.timestamp, body=piece.content)
    elif isinstance(flow, http.HTTPFlow):
        yield _request(flow, translator)
        for number, said in enumerate(flow.websocket.messages if flow.websocket else ()):
            if said.from_client:
                one = translator.websocket(flow, f"{flow.id}-{number}")
                yield replace(one, time=said.timestamp, body=said.content)


def _request(flow: http.HTTPFlow, translator: Translator) -> Message:
    request = flow.request
    when = request.timestamp_end or request.timestamp_start or flow.timestamp_created
    message = replace(translator.request(flow, flow.id), time=when)
    return replace(message, gaps=(_NOT_RECORDED,)) if request.raw_content is None else message


def _sender(flow: Flow, known: Principal, user: str) -> Principal:
    proof = flow.metadata.get("proxyauth")
    if proof:
        return replace(known, user=str(proof[0]), method="proxy-auth", strength="medium")
    return known if known.user else Principal(user, "declared", "none")
