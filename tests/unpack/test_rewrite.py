"""Random bodies: what is read from the rewritten one is what was written, but for the values."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.unpack.rewrite import Replacement, rewrite

VALUE = "13800138000"
GONE = '[phone, "gone" & \\ %]'
PIECES = (
    "a",
    VALUE,
    "1",
    f" {VALUE}",
    '"',
    "\\",
    "\n",
    ",",
    "&",
    "=",
    "%31",
    "+",
    "☎",
    "请",
    "😀",
    f"9{VALUE}",
    ";",
    "/",
)
ROUNDS = 150


def rewritten(text: str, form: str, label: str) -> str:
    who, to = Principal("li", "map", "weak"), Destination("https", "a.example", 443)
    message = Message("u", 1.0, "http", who, to, "POST", "/", ((b"content-type", label.encode()),), text.encode())
    body, _ = rewrite(message, form, LIMITS, {VALUE: Replacement(GONE, "phone")})
    return body.decode()


def without(text: str) -> str:
    return text.replace(f"9{VALUE}", "\0").replace(VALUE, GONE).replace("\0", f"9{VALUE}")


def words(chance: random.Random) -> str:
    some = " ".join(chance.choice(PIECES) for _ in range(chance.randrange(4)))
    return some if not some.lstrip().startswith(("[", "{")) else ""


def tree(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(6 if depth < 4 else 4)
    if kind == 5:
        return {f"k{number}": tree(chance, depth + 1) for number in range(chance.randrange(4))}
    if kind == 4:
        return [tree(chance, depth + 1) for _ in range(chance.randrange(4))]
    return (words(chance), int(VALUE), chance.choice((None, True, -1.5, 10**20)), words(chance))[kind]


def tree_without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: tree_without(one) for name, one in value.items()}
    if isinstance(value, list):
        return [tree_without(one) for one in value]
    if isinstance(value, str):
        return without(value)
    return GONE if value == int(VALUE) and value is not True else value


@pytest.mark.parametrize("seed", range(3))
def test_json(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        value = [tree(chance)]
        if chance.random() < 0.3:
            value.append(json.dumps(value))
        text = json.dumps(value, ensure_ascii=chance.random() < 0.5, indent=chance.choice((None, 1)))
        expected = tree_without(value[:1])
        got = json.loads(rewritten(text, "json", "application/json"))
        assert got[:1] == expected
        assert [json.loads(one) for one in got[1:]] == [expected] * (len(value) - 1)


def test_forms() -> None:
    chance = random.Random(4)
    for _ in range(ROUNDS):
        pairs = [(f"n{number}", words(chance)) for number in range(chance.randrange(1, 5))]
        text = urlencode(pairs, quote_via=quote) if chance.random() < 0.5 else urlencode(pairs)
        got = rewritten(text, "form", "application/x-www-form-urlencoded")
        assert parse_qsl(got, keep_blank_values=True) == [(name, without(value)) for name, value in pairs]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables(delimiter: str) -> None:
    chance = random.Random(5)
    for _ in range(ROUNDS):
        rows = [["name", "phone", "note"], *([words(chance) for _ in range(3)] for _ in range(4))]
        out = io.StringIO()
        quoting: Literal[0, 1] = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
        csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=chance.choice(("\n", "\r\n"))).writerows(
            rows
        )
        text = out.getvalue()
        if VALUE not in text:
            continue
        got = rewritten(text, "csv", "text/csv")
        read = list(csv.reader(io.StringIO(got, newline=""), delimiter=delimiter, strict=True))
        assert read == [[without(cell) for cell in row] for row in rows]


def test_many_values_are_found_as_by_a_pattern_of_alternatives() -> None:
    """The longest first, from the left, each a word by itself: random values and texts of few characters."""
    chance = random.Random(5)
    found = 0
    for _ in range(400):
        values = {"".join(chance.choices("a1-请", k=chance.randint(1, 5))): Replacement("<x>", "k") for _ in range(12)}
        text = "".join(chance.choices("a1-请 ", k=80))
        words = (
            (r"(?<![A-Za-z0-9])" if one[0] in "a1" else "")
            + re.escape(one)
            + (r"(?![A-Za-z0-9])" if one[-1] in "a1" else "")
            for one in sorted(values, key=len, reverse=True)
        )
        expected, number = re.subn("|".join(words), "<x>", text)
        who, to = Principal("li", "map", "weak"), Destination("https", "a.example", 443)
        message = Message("u", 1.0, "http", who, to, "POST", "/", (), text.encode())
        body, counts = rewrite(message, "text", LIMITS, values)
        assert (body.decode(), sum(counts.values())) == (expected, number)
        found += number
    assert found > 2000
