"""Why a message got its verdict, rule by rule, in lines for people. Values are never shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Reason, Verdict
from dlp_proxy.policy.checked import Checked
from dlp_proxy.policy.conditions import Facts, When, holds
from dlp_proxy.policy.match import Match, day_of
from dlp_proxy.policy.policy import SEVERITY_RANK, Exemption, Policy, Rule
from dlp_proxy.policy.problem import Place


def trace(
    policy: Policy, message: Message, inspection: Inspection, matches: Sequence[Match], verdict: Verdict
) -> list[str]:
    """Return the lines of an explanation: who and where, each rule with what it counted or why not, the answer."""
    facts = Facts(message, inspection)
    to = sorted(name for name, hosts in policy.destinations.items() if hosts.covers(facts.host))
    sender = sorted(name for name, people in policy.people.items() if people.covers(message.principal))
    clock = sorted(name for name, schedule in policy.schedules.items() if schedule.covers(message.time))
    body = f"{inspection.content or 'no body'}, {inspection.bytes} bytes"
    where = f"{message.destination.scheme}://{message.destination.site}{inspection.path}"
    lines = [
        f"{message.method} {where}  from {message.principal.user}  ({body})",
        f"  to   : {facts.host} is in: {', '.join(to) or 'no named destination'}",
        f"  from : {message.principal.user} is in: {', '.join(sender) or 'no named group'}",
        *([f"  when : it is: {', '.join(clock)}"] if policy.schedules else []),
        f"  found: {', '.join(f'{count} {kind}' for kind, count in inspection.kinds().items()) or 'nothing'}",
        *(f"  gap  : {gap.reason} at {gap.location}: {gap.detail}" for gap in inspection.gaps),
    ]
    by_rule: dict[tuple[str, str], list[Match]] = {}
    for found in matches:
        by_rule.setdefault((found.rule.policy, found.rule.name), []).append(found)
    for rule in policy.rules:
        some = by_rule.get((rule.policy, rule.name), [])
        for found in some:
            lines += _matched(found, _reason_of(found, verdict), facts, policy)
        if not some:
            lines.append(f"  skip  {rule.name:<28} {_at(rule.place)}  {why_not(policy, rule, facts)}")
    lines += [f"  gap   default for what no rule speaks of: {one.action.word}" for one in _defaults(verdict)]
    return [*lines, answer(verdict), f"  policy {verdict.policy_digest}"]


def answer(verdict: Verdict) -> str:
    first = next((one for one in verdict.reasons if one.effective == verdict.action), None)
    if first is None:
        return f"  answer: {verdict.action.word}, no rule matched"
    would = f", would {verdict.would.word} were it enforced" if verdict.would != verdict.action else ""
    excused = f"exception {first.exception}" if first.exception else "no exception"
    return f"  answer: {verdict.action.word} by {first.rule}, count {first.count}, {excused}{would}"


def why_not(policy: Policy, rule: Rule, facts: Facts) -> str:
    """Return why a rule did not match, in the words of its file."""
    written = policy.written("rule", rule.name)
    when = written.block("when") if written is not None else None
    failed = _failing(rule.when, when, facts)
    if failed:
        return failed
    if rule.find:
        names = ", ".join(sought.name for sought in rule.find)
        wanted = {name for sought in rule.find for name in policy.detectors_of(sought.name)}
        findings = [one for one in facts.inspection.findings if one.detector in wanted]
        low = [one for one in findings if one.confidence < rule.confidence]
        under = f" ({len(low)} findings are under {rule.confidence.word})" if low else ""
        return f"finds none of: {names}{under}"
    if rule.when.after is not None:
        return "when.after: that rule has not acted in time"
    return "does not hold"


def _failing(when: When, written: Checked | None, facts: Facts, path: str = "when") -> str:
    """Return the first condition that does not hold: each is asked by itself, by the function that asks them all."""
    if written is None or holds(when, facts):
        return ""
    alone = {
        "to": When(to=when.to),
        "not_to": When(not_to=when.not_to),
        "from": When(people=when.people),
        "not_from": When(not_people=when.not_people),
        "method": When(methods=when.methods),
        "path": When(paths=when.paths),
        "content": When(contents=when.contents),
        "size": When(size_at_least=when.size_at_least, size_at_most=when.size_at_most),
        "during": When(during=when.during),
        "not_during": When(not_during=when.not_during),
        "unreadable": When(unreadable=when.unreadable),
        "any": When(any_of=when.any_of),
    }
    for key, condition in alone.items():
        if not holds(condition, facts):
            return f"{path}.{key}: {_shown(written, key)} does not hold{_was(key, facts)}"
    return f"{path} does not hold"


def _shown(written: Checked, key: str) -> str:
    words = [given.scalar.text if given.scalar else given.text for given in written.all(key)]
    return f"[{', '.join(words)}]" if key not in {"size", "any"} else ""


def _was(key: str, facts: Facts) -> str:
    message = facts.message
    known = {
        "method": message.method,
        "path": facts.inspection.path,
        "content": facts.inspection.content or "no body",
        "size": f"{facts.inspection.bytes} bytes",
        "unreadable": ", ".join(sorted(facts.gaps)) or "nothing unreadable",
    }
    return f", this was {known[key]}" if key in known else ""


def _matched(found: Match, reason: Reason | None, facts: Facts, policy: Policy) -> Iterator[str]:
    rule = found.rule
    what = " + ".join(f"{count} different {name}" for name, count in found.what.items()) or "its conditions hold"
    yield f"  MATCH {rule.name:<28} {_at(rule.place)}  {what}"
    if reason is None:
        return
    for number, limit in enumerate(found.ladder.limits, 1):
        total = reason.totals.get(limit.words, 0)
        came = f"REACHED: {limit.action.word}" if total >= limit.at_least else "not reached"
        yield f"          limit {number}: {total} of {limit.words} -> {came}"
    if found.exemption is not None:
        yield f"          exception {found.exemption.name} ({_at(found.exemption.place)}) applies"
    for exemption in rule.exemptions:
        if found.exemption is not exemption and (why := _exemption_not(exemption, facts)):
            yield f"          exception {exemption.name} does not apply: {why}"
    weaker = f", so {reason.effective.word}" if reason.effective != reason.action else ""
    mode = f"{reason.mode}{_set_by(policy, rule, reason)}"
    yield f"          {reason.action.word}, severity {reason.severity}; mode {mode}{weaker}"


def _set_by(policy: Policy, rule: Rule, reason: Reason) -> str:
    """Return who made a mode weaker than `enforce`: of the proxy, the file and the rule the weakest is in force."""
    if reason.mode == "enforce":
        return ""
    if reason.mode != rule.mode:
        return " by the proxy"
    written = policy.written("rule", rule.name)
    return " by the rule" if written is not None and written.text("mode") == reason.mode else " by its file"


def _exemption_not(exemption: Exemption, facts: Facts) -> str:
    if day_of(facts.message) > exemption.expires:
        return f"it ended on {exemption.expires}"
    when = exemption.when
    parts = {
        "to": When(to=when.to, not_to=when.not_to),
        "from": When(people=when.people, not_people=when.not_people),
        f"path (this was {facts.inspection.path})": When(paths=when.paths),
        f"method (this was {facts.message.method})": When(methods=when.methods),
        "hours": When(during=when.during, not_during=when.not_during),
    }
    failed = [name for name, condition in parts.items() if not holds(condition, facts)]
    if failed:
        return f"{' and '.join(failed)} {'does' if len(failed) == 1 else 'do'} not fit"
    return "nothing holds one of its values" if exemption.values else "" if holds(when, facts) else "it does not hold"


def _reason_of(found: Match, verdict: Verdict) -> Reason | None:
    name = found.exemption.name if found.exemption is not None else ""
    same = [one for one in verdict.reasons if (one.policy, one.rule) == (found.rule.policy, found.rule.name)]
    return next((one for one in same if one.exception == name), None) or next(iter(same), None)


def _defaults(verdict: Verdict) -> list[Reason]:
    found = [one for one in verdict.reasons if one.policy == "default"]
    return sorted(found, key=lambda one: SEVERITY_RANK[one.severity])


def _at(place: Place) -> str:
    return f"{place.path}:{place.line}"
