"""Whether the beginning of a message says enough: what follows it can change no action, of this message or a later one.

docs/adr/0023-dense-bodies-stop-early.md has the argument.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.totals import MOST_CUSTOMERS
from dlp_proxy.model.verdict import Action
from dlp_proxy.policy.conditions import Facts, holds
from dlp_proxy.policy.decide import in_force
from dlp_proxy.policy.match import Match, match
from dlp_proxy.policy.policy import Limit, Policy

MARGIN: Final = 4
"""The rest of a message may show that some customers are one: by their kinds of identity, of which there are fewer."""


def blocks(policy: Policy, message: Message, beginning: Inspection, *, monitor: bool) -> bool:
    """Tell whether a limit for one request is passed by far, and blocks. Nothing is stricter."""
    return not monitor and any(_blocks(found) for found in match(policy, message, beginning))


def fills_windows(policy: Policy, message: Message, beginning: Inspection) -> bool:
    """Tell whether this message alone is far past every limit of a window that it would add to."""
    found = {
        (one.rule.policy, one.rule.name): one
        for one in match(policy, message, beginning)
        if one.exemption is None or not one.exemption.values
    }
    facts = Facts(message, beginning)
    for rule in policy.seeking:
        if any(one.values for one in rule.exemptions):
            return False  # what follows may hold a value that counts elsewhere
        ladders = [rule.ladder, *(one.ladder for one in rule.exemptions if one.ladder is not None)]
        if (rule.trips or any(ladder.countings for ladder in ladders)) and holds(rule.when, facts):
            one = found.get((rule.policy, rule.name))
            if one is None or not all(_is_far_past(limit, one) for limit in one.ladder.limits if limit.seconds):
                return False
            if rule.trips and not _blocks(one):
                return False
    return True


def shows_more(beginning: Inspection, whole: Inspection) -> bool:
    """Tell whether the time was gone before all detectors had read the whole, so that the beginning has more customers.

    They read one after the other: a customer whose phone was found and whose order was not is none.
    """
    is_late = any(gap.reason == "timed-out" for gap in whole.gaps)
    return is_late and _customers(beginning) > _customers(whole)


def _customers(seen: Inspection) -> int:
    return sum(map(len, seen.records.values()))


def _blocks(found: Match) -> bool:
    if found.after is not None:
        return False  # whether it holds is known to the windows only
    action = found.exemption.action if found.exemption is not None else None
    if found.ladder.limits:
        reached = [limit.action for limit in found.ladder.limits if not limit.seconds and _is_far_past(limit, found)]
        if not reached:
            return False
        action = max(reached) if action is None else action
    elif not found.rule.find or len(found.identities) < MARGIN:
        return False
    elif action is None:
        action = found.rule.action
    return in_force(action, found.rule.mode) is Action.BLOCK


def _is_far_past(limit: Limit, found: Match) -> bool:
    # Which customers somebody shares is not known yet, so as many are read as a memory keeps of one person.
    return len(found.identities) >= MARGIN * (MOST_CUSTOMERS if limit.sharing else limit.at_least)
