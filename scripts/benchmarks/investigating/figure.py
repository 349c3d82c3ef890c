"""What a figure is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

type Figure = Callable[[Path], str]
"""Does the thing once on a store's file, which it leaves as it is but for an event more. Returns what came out."""
