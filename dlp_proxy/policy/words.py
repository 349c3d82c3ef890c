"""Did-you-mean, and what other tools call the things of our language."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

_GITLEAKS: Final = "Gitleaks/Semgrep's word"
_SIGMA: Final = "Sigma's word"
_FALCO: Final = "Falco's word"
_KYVERNO: Final = "Kyverno's word"

OTHER_KEYS: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("file", "name"): ("policy", "another word"),
    ("file", "version"): ("format", "another word"),
    ("file", "title"): ("description", _SIGMA),
    ("file", "enforcement"): ("mode", "another word"),
    ("file", "validationFailureAction"): ("mode", _KYVERNO),
    ("file", "lists"): ("destinations", _FALCO),
    ("file", "groups"): ("people", "Prometheus's word"),
    ("detector", "regex"): ("pattern", _GITLEAKS),
    ("detector", "regexes"): ("patterns", _GITLEAKS),
    ("detector", "keywords"): ("words", _GITLEAKS),
    ("detector", "allowlist"): ("ignore", _GITLEAKS),
    ("detector", "validators"): ("checks", "Presidio's word"),
    ("detector", "context"): ("near", "Presidio's word"),
    ("detector", "score"): ("confidence", "Presidio's word"),
    ("detector", "level"): ("confidence", _SIGMA),
    ("detector", "extends"): ("like", "another word"),
    ("detector", "type"): ("like", "Presidio's word"),
    ("detector", "normalize"): ("normalise", "another spelling"),
    ("pattern", "regex"): ("pattern", _GITLEAKS),
    ("pattern", "id"): ("name", _GITLEAKS),
    ("record", "fields"): ("has", "another word"),
    ("record", "key"): ("identify_by", "another word"),
    ("record", "group-by"): ("identify_by", _SIGMA),
    ("destination", "domains"): ("hosts", "another word"),
    ("destination", "urls"): ("hosts", "another word"),
    ("people", "members"): ("users", "another word"),
    ("rule", "level"): ("severity", _SIGMA),
    ("rule", "priority"): ("severity", _FALCO),
    ("rule", "detection"): ("find", _SIGMA),
    ("rule", "condition"): ("when", "Falco/Sigma's word"),
    ("rule", "match"): ("when", _KYVERNO),
    ("rule", "status"): ("mode", _SIGMA),
    ("rule", "enabled"): ("mode", _FALCO),
    ("rule", "output"): ("message", _FALCO),
    ("rule", "effect"): ("action", "OPA's word"),
    ("rule", "validationFailureAction"): ("mode", _KYVERNO),
    ("rule", "threshold"): ("limits", "Purview's word"),
    ("limit", "timespan"): ("within", _SIGMA),
    ("limit", "timeframe"): ("within", _SIGMA),
    ("limit", "window"): ("within", "another word"),
    ("limit", "gte"): ("at_least", _SIGMA),
    ("limit", "threshold"): ("at_least", "Purview's word"),
    ("limit", "min"): ("at_least", "another word"),
    ("limit", "group-by"): ("by", _SIGMA),
    ("limit", "group_by"): ("by", _SIGMA),
    ("limit", "level"): ("severity", _SIGMA),
    ("exception", "rule"): ("rules", "another word"),
    ("exception", "reason"): ("why", "another word"),
    ("exception", "until"): ("expires", "another word"),
    ("exception", "match"): ("when", _KYVERNO),
    ("test", "input"): ("request", "OPA's word"),
    ("request", "url"): ("to", "another word"),
    ("request", "user"): ("from", "another word"),
    ("expect", "verdict"): ("action", "another word"),
}
"""(block, their key) -> (our key, whose word it is)."""

OTHER_VALUES: Final = frozenset(
    {("detector", "type"), ("rule", "threshold"), ("limit", "threshold"), ("rule", "enabled")}
)
"""Of those, the ones whose values are not ours either, so that nothing more is said of them."""

OTHER_WORDS: Final[dict[str, str]] = {
    "simulate": "monitor",  # Purview
    "audit": "monitor",  # Kyverno
    "dryrun": "monitor",  # Gatekeeper
    "test": "monitor",  # Sigma
    "disabled": "off",
    "deny": "block",
    "drop": "block",
    "warn": "coach",
    "alert": "log",
    "pass": "allow",
    "on": "enforce",
    "true": "enforce",
    "active": "enforce",
    "enabled": "enforce",
    "blocking": "enforce",
    "report": "monitor",
    "watch": "monitor",
    "urgent": "critical",
    "severe": "critical",
    "blocked": "block",
    "allowed": "allow",
    "logged": "log",
    "informational": "info",  # Sigma
    "error": "high",  # Semgrep
    "warning": "medium",  # Semgrep
    "mask": "redact",
    "monday": "mon",
    "tuesday": "tue",
    "wednesday": "wed",
    "thursday": "thu",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
    "url": "path",
    "header": "headers",
}
"""Their value -> ours; used only where ours is allowed."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is probably a slip of, or the empty text."""
    choices = list(known)
    folded = {_fold(choice): choice for choice in choices}
    if _fold(word) in folded:
        return folded[_fold(word)]
    found = difflib.get_close_matches(word.lower(), choices, n=1, cutoff=0.7)
    return found[0] if found else ""


def other_value(word: str, known: Iterable[str]) -> str:
    """Return our word for another tool's `word`, if ours is among the known, else the empty text."""
    ours = OTHER_WORDS.get(word.lower(), "")
    return ours if ours in set(known) else ""


def slug(name: str) -> str:
    """Return a good name made of a bad one."""
    made = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
    if not made:
        return "a-name"
    return made if made[0].isalpha() else f"n-{made}"


def listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _fold(word: str) -> str:
    return re.sub(r"[-_ ]", "", word).lower()
