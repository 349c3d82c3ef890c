"""The smaller blocks of the grammar's table: parts of detectors, records and rules, and who, where and when."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.registry import CHECKS
from dlp_proxy.policy.keys import Block, Key, Needs
from dlp_proxy.policy.places import CATEGORIES
from dlp_proxy.policy.schedules import DAYS

SEVERITIES: Final = ("info", "low", "medium", "high", "critical")
CONFIDENCES: Final = ("low", "medium", "high")
DESCRIPTION: Final = Key("description", "text", "What it is for, for people.")
_CHECKS: Final = tuple(CHECKS)

PARTS: Final = (
    Block(
        "pattern",
        (
            Key("name", "name", "Name of the pattern.", required=True),
            Key("pattern", "pattern", "What a value looks like.", required=True),
            Key("confidence", "word", "How sure this pattern is.", words=CONFIDENCES),
            Key(
                "checks", "word", "What its matches must pass, beside the detector's checks.", many=True, words=_CHECKS
            ),
        ),
        example="name: github-token",
    ),
    Block(
        "named",
        (
            Key("name", "name", "Name of this way of knowing it.", required=True),
            Key("value", "pattern", "What a value looks like; it begins where the label ends.", required=True),
            Key("labels", "text", "Names that are labels in any text, and of fields and columns.", many=True),
            Key("fields", "text", "Names of fields and columns only, and only whole.", many=True),
            Key("loose", "word", "yes: a space or nothing is enough between label and value.", words=("yes", "no")),
            Key("whole", "word", "yes: a label is no part of a longer word: not shippingName.", words=("yes", "no")),
            Key("confidence", "word", "How sure a value found so is.", words=CONFIDENCES),
            Key("checks", "word", "What it must pass, beside the detector's checks.", many=True, words=_CHECKS),
        ),
        example="labels: [contract number, 合同号]",
    ),
    Block(
        "near",
        (
            Key("words", "text", "Words to look for.", many=True, required=True),
            Key("within", "near", "How near: '40 chars', record or field-name.", required=True),
            Key("set_to", "word", "The confidence it sets.", required=True, words=CONFIDENCES),
            Key("forms", "name", "Names of patterns whose matches it is for; all when not written.", many=True),
        ),
        example="within: record",
    ),
    Block(
        "entropy",
        (Key("at_least", "decimal", "Bits a character, by Shannon.", required=True),),
        example="at_least: 3.0",
    ),
    Block(
        "ignore",
        (
            Key("values", "text", "These values, whole.", many=True),
            Key("patterns", "pattern", "Values that match one of these as a whole.", many=True),
            Key(
                "values_from",
                "file",
                "Files of the folder `fixtures`, one value a line.",
                many=True,
                example="fixtures/training-orders.txt",
            ),
        ),
    ),
    Block(
        "examples",
        (
            Key("match", "text", "Texts in which it finds something.", many=True),
            Key("no_match", "text", "Texts in which it finds nothing.", many=True),
        ),
    ),
    Block(
        "has_some",
        (
            Key("of", "ref", "Detectors to choose from.", many=True, required=True, words=("detector",)),
            Key("at_least", "number", "How many different ones; 1 when not written."),
        ),
        example="of: [phone-cn, email]",
    ),
    Block(
        "destination",
        (
            DESCRIPTION,
            Key("hosts", "host", "Hosts; `*.x` is every host below x.", many=True),
            Key(
                "hosts_from",
                "file",
                "Files of the folder `fixtures`, one host a line.",
                many=True,
                example="fixtures/partners.txt",
            ),
            Key("categories", "word", "Lists of hosts that come with the program.", many=True, words=CATEGORIES),
            Key("networks", "network", "Networks, for hosts that are addresses.", many=True),
        ),
        example="hosts: ['corp.example', '*.corp.example']",
    ),
    Block(
        "people",
        (
            DESCRIPTION,
            Key("users", "glob", "User names; `*` stands for any text.", many=True),
            Key("groups", "text", "Groups of the directory.", many=True),
            Key("devices", "glob", "Names of workstations.", many=True),
            Key("networks", "network", "Addresses they send from.", many=True),
        ),
        example="users: ['*@corp.example']",
    ),
    Block(
        "schedule",
        (
            DESCRIPTION,
            Key("timezone", "zone", "Time zone of the IANA database.", required=True, example="Asia/Shanghai"),
            Key("days", "word", "Days of the week; every day when not written.", many=True, words=DAYS),
            Key(
                "hours",
                "hours",
                "From and to, local time; over midnight when the end is earlier. The whole day when not written.",
                many=True,
            ),
        ),
        example="timezone: Asia/Shanghai",
    ),
    Block(
        "after",
        (
            Key("rule", "ref", "The rule that acted: log or stricter.", required=True, words=("rule",)),
            Key("within", "time", "How long before.", required=True),
            Key("by", "word", "Who is the same; user when not written.", words=("user", "device")),
        ),
        example="rule: orders-exported",
    ),
    Block(
        "size",
        (
            Key("at_least", "size", "From this size on."),
            Key("at_most", "size", "Up to this size."),
        ),
    ),
    Block(
        "coach",
        (
            Key("ask", "word", "What the page asks for.", words=("confirm", "reason")),
            Key("choices", "text", "Reasons to choose from.", many=True),
            Key("remember", "time", "How long an answer holds."),
            Key("cannot_ask", "word", "What happens where no page can be shown.", words=("block", "log")),
        ),
        needs=(Needs("choices", "ask", "write `ask: reason`"),),
        example="ask: reason",
    ),
    Block(
        "redact",
        (
            Key("replace_with", "text", "What stands in the place of a value; {what} is its kind.", blank=True),
            Key("cannot_redact", "word", "What happens where the body cannot be rewritten.", words=("block", "log")),
        ),
        example="replace_with: '[removed]'",
    ),
)
