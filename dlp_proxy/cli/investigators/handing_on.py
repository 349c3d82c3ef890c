"""``dlp-proxy incident report|export``: what is handed on of a case."""

from __future__ import annotations

import json
import secrets
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import click

from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.hunting import Values
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import JSON, POLICIES, STATE, why
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents.named import UnknownNameError
from dlp_proxy.model.harmless import harmless
from dlp_proxy.reporting.bundle.affected import Affected
from dlp_proxy.reporting.bundle.affected import affected as affected_customers
from dlp_proxy.reporting.bundle.bag import Content
from dlp_proxy.reporting.bundle.contents import AFFECTED, REPLAY
from dlp_proxy.reporting.bundle.seal import seal_bundle
from dlp_proxy.reporting.case import Case, case_of
from dlp_proxy.reporting.case_file import write_case_file
from dlp_proxy.reporting.moment import moment_of
from dlp_proxy.reporting.report import AUDIENCES, NAMED, Audience, Reading, headline, report_html, report_json
from dlp_proxy.reporting.words import LANGUAGES, Language, Words
from dlp_proxy.sealing.handed import recipients_of, seal_to, wrap_folder
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir, replace_file

_AS_OF: Final = click.option(
    "--as-of", type=click.IntRange(1), help="Size of a checkpoint; else one is signed now. The same gives the same."
)
_LANGUAGE: Final = click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
_REASON: Final = click.option(
    "--reason", default="", callback=why, help="Why people's names are needed; goes into the log."
)


@dataclass(frozen=True, slots=True)
class _Open:
    """A case that was looked up, and the store that it was looked up in."""

    reader: SqliteReader
    case: Case
    reading: Reading
    state: StateDir


@dataclass(frozen=True, slots=True)
class _Outside:
    """What is sealed to somebody outside: the customers, whose values are of the kind `affected`, and all of it."""

    recipients: list[Any]
    affected: str | None
    wrap: Path | None


@click.command("report")
@click.argument("name", metavar="CASE|INCIDENT|EVENT")
@click.option("--html", type=click.Path(path_type=Path), help="Write the page there.")
@click.option("--audience", type=click.Choice(AUDIENCES), default="analyst", show_default=True)
@_LANGUAGE
@_AS_OF
@_REASON
@asking.SANCTIONED
@STATE
@JSON
def report(
    name: str,
    html: Path | None,
    audience: Audience,
    language: Language,
    as_of: int | None,
    reason: str,
    sanctioned: tuple[str, ...],
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Write the report of a case: how many customers, by whom, to where, since when, and what is not known.

    One page that needs nothing else and runs nothing. Analysts and authorities read pseudonyms, the others names;
    names need a reason, which goes into the log.

    \b
    Example:
      dlp-proxy incident report case-1 --lang zh --audience police --reason "case 7" --html report.html
    """
    if html is None and not print_json:
        raise click.UsageError("say where to: --html FILE, or --json")
    with _opened(name, state, audience, language, as_of, reason, sanctioned) as found:
        page, facts = report_html(found.case, found.reading), report_json(found.case, found.reading)
        given = {"what": "report", "sha256": sha256(page).hexdigest()}
        _log(state, name, audience, reason, found.case, given)
        if html is not None:
            _put(html, page)
        click.echo(facts.decode() if print_json else f"{html}: {_told(found)}")


@click.command("export")
@click.argument("name", metavar="CASE|INCIDENT|EVENT")
@click.option("--bundle", type=click.Path(path_type=Path), help="Folder to make: sealed, signed, for strangers.")
@click.option("--sqlite", type=click.Path(path_type=Path), help="File to write, under pseudonyms.")
@click.option("--ocsf", type=click.Path(path_type=Path), help="File of the events as they were recorded, a line each.")
@click.option("--replay", type=click.Path(path_type=Path, exists=True), help="With --bundle: manifest of a replay.")
@click.option("--to", multiple=True, metavar="age1...", help="Whose key --affected and --wrap seal to.")
@click.option("--affected", metavar="KIND", help="With --to: customers by name; values on standard input.")
@click.option(
    "--wrap", type=click.Path(path_type=Path), help="With --to: also write the bundle there, one sealed file."
)
@POLICIES
@_LANGUAGE
@_AS_OF
@_REASON
@asking.SANCTIONED
@STATE
@JSON
def export(
    name: str,
    bundle: Path | None,
    sqlite: Path | None,
    ocsf: Path | None,
    replay: Path | None,
    to: tuple[str, ...],
    affected: str | None,
    wrap: Path | None,
    policies: Path,
    language: Language,
    as_of: int | None,
    reason: str,
    sanctioned: tuple[str, ...],
    state: Path,
    *,
    print_json: bool,
) -> None:
    """Give a case out: as a sealed bundle, as a SQLite file, or as lines of OCSF.

    A bundle and OCSF name people, as events do, and need a reason. Evidence stays sealed. The log says that it was
    given out before it is there.

    \b
    Example:
      dlp-proxy incident export case-1 --bundle case-1 --lang zh --reason "handed to the police, 2026-113"
    """
    if [bundle, sqlite, ocsf].count(None) != 2:
        raise click.UsageError("one of --bundle, --sqlite and --ocsf")
    if replay is not None and bundle is None:
        raise click.UsageError("--replay goes into a --bundle")
    if bool(to) != bool(affected or wrap) or (to and bundle is None):
        raise click.UsageError("--to says whose key --affected or --wrap of a --bundle seal to: give both")
    audience: Audience = "analyst" if sqlite is not None else "police"
    with _opened(name, state, audience, language, as_of, reason, sanctioned) as found:
        case, told = found.case, {"checkpoint": found.case.moment.size, "events": len(found.case.events)}
        answer: dict[str, Any] = {"case": name, **told}
        if bundle is not None:
            outside = _Outside(recipients_of(to), affected, wrap)
            answer |= _bundle(bundle, found, reason, replay, outside, policies)
        elif sqlite is not None:
            answer |= {"sqlite": str(sqlite), "sha256": _case_file(sqlite, found, reason)}
        elif ocsf is not None:
            lines = b"".join(one.json + b"\n" for one in case.events)
            _log(state, name, audience, reason, case, {"what": "ocsf", "sha256": sha256(lines).hexdigest()})
            _put(ocsf, lines)
            answer |= {"ocsf": str(ocsf), "sha256": sha256(lines).hexdigest()}
    if print_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"{bundle or sqlite or ocsf}: {answer['events']} events as of checkpoint {answer['checkpoint']}")
    click.echo(f"digest   {answer['sha256']}")
    if "named" in answer:
        click.echo(f"affected {answer['named']} customers by name, {answer['unnamed']} only as a token; sealed")
    if "wrapped" in answer:
        click.echo(f"wrapped  {answer['wrapped']}")
    for one in answer.get("missing", ()):
        click.echo(f"missing  {harmless(one['event'])}  {harmless(one['why'])}")


def _bundle(
    bundle: Path, found: _Open, reason: str, replay: Path | None, outside: _Outside, policies: Path
) -> dict[str, Any]:
    """Write a bundle, and what goes to somebody outside; return what is told of it."""
    case, connection = found.case, found.reader.connection
    more: dict[str, Content] = {} if replay is None else {REPLAY: replay}
    told: dict[str, Any] = {}
    if outside.affected is not None:
        named = _affected(connection, found, outside.affected, policies)
        more[AFFECTED] = seal_to(named.table, outside.recipients)
        told |= {"named": named.named, "unnamed": named.unnamed}

    def logged(digest: str) -> None:
        _log(found.state.path, case.name, "police", reason, case, {"what": "bundle", "sha256": digest})

    digest, contents = seal_bundle(
        bundle, connection, case, found.reading, found.state, before_it_is_there=logged, more=more
    )
    if outside.wrap is not None:
        wrap_folder(bundle, outside.wrap, outside.recipients)
        told["wrapped"] = str(outside.wrap)
    key = Path(bundle / "sig" / "pub.pem")
    told |= {"bundle": str(bundle), "sha256": digest, "files": len(contents.files), "key": str(key)}
    return {**told, "missing": [{"event": event, "why": why} for event, why in contents.missing]}


def _affected(connection: sqlite3.Connection, found: _Open, kind: str, policies: Path) -> Affected:
    """Read values of customers from standard input, and look for each in the case."""
    read = Values(kind, policies)
    key = KeyedFingerprint(found.state.key())
    lines = [line.strip() for line in sys.stdin if line.strip()]
    values = {key(kind, way): line for line in lines for way in read.ways(line)}
    return affected_customers(connection, found.case, values)


@contextmanager
def _opened(
    name: str,
    state: Path,
    audience: Audience,
    language: Language,
    as_of: int | None,
    reason: str,
    sanctioned: tuple[str, ...],
) -> Iterator[_Open]:
    if audience in NAMED and not reason:
        raise click.UsageError("this names people: say why, with --reason")
    if as_of is None:
        with writer(state) as store:
            store.sign().result(WRITE_SECONDS)
    folder = StateDir(state)
    staff = asking.staff_of(state, hidden=audience not in NAMED)
    with SqliteReader(folder.events) as reader:
        reader.connection.execute("BEGIN")
        try:
            case = case_of(reader.connection, name, moment_of(reader.connection, as_of or 0), sanctioned)
        except UnknownNameError as error:
            asking.stop(str(error))
        yield _Open(reader, case, Reading(audience, Words(language), staff), folder)


def _log(state: Path, name: str, audience: Audience, reason: str, case: Case, given: dict[str, str]) -> None:
    detail = {**given, "audience": audience, "checkpoint": case.moment.size, "reason": reason}
    entries = [Entry("export", by=who(), of=name, more={"with": detail})]
    if audience in NAMED:
        resolved = {"people": len(case.people), "reason": reason}
        entries.insert(0, Entry("resolve", by=who(), of=name, more={"with": resolved}))
    with writer(state) as store:
        store.log(*entries).result(WRITE_SECONDS)


def _case_file(path: Path, found: _Open, reason: str) -> str:
    waiting = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        waiting.touch(mode=0o600, exist_ok=False)
        write_case_file(waiting, found.reader.connection, found.case, found.reading.shown)
        digest = sha256(waiting.read_bytes()).hexdigest()
        _log(found.state.path, found.case.name, "analyst", reason, found.case, {"what": "sqlite", "sha256": digest})
        waiting.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error}") from error
    finally:
        waiting.unlink(missing_ok=True)
    return digest


def _put(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error}") from error


def _told(found: _Open) -> str:
    if not found.case.scope.whole.transfers:
        return f"{len(found.case.events)} events, no customers in them"
    return harmless(headline(found.case, found.reading))
