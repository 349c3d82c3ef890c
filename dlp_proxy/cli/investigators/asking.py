"""What investigators' commands ask alike: times, names or pseudonyms, sanctioned destinations."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NoReturn, override

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import why
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents.blind import signs_between
from dlp_proxy.incidents.grouped import VERSION, VERSIONS
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import PREFIX, Staff
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir

_AGO: Final = re.compile(r"([1-9]\d{0,4})([dhm])")
_ACCOUNT: Final = re.compile(r"acc_[0-9a-f]{6,32}")
_VIEW_SECONDS: Final = 5
"""That reading waits for its entry beside a busy proxy."""
_UNITS: Final = {"d": 86400, "h": 3600, "m": 60}


class Moment(click.ParamType[int]):
    """A time, in milliseconds since the epoch: a day or a time in UTC, or how long ago."""

    name = "time"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if ago := _AGO.fullmatch(value):
            now = dt.datetime.now(dt.UTC).timestamp()
            return int((now - int(ago[1]) * _UNITS[ago[2]]) * 1000)
        try:
            at = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time: say 2026-06-30, 2026-06-30T14:05, or how long ago: 90d, 12h, 30m")
        return int((at if at.tzinfo else at.replace(tzinfo=dt.UTC)).timestamp() * 1000)


SINCE: Final = click.option(
    "--since", type=Moment(), default=0, metavar="TIME", help="From then on: 2026-06-30 (UTC), 90d, 12h."
)


def _past(_context: click.Context, _option: click.Parameter, until: int) -> int:
    """Return a time, or 0 for one that is still to come: nobody is blind in what has not been."""
    return 0 if until > dt.datetime.now(dt.UTC).timestamp() * 1000 else until


UNTIL: Final = click.option("--until", type=Moment(), default=0, callback=_past, metavar="TIME", help="Before then.")
USER: Final = click.option("--user", default="", help="Who sent: a name or a pseudonym.")
SITE: Final = click.option("--dest", "site", default="", metavar="HOST", help="Destination.")
ACCOUNT: Final = click.option(
    "--account", default="", metavar="acc_...", help="Account at a destination, by the name that `show` prints."
)
NAMES: Final = click.option(
    "--names",
    default="",
    callback=why,
    envvar="DLP_PROXY_NAMES",
    metavar="REASON",
    help="Show people by name and not as stf_...; why stands in the log before any is shown.",
)
SANCTIONED: Final = click.option(
    "--sanctioned",
    multiple=True,
    envvar="DLP_PROXY_SANCTIONED",
    metavar="HOST|acc_...",
    help="A destination, or an account at one, that customers' data is meant to go to; may be repeated.",
)
GROUPING: Final = click.option(
    "--grouping",
    type=click.Choice(VERSIONS),
    default=VERSION,
    show_default=True,
    help="Version of the grouping; an earlier one gives what it gave then.",
)


def staff_of(state: Path, *, hidden: bool) -> Staff:
    """Return how people are shown.

    Raises:
        StoreError: no proxy has run there; a key is not made for whoever mistook the folder.
    """
    folder = StateDir(state)
    if not folder.events.exists():
        raise StoreError(f"there is no event store at {folder.events}: is --state the folder of a proxy that has run?")
    return Staff(KeyedFingerprint(folder.key()), hidden)


def shown_to(state: Path, names: str, command: str, of: str = "", user: str = "") -> Staff:
    """Put into the log that somebody reads, and return how people are shown to them: under names only for a reason.

    Names are not shown when the log cannot say so. Other reading goes on: from a copy that nobody can write to, too.

    Args:
        names: why names are to be shown; empty for pseudonyms.
        of: incident, case or event that is read.
        user: name or pseudonym of whom it is about; the log has the pseudonym.
    """
    staff = staff_of(state, hidden=not names)
    whom = {"person": user if user.startswith(PREFIX) else staff.pseudonym(user)} if user else {}
    detail = {"command": command, **whom, **({"reason": names} if names else {})}
    views = os.environ.get("DLP_PROXY_VIEWS", "try")
    if views not in {"try", "must", "off"}:
        raise click.UsageError(f"DLP_PROXY_VIEWS is {views!r}; it is try, must or off")
    if not names and views == "off":
        return staff
    try:
        with writer(state) as store:
            store.log(Entry("resolve" if names else "view", by=who(), of=of, more={"with": detail})).result(
                WRITE_SECONDS if names or views == "must" else _VIEW_SECONDS
            )
    except (StoreError, TimeoutError) as error:
        if names or views == "must":
            stop(f"nothing is shown that the log cannot tell of: {str(error) or 'the store is busy'}")
        click.echo(f"dlp-proxy: the log does not tell of this reading: {error or 'the store is busy'}", err=True)
    return staff


def person(reader: SqliteReader, staff: Staff, word: str) -> str:
    """Return who is meant by a name or a pseudonym; standard error says when nobody has that name."""
    if not word.startswith(PREFIX):
        if word and not reader.connection.execute("SELECT 1 FROM event WHERE user = ? LIMIT 1", (word,)).fetchone():
            click.echo(
                f"dlp-proxy: of nobody called {harmless(word)} anything is kept: is it written like that?", err=True
            )
        return word
    user = staff.named(reader.connection, word)
    if not user:
        stop(f"nobody here is {word}")
    return user


def within(reader: SqliteReader, since: int, until: int) -> None:
    """End the command where no proxy recorded anything in the time that is asked about: nothing found says nothing."""
    if since and until and since >= until:
        raise click.UsageError(f"--since {utc(since)} is not before --until {utc(until)}")
    first, last, _ = signs_between(reader.connection)
    if last and (since > last or 0 < until <= first):
        stop(f"nothing is recorded of that time: a proxy wrote from {utc(first)} to {utc(last)} UTC")


def account(reader: SqliteReader, word: str) -> str:
    """Return the name of an account as it was given; an empty one is any."""
    if word and not _ACCOUNT.fullmatch(word):
        raise click.UsageError(f"{word!r} is no account: say acc_ and its digits, as `incident show` prints them")
    condition, given = Selection(account=word).where()
    if word and not reader.connection.execute(f"SELECT 1 FROM event e WHERE {condition} LIMIT 1", given).fetchone():  # noqa: S608 - constants
        click.echo(f"dlp-proxy: no message that is kept told of the account {word}", err=True)
    return word


def as_of(reader: SqliteReader, newest: int) -> int:
    """Return the number of an event as it was given; 0 for all there are."""
    (last,) = reader.connection.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event'"
    ).fetchone()
    if newest > last:
        stop(f"there is no event {newest} yet: the last is {last}")
    return newest


def stop(says: str) -> NoReturn:
    """End the command because what was named is not there."""
    click.echo(f"dlp-proxy: {harmless(says)}", err=True)
    raise click.exceptions.Exit(PROBLEMS)


def command_line(state: Path, *words: str, selection: Selection, shown_user: str = "") -> str:
    """Return the command that gives the same answer again, next year too."""
    options: list[tuple[str, object]] = [
        ("--user", shown_user),
        ("--dest", selection.site),
        ("--account", selection.account),
        ("--since", iso(selection.since)),
        ("--until", iso(selection.until)),
        ("--as-of", selection.newest),
        ("--state", str(state)),
    ]
    given = [f"{name} {shlex.quote(str(value))}" for name, value in options if value]
    return " ".join(["dlp-proxy", "incident", *(shlex.quote(one) for one in words if one), *given])


def repeated(option: str, values: Iterable[str]) -> list[str]:
    """Return an option once for each of its values, as words of a command line."""
    return [word for value in values for word in (option, value)]


def utc(milliseconds: int) -> str:
    """Return a time for people; a dash for none."""
    return iso(milliseconds)[:19].replace("T", " ") or "-"


def iso(milliseconds: int) -> str:
    """Return a time as an option takes it back, to the millisecond; empty for 0."""
    if not milliseconds:
        return ""
    at = dt.datetime.fromtimestamp(milliseconds // 1000, dt.UTC).replace(microsecond=milliseconds % 1000 * 1000)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{milliseconds % 1000:03d}" if milliseconds % 1000 else "")
