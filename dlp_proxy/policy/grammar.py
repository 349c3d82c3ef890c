"""The one table of `dlp-policy/v1`: blocks, their keys, and what each key takes.

Checks, did-you-mean, help texts, JSON Schema, formatter and reference pages are made from it.
Meaning is in the design of the language, section 3.3; shapes are here.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.normalise import NORMALISERS
from dlp_proxy.detect.registry import CHECKS, READERS
from dlp_proxy.model.finding import GAP_REASONS
from dlp_proxy.model.location import AREAS
from dlp_proxy.policy.grammar_of_parts import CONFIDENCES, DESCRIPTION, PARTS, SEVERITIES
from dlp_proxy.policy.grammar_of_tests import CONTENTS, TESTS
from dlp_proxy.policy.keys import Block, Key, Needs, OneOf

FORMAT: Final = "dlp-policy/v1"

MODES: Final = ("enforce", "monitor", "off")
UNITS: Final = ("row", "object", "form", "text")
RULE_ACTIONS: Final = ("block", "coach", "redact", "log")
THINGS: Final = ("record", "detector")

_MODE: Final = Key("mode", "word", "enforce acts, monitor only records, off does nothing.", words=MODES)

_FILE: Final = Block(
    "file",
    (
        Key("format", "text", "Format of this file.", required=True, example=FORMAT),
        Key("policy", "name", "Name of this policy.", required=True, example="customer-orders"),
        DESCRIPTION,
        Key("owner", "text", "Who answers for it."),
        _MODE,
        Key("detectors", "blocks", "What single values look like.", block="detector"),
        Key("records", "blocks", "Which values together are one customer.", block="record"),
        Key("destinations", "blocks", "Named places.", block="destination"),
        Key("people", "blocks", "Named groups of senders.", block="people"),
        Key("schedules", "blocks", "Named hours.", block="schedule"),
        Key("rules", "blocks", "What is stopped or recorded.", block="rule"),
        Key("exceptions", "blocks", "Narrow, dated ways around a rule.", block="exception"),
        Key("tests", "block", "Requests and the answers they must get.", many=True, block="test"),
    ),
)

_CHECKS: Final = tuple(CHECKS)

_DETECTOR: Final = Block(
    "detector",
    (
        Key("like", "ref", "Start from this detector; keys written here replace its keys.", words=("detector",)),
        DESCRIPTION,
        Key("pattern", "pattern", "What a value looks like."),
        Key("patterns", "block", "Several patterns, each with a name.", many=True, block="pattern"),
        Key("words", "text", "Words instead of a pattern.", many=True),
        Key("named", "block", "Values known by a label, or by the name of their field or column.", many=True,
            block="named"),
        Key("kind", "name", "What it finds, over all detectors; its own name when not written."),
        Key("reader", "word", "The function of the program that reads a value where a pattern matches.",
            words=tuple(READERS)),
        Key("words_from", "file", "Files of the folder `fixtures`, one word a line.", many=True,
            example="fixtures/brands.txt"),
        Key("boundary", "word", "word: no Latin letter and no digit may touch it.", words=("word", "none")),
        Key("case", "word", "Whether capital letters matter.", words=("ignore", "exact")),
        Key("confidence", "word", "How sure a match alone is.", words=CONFIDENCES),
        Key("near", "block", "Words around a match that set its confidence; the last that fits wins.", many=True,
            block="near"),
        Key("checks", "word", "What a value must pass, all of them.", many=True,
            words=_CHECKS),
        Key("entropy", "block", "How random a value must be.", block="entropy"),
        Key("normalise", "word", "How spellings of one value become one.", many=True,
            words=tuple(NORMALISERS)),
        Key("ignore", "block", "Values that are not meant.", block="ignore"),
        Key("in_index", "name", "The index of existing values that must hold a value, made by `dlp-proxy index build`.",
            example="canaries"),
        Key("sample", "text", "How tests make one; {n:6} is a number of six digits."),
        Key("examples", "block", "What it must find and must not find.", block="examples"),
    ),
    one_of=(OneOf(("pattern", "patterns", "words", "words_from"), unless=("like", "named")),),
    example="pattern: 'SO-\\d{8}'",
)  # fmt: skip

_RECORD: Final = Block(
    "record",
    (
        DESCRIPTION,
        Key("has", "ref", "Detectors that must all be there.", many=True, words=("detector",)),
        Key("has_some", "block", "Detectors of which some must be there.", block="has_some"),
        Key("not_only", "ref", "Detectors that are no record among themselves, e.g. what shops have as people do.",
            many=True, words=("detector",), example="[landline-cn, address-cn]"),
        Key("not_only_of_places", "ref", "The same, in a row that names a shop, a branch or an office, and no person.",
            many=True, words=("detector",), example="[phone, address]"),
        Key("confidence", "word", "Least confidence of its findings.", words=CONFIDENCES),
        Key("unit", "word", "Where it is looked for.", many=True, words=UNITS),
        Key("text_window", "characters", "How far a record in free text may reach, e.g. '300 chars'."),
        Key("identify_by", "ref", "The first of these that is present is the record's identity.", many=True,
            required=True, words=("detector",), example="[order-number, phone-cn]"),
    ),
    example="identify_by: [order-number]",
)  # fmt: skip

_WHEN: Final = Block(
    "when",
    (
        Key("to", "ref", "Destinations or hosts.", many=True, words=("destination",)),
        Key("not_to", "ref", "Destinations or hosts it does not speak of.", many=True, words=("destination",)),
        Key("from", "ref", "People or user names.", many=True, words=("people",)),
        Key("not_from", "ref", "People or user names it does not speak of.", many=True, words=("people",)),
        Key("method", "method", "HTTP methods.", many=True),
        Key("path", "glob", "Paths of the URL, decoded.", many=True),
        Key("content", "word", "What the body is, by content.", many=True, words=CONTENTS),
        Key("size", "block", "Bytes of the body as sent.", block="size"),
        Key("during", "ref", "Schedules of which one must hold.", many=True, words=("schedule",)),
        Key("not_during", "ref", "Schedules of which none may hold.", many=True, words=("schedule",)),
        Key("unreadable", "word", "Why something could not be inspected.", many=True, words=GAP_REASONS),
        Key("after", "block", "A rule that acted on the same sender a short time before.", block="after"),
        Key("any", "block", "Several sets of conditions, of which one must hold beside those above.", many=True,
            block="any"),
    ),
    example="to: std/webmail",
)  # fmt: skip

_ANY: Final = Block("any", tuple(key for key in _WHEN.keys if key.name not in {"any", "after"}))

_RULE: Final = Block(
    "rule",
    (
        DESCRIPTION,
        _MODE,
        Key("severity", "word", "How bad it is.", required=True, words=SEVERITIES),
        Key("tags", "text", "Words to sort rules by.", many=True),
        Key("references", "text", "Laws, contracts, tickets.", many=True),
        Key("notify", "text", "Who is told; written in each event, for whatever sends it on.", many=True),
        Key("when", "block", "Which transfers it speaks of.", block="when"),
        Key("find", "ref", "Records and detectors it looks for; a unit counts for the first that fits.", many=True,
            words=THINGS),
        Key("confidence", "word", "Findings under this do not exist for the rule.", words=CONFIDENCES),
        Key("look_in", "word", "Areas of the message; all when not written.", many=True, words=AREAS),
        Key("known_customers", "word", "true: count only customers of whom a value is in the index `customers`.",
            words=("true", "false")),
        Key("limits", "block", "From how many on it acts; the strictest reached wins.", many=True, block="limit"),
        Key("action", "word", "What it does.", required=True, words=RULE_ACTIONS),
        Key("coach", "block", "How coaching asks.", block="coach"),
        Key("redact", "block", "How values are replaced.", block="redact"),
        Key("message", "texts", "What the sender reads, by language."),
    ),
    needs=(
        Needs("limits", "find", "say what is counted, e.g. `find: customer-order`"),
        Needs("look_in", "find", "say what is looked for, e.g. `find: customer-order`"),
        Needs("confidence", "find", "say what is looked for, e.g. `find: customer-order`"),
        Needs("known_customers", "find", "say what is looked for, e.g. `find: customer-order`"),
    ),
    example="severity: high, find: std/phone-cn, action: log",
)  # fmt: skip

_LIMIT: Final = Block(
    "limit",
    (
        Key("at_least", "number", "Acts from this total on, this request included.", required=True),
        Key("per", "word", "Counts this request alone.", words=("request",)),
        Key("within", "time", "Counts the last stretch of time, sliding."),
        Key("by", "word", "Whose total it is.", many=True, words=("user", "device", "site", "destination", "rule")),
        Key("count", "word", "distinct (when not written) counts different ones; all counts one sent twice as two; "
            "people counts who sent the same ones to one place.", words=("distinct", "all", "people")),
        Key("sharing", "number", "With `count: people`: how many same customers link two people; 5 when not "
            "written."),
        Key("action", "word", "Instead of the rule's action.", words=RULE_ACTIONS),
        Key("severity", "word", "Instead of the rule's severity.", words=SEVERITIES),
    ),
    one_of=(OneOf(("per", "within")),),
    needs=(
        Needs("within", "by", "say whose total this is, e.g. `by: user`"),
        Needs("by", "within", "say over which time, e.g. `within: 24h`"),
        Needs("sharing", "count", "say that people are counted: `count: people`"),
    ),
    example="at_least: 50, within: 24h, by: user",
)  # fmt: skip

_EXCEPTION: Final = Block(
    "exception",
    (
        Key("rules", "ref", "Rules it changes.", many=True, required=True, words=("rule",)),
        Key("when", "block", "Which transfers it speaks of.", required=True, block="when"),
        Key("values", "text", "Excuses only what holds one of these values, in any of its spellings.", many=True),
        Key("instead", "block", "What holds instead.", required=True, block="instead"),
        Key(
            "why",
            "text",
            "The reason, for whoever reads it in a year.",
            required=True,
            example="Returns partner has no API before April; contract 118.",
        ),
        Key("owner", "text", "Who answers for it.", required=True, example="li.na@corp.example"),
        Key("expires", "date", "The last day it holds.", required=True, example="2027-03-31"),
        Key("from_incident", "text", "The incident it came from."),
    ),
    example="expires: 2027-03-31",
)

_INSTEAD: Final = Block(
    "instead",
    (
        Key("action", "word", "Replaces the rule's action.", words=(*RULE_ACTIONS, "allow")),
        Key("limits", "block", "Replaces the rule's limits, with totals of its own.", many=True, block="limit"),
    ),
    one_of=(OneOf(("action", "limits")),),
    example="action: log",
)  # fmt: skip

BLOCKS: Final[dict[str, Block]] = {
    block.name: block
    for block in (_FILE, _DETECTOR, _RECORD, _WHEN, _ANY, _RULE, _LIMIT, *PARTS, _EXCEPTION, _INSTEAD, *TESTS)
}

NAMED: Final[dict[str, str]] = {
    "detectors": "detector",
    "records": "record",
    "destinations": "destination",
    "people": "people",
    "schedules": "schedule",
    "rules": "rule",
    "exceptions": "exception",
}
"""Keys of a file that define names, and the kind of thing each defines."""
