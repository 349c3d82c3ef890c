"""Policies brought to the newest format: each step a change of words at one place.

There has been one format so far. What there is to migrate from is the drafts before it (``dlp-policy/v0``) and the
words of other tools, which the checker knows and can put ours in the place of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from dlp_proxy.policy.edit import Edit, edited
from dlp_proxy.policy.grammar import FORMAT
from dlp_proxy.policy.load import load
from dlp_proxy.policy.problem import Problem
from dlp_proxy.policy.words import OTHER_KEYS, OTHER_WORDS

_ROUNDS: Final = 4
_THEIRS: Final = frozenset({key for _, key in OTHER_KEYS} | set(OTHER_WORDS))
_OLD: Final = re.compile(r"^(format:\s*)(['\"]?dlp-policy/v0['\"]?)", re.MULTILINE)


def migrated(
    files: Mapping[str, str], today: date, fixtures: Mapping[str, bytes]
) -> dict[str, tuple[str, tuple[Edit, ...]]]:
    """Return the files that change: path -> new text and the changes made, in their order.

    A slip is not another tool's word: what `check` only guesses at is left to its author.
    """
    texts = dict(files)
    steps: dict[str, list[Edit]] = {}
    for path, text in files.items():
        if (found := _OLD.search(text)) is not None:
            line = text.count("\n", 0, found.start()) + 1
            _make(texts, steps, path, [Edit(line, len(found[1]) + 1, found[2], FORMAT)])
    for _ in range(_ROUNDS):  # a key that is mended shows what is in it
        edits: dict[str, list[Edit]] = {}
        for one in load(texts, today, fixtures).problems:
            if (edit := _edit(one, texts)) is not None:
                edits.setdefault(one.path, []).append(edit)
        for path, some in edits.items():
            _make(texts, steps, path, some)
        if not edits:
            break
    return {path: (texts[path], tuple(some)) for path, some in steps.items()}


def _make(texts: dict[str, str], steps: dict[str, list[Edit]], path: str, edits: list[Edit]) -> None:
    texts[path] = edited(texts[path], edits)
    steps.setdefault(path, []).extend(sorted(edits))


def _edit(one: Problem, texts: Mapping[str, str]) -> Edit | None:
    if not one.fix or one.code not in {"UNKNOWN-KEY", "BAD-VALUE"} or one.path not in texts:
        return None
    written = texts[one.path].split("\n")[one.line - 1][one.column - 1 : one.column - 1 + one.width]
    return Edit(one.line, one.column, written, one.fix) if written.strip("'\"") in _THEIRS else None
