"""Samples made slight for damage: it shall hit the frame of a format, not a long text or a template's styles."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from typing import Any, Final

from tests.samples.sample import Sample

_LONG: Final = 8 * 1024
"""Bytes of lines that are enough."""
_STYLES: Final = (
    "word/styles.xml",
    "word/stylesWithEffects.xml",
    "docProps/thumbnail.jpeg",
    "ppt/theme/",
    "ppt/slideLayouts/slide",
    "ppt/slideMasters/slide",
    "ppt/notesMasters/notes",
    "ppt/printerSettings/",
    "word/theme/",
    "word/numbering.xml",
    "xl/theme/",
)
_STYLE: Final = 1024
"""Bytes of a style that is left as it is."""
_JSON: Final = (".json", ".map", ".geojson", ".ipynb")
_WHOLE: Final = (".xml", ".svg", ".html")
"""Texts of which a part would be a broken whole."""
_MEMBERS: Final = 6
"""Of a list or an object in a long JSON."""


def slight(one: Sample) -> Sample:
    """Return the sample without what its frame does not need."""
    if one.data.startswith(b"PK\3\4") and any(name.encode() in one.data for name in (*_STYLES, "pkg/")):
        return replace(one, data=_without_styles(one.data))
    if len(one.data) <= _LONG or b"\0" in one.data or one.name.endswith(_WHOLE):
        return one
    if one.name.endswith(_JSON):
        return replace(one, data=json.dumps(_fewer(json.loads(one.data))).encode())
    end = one.data.rfind(b"\n", 0, _LONG) + 1
    return replace(one, data=one.data[: end or _LONG])


def _fewer(value: Any) -> Any:
    """Return the value with its first members, each with its first members."""
    if isinstance(value, dict):
        return {key: _fewer(held) for key, held in list(value.items())[:_MEMBERS]}
    if isinstance(value, list):
        return [_fewer(held) for held in value[:_MEMBERS]]
    return value[:_LONG] if isinstance(value, str) else value


def _without_styles(data: bytes) -> bytes:
    """Return the archive with a template's styles and themes emptied and long programs cut; the rest is as it was."""
    light = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held, zipfile.ZipFile(light, "w") as made:
            for info in held.infolist():
                content = held.read(info)
                if info.filename.startswith(_STYLES) and len(content) > _STYLE:
                    content = b"<s/>"
                made.writestr(info, content[:_LONG] if info.filename.endswith(".py") else content)
    except zipfile.BadZipFile:
        return data
    return light.getvalue()
