"""Named values rendered as one form: query strings, posted forms, the simple fields of multipart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.naming import step

_LONG: Final = 500
_LINES: Final = 4


def is_long(value: str) -> bool:
    """Tell whether a value is a text of its own, with many customers perhaps, and not a detail of one."""
    return len(value) > _LONG or (len(value) > 40 and value.count("\n") >= _LINES)


def render(pairs: Iterable[tuple[str, str]], location: Location, *, label: str) -> Iterator[Part | Content]:
    """Yield one part with one form unit, then each value that is a text or a JSON document of its own."""
    pieces: list[str] = []
    fields: list[Field] = []
    apart: list[Content] = []
    at = 0
    for name, value in pairs:
        if is_long(value) or (value[:1] in {"{", "["} and value[-1:] in {"}", "]"}):
            apart.append(Content(value.encode(errors="replace"), location / step(f'{label} "{name}"')))
            line = f"{name}:\n"
        else:
            line = f"{name}: {value}\n" if name else f"{value}\n"
            fields.append(Field(at + len(line) - len(value) - 1, at + len(line) - 1, name))
        pieces.append(line)
        at += len(line)
    if pieces:
        yield Part(location, "".join(pieces), (Unit(0, at, "form", "form"),), tuple(fields))
    yield from apart
