"""Faults of patterns: they do not compile, match nothing, were eaten by YAML's escapes, or take for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.problem import Place, Problems

READABLE: Final = 1000
LONGEST: Final = 40_000
"""The longest built-in pattern, which an author may copy, has about half of it."""

PROBE_SECONDS: Final = 0.1
SURE_SECONDS: Final = 2.0
"""So long that a good pattern ends in it on a slow machine that others use too."""

DULL_SECONDS: Final = 0.025
ORDINARY: Final = (
    "Dear customer, your parcel of 2026-01-15 left Hangzhou at 08:30; see https://shop.example/t?id=4711 for more.\n"
    "收货人：王伟，电话 13800138000，北京市朝阳区建国路88号院3号楼。订单 SO-20260115-004217 已发货，请注意查收。\n"
    '{"trace": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "bytes": 183942, "user": "li.na@corp.example", "ok": true}\n'
    "id,name,phone,amount,note\n10001,Anna Smith,+44 20 7946 0958,129.90,leave it at the door, please\n"
) * 160
"""About 64,000 characters like those that a proxy sees."""
_YARDSTICK: Final = regex.compile(r"(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}~")
_DULLER: Final = 40
"""Times as slow as the yardstick, which is no part of ordinary text: what `DULL_SECONDS` is on an idle machine."""

_PUMPS: Final = ("a", "1", "a1", "a ", "1-", "a.", "中", "-", " ", "aA1_")
_BEGINS: Final = ("", "a", "1")
_WALL: Final = "\n\x00\n"
"""Neither ``.`` nor ``\\s`` nor ``\\w`` gets over it, so the literals behind it are there and cannot be reached."""
_PREFIX: Final = 12
_SHORT: Final = 30
_LONG: Final = 1500


def check_patterns(file: Checked, problems: Problems) -> set[Place]:
    """Complain about every pattern of a file; return the places of those that must not be run."""
    bad: set[Place] = set()
    for block in file.walk():
        for key in BLOCKS[block.kind].keys:
            if key.kind == "pattern":
                bad |= {given.place for given in block.all(key.name) if not _is_good(given, problems)}
    return bad


def _is_good(given: Given, problems: Problems) -> bool:
    scalar, pattern = given.scalar, given.text
    if scalar is not None and scalar.quote == '"':
        message = "pattern stands in double quotes, where YAML reads `\\` as an escape of its own"
        problems.error("REGEX-QUOTES", given.place, message, "use single quotes; write a single quote inside as ''")
        return False
    if scalar is not None and scalar.quote in {"|", ">"}:
        message = "pattern is written as a block, whose line end becomes part of it"
        problems.error("REGEX-QUOTES", given.place, message, "write it on one line in single quotes")
        return False
    if len(pattern) > LONGEST:
        message = f"pattern has {len(pattern)} characters, {LONGEST} at most"
        problems.error("REGEX-LONG", given.place, message, "split it under `patterns`, or list words under `words`")
        return False
    if len(pattern) > READABLE:
        message = f"pattern has {len(pattern)} characters; more than {READABLE} are hard to review"
        problems.warning("REGEX-LONG", given.place, message, "split it under `patterns`, or list words under `words`")
    try:
        compiled = regex.compile(pattern, regex.IGNORECASE)
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        _does_not_compile(given, error, problems)
        return False
    if _matches_nothing(compiled):
        message = "pattern matches the empty text, so it would match everywhere"
        hint = "make at least one part required (`+` in place of `*`)"
        problems.error("REGEX-EMPTY", given.place, message, hint)
        return False
    if _is_slow(compiled, given, problems):
        return False
    _is_dull(compiled, given, problems)
    return True


def _is_dull(compiled: regex.Pattern[str], given: Given, problems: Problems) -> None:
    """Warn of a pattern that crawls over ordinary text: it overruns a time in which the yardstick gets through.

    On a slow or busy machine the yardstick overruns it too; then both get more.
    """
    for seconds in (DULL_SECONDS * times for times in (1, 2, 4, 8, 16)):
        if not _times_out(compiled, ORDINARY, seconds):
            return
        if not _times_out(_YARDSTICK, ORDINARY * _DULLER, seconds) and _times_out(compiled, ORDINARY, seconds):
            break
    else:
        return
    mb_each_second = len(ORDINARY) / DULL_SECONDS / 1e6
    message = f"pattern reads ordinary text at less than {mb_each_second:.1f} MB a second"
    hint = "begin it with something rare, such as a letter or a label; `dlp-proxy policy try` measures it"
    problems.warning("REGEX-DULL", given.place, message, hint)


def _does_not_compile(given: Given, error: Exception, problems: Problems) -> None:
    place = given.place
    what = str(error)
    if isinstance(error, regex.error):
        what = getattr(error, "msg", what)
        position = getattr(error, "pos", None)
        if given.scalar is not None and position is not None:
            place = given.scalar.inside(min(position, len(given.text)))
    hint = "patterns use the Python `regex` module syntax"
    if "unknown property" in what:
        hint = "write e.g. `\\p{Han}`, `\\p{L}`, `\\p{Lu}`; a path or a Windows name needs `\\\\`"
    problems.error("REGEX", place, f"pattern does not compile: {what}", hint)


def _matches_nothing(compiled: regex.Pattern[str]) -> bool:
    try:
        return any(
            found is not None and found.end() == found.start()
            for text in ("", "a 1-中")
            if (found := compiled.search(text, timeout=PROBE_SECONDS)) is not None
        )
    except TimeoutError:
        return False


def _is_slow(compiled: regex.Pattern[str], given: Given, problems: Problems) -> bool:
    """Try texts that make a backtracking matcher slow. A net, not a wall: the run-time limit is the wall.

    The pattern's own literals stand around the repeated text, because a matcher that misses a required literal gives
    up at once and a bad pattern would look safe.
    """
    for begin, pump, count, end in _probes(literals_of(given.text)):
        text = f"{begin}{pump * count}{end}"
        if _times_out(compiled, text, PROBE_SECONDS) and _times_out(compiled, text, SURE_SECONDS):
            shown = f"`{begin}{pump * 4}...` ({len(text)} characters)"
            hint = "a repeat inside a repeat can match one text in many ways; make one possessive, e.g. `++`"
            problems.error("REGEX-SLOW", given.place, f"pattern takes for ever on text like {shown}", hint)
            return True
    return False


def _probes(literals: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield (begin, repeated, how often, end), short ones first: they show exponential time soonest."""
    own = tuple(dict.fromkeys(char for char in literals if char.isalnum()))[:4]
    pumps = tuple(dict.fromkeys((*_PUMPS, *own)))
    begins = dict.fromkeys(
        (*_BEGINS, *(literals[: length + 1] for length in range(min(len(literals), _PREFIX))), literals)
    )
    for begin in begins:
        for pump in pumps:
            yield begin, pump, _SHORT, f"{_WALL}{literals}"
    for begin in dict.fromkeys((*_BEGINS, literals)):
        for pump in pumps:
            yield begin, pump, _LONG, f"{_WALL}{literals}"


def _times_out(compiled: regex.Pattern[str], text: str, seconds: float) -> bool:
    try:
        compiled.search(text, timeout=seconds)
    except TimeoutError:
        return True
    return False


def literals_of(pattern: str) -> str:
    """Return the characters of `pattern` that stand for themselves, in order; those of groups too."""
    plain = regex.sub(r"\\[pP]\{[^}]*\}|\\[A-Za-z0-9]|\{[0-9,]*\}", "", pattern)
    plain = regex.sub(r"\(\?(?:P?<[^=!>][^>]*>|<?[=!]|[>|]|[a-zA-Z0-9-]*:|[a-zA-Z-]+(?=\)))", "", plain)
    plain = regex.sub(r"(?<!\\)\[(?:\\.|[^\]\\])*\]", "", plain)
    plain = regex.sub(r"(?<!\\)[.^$*+?()|\[\]{}]", "", plain)
    return regex.sub(r"\\(.)", r"\1", plain)
