from __future__ import annotations

import pytest
import yaml

from dlp_proxy.policy import reader
from dlp_proxy.policy.node import Map, Plain, Scalar, Seq
from dlp_proxy.policy.problem import Place, Problem, Problems
from dlp_proxy.policy.reader import read


def value_of(text: str) -> Plain:
    problems = Problems()
    root = read("x.yaml", f"key: {text}\n", problems)
    assert root is not None
    assert problems.sorted() == ()
    value = root.entries[0].value
    assert isinstance(value, Scalar)
    return value.value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("True", "True"), ("12:30", "12:30"), ("010", "010"),
        ("1_000", "1_000"), ("2026-06-01", "2026-06-01"), ("0x1F", "0x1F"), ("1e3", "1e3"), (".5", ".5"),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
        ("50", 50), ("-3", -3), ("3.0", 3.0), ("'50'", "50"), ("'true'", "true"), ('"no"', "no"),
        ("99999999999999999999", "99999999999999999999"),
    ],
)  # fmt: skip
def test_plain_values_mean_what_yaml_1_2_says(written: str, meant: Plain) -> None:
    value = value_of(written)
    assert value == meant
    assert type(value) is type(meant)


def read_all(text: str) -> tuple[Map | None, tuple[Problem, ...]]:
    problems = Problems()
    return read("x.yaml", text, problems), problems.sorted()


def test_places_count_from_one_in_characters() -> None:
    problems = Problems()
    root = read("x.yaml", "一: 二\nb:\n  - c: 'it''s'\n", problems)
    assert root is not None
    assert root.entries[0].value.place == Place("x.yaml", 1, 4, 1)
    inner = root.entries[1].value
    assert isinstance(inner, Seq)
    block = inner.items[0]
    assert isinstance(block, Map)
    scalar = block.entries[0].value
    assert isinstance(scalar, Scalar)
    assert scalar.place == Place("x.yaml", 3, 8, 7)
    assert scalar.inside(3) == Place("x.yaml", 3, 13, 1)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    problems = Problems()
    plain = read("x.yaml", "a: 1\nb: [2, x]\n", problems)
    assert read("x.yaml", "\ufeffa: 1\r\nb: [2, x]\r\n", problems) == plain
    assert problems.sorted() == ()


def test_a_tab_inside_a_text_is_text() -> None:
    problems = Problems()
    assert read("x.yaml", "a: |\n  one\ttwo\nb: 'x\ty' # a\tb\n", problems) is not None
    assert problems.sorted() == ()


@pytest.mark.parametrize("parser", ["CSafeLoader", "SafeLoader"])
def test_both_parsers_give_the_same_nodes_and_the_same_words(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a: {b: [1, 'x']}\n", "description: Stop: orders\n", "a:\n\tb: 1\n", 'a: "\\d"\n', "a: [b\n", "a: 'b\n"]
    expected = [read_all(text) for text in texts]
    monkeypatch.setattr(reader, "_PARSER", getattr(yaml, parser))
    assert [read_all(text) for text in texts] == expected


def test_a_file_too_large_is_refused_before_it_is_parsed() -> None:
    problems = Problems()
    assert read("x.yaml", "a: " + "x" * reader.MOST_CHARACTERS, problems) is None
    assert [one.code for one in problems.sorted()] == ["YAML"]


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    problems = Problems()
    read("x.yaml", "\n".join(lines), problems)
    assert {one.code for one in problems.sorted()} == {"YAML-ALIAS"}


def test_many_values_are_refused() -> None:
    problems = Problems()
    assert read("x.yaml", "a: [" + "1," * (reader.MOST_NODES + 1) + "]", problems) is None
    assert [one.code for one in problems.sorted()] == ["YAML"]
