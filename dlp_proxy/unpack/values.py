"""Named values rendered as one form: query strings, posted forms, the simple fields of multipart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack import pieces
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import step, whole

_APART: Final = 32  # long values of one form or document that are read each by itself; the rest are read together
LONG: Final = 500
_LINES: Final = 4
SHORT: Final = 40
"""Characters of a value that is never long."""


def is_long(value: str) -> bool:
    """Tell whether a value is a text of its own, with many customers perhaps, and not a detail of one."""
    return len(value) > LONG or (len(value) > SHORT and value.count("\n") >= _LINES)


def render(pairs: Iterable[tuple[str, str]], location: Location, *, label: str) -> Iterator[Part | Content]:
    """Yield one part with one form unit, then each value that is a text or a JSON document of its own."""
    lines: list[str] = []
    fields: list[Field] = []
    apart: list[tuple[str, str]] = []
    written: list[str] = []
    at = 0
    for name, value in pairs:
        written.append(value)
        if not value and is_long(name):
            name, value = "", name  # noqa: PLW2901 - a text without an equals sign is no name
        if is_long(value) or (value[:1] in {"{", "["} and value[-1:] in {"}", "]"}):
            apart.append((f'{label} "{name}"' if name else label, value))
            line = f"{name}:\n" if name else ""
        else:
            line = f"{name}: {value}\n" if name else f"{value}\n"
            fields.append(Field(at + len(line) - len(value) - 1, at + len(line) - 1, name))
        lines.append(line)
        at += len(line)
    if at:
        yield Part(location, "".join(lines), (Unit(0, at, "form", "form"),), tuple(fields))
    yield from set_apart(apart, location)
    yield from pieces.joined(written, location)


def set_apart(
    texts: list[tuple[str, str]], location: Location, is_new: Callable[[str], bool] | None = None
) -> Iterator[Part | Content]:
    """Yield (label, text) pairs as contents of their own; when they are many, the last of them as one part.

    Args:
        texts: the pairs; none of them is kept.
        location: of what they stand in.
        is_new: tells whether a text is met in the message for the first time. A map of a program holds its whole
            source, and packages have one for each of several builds.
    """
    if is_new is not None:
        texts[:] = [(label, text) for label, text in texts if len(text) <= LONG or is_new(text)]
    texts.reverse()
    for _ in range(min(_APART, len(texts))):
        label, text = texts.pop()
        data = text.encode(errors="replace")
        del text
        yield Content(data, location / step(label))
    if texts:
        rest = "\n\n".join([text for _, text in reversed(texts)])
        texts.clear()
        yield Part(location / "more texts", whole(rest))
