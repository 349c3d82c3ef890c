"""The schema says of a file what the checker says of its shape."""

# ruff: noqa: E501 (tables)

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Final

import jsonschema
import yaml

from dlp_proxy.policy.checker import check
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.keys import Block, Key
from dlp_proxy.policy.problem import Problems
from dlp_proxy.policy.reader import read
from dlp_proxy.policy.schema import schema

VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "text": ("a text", "订单", 5), "name": ("a-name", "b2"), "glob": ("*@corp.example", "x?"), "pattern": (r"SO-\d+", "a+"),
    "ref": ("std/email", "a.example"), "number": (1, 50, 999), "decimal": (3.5, 2), "time": ("24h", "90m"),
    "size": ("10 MB", "5kb"), "characters": ("300 chars",), "near": ("40 chars", "record", "field-name"),
    "date": ("2027-03-31",), "hours": ("08:00-20:00",), "zone": ("Asia/Shanghai", "UTC"),
    "moment": ("2026-11-24 22:30 Asia/Shanghai",), "host": ("a.example", "*.a.example"), "network": ("10.0.0.0/8",),
    "method": ("POST", "get"), "url": ("https://a.example/x",), "file": ("fixtures/x.txt",),
}  # fmt: skip
FAULTS: Final[dict[str, tuple[Any, ...]]] = {
    "text": (True, None, "", [["x"]], {"a": 1}), "name": ("A Name", True, "-x"), "number": (0 - 1, "5", 2.5, True, 10**10),
    "decimal": ("3.0", -1, True), "time": ("1 day", 24, "h"), "size": ("10", "10 TB"), "characters": ("300", "chars"),
    "near": ("near", "x chars"), "date": ("31.03.2027", "soon"), "hours": ("8-20", "08:00"), "zone": (5, "1 2"),
    "moment": ("today", "2026-11-24"), "host": ("*", "https://a.example/x", "a b"), "network": ("ten", "10.0.0.0/x"),
    "method": ("SEND", 5), "url": ("a.example", "ftp://a.example"), "pattern": (True, ""), "glob": (False, ""),
    "ref": (True, ""), "file": (True, ""), "word": ("nonsense", True, 5), "block": ("text", 5, ["x"], None),
    "blocks": ({}, [], "x", {"Bad Name": {}}), "texts": ({}, "x", {"english!": "x"}, {"en": ""}),
}  # fmt: skip


class Grower:
    """Makes files of the grammar's table, with one fault where one is wanted."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.places: list[Callable[[], None]] = []

    def block(self, block: Block, depth: int = 0) -> dict[str, Any]:
        keys = block.keys
        wanted = {key.name for key in keys if key.required}
        wanted |= {key.name for key in keys if self.rng.random() < (0.35 if depth < 4 else 0.1)}
        for choice in block.one_of:
            some = wanted & set(choice.keys)
            free = choice.optional or bool(wanted & set(choice.unless))
            keep = self.rng.choice(sorted(some or ([] if free else choice.keys)) or [""])
            wanted = (wanted - set(choice.keys)) | ({keep} - {""})
        for _ in block.needs:
            wanted |= {need.other for need in block.needs if need.key in wanted}
        for choice in block.one_of:  # a need may have brought back what the choice left out
            there = sorted(wanted & set(choice.keys))
            if len(there) > 1:
                wanted -= set(there[1:])
                wanted -= {need.key for need in block.needs if need.other in there[1:]}
        made: dict[str, Any] = {}
        for key in keys:
            if key.name in wanted:
                made[key.name] = self.value(key, depth)
                self.places.append(self._breaks(made, key))
        self.places.append(lambda: made.update({self.rng.choice(["regex", "nonsense", "<<<"]): "x"}))
        for name in (key.name for key in keys if key.required):
            self.places.append(lambda name=name: made.pop(name))  # type: ignore[misc]  # a default binds it now
        return made

    def _breaks(self, made: dict[str, Any], key: Key) -> Callable[[], None]:
        def broken() -> None:
            if key.many and self.rng.random() < 0.2:
                made[key.name] = []
            elif key.name == "format":
                made[key.name] = "dlp-policy/v9x"
            elif key.blank:
                made[key.name] = None
            else:
                made[key.name] = self.rng.choice(FAULTS[key.kind])

        return broken

    def value(self, key: Key, depth: int) -> Any:
        one = self._one(key, depth)
        if not key.many or self.rng.random() < 0.5:
            return one
        some = [one, self._one(key, depth)]
        return some[:1] if some[0] == some[1] else some

    def _one(self, key: Key, depth: int) -> Any:
        if key.name == "format":
            return key.example
        if key.kind == "block":
            return self.block(BLOCKS[key.block], depth + 1)
        if key.kind == "blocks":
            return {f"name-{self.rng.randrange(99)}": self.block(BLOCKS[key.block], depth + 1)}
        if key.kind == "texts":
            return {"en": "Stopped."}
        return self.rng.choice(key.words if key.kind == "word" else VALUES[key.kind])


def is_shaped(text: str) -> bool:
    problems = Problems()
    root = read("x.yaml", text, problems)
    return root is not None and check(root, problems) is not None and not problems.failed


def test_the_schema_agrees_with_the_checker_on_500_files() -> None:
    validator = jsonschema.Draft7Validator(schema())
    jsonschema.Draft7Validator.check_schema(schema())
    seen = {True: 0, False: 0}
    differing = []
    for seed in range(500):
        grower = Grower(seed)
        tree = grower.block(BLOCKS["file"])
        if seed % 2:
            grower.rng.choice(grower.places)()
        text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=1000)
        ours, theirs = is_shaped(text), validator.is_valid(tree)
        seen[ours] += 1
        if ours != theirs:
            differing.append(f"checker {ours}, schema {theirs}:\n{text}")
    assert differing == [], differing[0]
    assert min(seen.values()) >= 200


def test_every_key_has_its_description_in_the_schema() -> None:
    made = schema()
    blocks = {"file": made, **made["definitions"]}
    looked = 0
    for name, block in BLOCKS.items():
        for key in block.keys:
            assert blocks[name]["properties"][key.name]["description"] == key.description
            looked += 1
    assert looked > 130
