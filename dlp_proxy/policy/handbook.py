"""A set of policies as a page for staff and auditors, and as a graph of what uses what."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.names import is_literal
from dlp_proxy.policy.policy import Policy

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{border-bottom:1px solid #ccc}section{margin:0 0 2rem}code{background:#f2f2f2;padding:0 .2em}"
    "dt{font-weight:600}dd{margin:0 0 .5rem 1rem}blockquote{border-left:3px solid #ccc;padding-left:1rem}"
)
_COLOURS: Final = {"rule": "lightcoral", "exception": "khaki", "record": "lightblue", "detector": "lightgreen"}


def as_html(policy: Policy) -> str:
    """Return one page: each policy with its rules in words, exceptions with their ends, places and people."""
    body = "".join(f"<section>{''.join(_file(file))}</section>" for file in policy.files)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Policies</title><style>{_STYLE}</style>'
        f"<h1>Policies</h1><p>Set <code>{escape(policy.digest)}</code>, checked on {policy.checked_on}.</p>"
        f"{body}</html>\n"
    )


def _file(file: Checked) -> Iterator[str]:
    yield f"<h2>{escape(file.text('policy'))}</h2><p>{escape(file.text('description'))}</p>"
    if owner := file.text("owner"):
        yield f"<p>Owner: {escape(owner)}</p>"
    for rule in file.blocks("rules"):
        yield from _rule(file, rule)
    for exception in file.blocks("exceptions"):
        yield f"<h3>Exception: {escape(exception.name)}</h3><p>{escape(exception.text('why'))}</p><dl>"
        yield from _row("Changes", ", ".join(exception.texts("rules")))
        yield from _row("Where", condition(exception.block("when")))
        yield from _row("Instead", _instead(exception))
        yield from _row("Until", exception.text("expires"))
        yield from _row("Owner", exception.text("owner"))
        yield "</dl>"
    for kind in ("records", "detectors", "destinations", "people", "schedules"):
        if blocks := file.blocks(kind):
            yield f"<h3>{kind.capitalize()}</h3><dl>"
            for block in blocks:
                yield from _row(block.name, block.text("description") or _keys(block))
            yield "</dl>"


def _rule(file: Checked, rule: Checked) -> Iterator[str]:
    mode = rule.text("mode", file.text("mode", "enforce"))
    yield f"<h3>{escape(rule.name)}</h3><p>{escape(rule.text('description'))}</p><dl>"
    yield from _row("In force", {"enforce": "yes", "monitor": "no, it only records", "off": "no"}[mode])
    yield from _row("Severity", rule.text("severity"))
    yield from _row("When", condition(rule.block("when")) or "any transfer")
    yield from _row("Looks for", ", ".join(rule.texts("find")))
    for limit in rule.blocks("limits"):
        people = " people who sent the same" if limit.text("count") == "people" else ""
        yield from _row(f"From {limit.number('at_least')}{people} on", _limit(limit, rule))
    if not rule.blocks("limits"):
        yield from _row("Does", rule.text("action"))
    yield "</dl>"
    yield from (f"<blockquote lang={given.name!r}>{escape(given.text)}</blockquote>" for given in rule.all("message"))


def condition(when: Checked | None) -> str:
    """Return conditions as one sentence in the words of the language."""
    return "; ".join(f"{key.replace('_', ' ')}: {_shown(when, key)}" for key in when.given) if when is not None else ""


def _limit(limit: Checked, rule: Checked) -> str:
    within = limit.one("within")
    window = f"in {within.scalar.text} by {' and '.join(limit.texts('by'))}" if within and within.scalar else "at once"
    return f"{window}: {limit.text('action', rule.text('action'))}"


def _instead(exception: Checked) -> str:
    instead = exception.block("instead")
    if instead is None:
        return ""
    limits = ", ".join(f"from {limit.number('at_least')} on" for limit in instead.blocks("limits"))
    return instead.text("action") or f"acts {limits}"


def _shown(block: Checked, key: str) -> str:
    return ", ".join(
        given.scalar.text if given.scalar is not None else _keys(given.value)
        for given in block.all(key)
        if given.scalar is not None or isinstance(given.value, Checked)
    )


def _keys(value: object) -> str:
    return "; ".join(f"{key}: {_shown(value, key)}" for key in value.given) if isinstance(value, Checked) else ""


def _row(name: str, says: str) -> Iterator[str]:
    if says:
        yield f"<dt>{escape(name)}</dt><dd>{escape(says)}</dd>"


def as_dot(policy: Policy) -> str:
    """Return who uses what as a graph in the language of Graphviz."""
    rows = []
    for start, end in uses(policy):
        rows.append(f'  "{start[0]}\\n{start[1]}" -> "{end[0]}\\n{end[1]}";')
    nodes = sorted({node for pair in uses(policy) for node in pair})
    colours = [f'  "{kind}\\n{name}" [style=filled, fillcolor={_COLOURS.get(kind, "white")}];' for kind, name in nodes]
    return "\n".join(("digraph policies {", "  rankdir=LR;", *colours, *sorted(set(rows)), "}")) + "\n"


def uses(policy: Policy) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield (kind, name) of each named thing and of what it refers to."""
    named = {
        (block.kind, block.name)
        for file in policy.files
        for given in file.given.values()
        for one in given
        if isinstance(block := one.value, Checked) and block.kind != "test"
    }
    for file in policy.files:
        for owner in (block for key in file.given for block in file.blocks(key) if block.kind != "test"):
            for block in owner.walk():
                for key in BLOCKS[block.kind].keys:
                    for given in block.all(key.name) if key.kind == "ref" else ():
                        kind = next((kind for kind in key.words if (kind, given.text) in named), key.words[0])
                        if not is_literal(key.words, given.text):
                            yield (owner.kind, owner.name), (kind, given.text)
