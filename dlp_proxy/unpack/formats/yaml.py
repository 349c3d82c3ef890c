"""YAML documents with lists or nesting in them. Flat ones, and whatever is not plain YAML, are read as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import tree
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import Pairs, render
from dlp_proxy.unpack.yaml_lines import Document, NoYaml

NAME: Final = "yaml"

_FIRST: Final = re.compile(
    r"""(?:[ \t]*(?:\#[^\n]*)?\r?\n){0,200}"""
    r"""(?:%YAML|---\s|\[\{|\{[\w"'][^\n]{1,200}:[ ]"""
    r"""|-[ ]+(?:[\w"'\[{&!]|-[ ])|[\w"'.$/-]{1,80}(?:[ ][\w"'-]{1,40}){0,3}:(?:\s))"""
)
_NESTED: Final = re.compile(
    r"(?m)^(?:- [^\n]*:(?:\s|$)|[^\n#]*:[ \t]*(?:[&!][^\n]{0,200})?[\r\n]+[ -]|- [-\[{]|---|\A\[?\{)"
)
_LEAST: Final = 20
_LINES: Final = 100_000
"""A line can hold a whole tree. More of them are text, of which lines and blocks make customers too."""


def accepts(content: Content) -> bool:
    text = content.text
    return text is not None and len(text) >= _LEAST and _FIRST.match(text) is not None and bool(_NESTED.search(text))


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = (content.text or "").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > min(_LINES, budget.limits.values):
        raise Mismatch
    try:
        values = Document(text).values()
    except (NoYaml, tree.TooDeep, RecursionError):
        raise Mismatch from None
    if not any(map(_has_structure, values)) and len(values) < 3:
        raise Mismatch
    if _is_mostly_empty(values):
        raise Mismatch  # EDN and other notations in braces, of which a comma would cut an address in two
    labels = [tree.ROOT] if len(values) == 1 else [f"document {number}" for number in range(1, len(values) + 1)]
    yield from render(zip(labels, values, strict=True), content, budget.meter(len(content.data)))


def _has_structure(value: Any) -> bool:  # noqa: ANN401 - any value
    """Tell whether a value has others in it that have names or rows of their own."""
    if isinstance(value, Pairs):
        return any(isinstance(inner, Pairs) or _has_structure(inner) for _, inner in value)
    return isinstance(value, list) and any(isinstance(inner, Pairs | list) for inner in value)


def _is_mostly_empty(values: list[Any]) -> bool:
    """Tell whether most names have no value."""
    leaves = empty = 0
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, Pairs):
            waiting += [inner for _, inner in value]
        elif isinstance(value, list):
            waiting += value
        else:
            leaves += 1
            empty += value is None
    return empty * 2 > leaves
