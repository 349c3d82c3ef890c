"""A script that is little more than JSON: `var d = [...];`, `callback({...})` (JSONP), `export default {...}`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats import json as json_format

NAME: Final = "script"

_HEAD: Final = 512
_NAME: Final = r"[A-Za-z_$][\w$.\[\]\"']{0,80}"
_BEFORE: Final = re.compile(
    rf"\s*(?:/\*.{{0,200}}?\*/\s*|//[^\n]{{0,200}}\n\s*|[\"']use strict[\"'];?\s*)?"
    rf"(?:(?:var|let|const|export|default|return|static|final|self|{_NAME})[ \t]+){{0,4}}"
    rf"(?:{_NAME}\s{{0,8}}(?:=|:=|=>|\()\s{{0,8}}|export\s+default\s+)\(?\s*(?=[\[{{])",
    re.DOTALL,
)
_MOST: Final = 2
"""What is no JSON may be as much as the JSON is, shared by this."""


def accepts(content: Content) -> bool:
    return content.text is not None and _BEFORE.match(content.text[:_HEAD]) is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = content.text or ""
    before = _BEFORE.match(text[:_HEAD])
    if before is None:
        raise Mismatch
    if text.count(",") > budget.limits.values:
        yield Gap("too-large", content.location, "JSON of more values than are laid out; read as plain text")
        raise Mismatch
    start = before.end()
    try:
        _, end = json_format.value_at(text, start)
    except (json.JSONDecodeError, RecursionError):
        raise Mismatch from None
    if (end - start) < (len(text) - end + start) * _MOST:
        raise Mismatch
    yield content.inside(text[start:end].encode(errors="replace"), "JSON in the script")
    yield Part(content.location, text[:start] + text[end:])
