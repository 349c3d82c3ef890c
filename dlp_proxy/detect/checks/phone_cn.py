"""Mobile and privacy numbers of mainland China by segment (`phones/numbering_cn.py`), with or without extension."""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.phones.numbering_cn import MOBILE

_MOBILE: Final = regex.compile(rf"(?:\+|00)?(?:86)?(?:{MOBILE}|95013[0-9]{{6,11}})(?:x[0-9]{{1,6}})?")
_SEPARATOR: Final = regex.compile(r"[\s().·-]+")


def holds(value: str) -> bool:
    return _MOBILE.fullmatch(value if value.isalnum() else _SEPARATOR.sub("", value)) is not None
