"""``dlp-proxy incident hunt``: was this customer, this file, among what was sent?"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.asking import utc
from dlp_proxy.cli.investigators.scoping import unseen_in_words
from dlp_proxy.cli.investigators.writer import WRITE_SECONDS, who, writer
from dlp_proxy.cli.options import JSON, POLICIES, STATE
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.evidence.entry import Entry
from dlp_proxy.incidents.event_of import BODY, NO_VALUES
from dlp_proxy.incidents.hunt import Hunt, hunt, hunt_transfers
from dlp_proxy.incidents.selection import Selection
from dlp_proxy.incidents.staff import Staff
from dlp_proxy.model.event import ACCOUNT
from dlp_proxy.model.harmless import harmless
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.unpack.account import normal_account
from dlp_proxy.wiring.engine import good_policy

_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")
_SHOWN: Final = 50
_INPUT: Final = click.Choice(["-"])
"""Values come by standard input alone: a command line stands in the shell's history and in the list of processes."""


@click.command("hunt")
@click.option("--phone", type=_INPUT, help="Telephone numbers, one a line of standard input.")
@click.option("--order", type=_INPUT, help="Order numbers.")
@click.option("--email", type=_INPUT, help="Mail addresses.")
@click.option(
    "--file-sha256", "file", type=_INPUT, help="SHA-256 of files, as `sha256sum` prints them; 1 KB or larger."
)
@click.option("--account", type=_INPUT, help="Names of accounts at destinations: user names, mail addresses, key ids.")
@click.option("--kind", default="", help="Another kind of value, such as id; one a line of standard input.")
@asking.USER
@asking.SITE
@asking.SINCE
@asking.UNTIL
@asking.NAMES
@STATE
@POLICIES
@JSON
def hunt_command(
    phone: str | None,
    order: str | None,
    email: str | None,
    file: str | None,
    account: str | None,
    kind: str,
    user: str,
    site: str,
    since: int,
    until: int,
    names: str,
    state: Path,
    policies: Path,
    *,
    print_json: bool,
) -> None:
    """Tell for each line of standard input whether the value was in a transfer: yes, no, or unknown, and why.

    Values are only made into keyed tokens; none is kept, and none is printed: answers go by the number of the line.
    That somebody looked, for how many and how many were found stands in the log. Exits 1 when none was found.
    With --user or --dest and no kind of value it tells whether that person sent anything, or anything went there.

    \b
    Example:
      dlp-proxy incident hunt --phone - --since 180d < numbers.txt
    """
    asked = [
        ("phone", phone),
        ("order-number", order),
        ("email", email),
        (BODY, file),
        (ACCOUNT, account),
        (kind, kind),
    ]
    kinds = [one for one, given in asked if given]
    if len(kinds) > 1 or not (kinds or user or site):
        what = "--phone -, --order -, --email -, --file-sha256 -, --account -, --kind KIND, or --dest or --user alone"
        raise click.UsageError(f"say one thing to look for: {what}")
    lines = [line.strip() for line in sys.stdin if line.strip()] if kinds else []
    if kinds and not lines:
        raise click.UsageError("there is nothing on standard input: one value a line")
    folder = StateDir(state)
    # That it was searched stands in the log in any case; before names are shown, why.
    staff = asking.shown_to(state, names, "hunt", user=user) if names else asking.staff_of(state, hidden=True)
    with SqliteReader(folder.events) as reader:
        reader.connection.execute("BEGIN")
        person = asking.person(reader, staff, user)
        asking.within(reader, since, until)
        selection = Selection(None, person, site, since, until)
        if kinds:
            key = KeyedFingerprint(folder.key())
            read = Values(kinds[0], policies)
            wanted = [[key(kinds[0], value) for value in read.ways(line)] for line in lines]
            answer = hunt(reader.connection, wanted, selection, key.name)
        else:
            wanted = [[b""]]
            answer = hunt_transfers(reader.connection, selection)
    kind = kinds[0] if kinds else "transfer"
    found = sum(one.answer == "yes" for one in answer.found)
    detail = {"kind": kind, "values": len(lines), "found": found, "since": since, "until": until}
    with writer(state) as store:  # before anything is told
        store.log(Entry("search", by=who(), more={"with": detail})).result(WRITE_SECONDS)
    not_one = [number for number, ways in enumerate(wanted, 1) if not ways]
    if print_json:
        click.echo(json.dumps(_as_json(answer, staff, not_one), ensure_ascii=False))
    else:
        for line in _lines(answer, staff, kind, not_one):
            click.echo(harmless(line))
    if not found:
        raise click.exceptions.Exit(PROBLEMS)


class Values:
    """From a line to what detectors of a kind make of it, so that what they found is found again."""

    def __init__(self, kind: str, policies: Path) -> None:
        own = (
            [one.spec for one in good_policy(policies).detectors] if policies.is_dir() and kind not in NO_VALUES else []
        )
        specs = {one.name: one for one in (*STANDARD, *own) if one.kind == kind}
        self._kind = kind
        if not specs and kind not in NO_VALUES:
            known = ", ".join(sorted({one.kind for one in (*STANDARD, *own)}))
            raise click.UsageError(f"there is no kind of value {kind!r}; there are {known}")
        self._detectors: Sequence[Detector] = [compile_detector(one) for one in specs.values()]

    def ways(self, line: str) -> set[str]:
        """Return how the value may stand in the store; nothing where the line is no such value."""
        if self._kind == ACCOUNT:
            return {normal_account(line)}
        if not self._detectors:
            digest = line.split(maxsplit=1)[0]
            return {digest.lower()} if _SHA256.fullmatch(digest) else set()
        made = ((one, normalise(line, one.spec.normalise)) for one in self._detectors)
        return {value for one, value in made if value and all(holds(value) for _, holds in one.checks)}


def _as_json(answer: Hunt, staff: Staff, not_one: Sequence[int]) -> dict[str, object]:
    told = answer.as_json()
    for number, one in enumerate(told["values"], 1):
        one["line"] = number
        one["readable"] = number not in not_one
        one["hits"] = [{**hit, "user": staff(hit["user"])} for hit in one["hits"]]
    return told


def _lines(answer: Hunt, staff: Staff, kind: str, not_one: Sequence[int]) -> Iterator[str]:
    for number, one in enumerate(answer.found, 1):
        if number in not_one:
            yield f"line {number}: unknown: this is no {kind} as our detectors read them"
            continue
        if one.answer != "yes":
            why = "it was in no transfer, and everything was looked at"
            yield f"line {number}: {one.answer}: {why if one.answer == 'no' else 'it was in no transfer that was read'}"
            continue
        people = sorted({staff(hit.user) for hit in one.hits})
        yield f"line {number}: yes, {one.reached}: {len(one.hits)} transfers of {', '.join(people)}"
        for hit in one.hits[:_SHOWN]:
            why = f": {hit.why}" if hit.why else ""
            yield f"  {utc(hit.time)} UTC  {staff(hit.user)} -> {hit.site}  {hit.reached}{why}  event {hit.uid}"
        if len(one.hits) > _SHOWN:
            yield f"  and {len(one.hits) - _SHOWN} more: --json has them all"
    yield f"searched  {utc(answer.since)} to {utc(answer.until)} UTC; {unseen_in_words(answer.unseen)}"
    if len(answer.keys) > 1:
        yield f"keys      the store has tokens of {len(answer.keys)} keys: values of before are not found"
    yield "unknown   is what no detector of a policy looked for, and what was disguised so that none could read it"
