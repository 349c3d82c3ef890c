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
JSON: Final = click.option("--json", "print_json", is_flag=True, help="JSON, for programs.")
