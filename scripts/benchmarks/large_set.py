"""A folder of policies as a large company has it: 200 rules and 300 detectors in files of twenty rules."""

from __future__ import annotations

from pathlib import Path
from typing import Final

RULES: Final = 200
DETECTORS: Final = 300
_IN_FILE: Final = 20


def write_large_set(folder: Path, remark: str = "", *, bad: bool = False) -> None:
    """Write the folder. Another `remark` makes it another set that means the same; `bad` puts one mistake into it."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(RULES // _IN_FILE):
        text = f"# {remark}\n" + "\n".join(_file(number)) + "\n"
        if bad and number == 0:
            text = text.replace("action: block", "action: blok", 1)
        (folder / f"part-{number:02}.yaml").write_text(text, encoding="utf-8")


def _file(number: int) -> list[str]:
    lines = ["format: dlp-policy/v1", f"policy: part-{number:02}", "owner: a@corp.example", "detectors:"]
    each = DETECTORS * _IN_FILE // RULES
    for one in range(number * each, (number + 1) * each):
        lines += [
            f"  code-{one:03}:",
            f"    pattern: 'K{one:03}-\\d{{4}}-[A-Z]{{2,6}}'",
            "    case: exact",
            "    confidence: high",
            f"    near: [{{words: [ticket, case {one}], within: 60 chars, set_to: high}}]",
            f"    sample: 'K{one:03}-{{n:4}}-ABC'",
            f"    examples: {{match: ['x K{one:03}-0042-ABC y'], no_match: ['K{one:03}-42']}}",
        ]
    lines += ["rules:"]
    for one in range(number * _IN_FILE, (number + 1) * _IN_FILE):
        first = one * 3 // 2 % DETECTORS
        lines += [
            f"  rule-{one:03}:",
            f"    mode: {'monitor' if one else 'enforce'}",
            "    severity: low",
            f"    when: {{not_to: our-own-{number:02}}}",
            f"    find: [code-{first:03}, code-{(first + 1) % DETECTORS:03}]",
            "    limits:",
            f"      - {{at_least: {5 + one % 7}, per: request}}",
            "      - {at_least: 50, within: 24h, by: user}",
            "    action: block",
            f"    message: {{en: 'Stopped by rule {one}. Ask {{help}} and quote {{incident}}.'}}",
        ]
    lines += ["destinations:", f"  our-own-{number:02}: {{hosts: ['corp{number}.example', '*.corp{number}.example']}}"]
    if number == 0:
        body = " ".join(f"K000-{one:04}-ABC" for one in range(5))
        lines += [
            "tests:",
            "  - name: five codes",
            f"    request: {{from: a@corp.example, to: 'https://x.example/', body: '{body}'}}",
            "    expect: {action: block, rule: rule-000, count: 5}",
        ]
    return lines
