"""``dlp-proxy incident``: what was stopped, logged and counted, and what people make of it."""

from __future__ import annotations

from typing import Final

import click

from dlp_proxy.cli.investigators.anchor import anchor
from dlp_proxy.cli.investigators.dripping import drip_command
from dlp_proxy.cli.investigators.graph import graph_command
from dlp_proxy.cli.investigators.handing_on import export, report
from dlp_proxy.cli.investigators.hunting import hunt_command
from dlp_proxy.cli.investigators.listing import list_incidents
from dlp_proxy.cli.investigators.marking import mark_command, resolve
from dlp_proxy.cli.investigators.replay import replay
from dlp_proxy.cli.investigators.retention import hold, purge, release
from dlp_proxy.cli.investigators.scoping import scope_command
from dlp_proxy.cli.investigators.showing import show
from dlp_proxy.cli.investigators.timing import timeline_command
from dlp_proxy.cli.investigators.verify import verify
from dlp_proxy.cli.reveal import reveal_group


@click.group()
def incident() -> None:
    """Read what was stopped, logged and counted.

    \b
    Example:
      dlp-proxy incident list
    """


COMMANDS: Final = (
    list_incidents,
    show,
    timeline_command,
    scope_command,
    hunt_command,
    graph_command,
    drip_command,
    mark_command,
    resolve,
    verify,
    anchor,
    purge,
    hold,
    release,
    reveal_group,
    report,
    export,
)
"""What investigators do; each in its own file."""

for _command in COMMANDS:
    incident.add_command(_command)
incident.add_command(replay)
incident.add_command(replay, "diff")  # with --policies it says what they would have done
