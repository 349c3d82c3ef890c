"""``dlp-proxy policy``: the authors' tools. Each is a command of its own below `authors/`."""

from __future__ import annotations

from typing import Final

import click

from dlp_proxy.cli.authors.attempt import attempt
from dlp_proxy.cli.authors.backtest import backtest
from dlp_proxy.cli.authors.cases import test
from dlp_proxy.cli.authors.check import check, explain_error
from dlp_proxy.cli.authors.differences import diff
from dlp_proxy.cli.authors.exceptions import exception, promote
from dlp_proxy.cli.authors.explain import explain
from dlp_proxy.cli.authors.layout import fmt, migrate
from dlp_proxy.cli.authors.measures import coverage, probe
from dlp_proxy.cli.authors.pages import docs, graph
from dlp_proxy.cli.authors.playground import playground
from dlp_proxy.cli.authors.propose import propose
from dlp_proxy.cli.authors.starters import new, schema_command, std

COMMANDS: Final = (
    check, test, coverage, probe, explain, attempt, fmt, migrate, diff, backtest, exception, promote, new,
    schema_command, docs, graph, std, explain_error, playground,
)  # fmt: skip


@click.group()
def policy() -> None:
    """Write, check, test and explain policies.

    \b
    Example:
      dlp-proxy policy check policies
    """


exception.add_command(propose)
for _command in COMMANDS:
    policy.add_command(_command)
