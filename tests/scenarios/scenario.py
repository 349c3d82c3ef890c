"""Scenarios: who sends what where, written once in YAML, run through the engine and through the live proxy.

A scenario is a list of steps under `steps:`. A step has `from` (a label; each label is one person), `to` (URL),
optional `method` and `headers`, what it sends (`text`, `orders: N` with `start`, `as: csv|json|text`, or `hex`),
`template` with `{number}`, `{phone}` and so on in place of `as`, `before` the first and `between` two, `files` for a
zip of several templates, `quoted: N` times as mails quote, `packed: [zip, gzip]` around it, `cut: N` to keep the first
N bytes, `times` to repeat with further orders, and `expect: {action, rule, count, gaps}`.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from dlp_proxy.cli.demo_traffic import Order, as_csv, as_json, orders

FOLDER: Final = Path(__file__).parent
_KEYS: Final = {
    *("from", "to", "method", "headers", "text", "orders", "start", "as", "hex", "template", "before", "between"),
    *("files", "quoted", "packed", "cut", "times", "expect"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One request and the verdict it must get."""

    sender: str
    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expect: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    steps: tuple[Step, ...]


def scenarios() -> list[Scenario]:
    """Return every scenario of the folder."""
    return [
        Scenario(f"{path.stem}: {each['name']}", tuple(_steps(each["steps"])))
        for path in sorted(FOLDER.glob("*.yaml"))
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _steps(written: list[dict[str, Any]]) -> Iterator[Step]:
    for step in written:
        assert set(step) <= _KEYS, f"unknown keys {set(step) - _KEYS}"
        for turn in range(step.get("times", 1)):
            yield Step(
                sender=step["from"],
                url=step["to"],
                method=step.get("method", "POST"),
                headers=tuple(step.get("headers", {}).items()),
                body=_body(step, turn),
                expect=step["expect"],
            )


def _body(step: dict[str, Any], turn: int) -> bytes:
    content = _content(step, turn)
    for packing in step.get("packed", ()):
        content = gzip.compress(content) if packing == "gzip" else _zipped({"content.bin": content})
    return content[: step.get("cut")]


def _content(step: dict[str, Any], turn: int) -> bytes:
    if "hex" in step:
        return bytes.fromhex(step["hex"])
    if "text" in step:
        return str(step["text"]).encode()
    if "orders" not in step:
        return b""
    count = step["orders"]
    begin = step.get("start", 0) + turn * count
    if "template" in step:
        return _filled(step["template"], step, begin, count).encode()
    if "files" in step:
        return _zipped({name: _filled(each, step, begin, count).encode() for name, each in step["files"].items()})
    some = orders(begin + count, seed=2026)[begin:]
    return {"csv": as_csv, "json": as_json, "text": _lines}[step.get("as", "csv")](some)


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _filled(template: str, step: dict[str, Any], begin: int, count: int) -> str:
    """Return a text of `count` customers; `spare`, `other`, `elsewhere` and `number2` are of further people."""
    customers = orders(begin + count + 1, seed=2026)
    others = orders(begin + count, seed=2027)
    pieces = [
        template.format(
            n=place + 1,
            number=customers[place].number,
            name=customers[place].name,
            phone=customers[place].phone,
            address=customers[place].address,
            next=customers[place + 1].phone,
            number2=others[place].number,
            other=others[place].name,
            spare=others[place].phone,
            elsewhere=others[place].address,
        )
        for place in range(begin, begin + count)
    ]
    text: str = step.get("before", "") + step.get("between", "\n").join(pieces)
    for _ in range(step.get("quoted", 0)):
        text = text + "\n\n" + "\n".join(f"> {line}" for line in text.split("\n"))
    return text


def _lines(some: list[Order]) -> bytes:
    return "\n".join(" ".join(one.cells) for one in some).encode()


def compare(expect: dict[str, Any], action: str, rules: list[tuple[str, int]], gaps: set[str]) -> None:
    """Assert that a verdict is as expected; `rules` are (name, count), strictest first."""
    assert action == expect["action"]
    if "rule" in expect:
        assert rules[0][0] == expect["rule"]
    if "count" in expect:
        counted = dict(rules)
        assert counted[expect.get("rule", rules[0][0])] == expect["count"]
    assert gaps == set(expect.get("gaps", ()))
