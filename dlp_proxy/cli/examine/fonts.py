"""Fonts that pdfium draws Chinese text with where a PDF names a font and does not hold it.

What it cannot draw it leaves out of the text too: letter by letter, so that a whole table can be lost (seen with pdfium
and PDFs that set each letter apart).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from dlp_proxy.cli.examine.answer import Answer

FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
"""Where pdfium looks on Linux, of those that hold TrueType."""


def fonts(folders: Sequence[Path] = FOLDERS) -> Answer:
    """Tell whether there is the font that our tests read PDFs with, and none that spoils it."""
    there = {path.name for folder in folders for path in folder.rglob("*.tt[cf]")}
    if "wqy-zenhei.ttc" not in there:
        says = "no font for Chinese: PDFs that hold none lose text; `apt-get install fonts-wqy-zenhei`"
        return Answer("fonts", "warning", says)
    if any(name.startswith("DroidSansFallback") for name in there):
        says = "beside Droid Sans Fallback some PDFs lose their digits; `apt-get remove fonts-droid-fallback`"
        return Answer("fonts", "warning", says)
    return Answer("fonts", "fine", "WenQuanYi Zen Hei, for Chinese text of PDFs that hold no font")
