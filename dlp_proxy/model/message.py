"""What leaves a workstation, who sends it, where to, and the texts it is unpacked into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, NamedTuple

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.model.pickling import by_fields

type Strength = Literal["none", "weak", "medium", "strong"]
type Channel = Literal["http", "websocket", "grpc", "tcp"]
type UnitKind = Literal["row", "object", "form", "text"]


@by_fields
@dataclass(frozen=True, slots=True)
class Principal:
    """Who sends: a user name, and how far that name can be trusted.

    Attributes:
        user: the name counted by ``by: user``; the address when nothing better is known.
        method: how the name was found: ``address``, ``device-map``, ``password``, ``header``,
            ``certificate``, ``declared`` (scan and tests).
        strength: ``none`` for a bare address, ``weak`` for a map of addresses or a shared name,
            ``medium`` for a password or the word of a front proxy, ``strong`` for proof by key.
        address: source IP address, empty when there is none.
        groups: directory groups of the user.
        device: name of the workstation; the address when unknown.
        shared: several people are known to use the name or the address.
        via: address of the front proxy that named `address`, or the name in the certificate of the one that named
            `user`; empty when the sender came itself.
    """

    user: str
    method: str
    strength: Strength
    address: str = ""
    groups: tuple[str, ...] = ()
    device: str = ""
    shared: bool = False
    via: str = ""


@by_fields
@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes. `host` is lower case, without a trailing dot; an IP literal without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def site(self) -> str:
        """Return the host, with its port when that is not the scheme's own."""
        usual = {"http": 80, "https": 443, "ws": 80, "wss": 443}.get(self.scheme)
        return self.host if self.port == usual else f"{self.host}:{self.port}"


@by_fields
@dataclass(frozen=True, slots=True)
class Message:
    """One transfer, complete, as the engine sees it; no library's types in it.

    Attributes:
        uid: unique, sorts by time (a ULID); the event of this message has the same.
        time: seconds since the epoch, UTC, when the last byte arrived.
        channel: ``http`` for requests; for one message of a longer conversation ``websocket``, ``grpc`` or ``tcp``.
        method: HTTP method; of the handshake for WebSocket.
        target: raw path and query as sent, origin form, e.g. ``/u?x=1``.
        headers: raw names and values in order; the names as sent.
        body: content as sent, Content-Encoding still on; empty when it is in a file.
        body_file: path of the file that holds the content while the message is judged; empty when it is in `body`.
        body_file_bytes: size of that file.
        body_grows: the file is still being written; `body_file_bytes` is the size that it will have.
        gaps: what receiving already could not take in, e.g. ``too-large``.
        known: indexes of existing values that hold all that is in it: tests of policies say so, nothing else does.
        http_version: ``HTTP/1.1`` or ``HTTP/2.0``.
        client_port: source port, to join with firewall logs.
    """

    uid: str
    time: float
    channel: Channel
    principal: Principal
    destination: Destination
    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    gaps: tuple[Gap, ...] = ()
    http_version: str = "HTTP/1.1"
    client_port: int = 0
    body_file: str = ""
    body_file_bytes: int = 0
    body_grows: bool = False
    known: tuple[str, ...] = ()
    attended: bool | None = None
    """Whether somebody sees the answer as a page and can be asked; None where nobody is there to tell, as in tests."""

    @property
    def size(self) -> int:
        """Return the bytes of the content as sent."""
        return self.body_file_bytes or len(self.body)

    @property
    def path(self) -> str:
        """Return the raw path without the query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """Return the first value of header `name` (any case), or the empty text."""
        wanted = name.lower().encode()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return ""


def head_of(message: Message) -> bytes:
    """Return all that a verdict may depend on but the body, each piece with its length before it."""
    who, where = message.principal, message.destination
    words = (
        *(message.channel, message.method, message.target, message.http_version, str(round(message.time * 1000))),
        *(where.scheme, where.host, str(where.port)),
        *(who.user, who.method, who.strength, who.address, who.device, who.via, str(who.shared), *who.groups),
        *(f"{gap.reason} {gap.location} {gap.bytes}" for gap in message.gaps),
        *(str(message.attended), *message.known),
    )
    pieces = [word.encode("utf-8", "surrogatepass") for word in words]
    pieces += [piece for pair in message.headers for piece in pair]
    return b"".join(b"%d:%b," % (len(piece), piece) for piece in pieces)


class Unit(NamedTuple):
    """A stretch of a part that speaks of one customer: a row, an object, a form or a whole text.

    Units of one part are sorted by start, then by falling end, so an outer object comes before those in it.
    `label` is a step for people: ``row 12``, ``$.orders[3]``.
    """

    start: int
    end: int
    kind: UnitKind
    label: str


class Field(NamedTuple):
    """A named value inside a part: a JSON leaf, a form field. Sorted by start, never overlapping."""

    start: int
    end: int
    name: str


CELL = "\t"
"""Cells of a row stand side by side in the part's text, one of these between two."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of readable text out of a message, with its layout.

    The text is rendered by whoever unpacked it (cells joined by `CELL` and rows by a line feed, JSON leaves as
    ``name: value`` lines), so that one pattern run over `text` sees every value and the layout says what it was.

    Attributes:
        units: rows, objects, forms; none means that the whole part is free text.
        fields: named values, for objects and forms.
        columns: header names, for rows; the cell's number gives the name.
        opened: stretches that write bytes, of which the message has parts of their own; ascending.
    """

    location: Location
    text: str
    units: tuple[Unit, ...] = ()
    fields: tuple[Field, ...] = ()
    columns: tuple[str, ...] = ()
    opened: tuple[tuple[int, int], ...] = ()

    @property
    def names(self) -> AbstractSet[str]:
        """Return the names of the fields, and of nothing or of other things that have a name in it."""
        return {field.name for field in self.fields}

    def field_at(self, start: int) -> str:
        """Return the name of the field, or of the column, that holds the character at `start`, or the empty text."""
        if self.columns:
            index = bisect_right(self.units, start, key=_unit_start) - 1
            if index < 0:
                return ""
            cell = self.text.count(CELL, self.units[index].start, start)
            return self.columns[cell] if cell < len(self.columns) else ""
        index = bisect_right(self.fields, start, key=_field_start) - 1
        if index >= 0 and self.fields[index].end > start:
            return self.fields[index].name
        return ""


class LatePart(Part):
    """A part of which only the text is known until somebody asks for its units or fields.

    Most texts hold nothing to be found, and nobody asks.
    """

    __slots__ = ("_lay_out", "_names")
    _lay_out: Callable[[], Part]
    _names: AbstractSet[str]

    def __init__(self, location: Location, text: str, names: AbstractSet[str], lay_out: Callable[[], Part]) -> None:
        """Take what is known.

        Args:
            names: those of its fields are among them.
            lay_out: returns the same part with units and fields.
        """
        for name, value in zip(
            ("location", "text", "columns", "opened", "_names", "_lay_out"),
            (location, text, (), (), names, lay_out),
            strict=True,
        ):
            object.__setattr__(self, name, value)

    @property
    def names(self) -> AbstractSet[str]:
        """Return names of which those of the fields are some."""
        return self._names

    def __getattr__(self, name: str) -> object:
        """Lay out: only a slot that is still empty is asked for here."""
        if name not in {"units", "fields"}:
            raise AttributeError(name)
        laid_out = self._lay_out()
        if laid_out.text != self.text:
            raise ValueError("a text was laid out as another one")
        object.__setattr__(self, "units", laid_out.units)
        object.__setattr__(self, "fields", laid_out.fields)
        return getattr(laid_out, name)


def _unit_start(unit: Unit) -> int:
    return unit.start


def _field_start(field: Field) -> int:
    return field.start


type Fingerprint = Callable[[str, str], bytes]
"""(kind, normalised value) -> 16 bytes of HMAC-SHA-256 under this installation's key."""
