"""``policy exception propose``: from a false alarm to a line of YAML, tried before it is written."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.authors.exceptions import events_of
from dlp_proxy.cli.authors.folder import POLICIES, engine_for_tests, good_policy, run_tests
from dlp_proxy.cli.authors.replayed import as_rows, replay_both
from dlp_proxy.cli.authors.traffic import recorded_in
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.cli.options import STATE
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.model.message import Principal
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.edit import inserted, with_item
from dlp_proxy.policy.excuse import DAYS, Narrowing, Transfer, a_test, as_yaml, narrowings, of_values
from dlp_proxy.policy.load import load
from dlp_proxy.policy.policy import Policy, Rule
from dlp_proxy.policy.reports import as_text
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.stores.ports import Kept
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.wiring.engine import today

_BACK: Final = 30 * 86400
_PASSES: Final = ("allow", "counted", "log")

type Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to except an incident: its row, and the files with it in them, for a reason, an owner and days."""

    row: str
    write: Callable[[str, str, int], Texts]


@dataclass(frozen=True, slots=True)
class _Case:
    """What there is to go by."""

    files: PolicyFiles
    policy: Policy
    rule: Rule
    ours: Sequence[Transfer]
    others: Sequence[Transfer]
    record: str


@click.command("propose")
@click.argument("incident")
@POLICIES
@STATE
@click.option("--value", "values", multiple=True, help="A value that was no customer's: except it alone; repeatable.")
@click.option("--choose", metavar="LETTER", help="Put this one into its file.")
@click.option("--why", default="", help="The reason, for whoever reads it in a year.")
@click.option("--owner", default="", help="Who answers for it.")
@click.option("--days", type=click.IntRange(1, 180), default=DAYS, show_default=True, help="How long it holds.")
@click.option(
    "--traffic", multiple=True, type=click.Path(path_type=Path), help="HAR or flow files to try it on; repeatable."
)
@click.option("--since", default="", metavar="LENGTH", help="Of those, only requests of the last, e.g., 30d.")
@click.option("--dry-run", is_flag=True, help="Show the change as a diff, and write nothing.")
def propose(
    incident: str,
    policies: Path,
    state: Path,
    values: tuple[str, ...],
    choose: str | None,
    why: str,
    owner: str,
    days: int,
    traffic: tuple[Path, ...],
    since: str,
    *,
    dry_run: bool,
) -> None:
    """Offer exceptions for an incident, narrowest first, each with what it would excuse and what it would let by.

    With --choose it goes into its file with tests, if the policies then load and all tests pass; with --traffic it is
    tried on recorded requests first. Events hold no values: one that is to be excepted is named with --value.

    \b
    Example:
      dlp-proxy policy exception propose inc-7q3v9k2m --choose A --why 'labels for couriers' --owner li.na@corp.example
    """
    case = _case(incident, policies, state)
    ways = dict(zip("ABCDEFGH", _ways(case, values, state, incident), strict=False))
    for letter, way in ways.items():
        click.echo(f"{letter}  {way.row}")
    if choose is None and sys.stdin.isatty() and sys.stdout.isatty():
        choose = click.prompt("choose", type=click.Choice([*ways, "q"], case_sensitive=False), default="q").upper()
        if choose in ways:
            why, owner = why or click.prompt("why"), owner or click.prompt("owner")
    if choose is None or choose == "Q":
        click.echo("take one with --choose LETTER --why REASON --owner WHO")
        return
    if choose.upper() not in ways:
        raise click.BadParameter(f"there is no `{choose}`; there are {', '.join(ways)}", param_hint="--choose")
    if not why or not owner:
        raise click.UsageError("--choose needs --why and --owner: an exception says who answers for it, and why")
    texts = ways[choose.upper()].write(why, owner, days)
    after = _tried(case.files, texts)
    if traffic:
        _replay(case.policy, after, traffic, since)
    if not dry_run:
        for path in _changed(case.files, texts):
            Path(path).write_text(texts[path], encoding="utf-8", newline="\n")
            click.echo(f"wrote {path}; all tests pass")


def _case(incident: str, policies: Path, state: Path) -> _Case:
    files, policy = good_policy(policies)
    events = list(events_of(state))
    ours = [kept for kept in events if kept.incident == incident]
    if not ours:
        click.echo(f"dlp-proxy: there is no incident {incident} in {state}", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    name = ours[-1].event.rule
    rule = next((one for one in policy.rules if one.name == name), None)
    if rule is None or not rule.find or rule.find[0].record is None:
        click.echo(f"dlp-proxy: rule `{name}` is not in these policies, or counts no records", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    newest = max(kept.event.time for kept in events)
    others = [
        kept
        for kept in events
        if kept.incident not in {"", incident} and kept.event.rule == name and kept.event.time > newest - _BACK
    ]
    told = [_transfer(one, policy) for one in ours]
    record = told[0].what or rule.find[0].name
    return _Case(files, policy, rule, told, [_transfer(one, policy) for one in others], record)


def _ways(case: _Case, values: Sequence[str], state: Path, incident: str) -> Iterator[_Way]:
    """Yield the ways, narrowest first."""
    if values:
        yield _of_values(case, values, state, incident)
    for choice in narrowings(case.ours, case.others):
        yield _Way(choice.row, partial(_narrowed, case, choice))
    sites = sorted({one.site for one in case.ours})
    if len(sites) == 1:
        written = case.policy.written("rule", case.rule.name)
        when = written.block("when") if written is not None else None
        for name in when.texts("not_to") if when is not None else ():
            place = case.policy.written("destination", name)
            if place is not None and place.all("hosts"):
                yield _of_place(case, place, sites[0])


def _narrowed(case: _Case, choice: Narrowing, why: str, owner: str, days: int) -> Texts:
    block, tests = as_yaml(choice, case.rule.name, case.record, case.ours, why, owner, today(), days)
    return _with(case, block, tests)


def _of_values(case: _Case, values: Sequence[str], state: Path, incident: str) -> _Way:
    mark = KeyedFingerprint(StateDir(state).key())
    names = {name for sought in case.rule.find for name in case.policy.detectors_of(sought.name)}
    specs = [case.policy.detector_specs[name] for name in names]
    marks = {mark(spec.kind, normalise(value, spec.normalise)) for value in values for spec in specs}
    with SqliteReader(StateDir(state).events) as reader:
        number = reader.holding(incident, marks)
    if not number:
        raise click.BadParameter(f"no transfer of {incident} holds it, in any spelling", param_hint="--value")

    def write(why: str, owner: str, days: int) -> Texts:
        block = of_values(values, case.rule.name, case.ours, why, owner, today(), days)
        beside = a_test(
            f"beside the values of {incident} the rule holds",
            case.ours[0],
            f"make: {{record: {case.record}, rows: {max(one.count for one in case.ours)}, start: 5000}}",
            f"{{rule: {case.rule.name}}}",
        )
        return _with(case, block, beside)

    return _Way(f"{'these values alone':<28} in {number} of {len(case.ours)} transfers; hides nothing else", write)


def _of_place(case: _Case, place: Checked, site: str) -> _Way:
    by = sum(one.site == site for one in case.others)
    file, last = place.place.path, place.all("hosts")[-1]
    advice = "   not advised" if by else ""
    row = f"{f'`{place.name}` += {site}':<28} excuses {len(case.ours)}, lets {by} of other incidents by; no end{advice}"

    def write(why: str, owner: str, _days: int) -> Texts:
        try:
            changed = with_item(case.files.texts[file], last, site)
        except ValueError as error:
            raise click.UsageError(f"{error}; add it by hand") from error
        one = case.ours[0]
        asked = f"make: {{record: {case.record}, rows: {max(each.count for each in case.ours)}}}"
        name = f"{site} is one of {place.name}: {why} ({owner}, {one.incident})"
        texts = {**case.files.texts, file: changed}
        for passes in _PASSES:
            test = a_test(name, one, asked, f"{{action: {passes}}}")
            path = case.rule.place.path
            tried = {**texts, path: _into(texts[path], "tests", test)}
            policy = load(tried, today(), case.files.fixtures).policy
            if policy is None:
                return tried
            alone = replace(policy, tests=tuple(each for each in policy.tests if each.name == name))
            if all(result.passed for result in run_tests(engine_for_tests(alone))):
                return tried
        raise click.UsageError(f"another rule still stops what goes to {site}")

    return _Way(row, write)


def _with(case: _Case, block: str, tests: str) -> Texts:
    path = case.rule.place.path
    return {**case.files.texts, path: _into(_into(case.files.texts[path], "exceptions", block), "tests", tests)}


def _changed(files: PolicyFiles, texts: Texts) -> list[str]:
    return [path for path, text in texts.items() if text != files.texts[path]]


def _tried(files: PolicyFiles, texts: Texts) -> Policy:
    """Show the change, load it and run all tests; exit 1 when something is against it."""
    for path in _changed(files, texts):
        pair = (files.texts[path].splitlines(), texts[path].splitlines())
        click.echo("\n".join(difflib.unified_diff(*pair, path, path, lineterm="", n=1)))
    loaded = load(texts, today(), files.fixtures, languages=files.pack.languages)
    if loaded.policy is None:
        click.echo(as_text(loaded.problems, texts))
        raise click.exceptions.Exit(PROBLEMS)
    failed = [one for one in run_tests(engine_for_tests(loaded.policy)) if not one.passed]
    for one in failed:
        click.echo(f"FAIL {one.path}:{one.line}  {one.name}\n{one.text}")
    if failed:
        click.echo("dlp-proxy: with it tests fail, so nothing was written", err=True)
        raise click.exceptions.Exit(PROBLEMS)
    return loaded.policy


def _replay(before: Policy, after: Policy, traffic: Sequence[Path], since: str) -> None:
    messages = recorded_in(traffic, "someone", since)
    click.echo(f"on {len(messages)} recorded requests:")
    click.echo("\n".join(as_rows(replay_both(before, after, messages, enforced=False))))


def _into(text: str, section: str, block: str) -> str:
    """Return a file with `block` at the end of a section, which is made when it is not there."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith(f"{section}:")), None)
    if start is None:
        return f"{text.rstrip(chr(10))}\n\n{section}:\n{block}"
    ends = (at for at in range(start + 1, len(lines)) if lines[at] and not lines[at].startswith((" ", "#")))
    end = next(ends, len(lines))
    while not lines[end - 1].strip():
        end -= 1
    return inserted(text, end, block)


def _transfer(kept: Kept, policy: Policy) -> Transfer:
    event = kept.event
    by_name = Principal(event.user, "declared", "none")
    teams = frozenset(name for name, people in policy.people.items() if people.covers(by_name))
    what = next(iter(event.body["reasons"][0]["what"]), "") if event.body["reasons"] else ""
    site = event.site.partition(":")[0]
    return Transfer(kept.incident, event.user, site, event.body["request"]["path"], event.records, what, teams)
