"""The event of a reset: who let whom go, and why."""

from __future__ import annotations

from collections.abc import Sequence

from dlp_proxy.incidents.tallies import Tally
from dlp_proxy.model.event import Event


def reset_event(  # noqa: PLR0917 - the parts of one event
    uid: str, at: float, user: str, tallies: Sequence[Tally], reason: str, by: str, engine: str
) -> Event:
    """Return the event of forgetting what `tallies` say.

    Args:
        by: who asked for it, as the operating system names them.
    """
    return Event(
        uid=uid,
        time=at,
        user=user,
        site="",
        action="allow",
        would="allow",
        rule="",
        records=0,
        body={
            "kind": "window-reset",
            "reason": reason,
            "by": by,
            "windows": [
                {"policy": one.policy, "rule": one.rule, "limit": one.limit, "total": one.total, **one.who}
                for one in tallies
            ],
            "engine": engine,
        },
    )
