"""The part of the grammar's table that is about tests in policies."""

from __future__ import annotations

from typing import Final

from dlp_proxy.model.finding import GAP_REASONS
from dlp_proxy.policy.keys import Block, Key, Needs, OneOf

CONTENTS: Final = ("json", "form", "multipart", "csv", "text", "zip", "gzip", "archive", "binary")

TESTS: Final = (
    Block(
        "test",
        (
            Key("name", "text", "What it shows.", required=True, example="fifty orders are stopped"),
            Key("begins", "moment", "When its first request is sent; 9:00 UTC of the day when not written.",
                example="2026-11-24 22:30 Asia/Shanghai"),
            Key("request", "block", "One request.", block="request"),
            Key("steps", "block", "Several, in order of time.", many=True, block="step"),
            Key("expect", "block", "The answer to `request`.", block="expect"),
        ),
        one_of=(OneOf(("request", "steps")),),
        needs=(
            Needs("expect", "request", "write `expect` into the step it belongs to"),
            Needs("request", "expect", "say what must happen, e.g. `expect: {action: block}`"),
        ),
        example="name: 60 orders to webmail are stopped",
    ),
    Block(
        "step",
        (
            Key("at", "time", "Time since the start of the test.", least=0),
            Key("repeat", "number", "How many times."),
            Key("every", "time", "Time between two."),
            Key("request", "block", "What is sent.", required=True, block="request"),
            Key("expect", "block", "The answer each time.", block="expect"),
        ),
        needs=(Needs("every", "repeat", "say how many times, e.g. `repeat: 10`"),),
        example="request: {from: a@corp.example, to: 'https://x.example/', body: text}",
    ),
    Block(
        "request",
        (
            Key("from", "text", "User who sends.", required=True, example="a@corp.example"),
            Key("to", "url", "Where to.", required=True),
            Key("method", "method", "HTTP method; POST when not written."),
            Key("content", "word", "What the body is; `archive` packs it into a zip.", words=CONTENTS),
            Key("body", "text", "The body.", blank=True),
            Key("body_file", "file", "A file of the fixtures folder."),
            Key("make", "block", "Records made from samples.", block="make"),
            Key("filename", "text", "Name of the uploaded file."),
            Key("unreadable", "word", "Why it cannot be inspected.", words=GAP_REASONS),
            Key("known", "name", "Indexes of existing values that hold all that is in it.", many=True,
                example="customers"),
        ),
        one_of=(OneOf(("body", "body_file", "make"), optional=True),),
        example="to: https://mail.example/upload",
    ),
    Block(
        "make",
        (
            Key("record", "ref", "Which record.", required=True, words=("record",)),
            Key("rows", "number", "How many.", required=True),
            Key("as", "word", "How they are written; csv when not written.", words=("csv", "json", "form", "text")),
            Key("start", "number", "Number of the first one.", least=0),
        ),
        example="rows: 60",
    ),
    Block(
        "expect",
        (
            Key("action", "word", "The answer.",
                words=("allow", "counted", "log", "redact", "coach", "block")),
            Key("rule", "ref", "The rule that gave it.", words=("rule",)),
            Key("count", "number", "How many it counted.", least=0),
            Key("exception", "ref", "The exception that applied.", words=("exception",)),
            Key("message_contains", "text", "Words of the message."),
            Key("body_contains", "text", "Text that is in the redacted body.", many=True),
            Key("body_lacks", "text", "Text that is not in the redacted body.", many=True),
        ),
        example="action: block",
    ),
)  # fmt: skip
