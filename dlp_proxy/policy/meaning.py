"""What a well-shaped policy may still get wrong: rules nobody tests, exceptions without an end, messages with slips."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.lists import missing
from dlp_proxy.policy.names import Names
from dlp_proxy.policy.problem import Problems
from dlp_proxy.policy.wording import BLANKS
from dlp_proxy.policy.words import nearest

SOON_DAYS: Final = 14
_BLANK: Final = re.compile(r"\{([^{}]*)\}")


def check_file(file: Checked, fixtures: Collection[str], today: date, problems: Problems) -> None:
    """Complain about everything in one file that can be judged without the others."""
    for record in file.blocks("records"):
        _record(record, problems)
    for destination in file.blocks("destinations"):
        _some_of(destination, ("hosts", "hosts_from", "categories", "networks"), problems)
    for people in file.blocks("people"):
        _some_of(people, ("users", "groups", "devices", "networks"), problems)
    for rule in file.blocks("rules"):
        _rule(rule, problems)
    for exception in file.blocks("exceptions"):
        _exception(exception, today, problems)
    for test in file.blocks("tests"):
        _test(test, fixtures, problems)
    for block in file.walk():
        if block.kind == "any" and not block.written and not block.broken:
            hint = "write the conditions of this branch, or delete it"
            problems.error("TOO-WIDE", block.place, f"{block.title} has an empty branch, which always holds", hint)
        if block.kind == "limit" and not block.broken:
            _people(block, problems)
        if block.kind == "size" and 0 <= block.number("at_most", -1) < block.number("at_least"):
            problems.error("RANGE", block.all("at_most")[0].place, "`at_most` is smaller than `at_least`")


def limits_of_nothing(files: Iterable[Checked], names: Names, problems: Problems) -> None:
    """Complain about exceptions that count for a rule that finds nothing: it would never act again."""
    for file in files:
        for exception in file.blocks("exceptions"):
            instead = exception.block("instead")
            if instead is None or not instead.all("limits"):
                continue
            for given in exception.all("rules"):
                rule = names.get("rule", given.text)
                if rule is not None and "find" not in rule.written:
                    message = f"rule `{rule.name}` has no `find`, so the limits of {exception.title} count nothing"
                    problems.error("NEEDS", given.place, message, "write `instead: {action: ...}`")


def untested(files: Iterable[Checked], problems: Problems) -> None:
    """Complain about rules in force that no test expects."""
    every = list(files)
    expected = {expect.text("rule") for file in every for expect in file.walk() if expect.kind == "expect"}
    for file in every:
        for rule in file.blocks("rules"):
            in_force = file.text("mode", "enforce") == "enforce" == rule.text("mode", "enforce")
            unclear = any("mode" in one.written and not one.given.get("mode") for one in (file, rule))
            if in_force and not unclear and rule.name not in expected:
                hint = "add one under `tests:`, or set `mode: monitor` until there is one"
                message = f"rule `{rule.name}` is set to enforce but no test expects it"
                problems.error("UNTESTED", rule.place, message, hint)


def _some_of(block: Checked, keys: tuple[str, ...], problems: Problems) -> None:
    if not block.broken and not any(key in block.written for key in keys):
        wanted = " or ".join(f"`{key}`" for key in keys)
        problems.error("MISSING", block.place, f"{block.title} has no {wanted}", "as it is it covers nothing")


def _record(record: Checked, problems: Problems) -> None:
    some = record.block("has_some")
    _some_of(record, ("has", "has_some"), problems)
    if some is not None and some.number("at_least", 1) > len(some.all("of")) and not some.broken:
        place = some.all("at_least")[0].place
        message = f"`at_least` is {some.number('at_least')}, but `of` has only {len(some.all('of'))}"
        problems.error("RANGE", place, message, "as it is no record could ever be found")
    looked_for = {*record.texts("has"), *(some.texts("of") if some else ())}
    for key in ("identify_by", "not_only", "not_only_of_places"):
        for given in record.all(key):
            if given.text not in looked_for and not record.faulty:
                message = f"`{key}` names `{given.text}`, which this record does not look for"
                problems.error("NEEDS", given.place, message, "add it under `has` or `has_some`")
    if looked_for <= set(record.texts("not_only")) and looked_for and not record.faulty:
        place = record.all("not_only")[0].place
        problems.error(
            "RANGE", place, "`not_only` names all that is looked for", "as it is no record could ever be found"
        )


def _rule(rule: Checked, problems: Problems) -> None:
    when = rule.block("when")
    if "find" not in rule.written and not rule.broken and (when is None or not when.written):
        hint = "say what it looks for (`find`) or which transfers it speaks of (`when`)"
        problems.error("TOO-WIDE", rule.place, f"{rule.title} would act on every transfer there is", hint)
    actions = {rule.text("action"), *(limit.text("action") for limit in rule.blocks("limits"))}
    if rule.text("action") == "redact" and "find" not in rule.written:
        hint = "say which values are replaced, e.g. `find: customer-order`"
        problems.error("NEEDS", rule.all("action")[0].place, "`action: redact` needs `find` in the rule", hint)
    speaks = next((action for action in ("block", "coach") if action in actions), "")
    if speaks and "message" not in rule.written:
        message = f"{rule.title} can {speaks}, but has no message for the sender"
        hint = "add e.g. `message: {en: 'This was stopped. Ask {help} and quote {incident}.'}`"
        problems.error("MESSAGE", rule.place, message, hint)
    for given in rule.all("message"):
        _message(given, problems)


def _people(limit: Checked, problems: Problems) -> None:
    """Complain about a limit on people that could not mean anything."""
    if limit.text("count") != "people":
        if (sharing := limit.one("sharing")) is not None:
            message = "`sharing` speaks of people, but this limit counts customers"
            problems.error("NEEDS", sharing.place, message, "write `count: people`, or take it out")
        return
    place = limit.all("count")[0].place
    if "within" not in limit.written:
        hint = "say over which time and where, e.g. `within: 30d, by: destination`"
        problems.error("NEEDS", place, "`count: people` needs `within`: one request has one sender", hint)
    for given in limit.all("by"):
        if given.text in {"user", "device"}:
            message = f"`by: {given.text}` is one sender, but `count: people` counts several at one place"
            problems.error(
                "BAD-VALUE", given.place, message, "write where they send to: `by: destination` or `by: site`"
            )
    if limit.number("at_least", 2) < 2:
        at_least = limit.all("at_least")[0].place
        problems.error(
            "RANGE",
            at_least,
            "`at_least` is 1, but it takes 2 people to share",
            "write 3, so that a couple by chance is not enough",
        )


def untold(file: Checked, languages: Sequence[str], problems: Problems) -> None:
    """Warn of messages that are not in one of these languages; a text in `zh-TW` is one in `zh`."""
    for rule in file.blocks("rules"):
        told = {name for given in rule.all("message") for name in (given.name, given.name.partition("-")[0])}
        for language in languages:
            if told and language not in told:
                message = f"{rule.title} has no message in `{language}`, which dlp-policy.toml lists"
                problems.warning("MESSAGE", rule.written["message"], message, f"add `{language}: '...'`")


def _message(given: Given, problems: Problems) -> None:
    for blank in dict.fromkeys(_BLANK.findall(given.text)):
        if blank not in BLANKS:
            near = nearest(blank.strip(), BLANKS)
            guess = f"did you mean `{{{near}}}`? " if near else ""
            message = f"message has an unknown blank `{{{blank}}}`"
            problems.error("MESSAGE", given.place, message, f"{guess}known: {' '.join(BLANKS)}")
    if "{limit}" in given.text:
        message = "message tells the sender the limit, so the next upload can stay under it"
        problems.warning("MESSAGE", given.place, message, "leave `{limit}` out; investigators see it in the incident")


def _exception(exception: Checked, today: date, problems: Problems) -> None:
    when = exception.block("when")
    if when is not None and (after := when.written.get("after")) is not None:
        hint = "write `after` into the rule; an exception speaks of one transfer"
        problems.error("BAD-VALUE", after, f"{exception.title} cannot wait for another rule", hint)
    if when is not None and not when.written and not when.broken:
        place = exception.written["when"]
        hint = "say for whom, where to or which path, e.g. `when: {from: fulfilment, to: file-drops}`"
        problems.error("TOO-WIDE", place, f"{exception.title} holds for every transfer there is", hint)
    expires = exception.one("expires")
    if expires is None:
        return
    left = (date.fromisoformat(expires.text) - today).days
    if left < 0:
        message = f"{exception.title} ended {-left} day{'s' * (left != -1)} ago and no longer applies"
        problems.warning("EXPIRED", expires.place, message, "delete it, or renew it with a new date and reason")
    elif left <= SOON_DAYS:
        message = (
            f"{exception.title} ends in {left} day{'s' * (left != 1)}" if left else f"{exception.title} ends today"
        )
        problems.warning("EXPIRES-SOON", expires.place, message, "renew it with a new date and reason, or let it end")


def unmakeable(
    files: Iterable[Checked], names: Names, spec: Callable[[str], DetectorSpec | None], problems: Problems
) -> None:
    """Complain about tests that make records of a detector that has no sample."""
    for make in (block for file in files for block in file.walk() if block.kind == "make"):
        record = names.get("record", make.text("record"))
        if record is None:
            continue
        some = record.block("has_some")
        for name in (*record.texts("has"), *(some.texts("of") if some else ())):
            found = spec(name)
            if found is not None and not found.sample:
                place = make.all("record")[0].place
                message = f"record `{record.name}` cannot be made: detector `{name}` has no sample"
                problems.error("NEEDS", place, message, "give the detector one, e.g. `sample: 'SO-{n:6}'`")


def _expects(test: Checked, problems: Problems) -> None:
    expects = [block for block in test.walk() if block.kind == "expect"]
    for expect in expects:
        if not expect.written:
            hint = "say at least which answer it must be, e.g. `expect: {action: block}`"
            problems.error("EMPTY", expect.place, "`expect` says nothing, so the test would always pass", hint)
    if not expects and test.blocks("steps") and not test.faulty:
        hint = "write `expect: {action: ...}` into the step that shows it"
        problems.error("NEEDS", test.place, f"{test.title} expects nothing, so it would always pass", hint)


def _test(test: Checked, fixtures: Collection[str], problems: Problems) -> None:
    _expects(test, problems)
    clock = 0
    for step in test.blocks("steps"):
        at = step.one("at")
        if at is not None and isinstance(at.value, int):
            if at.value < clock:
                problems.error("RANGE", at.place, f"`at` is before the step above it, {clock} s into the test")
            clock = max(clock, at.value)
        clock += (step.number("repeat", 1) - 1) * step.number("every")
        if step.number("repeat", 1) > 10_000:
            problems.error("RANGE", step.all("repeat")[0].place, "`repeat` can be 10000 at most")
    for block in test.walk():
        if (file := block.one("body_file")) is not None:
            missing(file, fixtures, problems)
        if block.kind == "make" and block.text("as") == "form" and block.number("rows", 1) > 1:
            problems.error("RANGE", block.all("rows")[0].place, "a form holds one record", "use `as: csv` for more")
        if block.kind == "make" and block.number("rows") > 100_000:
            problems.error("RANGE", block.all("rows")[0].place, "`rows` can be 100000 at most")
