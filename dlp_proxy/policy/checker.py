"""Nodes -> checked blocks: keys, shapes and single values of one file, by the grammar's table.

A key that is nearly right is read as if it were, so that one slip gives one message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dlp_proxy.policy import values
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.grammar import BLOCKS, FORMAT
from dlp_proxy.policy.keys import Block, Key
from dlp_proxy.policy.node import REFUSED, Entry, Map, Node, Scalar, Seq, shape
from dlp_proxy.policy.problem import Place, Problems
from dlp_proxy.policy.words import OTHER_KEYS, OTHER_VALUES, listed, nearest

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def check(root: Map, problems: Problems) -> Checked | None:
    """Return the file as checked blocks, or None when it is of another format and cannot be judged."""
    for entry in root.entries:
        if entry.key.text == "format" and isinstance(entry.value, Scalar) and not _is_ours(entry.value, problems):
            return None
    return _Shape(problems).block(BLOCKS["file"], root, _Title("the file"), Place(root.place.path, 1, 1))


def _is_ours(written: Scalar, problems: Problems) -> bool:
    found = re.fullmatch(r"dlp-policy/v([0-9]{1,4})", written.text)
    if written.text == FORMAT or written.quote == REFUSED:
        return True
    if found is None:
        problems.error("BAD-VALUE", written.place, f"`{written.text}` is not a format", f"write `{FORMAT}`")
        return True
    if int(found[1]) > 1:
        message = f"`{written.text}` is newer than this program, which reads {FORMAT}"
        problems.error("FORMAT-NEWER", written.place, message, "install the newer dlp_proxy that this file is for")
    else:
        message = f"`{written.text}` is older than this program, which reads {FORMAT}"
        problems.error("FORMAT-OLD", written.place, message, f"bring the file to {FORMAT}; CHANGELOG says what changed")
    return False


class _Title(NamedTuple):
    """What people call a block: the named thing it belongs to, and the way down from there."""

    root: str
    path: tuple[str, ...] = ()
    name: str = ""

    def __str__(self) -> str:
        return f"{self.root} ({'.'.join(self.path)})" if self.path else self.root


class _Shape:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def block(self, block: Block, node: Map, title: _Title, place: Place) -> Checked:
        root, path = title.root, title.path
        checked = Checked(block.name, title.name, str(title), place)
        for key, entry in self._keys(block, node, checked):
            checked.written[key.name] = entry.key.place
            before = self._problems.count
            given = tuple(self._values(key, entry, root, path))
            checked.given[key.name] = given
            if not given or (self._problems.count > before and key.kind not in {"block", "blocks"}):
                checked.broken = True
        self._complete(block, checked)
        return checked

    def _keys(self, block: Block, node: Map, checked: Checked) -> Iterator[tuple[Key, Entry]]:
        written = {entry.key.text for entry in node.entries}
        for entry in node.entries:
            key = block.by_name.get(entry.key.text)
            if key is None:
                checked.broken = True
                key = self._unknown(block, entry.key, checked.title)
                if key is None or key.name in written:
                    continue
                written.add(key.name)
            yield key, entry

    def _unknown(self, block: Block, written: Scalar, title: str) -> Key | None:
        ours, whose = OTHER_KEYS.get((block.name, written.text), ("", ""))
        near = ours or nearest(written.text, block.by_name)
        if ours:
            guess = f"`{written.text}` is {whose} for it; here it is `{ours}`; "
        else:
            guess = f"did you mean `{near}`?; " if near else _belongs(block, written.text)
        allowed = listed(key.name for key in block.keys)
        message = f"`{written.text}` is not a key of {title}"
        hint = f"{guess}allowed here: {allowed}"
        self._problems.error("UNKNOWN-KEY", written.place, message, hint, fix=near)
        if (block.name, written.text) in OTHER_VALUES:
            return None
        return block.by_name.get(near)

    def _values(self, key: Key, entry: Entry, root: str, path: tuple[str, ...]) -> Iterator[Given]:
        node = entry.value
        if isinstance(node, Scalar) and node.quote == REFUSED:
            return
        if isinstance(node, Scalar) and node.value is None:
            hint = "write '' when you mean nothing" if key.blank else _example(key)
            self._problems.error("EMPTY", entry.key.place, f"`{key.name}` is empty", hint)
        elif key.kind == "blocks":
            yield from self._named(key, node, root)
        elif key.kind == "texts":
            yield from self._texts(key, node)
        elif key.many and isinstance(node, Seq):
            yield from self._many(key, node, root, path)
        else:
            yield from self._item(key, node, root, (*path, key.name))

    def _many(self, key: Key, node: Seq, root: str, path: tuple[str, ...]) -> Iterator[Given]:
        if not node.items:
            self._problems.error("EMPTY", node.place, f"`{key.name}` is an empty list", _example(key))
        seen: dict[object, Place] = {}
        for index, item in enumerate(node.items):
            for given in self._item(key, item, root, (*path, key.name, str(index))):
                if key.kind in {"word", "ref", "host", "method"} and given.value in seen:
                    message = f"`{given.value}` stands in this list twice"
                    first = seen[given.value]
                    self._problems.error("DUPLICATE", given.place, message, "delete one of them", first)
                    continue
                if not isinstance(given.value, Checked):
                    seen[given.value] = given.place
                yield given

    def _item(self, key: Key, node: Node, root: str, path: tuple[str, ...]) -> Iterator[Given]:
        if isinstance(node, Scalar) and node.quote == REFUSED:
            return
        if key.kind == "block":
            if not isinstance(node, Map):
                self._wrong(key, node, "a block of keys")
                return
            block = BLOCKS[key.block]
            name = ""
            if key.block == "test":
                name = _own_name(node)
                if node.entries and not any(entry.key.text in block.by_name for entry in node.entries):
                    first = node.entries[0].key
                    hint = f"begin each with its name in a list: `- name: {first.text}`, and its keys below"
                    self._problems.error(
                        "TYPE", first.place, "`tests` takes a list of tests, not names with blocks", hint
                    )
                    return
                root, path = f"test `{name}`" if name else "a test without a name", ()
            yield Given(self.block(block, node, _Title(root, path, name), node.place), node.place)
        elif not isinstance(node, Scalar):
            self._wrong(key, node, "one value or a list of them" if key.many else "one value")
        else:
            yield from self._scalar(key, node)

    def _named(self, key: Key, node: Node, root: str) -> Iterator[Given]:
        if not isinstance(node, Map):
            hint = f"write the name as a key, and its block below it: `a-name: {{{BLOCKS[key.block].example}}}`"
            self._wrong(key, node, "names, each with a block of keys", hint)
            return
        if not node.entries:
            self._problems.error(
                "EMPTY", node.place, f"`{key.name}` is empty", "delete the key, or write the first one"
            )
        for entry in node.entries:
            name, place = entry.key.text, entry.key.place
            try:
                values.good_name(name)
            except values.BadValueError as bad:
                self._problems.error(bad.code, place, bad.message, bad.hint)
            title = f"{key.block} `{name}`"
            if isinstance(entry.value, Map):
                checked = self.block(BLOCKS[key.block], entry.value, _Title(title, (), name), place)
                yield Given(checked, place)
            elif not (isinstance(entry.value, Scalar) and entry.value.quote == REFUSED):
                hint = f"write its keys below it, e.g. `{BLOCKS[key.block].example}`"
                self._problems.error("TYPE", place, f"{title} takes a block of keys, not {shape(entry.value)}", hint)

    def _texts(self, key: Key, node: Node) -> Iterator[Given]:
        if not isinstance(node, Map):
            self._wrong(key, node, "texts by language", "e.g. `message: {en: 'This was stopped.'}`")
            return
        if not node.entries:
            self._problems.error("EMPTY", node.place, f"`{key.name}` is empty", "e.g. `en: 'This was stopped.'`")
        for entry in node.entries:
            language = entry.key.text
            if not _LANGUAGE.fullmatch(language):
                hint = "languages are short words of BCP 47, e.g. `en`, `zh`, `pt-BR`"
                self._problems.error("BAD-NAME", entry.key.place, f"`{language}` is not a language", hint)
            if not isinstance(entry.value, Scalar):
                self._wrong(key, entry.value, "texts by language")
            elif entry.value.quote != REFUSED and not entry.value.text.strip():
                self._problems.error("EMPTY", entry.key.place, f"the `{language}` text of `{key.name}` is empty")
            elif entry.value.quote != REFUSED:
                yield Given(entry.value.text, entry.value.place, entry.value, language)

    def _scalar(self, key: Key, node: Scalar) -> Iterator[Given]:
        if not node.text.strip() and not key.blank:
            self._problems.error("EMPTY", node.place, f"`{key.name}` is empty")
            return
        try:
            yield Given(_value(key, node), node.place, node)
        except values.BadValueError as bad:
            self._problems.error(bad.code, node.place, bad.message, bad.hint, fix=bad.fix)

    def _wrong(self, key: Key, node: Node, takes: str, hint: str = "") -> None:
        message = f"`{key.name}` takes {takes}, not {shape(node)}"
        self._problems.error("TYPE", node.place, message, hint or _example(key))

    def _complete(self, block: Block, checked: Checked) -> None:
        for key in block.keys:
            if key.required and key.name not in checked.written:
                checked.broken = True
                self._problems.error("MISSING", checked.place, f"{checked.title} has no `{key.name}`", _example(key))
        for choice in block.one_of:
            there = [name for name in choice.keys if name in checked.written]
            if len(there) > 1:
                checked.broken = True
                message = f"{checked.title} has {listed(f'`{name}`' for name in there)}, but takes one of them"
                self._problems.error("ONE-OF", checked.written[there[1]], message, "delete all but one")
            elif (
                not there
                and not choice.optional
                and checked.written.keys().isdisjoint(choice.unless)
                and not checked.broken
            ):
                checked.broken = True
                message = f"{checked.title} needs exactly one of {listed(choice.keys)}"
                self._problems.error(
                    "ONE-OF", checked.place, message, f"e.g. `{block.example}`" if block.example else ""
                )
        for need in block.needs:
            if need.key in checked.written and need.other not in checked.written:
                checked.broken = True
                message = f"`{need.key}` needs `{need.other}` beside it"
                self._problems.error("NEEDS", checked.written[need.key], message, need.hint)


def _belongs(block: Block, word: str) -> str:
    """Say below which key of a block a key belongs that stands a step too high."""
    below = [key.name for key in block.keys if key.block and key.kind != "blocks" and word in BLOCKS[key.block].by_name]
    return f"it belongs below `{below[0]}`; " if below else ""


def _own_name(node: Map) -> str:
    return next((e.value.text for e in node.entries if e.key.text == "name" and isinstance(e.value, Scalar)), "")


def _value(key: Key, node: Scalar) -> str | int | float:
    value = node.value
    if key.kind == "number":
        if isinstance(value, int) and not isinstance(value, bool):
            return values.number(key, value)
        hint = "take the quotes away" if node.quote and node.text.strip().isdecimal() else "write a whole number"
        raise values.BadValueError("TYPE", f"`{key.name}` takes a whole number, not `{node.text}`", hint)
    if key.kind == "decimal":
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e6:
            return float(value)
        raise values.BadValueError(
            "TYPE", f"`{key.name}` takes a number, not `{node.text}`", "write a number, e.g. `3.0`"
        )
    if key.kind in {"ref", "word", "host"} and not node.quote and " - " in node.text:
        first, _, second = node.text.partition(" - ")
        hint = f"`- {second}` in the next line belongs under `- {first}`, at the same depth"
        raise values.BadValueError("BAD-VALUE", f"`{node.text}` is read as one text over two lines", hint)
    if isinstance(value, bool) and key.kind != "word":
        hint = f"put it in quotes if you mean the text: '{node.text}'"
        raise values.BadValueError("TYPE", f"`{key.name}` takes text, not true or false", hint)
    return values.meaning(key, node.text)


def _example(key: Key) -> str:
    if key.kind == "word":
        return f"`{key.name}` is one of: {listed(key.words)}"
    if key.kind == "block" and BLOCKS[key.block].example:
        return f"{key.description} e.g. `{key.name}: {{{BLOCKS[key.block].example}}}`"
    if key.example:
        return f"e.g. `{key.name}: {key.example}`"
    value = _EXAMPLES.get(key.kind)
    return f"e.g. `{key.name}: {value}`" if value else key.description


_EXAMPLES: Final = {
    "time": "24h",
    "number": "50",
    "date": "2027-03-31",
    "size": "10 MB",
    "characters": "300 chars",
    "url": "https://mail.example/upload",
}
