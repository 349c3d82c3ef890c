"""``dlp-proxy replay``: decisions proved by making them again; and what other policies would have said."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click

from dlp_proxy.cli.exits import DIFFERENT, PROBLEMS
from dlp_proxy.cli.investigators import asking
from dlp_proxy.cli.investigators.replaying import Asked, Outcome, replay_store, replay_traffic
from dlp_proxy.cli.options import JSON, STATE
from dlp_proxy.model.harmless import harmless
from dlp_proxy.replay.fates import Bound, said, summed
from dlp_proxy.replay.proof import CONSISTENT, DIFFERS, HASH_FITS, NO_DECISION, REPRODUCED, SKIPPED
from dlp_proxy.wiring.replaying import ENGINE

_SAYS: Final = {
    REPRODUCED: "reproduced: the body was inspected again, and the decision has the recorded hash",
    CONSISTENT: "decision consistent: no body was given; what the event remembers leads to the recorded hash",
    HASH_FITS: "hash fits, and no more: nothing was decided again",
    DIFFERS: "DIFFERS",
    NO_DECISION: "without a decision: resets and rings, and what was written by no proxy",
    SKIPPED: "skipped",
}
_TIMES: Final = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_PATH: Final = click.Path(path_type=Path)


@click.command("replay")
@click.argument("sources", nargs=-1, metavar="[INCIDENT|CASE|EVENT|FILE]...")
@STATE
@click.option("--policies", type=_PATH, help="What-if: what this folder would have said.")
@click.option("--base", type=_PATH, help="For files: the folder that is compared with; else --policies alone judges.")
@click.option(
    "--level", type=click.IntRange(1, 2), default=1, show_default=True, help="2: count the windows again too."
)
@click.option("--from", "start", type=_TIMES, help="First moment, UTC.")
@click.option("--to", "end", type=_TIMES, help="First moment that is too late, UTC.")
@click.option("--bodies", type=click.Path(path_type=Path, exists=True, file_okay=False), help="EVENT.body, EVENT.json.")
@click.option(
    "--counters", type=click.Choice(["actual", "counterfactual"]), default="actual", show_default=True,
    help="What-if: windows count what was attempted, or only what the other policy lets go.",
)  # fmt: skip
@click.option("--as-enforced", "enforced", is_flag=True, help="What-if: as if every mode were enforce.")
@click.option("--fail-if", "bounds", multiple=True, metavar="FATE>N", help="What-if: exit 3, e.g. newly-allowed>0.")
@click.option("--sender", default="someone", show_default=True, help="Who sent what a file names no sender of.")
@click.option("--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes. [default: cores]")
@click.option("--item-seconds", type=click.FloatRange(0.1), default=60.0, show_default=True, help="For one body.")
@click.option("--limit", type=click.IntRange(0), default=0, help="Stop after so many items; --progress goes on.")
@click.option("--progress", type=_PATH, help="File that it goes on from when it was stopped.")
@click.option("--skip", type=click.File(encoding="utf-8"), help="File of items not to look at, one a line.")
@click.option("--manifest", type=_PATH, help="Write the manifest there: roots over what went in and what came out.")
@asking.SANCTIONED
@asking.NAMES
@JSON
def replay(**words: Any) -> None:  # noqa: ANN401 - the options above, by name
    """Prove decisions by making them again, or say what other policies would have done.

    Without a source every event of the store in the range is taken. A FILE is a HAR or a flow file of mitmproxy.
    Exits 1 at a difference, 3 when it differs and another engine decided then, or when --fail-if is met.

    \b
    Example:
      dlp-proxy replay inc-7q3v9k2m --bodies opened --manifest replay-manifest.json
      dlp-proxy replay --policies new --from 2026-08-01 --fail-if 'newly-allowed>0'
    """
    bounds = _bounds(words.pop("bounds"))
    print_json, manifest, names = words.pop("print_json"), words.pop("manifest"), words.pop("names")
    asked = _asked(words)
    files = [Path(one) for one in asked.sources if Path(one).is_file()]
    if files and len(files) != len(asked.sources):
        raise click.UsageError("files and events of the store cannot be replayed in one go")
    if bounds and asked.policies is None:
        raise click.UsageError("--fail-if asks about other policies: give --policies")
    if asked.start >= asked.end:
        raise click.UsageError("--from is not before --to")
    outcome = replay_traffic(asked, files) if files else replay_store(asked)
    if not outcome.items:
        asking.stop("there was nothing to replay in that: that nothing differs would be true of it")
    if manifest is not None:
        manifest.write_text(json.dumps(outcome.manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    if asked.policies is not None and not files:
        staff = asking.shown_to(asked.state, names, "replay")
        items = [{**one, "user": staff(one["user"])} if "user" in one else one for one in outcome.items]
        outcome = replace(outcome, items=items)  # the roots are over what came out, whoever reads it
    show = _fates if asked.policies is not None else _proofs
    raise click.exceptions.Exit(show(outcome, bounds, print_json=print_json))


def _asked(words: dict[str, Any]) -> Asked:
    skip = words.pop("skip")
    listed = frozenset(filter(None, map(str.strip, skip))) if skip is not None else frozenset()
    start, end = (_moment(words.pop(name)) for name in ("start", "end"))
    return Asked(skip=listed, start=start or 0.0, end=end or float("inf"), **words)


def _moment(given: dt.datetime | None) -> float | None:
    return None if given is None else given.replace(tzinfo=dt.UTC).timestamp()


def _bounds(words: Sequence[str]) -> list[Bound]:
    try:
        return [Bound(one) for one in words]
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _fates(outcome: Outcome, bounds: Sequence[Bound], *, print_json: bool) -> int:
    rows = [one for one in outcome.items if "fate" in one]
    skipped = [one for one in outcome.items if "fate" not in one]
    summary = summed(rows)
    if print_json:
        click.echo(json.dumps({**summary, "skipped": skipped, "manifest": outcome.manifest}, ensure_ascii=False))
    else:
        for line in (*said(rows), *_skips(skipped), *_root(outcome)):
            click.echo(harmless(line))
    counts = {name: one["transfers"] for name, one in summary["fates"].items()}
    met = [one.words for one in bounds if one.met(counts)]
    for words in met:
        click.echo(f"dlp-proxy: {words}", err=True)
    return DIFFERENT if met else PROBLEMS if any(one["why"] != "on the skip list" for one in skipped) else 0


def _proofs(outcome: Outcome, _: Sequence[Bound], *, print_json: bool) -> int:
    items = outcome.items
    counts = {state: sum(one["state"] == state for one in items) for state in _SAYS}
    wrong = [one for one in items if one["state"] == DIFFERS or one.get("counters", {}).get("differs")]
    skipped = [one for one in items if one["state"] == SKIPPED]
    if print_json:
        shown = {"items": len(items), "states": counts, "first_difference": wrong[0] if wrong else None}
        click.echo(json.dumps({**shown, "skipped": skipped, "manifest": outcome.manifest}, ensure_ascii=False))
    else:
        click.echo(f"{len(items)} events")
        for state, count in counts.items():
            if count:
                click.echo(f"  {count:>7}  {_SAYS[state]}")
        for line in (*_whys(items), *_counters(items), *_skips(skipped), *_difference(wrong), *_root(outcome)):
            click.echo(harmless(line))
    if wrong:
        return PROBLEMS if any(one["engine"] == ENGINE for one in wrong) else DIFFERENT
    return PROBLEMS if any(one["why"] != "on the skip list" for one in skipped) else 0


def _whys(items: Sequence[dict[str, Any]]) -> list[str]:
    partly = [one for one in items if one["state"] in {REPRODUCED, HASH_FITS} and one["why"]]
    reasons = sorted({one["why"] for one in partly})
    return [f"           {sum(one['why'] == why for one in partly)} of these: {why}" for why in reasons]


def _counters(items: Sequence[dict[str, Any]]) -> list[str]:
    some = [one["counters"] for one in items if "counters" in one]
    if not some:
        return []
    same, uncounted = (sum(one[what] for one in some) for what in ("same", "uncounted"))
    wrong = sum(len(one["differs"]) for one in some)
    why = " (the events do not tell which customers they were)" if uncounted else ""
    return [f"counters: {same} counted again and the same, {wrong} differ, {uncounted} not counted again{why}"]


def _skips(skipped: Sequence[dict[str, Any]]) -> list[str]:
    return [f"skipped {one['id']}: {one['why']}" for one in skipped]


def _difference(wrong: Sequence[dict[str, Any]]) -> list[str]:
    if not wrong:
        return []
    first = wrong[0]
    why = first["why"] if first["state"] == DIFFERS else first["counters"]["differs"][0]
    lines = [f"first difference: event {first['id']}: {why}"]
    if first["engine"] != ENGINE:
        then = ", ".join(f"{name} {first['engine'][name]}" for name in sorted(first["engine"]))
        lines.append(f"another engine decided then ({then}): replay with that version")
    return lines


def _root(outcome: Outcome) -> list[str]:
    left = "" if outcome.complete else "; NOT ALL: run it again with the same words to go on"
    return [f"outputs root {outcome.manifest['outputs_root']} over {outcome.manifest['items']} items{left}"]
