"""A message into the texts that are in it, as deep as the limits allow; what could not be read is a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message, Part
from dlp_proxy.unpack import coding, encoded, request
from dlp_proxy.unpack.budget import Budget, Exhausted
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import binary
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.registry import FORMATS, Format


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The texts of one message.

    Attributes:
        expanded_bytes: what decoders produced; the body's own size when there was nothing to decode.
        content: name of the format of the body, its Content-Encoding taken off; empty for no body.
        filenames: names of the files in it, as the sender wrote them.
    """

    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    expanded_bytes: int
    content: str
    filenames: tuple[str, ...]


def unpack(message: Message, limits: Limits, quiet: Callable[[str], bool] | None = None) -> Unpacked:
    """Return everything readable in `message`. Never raises, and never goes over `limits`.

    Args:
        quiet: tells that nothing can be found in a text however it is laid out; such a text need not be.
    """
    walk = _Walk(limits, quiet)
    try:
        if message.channel == "websocket":
            walk.body(Content(message.body, Location("websocket")), "")
        else:
            walk.guard(lambda: walk.take(request.read(message), 0), Content(b"", request.HEADERS))
            walk.body(_body(message), _codings(message))
    except Exhausted:
        pass  # its gap is there already
    produced = walk.budget.produced
    names = tuple(part.text for part in walk.parts if part.location.area == "filename")
    return Unpacked(tuple(walk.parts), tuple(walk.gaps), produced or len(message.body), walk.content, names)


def _body(message: Message) -> Content:
    names = request.filenames(message)
    location = Location("body", (step(names[0]),)) if names else Location("body")
    return Content(message.body, location, names[0] if names else "", message.header("content-type"))


def _codings(message: Message) -> str:
    return ",".join(value.decode("latin-1") for name, value in message.headers if name.lower() == b"content-encoding")


class _Walk:
    """One message being unpacked."""

    def __init__(self, limits: Limits, quiet: Callable[[str], bool] | None) -> None:
        self.budget = Budget(limits, quiet)
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.content = ""
        self._outermost: Content | None = None

    def body(self, content: Content, codings: str) -> None:
        if not content.data:
            return
        if codings:
            self.guard(lambda: self.take(coding.peel(content, codings, self.budget), -1), content)
        else:
            self._read(content, 0)

    def take(self, items: Iterable[Part | Gap | Content], depth: int) -> None:
        """Keep parts and gaps; read contents one level further down."""
        for item in items:
            if isinstance(item, Part):
                self._keep(item, depth)
            elif isinstance(item, Gap):
                self.gaps.append(item)
            elif item.data:
                self._read(item, depth + 1)

    def _keep(self, part: Part, depth: int) -> None:
        """Keep a part, and read what long encoded stretches of it hold."""
        self.budget.spend_part()
        self.parts.append(part)
        if depth <= self.budget.limits.depth:
            place = len(self.parts) - 1
            self.parts[place], contents = encoded.opened(part, self.budget)
            for content in contents:
                self._read(content, depth + 1)

    def guard(self, work: Callable[[], bool | None], content: Content) -> bool:
        """Run one reader. Return whether it took the content; its failures become gaps here, and only here."""
        try:
            return work() is not False
        except Mismatch:
            return False
        except Exhausted as reached:
            if not reached.noted:
                self.gaps.append(Gap(reached.reason, content.location, reached.detail))
                reached.noted = True
            if reached.whole:
                raise
        except MemoryError:
            self.gaps.append(Gap("memory", content.location, "unpacking it took more memory than there is"))
        except Exception as error:  # noqa: BLE001 - a reader that fails must cost its content, not the message
            self.gaps.append(Gap("failed", content.location, f"a reader failed: {type(error).__name__}"))
            self.take(binary.strings(content), 0)
        return True

    def _read(self, content: Content, depth: int) -> None:
        if depth > self.budget.limits.depth:
            self.gaps.append(Gap("too-deep", content.location, "more containers inside containers than are opened"))
            self.take(binary.glance(content), depth)
            return
        for form in FORMATS:
            if self.guard(lambda form=form: self._try(form, content, depth), content):  # type: ignore[misc]
                return

    def _try(self, form: Format, content: Content, depth: int) -> bool:
        if not form.accepts(content):
            return False
        if depth == 0 and (self._outermost is None or self._outermost is content):
            self._outermost, self.content = content, form.NAME
        self.take(form.read(content, self.budget), depth)
        return True
