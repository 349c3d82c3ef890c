"""Exit codes, the same for every command."""

from __future__ import annotations

from typing import Final

FINE: Final = 0
PROBLEMS: Final = 1
"""A block, a failing test, a bad policy, a broken chain."""
WRONG_USAGE: Final = 2
"""Wrong words, or input that cannot be read."""
DIFFERENT: Final = 3
"""Looser or different than before."""
FAILED: Final = 70
"""A fault of this program (EX_SOFTWARE of sysexits.h): nothing is said of what was asked."""
