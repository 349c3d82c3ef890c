"""What is common to pictures: what can be seen in them, what they say in words, and what lies behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import charset, pieces, private, values
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats.binary import readable, strings
from dlp_proxy.unpack.naming import step, whole

UNREAD: Final = "picture: text in it was not read"
_FOR_CODES: Final = 0.25
"""Share of the time for pictures that codes may take when it is gone: text takes a hundred times as long."""
_NUMBERED: Final = re.compile(r"(?:p(?=[0-9]+of))?([0-9]{1,3})(?:/|of)[0-9]{1,3}[:| ,]?\s?(.*)", re.DOTALL)
"""A code of several, as programs write that divide a file over them."""
_SLACK: Final = 8  # bytes behind a picture that are not worth a look


def look(content: Content, budget: Budget) -> Iterator[Gap]:
    """Have a picture looked at once all of the message's are known; where nobody looks, yield the gap.

    Raises:
        Deferred: this is no place to look.
    """
    budget.decoder()
    eyes = budget.eyes
    if eyes.sight is None:
        yield Gap("unknown-format", content.location, UNREAD)
    elif content.data not in eyes.known:
        eyes.known.add(content.data)
        eyes.waiting.append((content, eyes.depth))


def looked(budget: Budget) -> Iterator[tuple[int, Content, Iterator[Part | Gap | Content]]]:
    """Yield what can be seen in each picture that waits, with its depth; the same picture is looked at once.

    All have the same share of the time. Small ones come first: what they leave is for those that have more to read.
    """
    eyes = budget.eyes
    waiting, eyes.waiting = sorted(eyes.waiting, key=lambda one: len(one[0].data)), []
    for number, (content, depth) in enumerate(waiting):
        yield depth, content, _seen(content, budget, len(waiting) - number)


def _seen(content: Content, budget: Budget, others: int) -> Iterator[Part | Gap | Content]:
    eyes, limits = budget.eyes, budget.limits
    eyes.pictures += 1
    left = limits.picture_seconds - eyes.seconds
    if eyes.sight is None or eyes.pictures > limits.pictures or left <= -_FOR_CODES * limits.picture_seconds:
        yield Gap("unknown-format", content.location, f"{UNREAD}: there were too many before it")
        return
    seen = eyes.sight(content.data, max(0.0, left / others), limits)
    eyes.seconds += seen.seconds
    budget.excuse(seen.here)
    for number, text in enumerate(seen.texts, 1):
        where = "text in the picture" if len(seen.texts) == 1 else f"text in picture {number}"
        yield Part(content.location / where, text)
    whole_codes = list(pieces.joined(_in_order(seen.codes), content.location))
    yield from whole_codes
    for code in () if whole_codes else seen.codes:
        yield content.inside(code, "code in the picture")
    for missed in seen.missed:
        yield Gap(missed.reason, content.location, missed.detail)


def _in_order(codes: Sequence[bytes]) -> list[str]:
    """Return codes as texts; those that say which of how many they are, by that."""
    texts = [code.decode("latin-1") for code in codes]
    found = [_NUMBERED.match(text) for text in texts]
    if not found or not all(found):
        return texts
    numbered = sorted((int(one[1]), one[2]) for one in found if one)
    return [text for _, text in numbered]


def said(content: Content, pairs: Sequence[tuple[str, bytes]], where: str) -> Iterator[Part | Content]:
    """Yield named texts of a picture as one form; long ones, which may hold many customers, by themselves."""
    texts: list[tuple[str, str]] = []
    for name, data in pairs:
        stripped = data.strip(b"\0 ")
        decoded = charset.decode(stripped)
        if decoded is not None:
            texts.append((step(name), whole(decoded[0])))
        elif stripped:
            inside = content.inside(data, step(name))
            yield from list(private.held(inside)) or strings(inside)
    if texts:
        yield from values.render(texts, content.location / where, label=where)


def others(content: Content, read: Sequence[tuple[int, int]]) -> Iterator[Part | Content]:
    """Yield the strings of a file without the stretches that were read, so that nobody is counted twice.

    Args:
        read: (start, end) of each of them, ascending.
    """
    between: list[bytes] = []
    at = 0
    for start, end in [*read, (len(content.data), 0)]:
        between.append(content.data[at:start])
        at = max(at, end)
    yield from readable(content.inside(b"\0\0\0\0".join(between), "elsewhere in the file"))


def beside(content: Content, body: bytes, where: str) -> Iterator[Content]:
    """Yield a stretch that is no part of the picture when it is text or of a known kind; programs leave much else."""
    if len(body) >= _SLACK:
        yield from private.held(content.inside(body, where))


def behind(content: Content, end: int) -> Iterator[Content]:
    """Yield what follows the end of a picture, unless it is padding."""
    rest = content.data[end:]
    if len(rest) >= _SLACK and rest.strip(b"\0"):
        yield content.inside(rest, "after the picture")
