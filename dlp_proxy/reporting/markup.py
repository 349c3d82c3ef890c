"""HTML and SVG in which text stays text: whatever is no `Markup` is escaped, and its control characters are shown."""

from __future__ import annotations

from html import escape
from typing import Final

from dlp_proxy.model.harmless import harmless

_VOID: Final = frozenset({"meta", "br"})


class Markup(str):
    """Text that is HTML already. Made by `tag` and of the program's own constants, of nothing else."""

    __slots__ = ()


def tag(element: str, *children: str | int, **attributes: str | int) -> Markup:
    """Return an element.

    Args:
        attributes: names with ``_`` for ``-`` and without a trailing one, as in ``class_``.
    """
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(harmless(str(value)))}"' for name, value in attributes.items()
    )
    if element in _VOID:
        return Markup(f"<{element}{given}>")
    return Markup(f"<{element}{given}>{''.join(shown(child) for child in children)}</{element}>")


def shown(child: str | int) -> Markup:
    """Return a child as it stands in HTML."""
    return child if isinstance(child, Markup) else Markup(escape(harmless(str(child))))


def table(caption: str, heads: tuple[str, ...], rows: list[tuple[str | int, ...]]) -> Markup:
    """Return a table; the first cell of each row names the row, numbers stand to the right."""
    head = tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads)))
    body = [tag("tr", tag("th", row[0], scope="row"), *(_cell(cell) for cell in row[1:])) for row in rows]
    return tag("table", tag("caption", caption), head, tag("tbody", *body))


def _cell(cell: str | int) -> Markup:
    return tag("td", cell, class_="n") if isinstance(cell, int) else tag("td", cell)
