"""Level 2: the windows fed again, event by event; what they say must be what each event says that it read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dlp_proxy.incidents.decision import counters_of
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.model.totals import BESIDE, Observation, Series, Totals
from dlp_proxy.pipeline import Engine, conclude
from dlp_proxy.policy.match import match
from dlp_proxy.policy.policy import Policy
from dlp_proxy.replay.again import matches_again
from dlp_proxy.replay.history import Past
from dlp_proxy.replay.memory import Counters
from dlp_proxy.replay.progress import Progress
from dlp_proxy.replay.proof import monitored
from dlp_proxy.replay.recorded import (
    answers_of,
    asked_at,
    inspection_of,
    is_transfer,
    message_of,
    totals_of,
)
from dlp_proxy.stores.sqlite.shared_rings import forget_person
from dlp_proxy.stores.sqlite.shared_windows import reset_series

_RESET: Final = "window-reset"


class Recount:
    """Feeds events in the order of their sequence, and compares.

    Series are blind of which an event brought identities that it does not tell: a rule beside the first that counts
    something else. From then on they are not compared, and the answer says how many were not.
    """

    def __init__(self, progress: Progress, fingerprint: Fingerprint) -> None:
        self._progress = progress
        self._fingerprint = fingerprint
        self._blind = {Series(*one) for _, output in progress.items() for one in output.get("blind", ())}

    def feed(
        self, past: Past, policy: Policy | None, looked: tuple[Message, Inspection] | None = None
    ) -> dict[str, Any]:
        """Add what an event brought; return how many counters are the same, differ, and could not be counted.

        Args:
            looked: the message, and what was seen in its body again: then every rule's customers are known.
        """
        event = past.event
        if event.body.get("kind") == _RESET and policy is not None:
            self._forget(event.user.casefold(), event.body["windows"], policy)
        if not is_transfer(event) or event.body.get("error"):
            return {"same": 0, "uncounted": 0, "differs": []}
        recorded = totals_of(event.body["decision"]["counters"])
        every = len(recorded.distinct) + len(recorded.rings)
        if policy is None:
            return {"same": 0, "uncounted": every, "differs": []}
        message, seen = message_of(event), inspection_of(event)
        if looked is not None:
            matches, blind = match(policy, *looked), frozenset[Series]()
        else:
            again = matches_again(past, policy, policy, message, seen)
            matches, blind = again.matches, again.blind - self._blind
        self._blind |= blind
        now = asked_at(event, past.logged)
        before = self._before(now, recorded)
        memory = Counters(recorded, self._progress.windows, frozenset(self._blind))
        engine = Engine(policy, self._fingerprint, monitor=monitored(event, policy))
        conclude(message, seen, engine, matches, memory, now, answers=answers_of(event))
        told = {one.series for each in matches for one in each.observations}
        own = {at: total for at, total in memory.counted.distinct.items() if at[0] in told}
        return _compared(recorded, Totals({**before, **own}, memory.counted.rings)) | {"blind": sorted(blind)}

    def _before(self, now: float, recorded: Totals) -> dict[tuple[Series, int], int]:
        """Return what the windows hold before this event, for counters that it only asked."""
        asked = [
            Observation(series, (), (seconds,)) for series, seconds in recorded.distinct if series not in self._blind
        ]
        return dict(self._progress.windows.observe(now, asked).distinct)

    def _forget(self, user: str, windows: list[Mapping[str, Any]], policy: Policy) -> None:
        """Forget what a reset forgot: of the rules that it names, whatever is of that person."""
        rules = {(one["policy"], one["rule"]) for one in windows}
        names = {
            counting.series
            for rule in policy.rules
            if (rule.policy, rule.name) in rules
            for ladder in (rule.ladder, *(one.ladder for one in rule.exemptions if one.ladder is not None))
            for counting in ladder.countings
        }
        connection = self._progress.connection
        held = [Series(*row) for row in connection.execute("SELECT name, key FROM series")]
        mine = [one for one in held if one.name in names]
        reset_series(connection, [one for one in mine if user in one.key.split(BESIDE)])
        for one in mine:
            forget_person(connection, one, user)


def _compared(recorded: Totals, counted: Totals) -> dict[str, Any]:
    same, differs, uncounted = 0, [], 0
    own = counted.distinct
    for at, total in sorted(recorded.distinct.items()):
        if at not in own:
            uncounted += 1
        elif own[at] == total:
            same += 1
        else:
            differs.append(f"{at[0].name} of {at[0].key} over {at[1]} s: recorded {total}, counted again {own[at]}")
    for of, ring in sorted(recorded.rings.items()):
        again = counted.rings.get(of)
        if again is None:
            uncounted += 1
        elif counters_of(Totals({}, {of: again})) == counters_of(Totals({}, {of: ring})):
            same += 1
        else:
            differs.append(
                f"{of[0].name} at {of[0].key}: {len(ring.people)} people recorded, {len(again.people)} again"
            )
    return {"same": same, "uncounted": uncounted, "differs": differs}
