"""What PyYAML says of a text that is not YAML -> where the slip is and what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import yaml

from dlp_proxy.policy.problem import Place

_LEFT_OPEN: Final = {
    "while parsing a flow sequence",
    "while parsing a flow mapping",
    "while scanning a quoted scalar",
}
_COLON: Final = "the text holds a colon; put the whole text in quotes, or use `|` and write it on the next line"


class Slip(NamedTuple):
    code: str
    place: Place
    message: str
    hint: str


def explain(path: str, text: str, lines: Sequence[str], error: yaml.YAMLError) -> Slip:
    """Return the slip behind an error, in words that do not depend on which of PyYAML's parsers is installed."""
    error = _worded(text, error)
    mark = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None)
    context = str(getattr(error, "context", ""))
    what = str(getattr(error, "problem", None) or "it cannot be read")
    if mark is None:
        return Slip("YAML", Place(path, 1, 1), f"not valid YAML: {what}", _hint(what))
    # The parser complains where it gave up, often far below; where it began is where people slip.
    if begun is not None and context in _LEFT_OPEN and "escape" not in what:
        hint = "close the quote or bracket; a text that holds one goes into single quotes"
        return Slip("YAML", _at(path, begun), "not valid YAML: what is opened here is never closed", hint)
    if begun is not None and "could not find expected ':'" in what:
        hint = "write `key: value`, with a space behind the colon"
        return Slip("YAML", _at(path, begun), "not valid YAML: here should be a key and a colon", hint)
    place = _at(path, mark)
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: place.column] or "'\\t'" in what:
        hint = "indent with spaces; a tab cannot start a line in YAML"
        return Slip("YAML-TAB", place, f"not valid YAML: {what}", hint)
    if begun is not None and "expected <block end>" in what:
        message = "not valid YAML: this line does not fit the indentation above it"
        where = f"the block that begins in line {begun.line + 1}"
        hint = f"keys of {where} stand in column {begun.column + 1}, this line begins in column {place.column}"
        return Slip("YAML", place, message, hint)
    if "mapping values are not allowed" in what and (above := _no_key(lines, mark.line)) is not None:
        hint = "write `key: value`, with a space behind the colon"
        return Slip("YAML", Place(path, above + 1, _indent(lines[above]) + 1), _NO_KEY, hint)
    if "mapping values are not allowed" in what and _below_a_value(lines, mark.line):
        hint = "the line above has a value, so no key can stand below it; look at the indentation of both"
        return Slip("YAML", place, f"not valid YAML: {what}", hint)
    return Slip("YAML", place, f"not valid YAML: {what}", _hint(what))


_NO_KEY: Final = "not valid YAML: here should be a key and a colon"


def _no_key(lines: Sequence[str], number: int) -> int | None:
    """Return the line above `number` that should be a key at the same depth and is none."""
    above = next((at for at in range(number - 1, -1, -1) if lines[at].strip()), None)
    if above is None or _indent(lines[above]) != _indent(lines[number]):
        return None
    words = lines[above].split(" #")[0].strip()
    return None if ": " in words or words.endswith(":") or words.startswith(("#", "-")) else above


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _worded(text: str, error: yaml.YAMLError) -> yaml.YAMLError:
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as plain:
        return plain
    except RecursionError:
        pass
    return error


def _at(path: str, mark: yaml.Mark) -> Place:
    return Place(path, mark.line + 1, mark.column + 1)


def _below_a_value(lines: Sequence[str], number: int) -> bool:
    """Tell whether line `number` (from 0) is indented deeper than a ``key: value`` right above it."""
    above = next((line for line in reversed(lines[:number]) if line.strip()), "")
    deep, shallow = (len(line) - len(line.lstrip(" ")) for line in (lines[number], above))
    return deep > shallow and ": " in above and not above.rstrip().endswith(":")


def _hint(what: str) -> str:
    if "mapping values are not allowed" in what:
        return _COLON
    if "escape character" in what:
        return "a double-quoted text reads `\\` as an escape; use single quotes"
    if "cannot start any token" in what:
        return "put the text in single quotes"
    return "look at the indentation and the quotes of this line and the one before"
