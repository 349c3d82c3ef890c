from __future__ import annotations

from typing import Any

from dlp_proxy.detect.detector import Gate, Ignore, Near, Pattern
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.model.finding import Confidence

HEAD = "format: dlp-policy/v1\npolicy: p\ndetectors:\n"


def spec(world: Any, yaml: str, name: str = "d") -> Any:
    loaded = world.load(HEAD + yaml)
    assert loaded.policy is not None, loaded.problems
    return loaded.policy.detector_specs[name]


def test_every_key_of_a_detector_arrives(world: Any) -> None:
    made = spec(
        world,
        """\
  d:
    description: All of it.
    patterns:
      - {name: one, pattern: 'A\\d{4}', confidence: low}
      - {name: two, pattern: 'B\\d{4}'}
    boundary: none
    case: exact
    confidence: high
    near: [{words: [x, y], within: 40 chars, set_to: low}, {words: z, within: record, set_to: high}]
    checks: [luhn, not-repeated]
    entropy: {at_least: 1.5}
    normalise: [nfkc, digits-only]
    ignore: {values: [A0000], patterns: ['B0+']}
    sample: 'A{n:4}'
    examples: {match: [A0018], no_match: [A0017]}
""",
    )
    assert (made.name, made.kind, made.description) == ("d", "d", "All of it.")
    assert made.patterns == (Pattern("A\\d{4}", "one", Confidence.LOW), Pattern("B\\d{4}", "two"))
    assert (made.boundary, made.case, made.confidence) == ("none", "exact", Confidence.HIGH)
    assert made.near == (Near(("x", "y"), 40, Confidence.LOW), Near(("z",), "record", Confidence.HIGH))
    assert (made.checks, made.entropy, made.normalise) == (("luhn", "not-repeated"), 1.5, ("nfkc", "digits-only"))
    assert made.ignore == Ignore(("A0000",), ("B0+",))
    assert (made.sample, made.examples.match, made.examples.no_match) == ("A{n:4}", ("A0018",), ("A0017",))


def test_like_takes_everything_but_what_is_written(world: Any) -> None:
    base = next(one for one in STANDARD if one.name == "std/email")
    made = spec(world, "  d: {like: std/email, confidence: low, ignore: {values: [a@b.example]}}\n")
    assert (made.name, made.kind, made.patterns, made.gate) == ("d", "email", base.patterns, base.gate)
    assert made.confidence is Confidence.LOW
    assert made.ignore == Ignore(("a@b.example",))


def test_another_pattern_does_not_inherit_what_the_old_one_needed(world: Any) -> None:
    made = spec(world, "  d: {like: std/email, words: [mailbox], sample: mailbox, examples: {match: [mailbox]}}\n")
    assert (made.patterns, made.words, made.gate) == ((), ("mailbox",), Gate())


def test_like_goes_over_several_steps_in_any_order_of_files(world: Any) -> None:
    yaml = "  a: {like: b, confidence: high}\n  b: {like: c}\n  c: {like: std/email, confidence: low}\n"
    assert spec(world, yaml, "a").confidence is Confidence.HIGH
    assert spec(world, yaml, "b").confidence is Confidence.LOW


def test_only_what_a_rule_needs_is_run(world: Any) -> None:
    text = HEAD + "  d: {like: std/email}\n  other: {like: std/phone-cn}\nmode: monitor\n"
    text += "rules:\n  r: {severity: low, action: log, find: [d, std/phone-cn]}\n"
    policy = world.load(text).policy
    assert [one.spec.name for one in policy.detectors] == ["d", "std/phone-cn"]
