"""Names of columns in statements of SQL: what stands in the brackets of CREATE TABLE and INSERT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s+|--[^\n]*|/\*.*?\*/|'(?:[^']|'')*+'|"((?:[^"]|"")*+)"|`((?:[^`]|``)*+)`|\[([^\]]*+)\]|([^\W\d][\w$]*)|[\s\S]""",
    re.DOTALL,
)
_CONSTRAINTS: Final = frozenset(
    {"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "KEY", "INDEX", "FULLTEXT", "EXCLUDE", "LIKE"}
)
_TEXT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of CREATE TABLE. `words` is what follows its name, in upper case."""

    name: str
    words: tuple[str, ...]

    @property
    def is_row_number(self) -> bool:
        """Tell whether SQLite keeps it as the number of the row and not among the values."""
        return self.words[:3] == ("INTEGER", "PRIMARY", "KEY") and "DESC" not in self.words

    @property
    def is_stored(self) -> bool:
        return "AS" not in self.words or "STORED" in self.words


def columns(create: str) -> tuple[list[Column], list[str]]:
    """Return the columns of a CREATE TABLE statement and the names in its PRIMARY KEY."""
    start = create.find("(", 0, _TEXT)
    made: list[Column] = []
    key: list[str] = []
    for words in _items(create[start + 1 : _TEXT]) if start >= 0 else ():
        upper = tuple(word.upper() for word, _ in words)
        if not words:
            continue
        if not words[0][1] and upper[0] in _CONSTRAINTS:
            if "PRIMARY" in upper:
                after = upper.index("PRIMARY") + 2
                key += [word for word, _ in words[after:] if word.upper() not in {"ASC", "DESC"}]
            continue
        made.append(Column(words[0][0], upper[1:]))
        if "PRIMARY" in upper[1:]:
            key.append(words[0][0])
    return made, key


def names(text: str) -> list[str]:
    """Return the names in a bracketed list, without its brackets."""
    return [words[0][0] for words in _items(text) if words]


def _items(text: str) -> Iterator[list[tuple[str, bool]]]:
    """Yield the words between the commas of the outermost bracket, each with whether it was quoted."""
    words: list[tuple[str, bool]] = []
    depth = 0
    for token in _TOKEN.finditer(text):
        quoted = next((group for group in token.groups()[:3] if group is not None), None)
        if quoted is not None:
            words.append((quoted, True))
        elif token[4]:
            words.append((token[4], False))
        elif token[0] == "(":
            depth += 1
        elif token[0] == ")":
            depth -= 1
            if depth < 0:
                break
        elif token[0] == "," and not depth:
            yield words
            words = []
    yield words
