"""A long body into its texts, some at a time: what was handed on is let go, so memory does not grow with the body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Message, Part
from dlp_proxy.unpack import request
from dlp_proxy.unpack.budget import Budget, Exhausted, Time
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.long import Long, long
from dlp_proxy.unpack.long_coding import peel
from dlp_proxy.unpack.long_formats import binary
from dlp_proxy.unpack.long_formats import zip as zip_format
from dlp_proxy.unpack.long_registry import LONG_FORMATS, LongFormat
from dlp_proxy.unpack.mapped import Mapped
from dlp_proxy.unpack.naming import step
from dlp_proxy.unpack.opener import Opener
from dlp_proxy.unpack.registry import FORMATS
from dlp_proxy.unpack.sight import Sight
from dlp_proxy.unpack.tape import Rewound
from dlp_proxy.unpack.unpack import Unpacked, Walk, codings

_BY_WINDOWS: Final = frozenset({"json", "text", "binary"})
"""Formats that an archive may stand behind. They are read without a look at what comes later: it may not be there."""
_TEXTS: Final = frozenset({"json", "form", "csv", "html", "xml", "text"})


def unpack_long(  # noqa: PLR0917 - what `unpack` is given, over a file
    message: Message,
    body: Mapped,
    limits: Limits,
    sight: Sight | None = None,
    time: Time | None = None,
    opener: Opener | None = None,
) -> Iterator[Unpacked]:
    """Yield what is readable in `body`, about a window of it at a time. The message's head is not in it.

    Never raises, and never goes over `limits`; what was yielded before a limit stays.
    """
    budget = Budget(replace(limits, expanded_bytes=limits.streamed_bytes), sight, time, opener=opener)
    names = request.filenames(message)
    location = Location("body", (step(names[0]),)) if names else Location("body")
    content = long(body, location, names[0] if names else "", message.header("content-type"))
    walk = _LongWalk(budget, limits)
    with suppress(Exhausted):  # its gap is there already
        yield from walk.items(peel(content, codings(message), budget), content, -1)
    yield walk.flush()


class _LongWalk:
    """One long body being unpacked. It yields whenever it holds enough; `flush` gives what is left."""

    def __init__(self, budget: Budget, limits: Limits) -> None:
        self._budget = budget
        self._limits = limits
        self._walk = Walk(budget)
        self._held = 0
        self._counted = 0
        self._content = ""

    def flush(self) -> Unpacked:
        """Return what is held, and let go of it. Pictures in it are looked at now."""
        self._walk.look()
        walk, self._walk, held = self._walk, Walk(self._budget), self._held
        self._content = self._content or walk.content
        produced, self._counted, self._held = self._budget.produced - self._counted, self._budget.produced, 0
        walk.content = self._content
        return walk.unpacked(produced or held)

    def items(
        self, items: Iterable[Part | Gap | Content | Long], content: Content | Long, depth: int
    ) -> Iterator[Unpacked]:
        """Take what one reader yields; what it is in the middle of when it fails becomes a gap."""
        iterator = iter(items)
        about = content.about(b"") if isinstance(content, Long) else content
        got: list[Part | Gap | Content | Long] = []
        while self._walk.guard(lambda: got.extend(_first(iterator)), about) and got:
            item = got.pop()
            if isinstance(item, Long):
                yield from self._long(item, depth + 1)
            else:
                self._take(item, depth)
            if self._held >= self._budget.limits.window_bytes:
                yield self.flush()

    def _take(self, item: Part | Gap | Content, depth: int) -> None:
        self._held += len(item.data) if isinstance(item, Content) else len(item.text) if isinstance(item, Part) else 0
        gaps = len(self._walk.gaps)
        about = item if isinstance(item, Content) else Content(b"", item.location)
        self._walk.guard(lambda: self._walk.take([item], depth - about.window), about)
        if isinstance(item, Content) and item.window and _goes_on(item, self._walk.gaps[gaps:]):
            detail = "something in a long text may go on beyond the piece of it that was read at a time"
            self._walk.gaps.append(Gap("too-large", item.location, detail))

    def _long(self, content: Long, depth: int) -> Iterator[Unpacked]:
        if depth > self._budget.limits.depth:
            self._walk.gaps.append(
                Gap("too-deep", content.location, "more containers inside containers than are opened")
            )
            yield from self.items(binary.read(content, self._budget), content, depth)
            return
        limits = self._limits
        short, content = _whole(content, limits.window_bytes)
        if short is None:
            form = next(form for form in LONG_FORMATS if form.accepts(content))
            if _wants_all(form, content):
                short, content = _whole(content, limits.whole_bytes)
        if short is not None:
            # What is read whole is unpacked into memory, and no further than a short body would be.
            self._budget.lengthen(len(short.data))
            most = self._budget.produced + limits.expanded_bytes
            self._budget.limits = replace(self._limits, expanded_bytes=min(most, self._limits.streamed_bytes))
            self._take(short, depth - 1)
            self._budget.limits = replace(self._limits, expanded_bytes=self._limits.streamed_bytes)
            return
        self._name(form, depth)
        if content.data is None or form.NAME not in _BY_WINDOWS:
            yield from self.items(form.read(content, self._budget), content, depth)
            return
        before = zip_format.Before(content.data)
        yield from self.items(form.read(replace(content, data=None, unread=before), self._budget), content, depth)
        if before.end >= 0:
            self._content = zip_format.NAME if depth == 0 else self._content
            yield from self.items(zip_format.read(content, self._budget, before.end), content, depth)

    def _name(self, form: LongFormat, depth: int) -> None:
        """Remember what the body is, by its outermost reader; what a text is, its first window says."""
        if depth == 0 and not self._content and form.NAME != "text":
            self._content = form.NAME


def _wants_all(form: LongFormat, content: Long) -> bool:
    """Tell whether a content is a document that its own reader had better have whole."""
    if form.NAME == "zip":
        return zip_format.is_document(content.stretch)
    return form.NAME in {"text", "binary"} and binary.reader_of(content) not in {"", *_TEXTS}


def _whole(content: Long, most: int) -> tuple[Content | None, Long]:
    """Return the content when it has at most so many bytes, and what is to be read otherwise."""
    if content.data is not None:
        data = None if content.data.longer(most) else content.data[:]
    else:
        begun = content.tape.read(most + 1)
        data = begun if len(begun) <= most else None
        content = replace(content, unread=Rewound(begun, content.tape))
    return (None if data is None else content.about(data)), content


def _goes_on(window: Content, gaps: Iterable[Gap]) -> bool:
    """Tell whether a gap is of something in a window, and so perhaps cut; not of a ragged window alone."""
    cut = [gap for gap in gaps if gap.reason in {"malformed", "too-deep"}]
    return any(gap.location != window.location for gap in cut) or (
        bool(cut) and next(form for form in FORMATS if form.accepts(window)).NAME not in _TEXTS
    )


def _first(iterator: Iterator[Part | Gap | Content | Long]) -> list[Part | Gap | Content | Long]:
    return [item for item in [next(iterator, None)] if item is not None]
