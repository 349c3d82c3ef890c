"""DetectorSpec -> the YAML of a policy, for authors who start from a built-in detector."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Named, Near, Pattern
from dlp_proxy.policy.grammar import FORMAT
from dlp_proxy.policy.places import Places
from dlp_proxy.policy.words import slug

_PLAIN: Final = re.compile(r"[A-Za-z][\w-]*(?: [\w-]+)*|[一-鿿]+", re.ASCII)
_SPECIAL: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)
_DEFAULTS: Final = {one.name: one.default for one in fields(DetectorSpec)}
_WIDE: Final = 110

type _Rows = Iterator[str]


def write(spec: DetectorSpec, name: str = "") -> str:
    """Return a policy file with `spec` as a detector of its own, under `name` or its own last word.

    The gate is left out, since it only saves time: the same values are found, more slowly.
    """
    name = name or spec.name.rpartition("/")[2]
    head = [f"format: {FORMAT}", f"policy: own-{name}", "detectors:", f"  {name}:"]
    return "\n".join([*head, *(f"    {row}" for row in _detector(spec))]) + "\n"


def write_all(specs: Mapping[str, DetectorSpec]) -> str:
    """Return a policy file with these detectors, each with every key it has."""
    head = [f"format: {FORMAT}", "policy: expanded", "detectors:"]
    blocks = ["\n".join([f"  {name}:", *(f"    {row}" for row in _detector(spec))]) for name, spec in specs.items()]
    return "\n".join([*head, "\n\n".join(blocks)]) + "\n"


def write_place(name: str, places: Places) -> str:
    """Return a policy file with a list of hosts as a destination of its own."""
    head = [f"format: {FORMAT}", f"policy: own-{name}", "destinations:", f"  {name}:"]
    rows = [*_text("description", places.description), *_list("hosts", places.hosts)]
    return "\n".join([*head, *(f"    {row}" for row in rows)]) + "\n"


def _detector(spec: DetectorSpec) -> _Rows:
    yield from _text("description", spec.description)
    yield f"kind: {spec.kind}"
    if len(spec.patterns) == 1 and spec.patterns[0] == Pattern(spec.patterns[0].pattern, spec.patterns[0].name):
        if spec.patterns[0].name:
            yield from _blocks("patterns", [_pattern(spec.patterns[0], 1)])
        else:
            yield f"pattern: {regex_text(spec.patterns[0].pattern)}"
    elif spec.patterns:
        yield from _blocks("patterns", [_pattern(one, at) for at, one in enumerate(spec.patterns, 1)])
    yield from _list("words", spec.words)
    if spec.reader:
        yield f"reader: {spec.reader}"
    yield from _blocks("named", [_named(one) for one in spec.named])
    for key in ("boundary", "case"):
        if getattr(spec, key) != _DEFAULTS[key]:
            yield f"{key}: {getattr(spec, key)}"
    yield f"confidence: {spec.confidence.word}"
    yield from _blocks("near", [_near(one) for one in spec.near])
    yield from _list("checks", spec.checks)
    if spec.in_index:
        yield f"in_index: {spec.in_index}"
    if spec.entropy:
        yield f"entropy: {{at_least: {float(spec.entropy)}}}"
    yield from _list("normalise", spec.normalise)
    if spec.ignore.values or spec.ignore.patterns:
        yield "ignore:"
        yield from (f"  {row}" for row in _list("values", spec.ignore.values))
        yield from (f"  {row}" for row in _list("patterns", spec.ignore.patterns, regex_text))
    yield from _text("sample", spec.sample)
    if spec.examples.match or spec.examples.no_match:
        yield "examples:"
        yield from (f"  {row}" for row in _list("match", spec.examples.match))
        yield from (f"  {row}" for row in _list("no_match", spec.examples.no_match))


def _pattern(one: Pattern, at: int) -> _Rows:
    yield f"name: {_form(one.name) or f'pattern-{at}'}"
    yield f"pattern: {regex_text(one.pattern)}"
    if one.confidence is not None:
        yield f"confidence: {one.confidence.word}"
    yield from _list("checks", one.checks)


def _named(one: Named) -> _Rows:
    yield f"name: {_form(one.name)}"
    yield from _list("labels", one.labels)
    yield from _list("fields", one.fields)
    yield f"value: {regex_text(one.value)}"
    if one.loose:
        yield "loose: yes"
    if one.whole:
        yield "whole: yes"
    if one.confidence is not None:
        yield f"confidence: {one.confidence.word}"
    yield from _list("checks", one.checks)


def _near(one: Near) -> _Rows:
    yield from _list("words", one.words)
    yield f"within: {f'{one.within} chars' if isinstance(one.within, int) else one.within}"
    yield f"set_to: {one.set_to.word}"
    yield from _list("forms", map(_form, one.forms))


def _form(name: str) -> str:
    """Return the name of a pattern as the language takes it: it begins with a letter."""
    return slug(name) if name else ""


def _text(key: str, text: str) -> _Rows:
    if text:
        yield f"{key}: {_quoted(text)}"


def _list(key: str, items: Iterable[str], quote: Callable[[str], str] | None = None) -> _Rows:
    words = [(quote or _quoted)(one) for one in items]
    if not words:
        return
    line = f"{key}: [{', '.join(words)}]"
    if len(line) <= _WIDE:
        yield line
        return
    yield f"{key}:"
    yield from (f"  - {word}" for word in words)


def _blocks(key: str, blocks: list[_Rows]) -> _Rows:
    if blocks:
        yield f"{key}:"
    for block in blocks:
        for at, row in enumerate(block):
            yield f"  {'  ' if at else '- '}{row}"


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL:
        return text
    if _UNPRINTABLE.search(text):
        escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return '"' + _UNPRINTABLE.sub(_escape, escaped) + '"'
    return "'" + text.replace("'", "''") + "'"


def regex_text(pattern: str) -> str:
    """Return a pattern in single quotes, with characters that YAML does not take as escapes of the pattern."""
    return "'" + _UNPRINTABLE.sub(_escape, pattern).replace("'", "''") + "'"


def _escape(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}" if ord(found[0]) < 0x100 else f"\\u{ord(found[0]):04x}"
