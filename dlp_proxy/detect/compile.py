"""DetectorSpec -> Detector: boundaries and flags added, words and checks looked up, every pattern compiled once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

from dlp_proxy.detect import ready
from dlp_proxy.detect.alternatives import any_of, first_of
from dlp_proxy.detect.detector import (
    Checks,
    CompiledNamed,
    CompiledNear,
    CompiledPattern,
    Detector,
    DetectorSpec,
    Named,
    Near,
    Pattern,
)
from dlp_proxy.detect.fold import fold, fold_pattern
from dlp_proxy.detect.named import field_patterns, label_pattern, literals, value_pattern
from dlp_proxy.detect.normalise import normalise
from dlp_proxy.detect.pattern_tree import width
from dlp_proxy.detect.place import Place
from dlp_proxy.detect.ready_detectors import READY
from dlp_proxy.detect.regions import FAR, REACH
from dlp_proxy.detect.registry import CHECKS, READERS
from dlp_proxy.detect.required import required

# Not \b: Han and the underscore are word characters to it, so it would lose the number in 订单SO-20260115-004217 and
# in SO-20260115-004217_old.txt (docs/adr/0020).
_BEFORE: Final = r"(?<![A-Za-z0-9])(?:"
_AFTER: Final = r")(?![A-Za-z0-9])"

_MOST_REQUIRED: Final = 64
"""More literals than these cost more to look for than they save."""


class PatternError(ValueError):
    """A pattern that does not compile.

    Attributes:
        message: what is wrong with it, in the words of the `regex` module.
        pattern_index: which of `where` it is, from 0.
        position: character in the pattern as written, or None when not known.
        where: ``patterns`` or ``ignore``.
    """

    def __init__(self, message: str, pattern_index: int, position: int | None, where: str = "patterns") -> None:
        super().__init__(message)
        self.message = message
        self.pattern_index = pattern_index
        self.position = position
        self.where = where


@lru_cache(maxsize=256)
def compile_detector(spec: DetectorSpec) -> Detector:
    """Return `spec` made ready to run.

    Raises:
        PatternError: a pattern does not compile.
        ValueError: a check has no such name.
    """
    kept = READY.of(spec)
    return kept if isinstance(kept, Detector) else _made(spec)


def _made(spec: DetectorSpec) -> Detector:
    flags = regex.IGNORECASE if spec.case == "ignore" else 0
    patterns = spec.patterns + (
        (Pattern(any_of(fold(word).text for word in spec.words), "words"),) if spec.words else ()
    )
    labelled = tuple(_labelled(spec, named, flags) for named in spec.named if named.labels)
    every = tuple(_pattern(spec, pattern, index, flags) for index, pattern in enumerate(patterns)) + labelled
    return Detector(
        spec=spec,
        patterns=every,
        named=tuple(_named(spec, named, flags) for named in spec.named),
        near=tuple(_near(near) for near in spec.near),
        checks=_checks(spec.checks),
        anchor=ready.compiled(spec.gate.anchor) if spec.gate.anchor else None,
        required=_required(patterns, spec.named),
        reach=max((_reach(one) for one in every), default=REACH),
        ignored_values=frozenset(normalise(fold(value).text, spec.normalise) for value in spec.ignore.values),
        ignored_patterns=tuple(_ignored(pattern, index, flags) for index, pattern in enumerate(spec.ignore.patterns)),
        reader=READERS[spec.reader] if spec.reader else None,
        places=tuple(Place(fold_pattern(one.pattern)) for one in patterns) if spec.reader else (),
    )


def _pattern(spec: DetectorSpec, pattern: Pattern, index: int, flags: int) -> CompiledPattern:
    # Compiled as written first: only then is the position of an error the author's own.
    compiled = _compile(pattern.pattern, index, flags, "patterns")
    plain = fold_pattern(pattern.pattern)
    if spec.boundary == "word":
        # A verbose pattern may end in a comment, which would take what follows on its line.
        plain = f"{_BEFORE}{plain}{'\n' if compiled.flags & regex.VERBOSE else ''}{_AFTER}"
    if plain != pattern.pattern:
        compiled = _compile(plain, index, flags, "patterns")
    confidence = spec.confidence if pattern.confidence is None else pattern.confidence
    name = pattern.name or str(index + 1)
    group: int | str = "value" if "value" in compiled.groupindex else 0
    why = (f"pattern {name}: {confidence.word}",)
    return CompiledPattern(compiled, name, group, confidence, why, _checks(pattern.checks))


def _checks(names: tuple[str, ...]) -> Checks:
    unknown = [name for name in names if name not in CHECKS]
    if unknown:
        raise ValueError(f"no check is named {unknown[0]}")
    return tuple((name, CHECKS[name]) for name in names)


def _labelled(spec: DetectorSpec, named: Named, flags: int) -> CompiledPattern:
    after = r"(?![A-Za-z0-9])" if spec.boundary == "word" else ""
    return _of_named(spec, named, label_pattern(named) + after, "label", flags)


def _named(spec: DetectorSpec, named: Named, flags: int) -> CompiledNamed:
    return CompiledNamed(*field_patterns(named), _of_named(spec, named, value_pattern(named), "field or column", flags))


def _of_named(spec: DetectorSpec, named: Named, pattern: str, place: str, flags: int) -> CompiledPattern:
    confidence = spec.confidence if named.confidence is None else named.confidence
    names = named.labels + named.fields
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    why = (f"{place} {shown}: {confidence.word}",)
    compiled = _compile(fold_pattern(pattern), 0, flags, "named")
    return CompiledPattern(compiled, named.name, "value", confidence, why, _checks(named.checks))


def _required(patterns: tuple[Pattern, ...], named: tuple[Named, ...]) -> tuple[str, ...]:
    """Return literals that a match of any of the patterns needs, if each needs some and they are few."""
    needs = [required(fold_pattern(pattern.pattern)) for pattern in patterns]
    needs += [literals(one) for one in named if one.labels]
    every = {word for need in needs for word in need}
    every = {word for word in every if not any(other != word and other in word for other in every)}
    return tuple(sorted(every)) if all(needs) and len(every) <= _MOST_REQUIRED else ()


def _reach(compiled: CompiledPattern) -> int:
    """Return how far a match may go on, and what it looks at behind itself."""
    longest = width(compiled.pattern.pattern)
    return FAR if longest is None else min(max(REACH, 2 * longest), FAR)


def _ignored(pattern: str, index: int, flags: int) -> regex.Pattern[str]:
    _compile(pattern, index, flags, "ignore")
    return _compile(fold_pattern(pattern), index, flags, "ignore")


def _compile(pattern: str, index: int, flags: int, where: str) -> regex.Pattern[str]:
    try:
        return ready.compiled(pattern, flags)
    except regex.error as error:
        # The module's stubs do not know these two.
        message, position = getattr(error, "msg", str(error)), getattr(error, "pos", None)
        raise PatternError(message, index, position, where) from error


def _near(near: Near) -> CompiledNear:
    shown = ", ".join(near.words[:3]) + (", ..." if len(near.words) > 3 else "")
    within = f"{near.within} chars" if isinstance(near.within, int) else near.within
    # A Latin word alone, or a part of a name: phone, phones, phone_number, userPhone, PHONE2; not telephonist.
    # Han needs no such care: Tom电话, 密钥ab.
    before = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z])|(?![A-Za-z]))"
    after = r"(?:s?(?![a-z])|(?<![A-Za-z]))"
    words = rf"(?i:(?={first_of(near.words)})){before}(?i:{any_of(near.words)}){after}"
    why = f"near {shown} ({within}): {near.set_to.word}"
    return CompiledNear(ready.compiled(words), near.within, near.set_to, why, near.forms, *_parts(near.words))


def _parts(words: tuple[str, ...]) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Return the words that hold no other one, of ASCII in lower case and others without case.

    None where a letter beyond ASCII has a case, or a word letters of both.
    """
    if not all(word.isascii() or word.lower() == word.upper() for word in words):
        return (), ()
    lower = {word.lower() for word in words}
    fewest = sorted(word for word in lower if not any(other != word and other in word for other in lower))
    return tuple(word.encode() for word in fewest if word.isascii()), tuple(w for w in fewest if not w.isascii())
