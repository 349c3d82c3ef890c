"""``dlp-proxy incident anchor``: checkpoints carried out, and attestations brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import STATE
from dlp_proxy.evidence.checkpoint import NoteError, Verifier, checkpoint_of
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.evidence.timestamp import TimestampError, ask, time_in
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.log import notes, origin_of
from dlp_proxy.stores.sqlite.writing import Writing
from dlp_proxy.stores.state_dir import StateDir

_LARGEST: Final = 1024 * 1024


@click.group()
def anchor() -> None:
    """Carry checkpoints of the log out of reach of whoever rules this machine, and keep what others attest.

    \b
    Example:
      dlp-proxy incident anchor export --to /media/legal/2026-11-28.note
    """


@anchor.command("export")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Write the note there; else it is printed.")
@click.option("--tsq", type=click.Path(path_type=Path), help="With --to: also write a time stamp query, RFC 3161.")
@STATE
def export(target: Path | None, tsq: Path | None, state: Path) -> None:
    """Sign all that is in the log now, and give the signed note out. Keep it where nobody here can change it.

    \b
    Example:
      dlp-proxy incident anchor export --to out.note --tsq out.tsq
    """
    if tsq is not None and target is None:
        raise click.UsageError("--tsq needs --to: the time stamp is about that file")
    with writer(state) as store:
        store.sign().result(WRITE_SECONDS)
        kept = store.write(lambda writing: notes(writing.connection)).result(WRITE_SECONDS)
        if not kept:
            raise StoreError("there is nothing in the log yet")
        size, note = kept[-1]
        origin = origin_of(store.node)
        store.log(Entry("export", by=who(), of=f"checkpoint {size}")).result(WRITE_SECONDS)
    if target is None:
        click.echo(note, nl=False)
        return
    _write(target, note.encode())
    if tsq is not None:
        try:
            ask(target, tsq)
        except TimestampError as error:
            raise StoreError(str(error)) from error
    click.echo(f"{target}: {size} entries of {origin}")
    click.echo(f"key      {Verifier(origin, StateDir(state).public_key_of_log())}")


@anchor.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--note", type=click.Path(path_type=Path), help="The note that a time stamp is about.")
@STATE
def import_(file: Path, note: Path | None, state: Path) -> None:
    """Keep what somebody outside attests: a note with further signatures, or a time stamp (with --note) of one.

    \b
    Example:
      dlp-proxy incident anchor import out.tsr --note out.note
    """
    content = _read(file)
    text = (_read(note) if note else content).decode("utf-8", "replace")
    with writer(state) as store:
        try:
            about = checkpoint_of(text, Verifier(origin_of(store.node), StateDir(state).public_key_of_log()))
            says = f"time stamp of {time_in(file)}" if note else "note"
        except (NoteError, TimestampError) as error:
            raise StoreError(f"{file}: {error}") from error

        def keep(writing: Writing) -> None:
            writing.connection.execute(
                "INSERT INTO anchor (size, kind, content) VALUES (?, ?, ?)",
                (about.size, "rfc3161" if note else "note", content),
            )
            writing.log.append(Entry("anchor", by=who(), of=f"checkpoint {about.size}"))

        store.write(keep).result(WRITE_SECONDS)
    click.echo(f"{file}: {says} over {about.size} entries, kept")


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error}") from error
    if len(content) > _LARGEST:
        raise StoreError(f"{path} is too large to be an attestation")
    return content


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error}") from error
