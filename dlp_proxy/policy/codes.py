"""Every code that `policy check` gives: what it says, and a wrong and a right file. `explain-error` prints them."""

# ruff: noqa: E501 (a small file stands on one line)

from __future__ import annotations

from typing import Final, NamedTuple

HEAD: Final = "format: dlp-policy/v1\npolicy: a-policy\n"
_HEAD: Final = f"{HEAD}mode: monitor\n"
_RULE: Final = f"{_HEAD}rules:\n  bulk:\n    severity: high\n    find: std/email\n    action: log\n"
_DETECTOR: Final = (
    f"{_HEAD}detectors:\n  order:\n    sample: 'SO-{{n:8}}'\n    examples: {{match: [SO-00000001], no_match: [x]}}\n"
)
_EXCEPTION: Final = f"""{_RULE}exceptions:
  partner:
    rules: bulk
    why: Contract 118.
    owner: me@corp.example
    instead: {{action: log}}
"""
_FAR: Final = "    expires: 2099-03-31\n"


class Code(NamedTuple):
    """A code. `wrong` is a file that gives it and `right` one that does not; `warns` when the set still loads."""

    name: str
    says: str
    wrong: str
    right: str
    warns: bool = False

    @property
    def page(self) -> str:
        kind = "A warning: the policies still load." if self.warns else "An error: the policies do not load."
        blocks = (f"Wrong:\n\n{_indented(self.wrong)}", f"Right:\n\n{_indented(self.right)}")
        return "\n\n".join((f"{self.name}: {self.says}.", kind, *blocks)) + "\n"


CODES: Final = (
    Code("BAD-NAME", "a name that is not lower-case words joined by `-`, or a language that is none",
         f"{_HEAD}people:\n  Our Team: {{users: [a@corp.example]}}\n",
         f"{_HEAD}people:\n  our-team: {{users: [a@corp.example]}}\n"),
    Code("BAD-VALUE", "a value that its key does not take",
         f"{HEAD}mode: simulate\n", f"{HEAD}mode: monitor\n"),
    Code("COACH-HERE", "a rule coaches where no page can be shown and does not say what happens there",
         _RULE.replace("log", "coach") + "    look_in: [body, websocket]\n    message: {en: 'Really?'}\n",
         _RULE.replace("log", "coach")
         + "    look_in: [body, websocket]\n    coach: {cannot_ask: block}\n    message: {en: 'Really?'}\n", warns=True),
    Code("CONFLICT", "two rules ask for the same and do different things; the text says which one wins",
         f"{_RULE}  bulk-again:\n    severity: high\n    find: std/email\n    action: block\n    message: {{en: 'No.'}}\n",
         _RULE, warns=True),
    Code("COST", "a total that may need more memory than a machine has",
         f"{_RULE}    limits: [{{at_least: 500000, within: 24h, by: user}}]\n",
         f"{_RULE}    limits: [{{at_least: 500, within: 24h, by: user}}]\n", warns=True),
    Code("DEAD-RULE", "conditions that nothing can fulfil, as `to` and `not_to` with the same hosts",
         f"{_RULE}    when: {{from: a@corp.example, not_from: a@corp.example}}\n",
         f"{_RULE}    when: {{from: a@corp.example}}\n"),
    Code("DUPLICATE", "the same key, name or list item twice; both places are shown",
         f"{_RULE}    action: log\n", _RULE),
    Code("EMPTY", "a key, a list, a block or a file with nothing in it",
         f"{_RULE}    tags: []\n", f"{_RULE}    tags: [orders]\n"),
    Code("EXAMPLE", "a detector does not do what its own examples say",
         f"{_DETECTOR}    pattern: 'SO-\\d{{9}}'\n", f"{_DETECTOR}    pattern: 'SO-\\d{{8}}'\n"),
    Code("EXPIRED", "an exception has ended and does nothing",
         f"{_EXCEPTION}    when: {{to: a.example}}\n    expires: 2020-03-31\n",
         f"{_EXCEPTION}    when: {{to: a.example}}\n{_FAR}", warns=True),
    Code("EXPIRES-SOON", "an exception ends within 14 days",
         f"{_EXCEPTION}    when: {{to: a.example}}\n    expires: TODAY\n",
         f"{_EXCEPTION}    when: {{to: a.example}}\n{_FAR}", warns=True),
    Code("FORMAT-NEWER", "the file is for a newer program",
         "format: dlp-policy/v2\npolicy: a-policy\n", HEAD),
    Code("FORMAT-OLD", "the file is of a format that is no longer read; `dlp-proxy policy migrate` brings it to this one",
         "format: dlp-policy/v0\npolicy: a-policy\n", HEAD),
    Code("MESSAGE", "a rule that stops people says nothing to them, or a blank is unknown; a warning for `{limit}` and for a language of `dlp-policy.toml` that is left out",
         _RULE.replace("log", "block"), _RULE.replace("log", "block") + "    message: {en: 'Stopped. Ask {help}.'}\n"),
    Code("MISSING", "a key that must be there is not",
         f"{_HEAD}rules:\n  bulk:\n    find: std/email\n    action: log\n", _RULE),
    Code("NEEDS", "a key that means nothing without another one",
         f"{_RULE}    limits: [{{at_least: 5, within: 24h}}]\n",
         f"{_RULE}    limits: [{{at_least: 5, within: 24h, by: user}}]\n"),
    Code("NEVER", "a limit that another one always beats, or a block for an action that the rule does not have",
         f"{_RULE}    limits: [{{at_least: 5, per: request}}, {{at_least: 50, per: request}}]\n",
         f"{_RULE}    limits: [{{at_least: 5, per: request}}, {{at_least: 50, per: request, severity: critical}}]\n",
         warns=True),
    Code("NO-EXAMPLE", "a detector without sample or examples",
         f"{_HEAD}detectors:\n  order: {{pattern: 'SO-\\d{{8}}'}}\n", f"{_DETECTOR}    pattern: 'SO-\\d{{8}}'\n", warns=True),
    Code("ODD-HOST", "a host one letter off another that is written often, or off a known top-level domain",
         f"{_RULE}    when: {{to: mail.exampl}}\n", f"{_RULE}    when: {{to: mail.example}}\n", warns=True),
    Code("ONE-OF", "none, or more than one, of several keys of which exactly one must stand",
         f"{_RULE}    limits: [{{at_least: 5}}]\n", f"{_RULE}    limits: [{{at_least: 5, per: request}}]\n"),
    Code("RANGE", "a number, time or size out of range",
         f"{_RULE}    limits: [{{at_least: 0, per: request}}]\n", f"{_RULE}    limits: [{{at_least: 1, per: request}}]\n"),
    Code("REGEX", "a pattern that does not compile",
         f"{_DETECTOR}    pattern: 'SO-(\\d{{8}}'\n", f"{_DETECTOR}    pattern: 'SO-(\\d{{8}})'\n"),
    Code("REGEX-DULL", "a pattern that crawls over ordinary text, at less than 2.6 MB a second",
         _DETECTOR.replace("SO-00000001", "qq1") + "    pattern: '[^z]{0,60}[^z]{0,20}[zq]{2}\\d'\n",
         f"{_DETECTOR}    pattern: 'SO-\\d{{8}}'\n", warns=True),
    Code("REGEX-EMPTY", "a pattern that matches the empty text, and so everywhere",
         f"{_DETECTOR}    pattern: '(?:SO-\\d{{8}})*'\n", f"{_DETECTOR}    pattern: '(?:SO-\\d{{8}})+'\n"),
    Code("REGEX-LONG", "a pattern longer than 1,000 characters; an error from 40,000 on",
         f"{_DETECTOR}    pattern: 'SO-\\d{{8}}|{'x' * 1000}'\n", f"{_DETECTOR}    pattern: 'SO-\\d{{8}}'\n", warns=True),
    Code("REGEX-QUOTES", "a pattern in double quotes or in a block, where YAML changes it",
         f'{_DETECTOR}    pattern: "\\bSO-[0-9]{{8}}"\n', f"{_DETECTOR}    pattern: '\\bSO-[0-9]{{8}}'\n"),
    Code("REGEX-SLOW", "a pattern that takes for ever on some short text",
         f"{_DETECTOR}    pattern: '(\\w+\\s?)*x|SO-\\d{{8}}'\n", f"{_DETECTOR}    pattern: '\\w+x|SO-\\d{{8}}'\n"),
    Code("TOO-WIDE", "a rule, exception, host or ignore pattern that covers everything",
         f"{_EXCEPTION}    when: {{}}\n{_FAR}", f"{_EXCEPTION}    when: {{to: a.example}}\n{_FAR}"),
    Code("TYPE", "text where a number is expected, a list where one value is, and the like",
         f"{_RULE}    limits: [{{at_least: '5', per: request}}]\n", f"{_RULE}    limits: [{{at_least: 5, per: request}}]\n"),
    Code("UNKNOWN-KEY", "a key that this block does not have",
         f"{_RULE}    look_at: body\n", f"{_RULE}    look_in: body\n"),
    Code("UNKNOWN-NAME", "a reference to something nobody defines",
         f"{_RULE}    when: {{to: webmial}}\n", f"{_RULE}    when: {{to: std/webmail}}\n"),
    Code("UNTESTED", "a rule in force that no test expects",
         _RULE.replace("mode: monitor\n", ""), _RULE),
    Code("UNUSED", "something that nothing refers to",
         f"{_RULE}people:\n  team: {{users: [a@corp.example]}}\n",
         f"{_RULE}    when: {{from: team}}\npeople:\n  team: {{users: [a@corp.example]}}\n", warns=True),
    Code("YAML", "not YAML, or YAML that is not allowed here",
         f"{HEAD}description: Stop: orders\n", f"{HEAD}description: 'Stop: orders'\n"),
    Code("YAML-ALIAS", "an anchor or an alias",
         f"{_HEAD}people:\n  team: {{users: &all [a@corp.example]}}\n  others: {{users: *all}}\n",
         f"{_HEAD}people:\n  team: {{users: [a@corp.example]}}\n"),
    Code("YAML-MERGE", "the merge key `<<`",
         f"{_HEAD}people:\n  team:\n    <<: {{devices: [a]}}\n    users: [a@corp.example]\n",
         f"{_HEAD}people:\n  team:\n    devices: [a]\n    users: [a@corp.example]\n"),
    Code("YAML-TAB", "a tab outside of a text",
         f"{HEAD}mode:\tmonitor\n", f"{HEAD}mode: monitor\n"),
)  # fmt: skip

BY_NAME: Final = {code.name: code for code in CODES}


def _indented(text: str) -> str:
    return "\n".join(f"    {line[:160]}" for line in text.rstrip("\n").split("\n"))
