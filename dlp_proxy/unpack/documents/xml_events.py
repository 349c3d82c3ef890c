"""XML as events, in pieces, by expat: nothing is fetched, no entity is worth more than it costs.

Documents come with a declaration, a doctype and entities of their sender's choice. No external entity and no DTD is
loaded. An entity made of entities is refused; a plain one is read for as long as it does not multiply the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from dlp_proxy.model.finding import GapReason
from dlp_proxy.unpack import charset

type Start = Callable[[str, dict[str, str]], object]

_PIECE: Final = 1 << 20
_SPREAD: Final = 2  # times the size of a document that its entities may write
_ROOM: Final = 1 << 18
_HEAD: Final = 4096
_LONG_HEAD: Final = 1 << 20
_PROLOG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?:<\?[^>]*+>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*)*+<([A-Za-z_\x80-\xff][^\s/>]{0,99})",
    re.DOTALL,
)
_OTHER_CHARSET: Final = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)
_OF_THE_DOCUMENT: Final = ("xml", "mso-", "oxygen", "php")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Names(dict[str, str]):
    """Local names of elements and attributes by their full ones; asked for each event, so remembered."""

    def __missing__(self, name: str) -> str:
        local = name.rpartition(":")[2]
        if len(self) < 10_000:
            self[name] = local
        return local


@dataclass(frozen=True, slots=True)
class Stop:
    """Why reading ended before the end. `at` is the offset in `Events.data` that was reached."""

    reason: GapReason
    detail: str
    at: int


class _Bomb(Exception):  # noqa: N818 - a limit that was reached is not an error
    """Entities that write more than is reasonable."""


class Events:
    """One document. `feed` calls the handlers piece by piece and yields after each; `stop` says what went wrong.

    Attributes:
        data: what is read: UTF-8, or what its own declaration says.
    """

    def __init__(self, data: bytes, start: Start, end: Callable[[str], object] | None = None) -> None:
        wide = data.startswith(_WIDE) or _OTHER_CHARSET.match(data) is not None
        self.data: bytes | bytearray = self._as_utf8(data) if wide else data
        self.stop: Stop | None = None
        self._start, self._end = start, end
        self._override = "utf-8" if wide else None
        self._written = 0
        self.text: Callable[[str], object] = _ignore
        self.comment: Callable[[str], object] = _ignore

    def feed(self) -> Iterator[None]:
        """Parse to the end, or as far as it goes."""
        parser = self._parser()
        at = 0
        try:
            while at < len(self.data):
                parser.Parse(self.data[at : at + _PIECE], at + _PIECE >= len(self.data))
                at += _PIECE
                yield
        except expat.ExpatError as error:
            if "amplification" in str(error):
                self.stop = Stop("too-large", "XML entities that write more than is read", len(self.data))
                return
            # The parser keeps text back until a tag comes, and loses it here.
            reached = self.data.rfind(b">", 0, max(0, parser.ErrorByteIndex)) + 1
            self.stop = Stop("malformed", "broken XML", reached)
            yield
        except _Bomb:
            self.stop = Stop("too-large", "XML entities that write more than is read", len(self.data))
            yield

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(self._override)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        if self._end:
            parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        if self.comment is not _ignore:
            parser.CommentHandler = self.comment
            parser.ProcessingInstructionHandler = self._instruct
        parser.EntityDeclHandler = lambda *declared: self._declare(parser, *declared)
        return parser

    def _declare(
        self, parser: expat.XMLParserType, _name: str, parameter: object, value: str | None, *_: object
    ) -> None:
        if parameter or value is None:
            return  # a parameter entity, or one that lies elsewhere: neither is followed
        if "&" in value:
            raise _Bomb
        parser.CharacterDataHandler = self._counted

    def _instruct(self, target: str, said: str) -> None:
        """Take what is said to a program as a comment, unless it says how the document itself is written or shown."""
        if not target.startswith(_OF_THE_DOCUMENT):
            self.comment(said)

    def _counted(self, text: str) -> None:
        self._written += len(text)
        if self._written > _SPREAD * len(self.data) + _ROOM:
            raise _Bomb
        self.text(text)

    @staticmethod
    def _as_utf8(data: bytes) -> bytes:
        decoded = charset.decode(data)
        return data if decoded is None else decoded[0].encode(errors="replace")


def _ignore(_text: str) -> None:
    """Take what nobody asked for."""


def root(data: bytes) -> str:
    """Return the local name of the outermost element, empty when this does not begin like XML."""
    head = data[:_HEAD]
    if head.startswith(_WIDE):
        decoded = charset.decode(head)
        head = b"" if decoded is None else decoded[0].encode(errors="replace")
    if b"<" not in head[:64]:
        return ""
    found = _PROLOG.match(head)
    if not found and b"<!" in head:
        found = _PROLOG.match(data[:_LONG_HEAD])
    return found[1].rpartition(b":")[2].decode(errors="replace") if found else ""
