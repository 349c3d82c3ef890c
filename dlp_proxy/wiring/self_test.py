"""Proof before the first connection: a record that must be blocked is, by the engine that will judge traffic."""

from __future__ import annotations

from dataclasses import dataclass

from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.windows.windows import Windows


@dataclass(frozen=True, slots=True)
class SelfTest:
    """`says` tells what was tried and what came of it."""

    passed: bool
    says: str
