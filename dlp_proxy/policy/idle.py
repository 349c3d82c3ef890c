"""What is well written and yet does nothing: dead rules, limits never reached, rules that fight."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.conditions import Hosts
from dlp_proxy.policy.grammar import RULE_ACTIONS
from dlp_proxy.policy.grammar_of_parts import SEVERITIES
from dlp_proxy.policy.problem import Problems

BYTES_OF_AN_IDENTITY: Final = 200
MOST_BYTES: Final = 2 * 1024**3
_KEYS: Final = {"user": 1000, "device": 1000, "site": 1000, "destination": 100, "rule": 1}
"""How many different ones a busy company has in one window; an estimate, said in the message."""

_OPPOSITES: Final = (("from", "not_from"), ("during", "not_during"))


def check_idle(files: Iterable[Checked], problems: Problems) -> None:
    """Warn of what can be seen without compiling: ladders, blocks that nothing uses, rules that say two things."""
    seen: dict[object, Checked] = {}
    for file in files:
        for rule in file.blocks("rules"):
            if rule.faulty:
                continue
            _ladder(rule, rule.blocks("limits"), problems)
            _unused_blocks(rule, problems)
            _coach_here(rule, problems)
            _conflict(rule, seen, problems)
        for exception in file.blocks("exceptions"):
            if (instead := exception.block("instead")) is not None and not exception.faulty:
                _ladder(exception, instead.blocks("limits"), problems)
        for block in file.walk():
            if block.kind in {"when", "any"}:
                _shut_out(block, problems)


def shut_out_by_hosts(block: Checked, to: Hosts | None, not_to: Hosts | None, problems: Problems) -> None:
    """Complain when `not_to` covers every host of `to`."""
    if to is None or not_to is None or to.networks:
        return
    hosts = (*to.exact, *(f"x{below}" for below in to.below))
    if hosts and all(not_to.covers(host) for host in hosts):
        message = f"`not_to` covers every host of `to`, so {block.title} never holds"
        problems.error("DEAD-RULE", block.written["not_to"], message, "take the places out of one of the two lists")


def _shut_out(block: Checked, problems: Problems) -> None:
    for key, opposite in _OPPOSITES:
        names = block.texts(key)
        if names and set(names) <= set(block.texts(opposite)):
            message = f"`{opposite}` takes away all that `{key}` names, so {block.title} never holds"
            problems.error("DEAD-RULE", block.written[opposite], message, "take the names out of one of the two lists")


def _ladder(owner: Checked, limits: tuple[Checked, ...], problems: Problems) -> None:
    action, severity = owner.text("action", "block"), owner.text("severity", "medium")
    for limit in limits:
        for other in limits:
            if other is not limit and _beats(other, limit, action, severity):
                same = not _beats(limit, other, action, severity)
                if same or limits.index(other) < limits.index(limit):
                    message = f"this limit never decides anything: another one of {owner.title} is always reached first"
                    first = other.all("at_least")[0].place
                    problems.warning("NEVER", limit.place, message, "delete it, or give it a stricter action", first)
                    break
        _cost(limit, problems)


def _beats(one: Checked, other: Checked, action: str, severity: str) -> bool:
    """Tell whether `one` is reached whenever `other` is, and does at least as much."""
    if one.number("at_least") > other.number("at_least") or not _counts_as_much(one, other):
        return False
    ours, theirs = _rank(one, action), _rank(other, action)
    return ours > theirs or (ours == theirs and _severity(one, severity) >= _severity(other, severity))


def _counts_as_much(one: Checked, other: Checked) -> bool:
    if other.text("count") == "all" and one.text("count") != "all":
        return False
    if "people" in {one.text("count"), other.text("count")}:
        # People say nothing of customers; and of two such limits the one that asks for more in common is reached later.
        if one.text("count") != other.text("count") or one.number("sharing", 5) > other.number("sharing", 5):
            return False
        return one.number("within") >= other.number("within") and set(one.texts("by")) == set(other.texts("by"))
    if not one.number("within"):
        return not other.number("within")
    wider = set(one.texts("by")) - {"rule"} <= set(other.texts("by")) - {"rule"}
    return not other.number("within") or (one.number("within") >= other.number("within") and wider)


def _rank(limit: Checked, action: str) -> int:
    return -RULE_ACTIONS.index(limit.text("action", action))


def _severity(limit: Checked, severity: str) -> int:
    return SEVERITIES.index(limit.text("severity", severity))


def _cost(limit: Checked, problems: Problems) -> None:
    if not limit.number("within"):
        return
    keys = 1
    for by in limit.texts("by"):
        keys *= _KEYS[by]
    keys = min(keys, 10_000)
    size = limit.number("at_least") * BYTES_OF_AN_IDENTITY * keys
    if size > MOST_BYTES and limit.text("count") != "people":
        message = (
            f"this total may need {size / 1024**3:.0f} GiB of memory: {limit.number('at_least')} values for {keys} keys"
        )
        hint = "count by fewer things, or from a smaller number on"
        problems.warning("COST", limit.all("at_least")[0].place, message, hint)


def _unused_blocks(rule: Checked, problems: Problems) -> None:
    actions = {rule.text("action"), *(limit.text("action") for limit in rule.blocks("limits"))}
    for action in ("coach", "redact"):
        if action in rule.written and action not in actions:
            message = f"`{action}` says how, but no action of {rule.title} is `{action}`"
            problems.warning("NEVER", rule.written[action], message, "delete the block, or write the action")


def _coach_here(rule: Checked, problems: Problems) -> None:
    coach = rule.block("coach")
    actions = {rule.text("action"), *(limit.text("action") for limit in rule.blocks("limits"))}
    if "coach" in actions and "websocket" in rule.texts("look_in") and (coach is None or not coach.all("cannot_ask")):
        message = f"{rule.title} coaches on WebSocket, where no page can be shown: staff see a closed connection"
        hint = "say what happens there, e.g. `coach: {cannot_ask: block}`"
        place = next(given.place for given in rule.all("look_in") if given.text == "websocket")
        problems.warning("COACH-HERE", place, message, hint)


def _conflict(rule: Checked, seen: dict[object, Checked], problems: Problems) -> None:
    key = tuple(_plain(rule, name) for name in ("when", "find", "confidence", "look_in", "limits"))
    other = seen.setdefault(key, rule)
    if other is rule or other.text("action") == rule.text("action"):
        return
    wins = min((rule, other), key=lambda each: RULE_ACTIONS.index(each.text("action")))
    message = f"{rule.title} and rule `{other.name}` ask for the same and do different things"
    hint = f"`{wins.name}` wins, since `{wins.text('action')}` is stricter; delete the other one"
    problems.warning("CONFLICT", rule.place, message, hint, other.place)


def _plain(block: Checked, key: str) -> object:
    """Return what a key says, without places and without the order of lists."""
    return frozenset(
        frozenset((name, _plain(given.value, name)) for name in given.value.given)
        if isinstance(given.value, Checked)
        else given.value
        for given in block.all(key)
    )
