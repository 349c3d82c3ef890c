"""What every plot is: a picture that says what it shows, with the same numbers as a table under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dlp_proxy.reporting.markup import Markup, tag

WIDTH: Final = 860
"""Units of the picture; it is as wide as the page."""


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot. `name` is a word for its identifiers in the page."""

    name: str
    title: str
    says: str
    picture: Markup
    height: int
    table: Markup

    def figure(self) -> Markup:
        title, says = f"{self.name}-title", f"{self.name}-desc"
        svg = tag(
            "svg",
            tag("title", self.title, id=title),
            tag("desc", self.says, id=says),
            self.picture,
            viewBox=f"0 0 {WIDTH} {self.height}",
            role="img",
            aria_labelledby=f"{title} {says}",
        )
        return tag("figure", svg, tag("figcaption", self.says), self.table)


def short(text: str, length: int = 22) -> str:
    """Return a text that fits beside a plot; the table has it whole."""
    return text if len(text) <= length else f"{text[: length - 1]}…"


def joined(parts: list[Markup]) -> Markup:
    return Markup("".join(parts))
