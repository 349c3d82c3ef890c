"""YAML read line by line into mappings, lists and texts: no tags, no types, no aliases that multiply.

What people and programs write: blocks, flow collections, quoted and folded texts, several documents. Whatever else a
document holds is an error, and the text is then read as text. Source: YAML 1.2.2, chapters 6 to 9.
"""

from __future__ import annotations

import re
from typing import Any, Final

from dlp_proxy.unpack import tree
from dlp_proxy.unpack.document import Pairs

_KEY: Final = re.compile(
    r"""("(?:[^"\\]|\\.){0,1024}"|'(?:[^']|''){0,1024}'"""
    r"""|(?:[^\s\[\]{}#&*!|>'"%@`,?-]|-[^\s:#])[^:#\n]{0,1024}?)\s*:(?:\s+(.*))?$""",
    re.DOTALL,
)
_ITEM: Final = re.compile(r"-(?:\s+|$)")
_PROPERTIES: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:\s+|$))+")
_BLOCK: Final = re.compile(r"([|>])[-+0-9]{0,2}\s*(?:#.*)?$")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*$")
_DOCUMENT: Final = re.compile(r"(?:---|\.\.\.)(?:\s|$)")
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "", "b": "", "e": "", "_": " ", "N": "\n", "\n": ""}
_FOLD: Final = re.compile(r"(?<!\s)\s*\n\s*")
_TOKEN: Final = re.compile(
    r"""\s*(?:([\[\]{},])|:(?=[\s,\[\]{}"']|$)|"((?:[^"\\]|\\.)*+)"|'((?:[^']|'')*+)'|([^,\[\]{}\s][^,\[\]{}\n]*))""",
    re.DOTALL,
)
_FLOW_AT_MOST: Final = 1 << 20
_TRIES: Final = 64
"""Lines with a quote that may not be the closing one."""


class NoYaml(Exception):  # noqa: N818 - an answer about the text
    """The text is not what is read here."""


class Document:
    """The documents of one text, read from `lines` on."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._at = 0

    def values(self) -> list[Any]:
        """Return the documents.

        Raises:
            NoYaml: the text is something else.
        """
        found: list[Any] = []
        while (line := self._peek()) is not None:
            if line[0] == 0 and _DOCUMENT.match(line[1]):
                rest = line[1][4:].strip() if line[1].startswith("---") else ""
                self._at += 1
                if rest and not rest.startswith(("#", "!", "&", "%")):
                    raise NoYaml
                continue
            if line[1].startswith("%"):
                self._at += 1
                continue
            found.append(self._node(line[0], 0))
        return found

    def _peek(self) -> tuple[int, str] | None:
        """Return indent and content of the next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at].rstrip()
            content = line.lstrip(" ")
            if content and not content.startswith("#"):
                if content[0] == "\t":
                    raise NoYaml
                return len(line) - len(content), content
            self._at += 1
        return None

    def _node(self, indent: int, depth: int) -> Any:  # noqa: ANN401 - any value
        if depth > tree.NESTING:
            raise tree.TooDeep
        line = self._peek()
        if line is None or line[0] != indent:
            raise NoYaml
        if _ITEM.match(line[1]):
            return self._sequence(indent, depth)
        if _KEY.match(line[1]):
            return self._mapping(indent, depth)
        self._at += 1
        return self._value(line[1], indent - 1, depth)

    def _sequence(self, indent: int, depth: int) -> list[Any]:
        items: list[Any] = []
        while (line := self._peek()) is not None and line[0] == indent and (found := _ITEM.match(line[1])):
            rest = line[1][found.end() :]
            if rest.startswith("#"):
                rest = ""
            inner = indent + found.end()
            if rest and (_ITEM.match(rest) or _KEY.match(rest)):
                self._lines[self._at] = " " * inner + rest
                items.append(self._node(inner, depth + 1))
            else:
                self._at += 1
                items.append(self._value(rest, indent, depth))
        return items

    def _mapping(self, indent: int, depth: int) -> Pairs:
        pairs = Pairs()
        names: set[str] = set()
        while (line := self._peek()) is not None and line[0] == indent and (found := _KEY.match(line[1])):
            name = _text(found[1])
            if name in names and name != "<<":
                raise NoYaml
            names.add(name)
            self._at += 1
            pairs.append((name, self._value(found[2] or "", indent, depth, beside=True)))
        line = self._peek()
        if line is not None and line[0] >= indent and not _DOCUMENT.match(line[1]):
            raise NoYaml
        return pairs

    def _value(self, rest: str, indent: int, depth: int, *, beside: bool = False) -> Any:  # noqa: ANN401
        """Return what stands behind a name or a dash. `beside`: a list may follow at the same indent."""
        if found := _PROPERTIES.match(rest):
            rest = rest[found.end() :]
        if not rest or rest.startswith("#"):
            line = self._peek()
            if line is not None and (line[0] > indent or (beside and line[0] == indent and _ITEM.match(line[1]))):
                return self._node(line[0], depth + 1)
            return None
        if block := _BLOCK.match(rest):
            return self._block(indent, folded=block[1] == ">")
        if rest[0] in "\"'":
            return self._quoted(rest)
        if rest[0] in "[{":
            return self._flow(rest, depth)
        return self._plain(rest, indent)

    def _plain(self, rest: str, indent: int) -> str:
        pieces = [_COMMENT.sub("", rest).strip()]
        while (line := self._peek()) is not None and line[0] > indent:
            if _KEY.match(line[1]) or (line[0] == 0 and _DOCUMENT.match(line[1])):
                raise NoYaml
            pieces.append(_COMMENT.sub("", line[1]).strip())
            self._at += 1
        return " ".join(pieces)

    def _block(self, indent: int, *, folded: bool) -> str:
        lines: list[str] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
                break
            lines.append(line.strip())
            self._at += 1
        text = "\n".join(lines).strip("\n")
        return re.sub(r"(?<!\n)\n(?!\n)", " ", text) if folded else text

    def _quoted(self, rest: str) -> str:
        quote, pattern = rest[0], _DOUBLE if rest[0] == '"' else _SINGLE
        pieces, size, tries = [rest], len(rest), 0
        while not (found := pattern.match("\n".join(pieces))):
            tries += 1
            if self._at >= len(self._lines) or tries > _TRIES:
                raise NoYaml
            while self._at < len(self._lines) and size < _FLOW_AT_MOST:
                pieces.append(self._lines[self._at].strip())
                size += len(pieces[-1]) + 1
                self._at += 1
                if quote in pieces[-1]:
                    break
        left = "\n".join(pieces)[found.end() :].strip()
        if left and not left.startswith("#"):
            raise NoYaml
        return _text(found[0])

    def _flow(self, rest: str, depth: int) -> Any:  # noqa: ANN401
        pieces = [rest]
        size = len(rest)
        missing = _open(rest)
        while missing > 0 and self._at < len(self._lines) and size < _FLOW_AT_MOST:
            pieces.append(self._lines[self._at].strip())
            size += len(pieces[-1]) + 1
            missing += _open(pieces[-1])
            self._at += 1
        return Flow("\n".join(pieces)).value(depth)


_DOUBLE: Final = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_SINGLE: Final = re.compile(r"'(?:[^']|'')*+'")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|\'(?:[^\']|\'\')*+\'')


def _open(line: str) -> int:
    """Return how many more brackets open than close in a line, quotes left out."""
    bare = _QUOTED.sub("", line)
    return bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


class Flow:
    """A collection in brackets, on one line."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text.rstrip()))
        self._at = 0
        if sum(len(one[0]) for one in self._tokens) < len(text.rstrip()):
            raise NoYaml

    def value(self, depth: int) -> Any:  # noqa: ANN401
        """Return the next value.

        Raises:
            NoYaml: it is none.
        """
        if depth > tree.NESTING:
            raise tree.TooDeep
        token = self._next()
        if token[1] == "[":
            return self._items(depth)
        if token[1] == "{":
            return self._pairs(depth)
        if token[1] or not token[0].strip(" :"):
            raise NoYaml
        return _scalar(token)

    def _items(self, depth: int) -> list[Any]:
        items: list[Any] = []
        while not self._ends("]"):
            items.append(self.value(depth + 1))
        return items

    def _pairs(self, depth: int) -> Pairs:
        pairs = Pairs()
        while not self._ends("}"):
            token = self._next()
            if token[1]:
                raise NoYaml
            name, mark, rest = _scalar(token).partition(": ") if token[4] else (_scalar(token), "", "")
            if mark:
                pairs.append((name.strip(), _text(rest.strip())))
                continue
            if name.endswith(":"):
                pairs.append((name[:-1], self.value(depth + 1)))
            elif self._is_colon():
                self._at += 1
                pairs.append((name, self.value(depth + 1)))
            else:
                pairs.append((name, None))
        return pairs

    def _is_colon(self) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][0].strip() == ":"

    def _ends(self, closing: str) -> bool:
        """Take a comma or the end of the collection; tell whether it was the end."""
        token = self._next()
        if token[1] == closing:
            return True
        if token[1] != ",":
            self._at -= 1
        return False

    def _next(self) -> re.Match[str]:
        if self._at >= len(self._tokens):
            raise NoYaml
        self._at += 1
        return self._tokens[self._at - 1]


def _scalar(token: re.Match[str]) -> str:
    if token[2] is not None:
        return _unescaped(token[2])
    if token[3] is not None:
        return token[3].replace("''", "'")
    return (token[4] or "").strip()


def _text(raw: str) -> str:
    """Return what a quoted or plain text says."""
    if raw[:1] == '"':
        return _unescaped(raw[1:-1])
    if raw[:1] == "'":
        return _FOLD.sub(_folded, raw[1:-1]).replace("''", "'")
    return raw


def _folded(found: re.Match[str]) -> str:
    return "\n" * (found[0].count("\n") - 1) or " "


def _unescaped(text: str) -> str:
    text = re.sub(r"\\\n\s*", "", text) if "\\\n" in text else text
    text = _FOLD.sub(_folded, text)
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return _LETTERS.get(found[4], found[4])
    number = int(code, 16)
    return chr(number) if number < 0x110000 else "\ufffd"
