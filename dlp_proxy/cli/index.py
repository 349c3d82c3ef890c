"""``dlp-proxy index``: indexes of known values, so that only real customers count."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import JSON, POLICIES, STATE
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector, DetectorSpec
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.stores.known_values import SUFFIX, IndexWriter, KnownValues, Value, describe
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.engine import good_policy

_NAME = click.option("--name", default="customers", show_default=True, help="What policies call it.")
_PROGRESS: Final = 1_000_000


@click.group()
def index() -> None:
    """Make indexes of values that exist, so that policies can count real customers only.

    \b
    Example:
      dlp-proxy index build --from customers.csv --columns phone,order_id=order-number
    """


@index.command("build")
@click.option("--from", "source", required=True, metavar="FILE|URL", help="A CSV file, or a database's address.")
@click.option("--query", default="", help="The query, where the source is a database.")
@click.option(
    "--columns", required=True, help="Columns by name, with the detector that reads them: phone=std/phone-cn,…"
)
@_NAME
@STATE
@POLICIES
@JSON
def build(source: str, query: str, columns: str, name: str, state: Path, policies: Path, *, print_json: bool) -> None:
    """Make an index out of a CSV file or a query (SQLAlchemy's addresses, such as postgresql+psycopg://…).

    A column that has its detector's name needs no =DETECTOR. A running proxy takes a new index up by itself.

    \b
    Example:
      dlp-proxy index build --from customers.csv --columns phone,order_id=order-number
    """
    if not name.replace("-", "").replace("_", "").isalnum():
        raise click.UsageError(f"{name!r} is no name of an index: letters, digits, - and _")
    known = {one.name: one for one in (*STANDARD, *(each.spec for each in good_policy(policies).detectors))}
    wanted = [_column(word.strip(), known) for word in columns.split(",")]
    folder = StateDir(state)
    folder.make()
    writer = IndexWriter(_path(folder, name), folder.key_of_indexes())
    skipped = dict.fromkeys((column for column, _ in wanted), 0)
    with _rows(source, query, [column for column, _ in wanted]) as rows:
        _fill(writer, rows, [detector for _, detector in wanted], skipped)
    about = writer.finish({column: one.spec.name for column, one in wanted}, skipped, time.time())
    if print_json:
        click.echo(json.dumps({"name": name, **asdict(about)}, ensure_ascii=False))
    else:
        click.echo(f"{name}: {about.values} different values of {', '.join(about.columns)}")
        for column, count in about.skipped.items():
            if count:
                click.echo(f"  {column}: {count} cells are no {about.columns[column]} and were left out")
    if not about.values:
        click.echo("dlp-proxy: the index is empty: do --columns name the right columns and detectors?", err=True)
        raise click.exceptions.Exit(PROBLEMS)


@index.command("list")
@STATE
@JSON
def list_indexes(state: Path, *, print_json: bool) -> None:
    """List the indexes, with what they were made of and when.

    \b
    Example:
      dlp-proxy index list
    """
    found = {path.stem: describe(path) for path in sorted(StateDir(state).indexes.glob(f"*{SUFFIX}"))}
    if print_json:
        click.echo(json.dumps([{"name": name, **asdict(about)} for name, about in found.items()], ensure_ascii=False))
        return
    if not found:
        click.echo("no indexes")
    for name, about in found.items():
        made = ", ".join(f"{column} ({detector})" for column, detector in about.columns.items())
        built = dt.datetime.fromtimestamp(about.built, dt.UTC).strftime("%Y-%m-%d %H:%M:%S")
        click.echo(f"{name}: {about.values} values of {made}, built {built} UTC")


@index.command("ask")
@click.option("--detector", required=True, help="The detector that reads the values.")
@_NAME
@STATE
@POLICIES
def ask(detector: str, name: str, state: Path, policies: Path) -> None:
    """Tell which lines of standard input are in an index. Values come by standard input: the command line is logged.

    \b
    Example:
      dlp-proxy index ask --detector std/phone-cn < numbers.txt
    """
    known = {one.name: one for one in (*STANDARD, *(each.spec for each in good_policy(policies).detectors))}
    read = _detector(detector, known)
    folder = StateDir(state)
    values = KnownValues(_path(folder, name), folder.key_of_indexes())
    lines = [line.strip() for line in sys.stdin if line.strip()]
    for number, found in enumerate(
        values.holds([(read.spec.kind, normalise(line, read.spec.normalise)) for line in lines]), 1
    ):
        click.echo(f"line {number}: {'known' if found else 'not known'}")


def _path(folder: StateDir, name: str) -> Path:
    return folder.indexes / f"{name}{SUFFIX}"


def _column(word: str, known: Mapping[str, DetectorSpec]) -> tuple[str, Detector]:
    column, equals, name = word.partition("=")
    return column, _detector(name if equals else column, known)


def _detector(name: str, known: Mapping[str, DetectorSpec]) -> Detector:
    spec = known.get(name) or known.get(f"std/{name}")
    if spec is None:
        offered = ", ".join(sorted(known))
        raise click.UsageError(f"no detector is called {name!r}: write COLUMN=DETECTOR with one of {offered}")
    return compile_detector(spec)


def _fill(
    writer: IndexWriter, rows: Iterable[Sequence[object]], detectors: Sequence[Detector], skipped: dict[str, int]
) -> None:
    names = list(skipped)
    for number, row in enumerate(rows, 1):
        some: list[Value] = []
        for name, detector, cell in zip(names, detectors, row, strict=True):
            text = "" if cell is None else str(cell).strip()
            value = normalise(text, detector.spec.normalise) if text else ""
            if value and all(holds(value) for _, holds in detector.checks):
                some.append((detector.spec.kind, value))
            elif text:
                skipped[name] += 1
        writer.add(some)
        if number % _PROGRESS == 0 and sys.stderr.isatty():
            click.echo(f"{number} rows", err=True)


@contextmanager
def _rows(source: str, query: str, columns: Sequence[str]) -> Iterator[Iterator[Sequence[object]]]:
    if "://" in source:
        with _of_database(source, query, columns) as rows:
            yield rows
        return
    if query:
        raise click.UsageError("--query goes with a database: --from postgresql+psycopg://…, not with a file")
    with _of_csv(Path(source), columns) as rows:
        yield rows


@contextmanager
def _of_csv(path: Path, columns: Sequence[str]) -> Iterator[Iterator[Sequence[str]]]:
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            reader = csv.reader(file)
            header = [cell.strip() for cell in next(reader, [])]
            places = [_place(column, header) for column in columns]
            most = max(places)
            yield ([row[place] for place in places] for row in reader if len(row) > most)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StoreError(f"cannot read {path}: {error}") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        beginning = file.read(65536).rpartition(b"\n")[0]
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


@contextmanager
def _of_database(source: str, query: str, columns: Sequence[str]) -> Iterator[Iterator[Sequence[object]]]:
    import sqlalchemy  # noqa: PLC0415 - slow to load, and only this needs it

    if not query:
        raise click.UsageError("--from names a database: say what to read with --query 'select phone from customers'")
    try:
        engine = sqlalchemy.create_engine(source)
        with engine.connect().execution_options(stream_results=True, yield_per=10_000) as connection:
            result = connection.execute(sqlalchemy.text(query))
            header = list(result.keys())
            places = [_place(column, header) for column in columns]
            yield ([row[place] for place in places] for row in result)
    except (sqlalchemy.exc.SQLAlchemyError, ModuleNotFoundError) as error:
        # The error's text may hold the address with its password, and rows.
        raise StoreError(f"the database did not answer the query: {type(error).__name__}") from error


def _place(column: str, header: Sequence[str]) -> int:
    if column not in header:
        raise click.UsageError(f"there is no column {column!r}; there are {', '.join(header)}")
    return header.index(column)
