"""``policy new`` and ``policy std``: what comes with the program, as YAML to start from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.exits import WRONG_USAGE
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.policy.grammar import FORMAT
from dlp_proxy.policy.layout import laid_out
from dlp_proxy.policy.places import STANDARD_PLACES
from dlp_proxy.policy.schema import schema
from dlp_proxy.policy.write import write, write_place

_STARTERS: Final = Path(__file__).parents[1] / "starters"
_SHARED: Final = ("shipped/shared/detectors.yaml", "shipped/shared/places-and-people.yaml")
STARTERS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "shared": ("what customer data looks like, places and people", _SHARED),
    "customer-orders": (
        "customer orders leaving in bulk, at once or in small parts",
        ("shipped/customer-orders.yaml",),
    ),
    "credentials": ("keys, passwords and marked source code", ("shipped/credentials.yaml",)),
    "personal-uploads": ("customer data in webmail, chat and AI assistants", ("shipped/personal-uploads.yaml",)),
    "exact-match": ("real customers only, by an index of your data base", ("exact-match.yaml",)),
    "canaries": ("planted customers: a single sighting is an alarm", ("canaries.yaml",)),
    "ring": ("several people who send the same customers to one place", ("ring.yaml",)),
    "legal-tiers": ("50, 250 and 2,500 customers in 30 days; a preset, not legal advice", ("legal-tiers.yaml",)),
}
"""Name -> what it is about, and its files. Each needs the shared ones, which are written where they are not there."""

SCHEMA_FILE: Final = "dlp-policy.v1.schema.json"


@click.command("new")
@click.argument("name", default="", metavar="[NAME]")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("policies"), metavar="[DIR]")
@click.option("--jetbrains", is_flag=True, help="A line for the editors of JetBrains too.")
def new(name: str, folder: Path, *, jetbrains: bool) -> None:
    """Start a policy: a file with tests, what it shares with others, and the schema for editors. Overwrites nothing.

    Without NAME it lists what there is to start from.

    \b
    Example:
      dlp-proxy policy new customer-orders policies
    """
    if not name:
        for each, (says, _) in STARTERS.items():
            click.echo(f"{each:<18} {says}")
        return
    if name not in STARTERS:
        raise click.BadParameter(f"there is no starter `{name}`; there are {', '.join(STARTERS)}", param_hint="NAME")
    targets = {folder / path.removeprefix("shipped/"): _STARTERS / path for path in (*_SHARED, *STARTERS[name][1])}
    wanted = [folder / path.removeprefix("shipped/") for path in STARTERS[name][1]]
    if name != "shared" and (there := [path for path in wanted if path.exists()]):
        click.echo(f"dlp-proxy: {there[0]} is there already; nothing was written", err=True)
        raise click.exceptions.Exit(WRONG_USAGE)
    for target, source in targets.items():
        if not target.exists():
            to_schema = os.path.relpath(folder / SCHEMA_FILE, target.parent).replace(os.sep, "/")
            text = laid_out(str(target), source.read_text(encoding="utf-8"), to_schema)
            if jetbrains:
                first, _, rest = text.partition("\n")
                text = f"{first}\n# $schema: {to_schema}\n{rest}"
            _write(target, text)
    _write(folder / SCHEMA_FILE, _schema())
    click.echo(f"next: dlp-proxy policy check {folder}; dlp-proxy policy test {folder}")


@click.command("schema")
@click.option(
    "--format",
    type=click.Choice([FORMAT.rpartition("/")[2]]),
    expose_value=False,
    help="Which language; this program speaks one.",
)
def schema_command() -> None:
    """Print the language as JSON Schema (draft-07): completion, hover and checks in editors.

    \b
    Example:
      dlp-proxy policy schema > policies/dlp-policy.v1.schema.json
    """
    click.echo(_schema(), nl=False)


def _schema() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
    click.echo(f"wrote {path}")


@click.command("std")
@click.argument("name", default="", metavar="[NAME]")
@click.option("--json", "print_json", is_flag=True, help="The list as one JSON array.")
def std(name: str, *, print_json: bool) -> None:
    """List the built-in detectors and lists of hosts, or print one as YAML to start your own from.

    \b
    Example:
      dlp-proxy policy std phone-cn > policies/own-phone.yaml
    """
    if (place := STANDARD_PLACES.get(f"std/{name.removeprefix('std/')}")) is not None:
        click.echo(write_place(name.removeprefix("std/"), place), nl=False)
        return
    if name:
        spec = {each.name.removeprefix("std/"): each for each in STANDARD}.get(name.removeprefix("std/"))
        if spec is None:
            names = ", ".join((*(each.name for each in STANDARD), *STANDARD_PLACES))
            raise click.BadParameter(f"nothing built in is named `{name}`; there are {names}", param_hint="NAME")
        click.echo(write(spec), nl=False)
        return
    if print_json:
        shown = [{"name": each.name, "kind": each.kind, "description": each.description} for each in STANDARD]
        shown += [
            {"name": each, "kind": "destination", "description": place.description}
            for each, place in STANDARD_PLACES.items()
        ]
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for each in STANDARD:
        click.echo(f"{each.name:<22} {each.kind:<14} {each.description}")
    for title, place in STANDARD_PLACES.items():
        click.echo(f"{title:<22} {'destination':<14} {place.description}")
