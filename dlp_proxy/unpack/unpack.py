"""A message into the texts that are in it, as deep as the limits allow; what could not be read is a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Channel, Message, Part
from dlp_proxy.unpack import coding, encoded, request, volumes
from dlp_proxy.unpack.apart import apart
from dlp_proxy.unpack.budget import Budget, Exhausted, Time
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import binary
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.opener import Opener
from dlp_proxy.unpack.picture import looked
from dlp_proxy.unpack.registry import FORMATS, FORMATS_OF_TEXT, Format
from dlp_proxy.unpack.sight import Sight

_OF_CONVERSATIONS: Final[Mapping[Channel, Location]] = {
    "websocket": Location("websocket"),
    "grpc": Location("body", ("gRPC message",)),
    "tcp": Location("body", ("raw connection",)),
}


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The texts of one message.

    Attributes:
        expanded_bytes: what decoders produced; the body's own size when there was nothing to decode.
        formats: how many contents of each format were read.
        content: name of the format of the body, its Content-Encoding taken off; empty for no body.
        filenames: names of the files in it, as the sender wrote them.
    """

    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    expanded_bytes: int
    formats: dict[str, int]
    content: str
    filenames: tuple[str, ...]


def unpack(
    message: Message,
    limits: Limits,
    sight: Sight | None = None,
    time: Time | None = None,
    opener: Opener | None = None,
) -> Unpacked:
    """Return everything readable in `message`. Never raises but for `Deferred`, and never goes over `limits`.

    Args:
        sight: reads what pictures show; without it text in them is a gap.
        time: that it may take; what was unpacked when it is gone stands.
        opener: opens containers by programs; without it they are a gap.

    Raises:
        Deferred: `limits` forbid the decoders that it takes.
    """
    walk = Walk(Budget(limits, sight, time, sent=len(message.body), opener=opener))
    try:
        if message.channel == "http":
            walk.guard(lambda: walk.take(request.read(message), 0), Content(b"", request.HEADERS))
            walk.body(_body(message), codings(message))
        else:
            walk.body(Content(message.body, _OF_CONVERSATIONS[message.channel]), codings(message))
    except Exhausted:
        pass  # its gap is there already
    walk.look()
    seen = walk.unpacked(walk.budget.produced or len(message.body))
    more = tuple(apart(seen.parts))
    return replace(seen, parts=seen.parts + more) if more else seen


def _body(message: Message) -> Content:
    names = request.filenames(message)
    location = Location("body", (step(names[0]),)) if names else Location("body")
    return Content(message.body, location, names[0] if names else "", message.header("content-type"))


def codings(message: Message) -> str:
    return ",".join(value.decode("latin-1") for name, value in message.headers if name.lower() == b"content-encoding")


class Walk:
    """One message being unpacked."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.parts: list[Part] = []
        self.gaps: list[Gap] = []
        self.content = ""
        self.formats: dict[str, int] = {}
        self._outermost: Content | None = None

    def unpacked(self, expanded: int) -> Unpacked:
        names = tuple(part.text for part in self.parts if part.location.area == "filename")
        return Unpacked(tuple(self.parts), tuple(self.gaps), expanded, self.formats, self.content, names)

    def body(self, content: Content, codings: str) -> None:
        if not content.data:
            return
        if codings:
            self.guard(lambda: self.take(coding.peel(content, codings, self.budget), -1), content)
        else:
            self._read(content, 0)

    def look(self) -> None:
        """Look at the pictures that were met. Codes in them may hold more."""
        while self.budget.eyes.waiting:
            for depth, content, items in looked(self.budget):
                with suppress(Exhausted):  # its gap is there already
                    self.guard(lambda items=items, depth=depth: self.take(items, depth), content)  # type: ignore[misc]

    def take(self, items: Iterable[Part | Gap | Content], depth: int) -> None:
        """Keep parts and gaps; read contents one level further down."""
        for item in items:
            if isinstance(item, Part):
                self._keep(item, depth)
            elif isinstance(item, Gap):
                self.gaps.append(item)
            elif item.data:
                self._read(item, depth + 1)
            self.budget.hurry()

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
            self.gaps.append(
                Gap(
                    "too-deep", content.location, "more containers inside containers than are opened", len(content.data)
                )
            )
            self.take(binary.glance(content), depth)
            return
        for form in FORMATS_OF_TEXT if content.plain else FORMATS:
            try:
                if not form.accepts(content):
                    continue
            except Exception:  # noqa: BLE001, S110 - it is tried, and fails where that becomes a gap
                pass
            if self.guard(lambda form=form: self._try(form, content, depth), content):  # type: ignore[misc]
                if form is binary:
                    self.guard(lambda: self.take(coding.guess(content, self.budget), depth), content)
                return

    def _try(self, form: Format, content: Content, depth: int) -> bool:
        if not form.accepts(content):
            return False
        if depth == 0 and (self._outermost is None or self._outermost is content):
            self._outermost, self.content = content, form.NAME
        outer, self.budget.eyes.depth = self.budget.eyes.depth, depth
        try:
            self.take(volumes.joined(form.read(content, self.budget), self.budget), depth)
        except Exhausted:
            self._count(form)
            raise
        finally:
            self.budget.eyes.depth = outer
        self._count(form)
        return True

    def _count(self, form: Format) -> None:
        self.formats[form.NAME] = self.formats.get(form.NAME, 0) + 1
