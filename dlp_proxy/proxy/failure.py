"""How a step that failed is named: for the log, the metric and the event."""

from __future__ import annotations

from dlp_proxy.stores.ports import StoreError


def failure(step: str, error: Exception) -> str:
    """Return the step and the kind of an error, never its text, which may quote content.

    Judging and recording are one step for the staircase; that the store did not take it in time is told apart.
    """
    if step == "judge" and isinstance(error, (StoreError, TimeoutError)):
        step = "record"
    return f"{step}: {type(error).__name__}"
