"""Names of uploads that only the answer to their first part tells, as Dropbox's sessions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dlp_proxy.proxy.upload_content import uncoded

_LARGEST: Final = 8 * 1024
"""Bytes of such an answer. They are passed on as they come."""
_NAME: Final = re.compile(rb'"session_id"\s*:\s*"([^"\\]{1,512})"')


class Listener:
    """Looks for the name of a session in an answer that flows by.

    Args:
        codings: its Content-Encoding.
        told: is called with the name, once.
    """

    def __init__(self, codings: str, told: Callable[[str], None]) -> None:
        self._codings = codings
        self._told = told
        self._kept = b""
        self._done = False

    def __call__(self, data: bytes) -> bytes:
        """Return what is passed on: all of it, as it comes."""
        if not self._done:
            self._kept += data
            self._look()
        return data

    def _look(self) -> None:
        self._done = len(self._kept) > _LARGEST
        whole = uncoded(self._kept, self._codings) if self._codings else self._kept
        if whole and (found := _NAME.search(whole)) is not None:
            self._done = True
            self._told(found[1].decode("utf-8", "replace"))
