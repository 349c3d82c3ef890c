"""The formats, by the word that the setting has for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from dlp_proxy.forward.formats.cef import cef
from dlp_proxy.forward.formats.ecs import ecs
from dlp_proxy.forward.formats.ocsf import ocsf

FORMATS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {"ocsf": ocsf, "ecs": ecs, "cef": cef}
"""Each takes an OCSF object with its outcome in ``unmapped.dlp.outcome`` and returns one line."""
