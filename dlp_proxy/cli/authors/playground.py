"""``policy playground``: a page on this machine to write policies on and see at once what they do."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import click

from dlp_proxy.cli.authors.folder import FOLDER
from dlp_proxy.stores.policy_dir import read_policies


@click.command("playground")
@FOLDER
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
def playground(folder: Path, port: int, *, opens: bool) -> None:
    """Serve a page to this machine: policies on the left, a request on the right, and why it gets its answer.

    Faults show while you type. Only `Save` writes. The address holds a secret; Ctrl-C ends it.

    \b
    Example:
      dlp-proxy policy playground policies --open
    """
    read_policies(folder)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(folder, port, opens=opens))


async def _serve(folder: Path, port: int, *, opens: bool) -> None:
    from dlp_proxy.cli.playground.server import Playground  # noqa: PLC0415 - slow to load, and only this needs it

    place = Playground(folder)
    try:
        place.listen(port)
    except OSError as error:
        raise click.UsageError(f"port {port} cannot be used: {error.strerror}") from error
    click.echo(f"{place.address}  (this machine only; Ctrl-C ends it)")
    if opens:
        click.launch(place.address)
    try:
        await asyncio.Event().wait()
    finally:
        await place.stop()
