"""A policy file laid out: keys in the order of the grammar, two spaces a level, patterns in single quotes.

Works on the lines of the text, so comments stay with what they stand before, and what is written in braces stays as it
is. Whoever calls it compares `meaning` before and after and writes nothing when they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dlp_proxy.policy.grammar import BLOCKS, NAMED
from dlp_proxy.policy.keys import Block
from dlp_proxy.policy.node import Entry, Map, Node, Scalar, Seq
from dlp_proxy.policy.problem import Problems
from dlp_proxy.policy.reader import read
from dlp_proxy.policy.write import regex_text

MODELINE: Final = "# yaml-language-server: $schema="
_STEP: Final = 2


class UnreadableError(Exception):
    """The file cannot be laid out, since it cannot be read, or since its meaning would change."""


def laid_out(path: str, text: str, schema: str = "") -> str:
    """Return the text laid out; `schema` is the path for the editor's line, left as it is when empty.

    Raises:
        UnreadableError: it is not YAML, or it would mean something else.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root = _read(path, text)
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    start = _first_line(root)
    chunk = _Chunk(lines, start, len(lines))
    head = [line.rstrip() for line in lines[:start]]
    comments = _owned(lines, 0, start)
    made = [*head[: start - len(comments)], *_map(root, BLOCKS["file"], chunk, 0, comments)]
    if schema:
        made = [f"{MODELINE}{schema}", *(line for line in made if not line.startswith(MODELINE))]
    result = "\n".join(_spaced(made)) + "\n"
    if meaning(_read(path, result)) != meaning(root):
        raise UnreadableError(f"{path}: laid out, it would mean something else; nothing was written")
    return result


def meaning(node: Node) -> object:
    """Return what a document says, without places, comments, quotes and the order of keys."""
    if isinstance(node, Map):
        return {entry.key.text: meaning(entry.value) for entry in node.entries}
    if isinstance(node, Seq):
        return [meaning(item) for item in node.items]
    return (node.text, node.value)


def _read(path: str, text: str) -> Map:
    problems = Problems()
    root = read(path, text, problems)
    if root is None or problems.failed:
        first = problems.sorted()[0]
        raise UnreadableError(f"{first.path}:{first.line}:{first.column}: {first.message}")
    return root


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines from `start` to before `end`, counted from 0."""

    lines: Sequence[str]
    start: int
    end: int


def _first_line(node: Map | Seq) -> int:
    return node.place.line - 1


def _owned(lines: Sequence[str], start: int, end: int) -> list[str]:
    """Return the comment and blank lines right before line `end`: they belong to what begins there."""
    at = end
    while at > start and (not lines[at - 1].strip() or lines[at - 1].lstrip().startswith("#")):
        at -= 1
    return list(lines[at:end])


def _map(node: Map, block: Block | None, chunk: _Chunk, depth: int, before: list[str]) -> list[str]:
    """Return the lines of a block of keys; `before` are the comments that stand before its first key."""
    entries = node.entries
    starts = [entry.key.place.line - 1 for entry in entries]
    pieces: list[tuple[int, int, list[str]]] = []
    comments = before
    for number, entry in enumerate(entries):
        last = number + 1 == len(entries)
        following = chunk.end if last else starts[number + 1]
        after = [] if last else _owned(chunk.lines, starts[number] + 1, following)
        own = _Chunk(chunk.lines, starts[number], following - len(after))
        rank = _rank(block, entry.key.text)
        pieces.append((rank, number, [*_indented(comments, depth), *_entry(entry, block, own, depth)]))
        comments = after
    ordered = sorted(pieces) if block is not None else pieces
    return [line for _, _, some in ordered for line in some]


def _rank(block: Block | None, key: str) -> int:
    names = list(block.by_name) if block is not None else []
    return names.index(key) if key in names else len(names)


def _entry(entry: Entry, block: Block | None, chunk: _Chunk, depth: int) -> list[str]:
    value = entry.value
    key = block.by_name.get(entry.key.text) if block is not None else None
    first = chunk.lines[chunk.start]
    head = first[entry.key.place.column - 1 :].rstrip()
    inner = BLOCKS.get(key.block) if key is not None and key.block else None
    below = _below(value, chunk)
    if below is None or isinstance(value, Scalar):
        if isinstance(value, Scalar) and key is not None and key.kind == "pattern":
            head = _quoted(entry, value, head)
        rest = chunk.lines[chunk.start + 1 : chunk.end]
        shift = depth - (entry.key.place.column - 1)
        return [" " * depth + head, *(_shifted(line, shift) for line in rest)]
    comments = _owned(chunk.lines, chunk.start + 1, below)
    inside = _Chunk(chunk.lines, below, chunk.end)
    if isinstance(value, Map):
        named = entry.key.text in NAMED and block is BLOCKS["file"]
        body = _named(value, inner, inside, depth + _STEP, comments) if named else None
        return [" " * depth + head, *(body or _map(value, inner, inside, depth + _STEP, comments))]
    return [" " * depth + head, *_seq(value, inner, inside, depth + _STEP, comments)]


def _named(node: Map, inner: Block | None, chunk: _Chunk, depth: int, before: list[str]) -> list[str]:
    """Return names, each with its block, in the order they were written."""
    made: list[str] = []
    comments = before
    starts = [entry.key.place.line - 1 for entry in node.entries]
    for number, entry in enumerate(node.entries):
        following = chunk.end if number + 1 == len(starts) else starts[number + 1]
        after = [] if number + 1 == len(starts) else _owned(chunk.lines, starts[number] + 1, following)
        own = _Chunk(chunk.lines, starts[number], following - len(after))
        made += _indented(comments, depth)
        below = _below(entry.value, own)
        head = chunk.lines[own.start][entry.key.place.column - 1 :].rstrip()
        if below is None or not isinstance(entry.value, Map):
            shift = depth - (entry.key.place.column - 1)
            made += [" " * depth + head, *(_shifted(line, shift) for line in chunk.lines[own.start + 1 : own.end])]
        else:
            comments_in = _owned(chunk.lines, own.start + 1, below)
            inside = _Chunk(chunk.lines, below, own.end)
            made += [" " * depth + head, *_map(entry.value, inner, inside, depth + _STEP, comments_in)]
        comments = after
    return made


def _seq(node: Seq, inner: Block | None, chunk: _Chunk, depth: int, before: list[str]) -> list[str]:
    made: list[str] = []
    comments = before
    starts = [_dash(chunk.lines, item.place.line - 1) for item in node.items]
    for number, item in enumerate(node.items):
        following = chunk.end if number + 1 == len(starts) else starts[number + 1]
        after = [] if number + 1 == len(starts) else _owned(chunk.lines, starts[number] + 1, following)
        own = _Chunk(chunk.lines, starts[number], following - len(after))
        made += _indented(comments, depth)
        if isinstance(item, Map) and not _is_flow(item, chunk.lines) and item.place.line - 1 == own.start:
            body = _map(item, inner, own, depth + _STEP, [])
            made += [f"{' ' * depth}- {body[0].lstrip()}", *body[1:]]
        else:
            shift = depth - _depth(chunk.lines[own.start])
            made += [_shifted(line, shift) for line in chunk.lines[own.start : own.end]]
        comments = after
    return made


def _below(value: Node, chunk: _Chunk) -> int | None:
    """Return the line on which a value in lines of its own begins; None for one that stands beside its key."""
    if isinstance(value, Scalar) or _is_flow(value, chunk.lines):
        return None
    line = value.place.line - 1
    return line if line > chunk.start else None


def _is_flow(node: Map | Seq, lines: Sequence[str]) -> bool:
    line = lines[node.place.line - 1]
    return line[node.place.column - 1 : node.place.column] in {"{", "["}


def _dash(lines: Sequence[str], line: int) -> int:
    while not lines[line].lstrip().startswith("-"):
        line -= 1
    return line


def _quoted(entry: Entry, value: Scalar, head: str) -> str:
    if value.quote == "'" or value.place.line != entry.key.place.line or value.quote in {"|", ">"}:
        return head
    begin = value.place.column - entry.key.place.column
    return head[:begin] + regex_text(value.text) + head[begin + value.place.width :]


def _indented(comments: Sequence[str], depth: int) -> list[str]:
    return [" " * depth + line.strip() if line.strip() else "" for line in comments]


def _shifted(line: str, shift: int) -> str:
    if not line.strip():
        return ""
    return " " * max(0, _depth(line) + shift) + line.lstrip(" ").rstrip()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaced(lines: Sequence[str]) -> list[str]:
    """Return the lines with one empty line before each section and never two together."""
    made: list[str] = []
    for line in lines:
        section = line.split(":")[0] in {*NAMED, "tests"} and ":" in line
        if section and made and made[-1] and not made[-1].startswith("#"):
            made.append("")
        if line or (made and made[-1]):
            made.append(line)
    while made and not made[-1]:
        made.pop()
    return made
