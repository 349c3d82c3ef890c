"""YAML text -> nodes, strictly.

Built on the parser's events, because composed nodes no longer show anchors, tags or keys written twice. Plain values
are those of YAML 1.2 (yaml.org/spec/1.2.2, core schema without its rarer numbers): null, true, false, whole numbers
and decimals; ``no``, ``on``, ``12:30``, ``010`` and dates stay text, as editors read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn

import yaml

from dlp_proxy.policy.node import REFUSED, Entry, Map, Node, Plain, Scalar, Seq
from dlp_proxy.policy.problem import Place, Problems
from dlp_proxy.policy.syntax import explain

MOST_CHARACTERS: Final = 1_000_000
MOST_NODES: Final = 50_000
DEEPEST: Final = 24

_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}")
_WORDS: Final[dict[str, Plain]] = {"": None, "~": None, "null": None, "true": True, "false": False}
_PARSER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


type _Event = Any  # one of PyYAML's events, which its stubs leave untyped


class _StopReadingError(Exception):
    """The file cannot be read further; the problem is already written down."""


def read(path: str, text: str, problems: Problems) -> Map | None:
    """Return the document of a file as nodes, or None when it has none that can be read.

    Every fault goes to `problems`; nothing is raised for any text.
    """
    try:
        return _Reader(path, text.removeprefix("\ufeff").replace("\r\n", "\n"), problems).document()
    except _StopReadingError:
        return None


class _Reader:
    def __init__(self, path: str, text: str, problems: Problems) -> None:
        self._path = path
        self._text = text
        self._lines = text.split("\n")
        self._problems = problems
        self._nodes = 0
        self._anchors: dict[str, Place] = {}
        self._spans: list[tuple[int, int]] = []
        self._events: Iterator[Any] = iter(())

    def document(self) -> Map | None:
        self._refuse_hopeless()
        self._events = self._parse()
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._stop("YAML", self._at(event), "a file holds one document", "make two files of it")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, depth=0)
        for anchor, place in self._anchors.items():
            self._problems.error("YAML-ALIAS", place, f"YAML anchor `&{anchor}` is not allowed", "delete it")
        self._refuse_tabs()
        if root is None or (isinstance(root, Scalar) and root.value is None):
            first = Place(self._path, 1, 1)
            self._stop("EMPTY", first, "the file is empty", "begin with `format: dlp-policy/v1` and `policy: a-name`")
        if not isinstance(root, Map):
            self._stop("TYPE", root.place, "a policy file is a block of keys", "begin with `format: dlp-policy/v1`")
        return root

    def _refuse_hopeless(self) -> None:
        first = Place(self._path, 1, 1)
        if len(self._text) > MOST_CHARACTERS:
            self._stop("YAML", first, f"the file has more than {MOST_CHARACTERS} characters", "split it")
        if (found := _NOT_TEXT.search(self._text)) is not None:
            line = self._text.count("\n", 0, found.start()) + 1
            place = Place(self._path, line, found.start() - self._text.rfind("\n", 0, found.start()))
            message = f"the file holds the character U+{ord(found.group()):04X}, which does not belong in it"
            self._stop("YAML", place, message, "save the file as UTF-8 text with ordinary line ends")

    def _parse(self) -> Iterator[Any]:
        try:
            yield from yaml.parse(self._text, Loader=_PARSER)
        except yaml.YAMLError as error:
            self._stop(*explain(self._path, self._text, self._lines, error))

    def _node(self, event: _Event, depth: int) -> Node:
        self._nodes += 1
        place = self._at(event)
        if self._nodes > MOST_NODES:
            self._stop("YAML", place, f"the file has more than {MOST_NODES} values", "split it")
        if depth > DEEPEST:
            self._stop("YAML", place, f"the file is nested deeper than {DEEPEST} levels", "no key needs that")
        if isinstance(event, yaml.AliasEvent):
            self._anchors.pop(str(event.anchor), None)
            self._problems.error("YAML-ALIAS", place, f"YAML alias `*{event.anchor}` is not allowed", _NAME_IT)
            return Scalar(place, "", None, REFUSED)
        if event.anchor is not None:
            self._anchors[event.anchor] = Place(place.path, place.line, place.column, len(event.anchor) + 1)
        if event.tag is not None:
            at = Place(place.path, place.line, place.column)
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._problems.error("YAML", at, f"YAML tag `{tag}` is not allowed", "write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Seq(place, tuple(self._items(depth)))
        return Map(place, tuple(self._entries(depth)))

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Iterator[Entry]:
        seen: dict[str, Place] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar) or key.quote in {"|", ">"}:
                self._problems.error("TYPE", key.place, "a key is one word", "write `key: value`")
            elif key.text == "<<":
                self._problems.error("YAML-MERGE", key.place, "YAML merge key `<<` is not allowed", _NAME_IT)
            elif key.text in seen:
                message = f"`{key.text}` is written twice in this block"
                hint = "delete one of them; YAML would silently keep only the last"
                self._problems.error("DUPLICATE", key.place, message, hint, seen[key.text])
            else:
                seen[key.text] = key.place
                yield Entry(key, value)

    def _scalar(self, event: _Event, place: Place) -> Scalar:
        self._spans.append((event.start_mark.index, event.end_mark.index))
        style = event.style or ""
        if style:
            return Scalar(place, event.value, event.value, style)
        return Scalar(place, event.value, _plain(event.value))

    def _at(self, event: _Event) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else len(self._lines[start.line]) - start.column
        return Place(self._path, start.line + 1, start.column + 1, max(1, width))

    def _refuse_tabs(self) -> None:
        if "\t" not in self._text:
            return
        index = 0
        for number, line in enumerate(self._lines, 1):
            for column, char in enumerate(line):
                at = index + column
                if char == "\t" and "#" not in line[:column] and not any(a <= at < b for a, b in self._spans):
                    hint = "use spaces between a key and its value"
                    place = Place(self._path, number, column + 1)
                    self._problems.error("YAML-TAB", place, "a tab stands outside of a text", hint)
            index += len(line) + 1

    def _stop(self, code: str, place: Place, message: str, hint: str) -> NoReturn:
        self._problems.error(code, place, message, hint)
        raise _StopReadingError


_NAME_IT: Final = "give the shared part a name under destinations/people/records and refer to it by name"


def _plain(text: str) -> Plain:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
