"""``dlp-proxy incident``: what was stopped, logged and counted, and what people make of it."""

from __future__ import annotations

from typing import Final

import click

from dlp_proxy.cli.table import CommandTable, Row

_HERE: Final = "dlp_proxy.cli.investigators"
COMMANDS: Final[tuple[Row, ...]] = (
    ("list", f"{_HERE}.listing", "list_incidents", "List incidents, newest first."),
    ("show", f"{_HERE}.showing", "show", "Show an incident, a case, or one event by the number on its block page."),
    ("timeline", f"{_HERE}.timing", "timeline_command", "Show the transfers of an incident or a case in order."),
    ("scope", f"{_HERE}.scoping", "scope_command", "Count customers: left, possible, blocked, and what is unknown."),
    ("hunt", f"{_HERE}.hunting", "hunt_command", "Tell whether a number, an order, a file, an account was sent."),
    ("graph", f"{_HERE}.graph", "graph_command", "Show who shared destinations, accounts and customers with whom."),
    ("drip", f"{_HERE}.dripping", "drip_command", "Show how one person's customers add up, beside the others'."),
    ("mark", f"{_HERE}.marking", "mark_command", "Say where an incident or a case stands; open and fill cases."),
    ("resolve", f"{_HERE}.marking", "resolve", "Tell whose pseudonym it is."),
    ("verify", f"{_HERE}.verify", "verify", "Verify a bundle, or the log and all that is kept under it."),
    ("anchor", f"{_HERE}.anchor", "anchor", "Carry checkpoints of the log out of reach of this machine's ruler."),
    ("purge", f"{_HERE}.retention", "purge", "Forget events."),
    ("hold", f"{_HERE}.retention", "hold", "Keep events beyond retention."),
    ("release", f"{_HERE}.retention", "release", "End a hold."),
    ("reveal", "dlp_proxy.cli.reveal", "reveal_group", "Open sealed evidence: one asks, another grants."),
    ("report", f"{_HERE}.handing_on", "report", "Write the report of a case."),
    ("export", f"{_HERE}.handing_on", "export", "Give a case out: sealed bundle, SQLite file, or OCSF."),
    ("replay", f"{_HERE}.replay", "replay", "Prove decisions by making them again."),
    ("diff", f"{_HERE}.replay", "replay", "With --policies: say what other policies would have done."),
)
"""What investigators do; each loads what it needs when it is called, and `list` needs no detector."""


@click.group(cls=CommandTable, rows=COMMANDS)
def incident() -> None:
    """Read what was stopped, logged and counted.

    \b
    Example:
      dlp-proxy incident list
    """
