"""Samples made slight for damage: it shall hit the frame of a format, not a long text or a template's styles."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Final

from tests.samples.sample import Sample

_LONG: Final = 8 * 1024
"""Bytes of lines that are enough."""
_STYLES: Final = (
    "word/styles.xml",
    "word/stylesWithEffects.xml",
    "docProps/thumbnail.jpeg",
    "ppt/theme/",
    "word/theme/",
)
_WHOLE: Final = (".json", ".map", ".geojson", ".ipynb", ".xml", ".svg", ".html")
"""Texts of which a part would be a broken whole."""


def slight(one: Sample) -> Sample:
    """Return the sample without what its frame does not need."""
    if (one.data.startswith(b"PK\3\4") and b"ppt/" in one.data) or b"word/styles" in one.data:
        return replace(one, data=_without_styles(one.data))
    if len(one.data) > _LONG and b"\0" not in one.data and not one.name.endswith(_WHOLE):
        end = one.data.rfind(b"\n", 0, _LONG) + 1
        return replace(one, data=one.data[: end or len(one.data)])
    return one


def _without_styles(data: bytes) -> bytes:
    """Return the document with a template's styles and themes emptied; everything else is as it was."""
    light = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held, zipfile.ZipFile(light, "w") as made:
            for info in held.infolist():
                content = held.read(info)
                made.writestr(info, b"<s/>" if info.filename.startswith(_STYLES) and len(content) > 4096 else content)
    except zipfile.BadZipFile:
        return data
    return light.getvalue()
