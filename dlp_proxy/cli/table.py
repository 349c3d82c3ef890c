"""A group of commands whose modules are loaded when they are called: most take longer to load than to answer."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, override

import click

type Row = tuple[str, str, str, str]
"""Name, module, object, one line of help."""


class CommandTable(click.Group):
    """A group whose commands are the rows of a table."""

    def __init__(self, *args: Any, rows: Sequence[Row], **attrs: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*args, **attrs)
        self.rows = rows

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, *_ in self.rows]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for name, module, attribute, _ in self.rows:
            if name == cmd_name:
                command = getattr(importlib.import_module(module), attribute)
                return command if isinstance(command, click.Command) else None
        return None

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, _, _, says in self.rows])
