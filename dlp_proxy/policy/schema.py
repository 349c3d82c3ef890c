"""The grammar's table as JSON Schema (draft-07, which every editor reads): completion, hover, checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dlp_proxy.policy.grammar import BLOCKS, FORMAT
from dlp_proxy.policy.keys import Block, Key
from dlp_proxy.policy.values import METHODS

type Schema = dict[str, Any]

_MOST: Final = 10**9
_NAME: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_LANGUAGE: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_TEXT: Final[Schema] = {"type": ["string", "number"], "pattern": r"\S"}
_PATTERNS: Final = {
    "time": r"^[0-9]{1,9}[smhd]$",
    "size": r"^[0-9]{1,12} ?([kKmMgG]?[bB])$",
    "characters": r"^[0-9]{1,6} chars$",
    "near": r"^([0-9]{1,6} chars|record|field-name)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "hours": r"^([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$",
    "zone": r"^[A-Za-z][A-Za-z0-9_+/-]*$",
    "moment": r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} \S+$",
    "host": r"^[^/\s]*[^/\s*][^/\s]*$",
    "network": r"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$",
    "url": r"^(https?|wss?)://[^/\s]+",
}
"""What can be said of the values of a kind without the program; it says more."""

_UNIQUE: Final = frozenset({"word", "ref", "host", "method"})


def schema() -> Schema:
    """Return the schema of a policy file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"A policy file of dlp_proxy, {FORMAT}",
        **_block(BLOCKS["file"]),
        "definitions": {name: _block(block) for name, block in BLOCKS.items() if name != "file"},
    }


def _block(block: Block) -> Schema:
    keys = block.keys
    made: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(key) for key in keys},
    }
    if required := [key.name for key in keys if key.required]:
        made["required"] = required
    if needs := {need.key: [need.other] for need in block.needs}:
        made["dependencies"] = needs
    rules: list[Schema] = []
    for choice in block.one_of:
        pairs = [(one, other) for at, one in enumerate(choice.keys) for other in choice.keys[at + 1 :]]
        rules += [{"not": {"required": list(pair)}} for pair in pairs]
        if not choice.optional:
            rules.append({"anyOf": [{"required": [name]} for name in (*choice.keys, *choice.unless)]})
    if rules:
        made["allOf"] = rules
    return made


def _key(key: Key) -> Schema:
    item = _item(key)
    said: Schema = {"description": key.description}
    if key.example:
        said["examples"] = [key.example]
    if not key.many:
        # Beside a `$ref` draft-07 reads nothing else.
        return {**said, "allOf": [item]} if "$ref" in item else {**said, **item}
    several: Schema = {"type": "array", "items": item, "minItems": 1}
    if key.kind in _UNIQUE:
        several["uniqueItems"] = True
    return {**said, "anyOf": [item, several]}


def _item(key: Key) -> Schema:
    return _KINDS[key.kind](key) if key.kind in _KINDS else {"type": "string", "pattern": _PATTERNS[key.kind]}


def _named(key: Key) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _NAME, "maxLength": 64},
        "additionalProperties": {"$ref": f"#/definitions/{key.block}"},
    }


def _text(key: Key) -> Schema:
    if key.name == "format":
        return {"const": FORMAT}
    return {"type": ["string", "number"]} if key.blank else _TEXT


_KINDS: Final[dict[str, Callable[[Key], Schema]]] = {
    "text": _text,
    "glob": lambda _: _TEXT,
    "pattern": lambda _: _TEXT,
    "ref": lambda _: _TEXT,
    "file": lambda _: _TEXT,
    "name": lambda _: {"type": "string", "pattern": _NAME, "maxLength": 64},
    "word": lambda key: {"enum": list(key.words)},
    "method": lambda _: {"enum": [*METHODS, *(each.lower() for each in METHODS)]},
    "number": lambda key: {"type": "integer", "minimum": key.least, "maximum": _MOST},
    "decimal": lambda _: {"type": "number", "minimum": 0, "maximum": 1e6},
    "block": lambda key: {"$ref": f"#/definitions/{key.block}"},
    "blocks": _named,
    "texts": lambda _: {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": _LANGUAGE},
        "additionalProperties": {"type": ["string", "number", "boolean"], "pattern": r"\S"},
    },
}
