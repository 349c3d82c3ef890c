"""`scripts/bench quality`: recall, precision and documents with a false alarm, per family of made-up labelled texts.

The texts come from the generators in `tests/quality`; the same entry finds in them as `dlp-proxy detect` uses. With
`--peers` the same texts go through Presidio and through the matcher of phonenumbers (`peers.py`).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.page import put
from dlp_proxy.cli.detect import every_detector, find
from dlp_proxy.model.finding import Confidence
from dlp_proxy.stores.state_dir import passing_fingerprint
from tests.quality.case import Case, Family, Span, cases
from tests.quality.families import FAMILIES
from tests.quality.measure import Finder, Result, judge, measure, totals

ROOT: Final = Path(__file__).resolve().parents[2]
SUMS: Final = (
    "phone/cn/mobile", "phone/cn/landline", "phone/cn/hotline", "phone/world", "phone/national", "phone/disguised",
    "phone/not",
    "address/cn", "address/us", "address/west", "address/disguised", "address/not", "row", "row/not",
)  # fmt: skip


def ours(least: Confidence = Confidence.MEDIUM) -> Finder:
    """Return what `dlp-proxy detect` does in this folder."""
    detectors, fingerprint = every_detector(ROOT / "policies"), passing_fingerprint()

    def finder(text: str) -> list[Span]:
        return [
            Span(one.start, one.end, one.kind) for one in find(text, detectors, fingerprint) if one.confidence >= least
        ]

    return finder


def table(results: Sequence[Result]) -> str:
    """Return a Markdown table of families, and one of sums over their groups."""
    lines = [
        "| family | documents | labels | recall | precision | false-alarm documents |",
        "|---|---|---|---|---|---|",
    ]
    for one in results:
        recall = "" if one.family.negative else f"{one.recall:.2%}"
        precision = "" if one.family.negative else f"{one.precision:.2%}"
        cells = [one.family.name, str(one.documents), str(one.labels), recall, precision, f"{one.alarms:.2%}"]
        lines.append(f"| {' | '.join(cells)} |{'' if one.passes else ' **!**'}")
    lines += ["", "| group | recall | false-alarm documents |", "|---|---|---|"]
    for prefix in groups(results):
        recall_, alarms = totals(results, prefix)
        lines.append(f"| {prefix} | {recall_:.2%} | {alarms:.2%} |")
    return "\n".join(lines)


def groups(results: Sequence[Result]) -> list[str]:
    return [prefix for prefix in SUMS if any(one.family.name.startswith(prefix) for one in results)]


def beside(tools: Mapping[str, Sequence[Result]]) -> str:
    """Return a Markdown table of groups with a column for each tool: recall, then documents with a false alarm."""
    lines = [f"| group | {' | '.join(tools)} |", "|---|" + "---|" * len(tools)]
    for prefix in groups(next(iter(tools.values()))):
        cells = [_both(prefix, *totals(results, prefix)) for results in tools.values()]
        lines.append(f"| {prefix} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _both(prefix: str, recall: float, alarms: float) -> str:
    return f"{alarms:.1%} false" if prefix.endswith("/not") else f"{recall:.1%} found, {alarms:.1%} false"


def peers(families: Sequence[Family], count: int, seed: str) -> dict[str, list[Result]]:
    """Run the other tools over the same texts, in their own environment."""
    subprocess.run([ROOT / "scripts" / "bench-environment"], check=True)
    documents = [(family, cases(family, count, seed)) for family in families]
    lines = "".join(json.dumps(one.text) + "\n" for _, some in documents for one in some)
    done = subprocess.run(
        [ROOT / ".venv-bench" / "bin" / "python", ROOT / "scripts" / "benchmarks" / "peers.py"],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    answers = iter(map(json.loads, done.stdout.splitlines()))
    tools: dict[str, list[Result]] = {}
    for family, some in documents:
        found = [(one, next(answers)) for one in some]
        for tool in found[0][1]:
            answered = [(one, [Span(*span) for span in answer[tool]]) for one, answer in found]
            tools.setdefault(tool, []).append(judge(family, answered))
    return tools


def examples(results: Sequence[Result], count: int) -> str:
    """Return the first misses and false alarms of each family."""
    lines = []
    for one in results:
        for what, some in (("missed", one.missed), ("false alarm", one.wrong)):
            if some:
                lines.append(f"== {one.family.name}: {len(some)} {what}")
            lines += [f"   {span.kind} {_around(where, span)!r}" for where, span in some[:count]]
    return "\n".join(lines)


def _around(where: Case, span: Span) -> str:
    before, after = where.text[max(0, span.start - 60) : span.start], where.text[span.end : span.end + 40]
    return f"{before}⟦{where.text[span.start : span.end]}⟧{after}"


def chosen(only: str) -> list[Family]:
    return [one for one in FAMILIES if one.name.startswith(only)]


def main() -> None:
    arguments = argparse.ArgumentParser(prog="scripts/bench quality", description=__doc__)
    arguments.add_argument("--only", default="", metavar="PREFIX", help="families whose name starts so")
    arguments.add_argument("--count", type=int, default=200, help="documents of each family")
    arguments.add_argument("--seed", default="", help="another seed makes other texts")
    arguments.add_argument("--misses", type=int, default=0, metavar="N", help="show N misses and false alarms a family")
    arguments.add_argument("--confidence", choices=[one.word for one in Confidence], default="medium")
    arguments.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    arguments.add_argument("--peers", action="store_true", help="Presidio and phonenumbers on the same texts, beside")
    words = arguments.parse_args()
    finder = ours(Confidence[words.confidence.upper()])
    start = time.perf_counter()
    results = [measure(family, finder, words.count, words.seed) for family in chosen(words.only)]
    shown = table(results)
    if words.peers:
        others = peers(chosen(words.only), words.count, words.seed)
        shown += "\n\n" + beside({"dlp_proxy": results, **others})
    print(shown)
    failed = [one.family.name for one in results if not one.passes]
    print(f"\n{len(results)} families, {len(failed)} below their bar, {time.perf_counter() - start:.0f} s")
    if words.misses:
        print(examples(results, words.misses))
    if words.write:
        put("quality", shown)


if __name__ == "__main__":
    main()
