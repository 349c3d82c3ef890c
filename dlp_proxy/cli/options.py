"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

STATE: Final = click.option(
    "--state", type=click.Path(path_type=Path), default=Path("state"), envvar="DLP_PROXY_STATE", show_default=True
)
POLICIES: Final = click.option(
    "--policies", type=click.Path(path_type=Path), default=Path("policies"), envvar="DLP_PROXY_POLICIES"
)


def why(_context: click.Context, option: click.Parameter, given: str) -> str:
    """Return a reason without blanks around it; a callback of options: where one is needed, blanks are none."""
    if option.required and not given.strip():
        raise click.BadParameter("is empty: say why")
    return given.strip()


JSON: Final = click.option("--json", "print_json", is_flag=True, help="JSON, for programs.")
