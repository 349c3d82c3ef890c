"""What the grammar's table is made of: keys, blocks, and what holds between the keys of a block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

type Kind = Literal[
    "text",  # any words for people
    "name",  # the name of a thing
    "word",  # one of `words`
    "ref",  # the name of a thing of one of the kinds in `words`
    "number",  # whole, from `least` on
    "decimal",  # with a point or without
    "time",  # 90m, 24h, 7d
    "size",  # 10 MB
    "characters",  # '300 chars'
    "near",  # '300 chars', record or field-name
    "date",  # 2027-03-31
    "hours",  # 08:00-20:00
    "zone",  # of the IANA database: Asia/Shanghai
    "moment",  # 2026-11-24 22:30 Asia/Shanghai
    "pattern",  # of the `regex` module
    "host",  # example.com or *.example.com
    "network",  # 10.0.0.0/8
    "glob",  # * and ? stand for any text and any character
    "method",  # of HTTP
    "url",  # whole, with https://
    "file",  # below policies/fixtures
    "block",  # keys, as the block named `block` says
    "blocks",  # name -> block
    "texts",  # language -> text
]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a block.

    Attributes:
        many: one item or a list of them.
        required: must be written.
        blank: an empty text is a value.
        words: for ``word`` what is allowed, for ``ref`` the kinds of things.
        example: one good value, for help texts.
        since: program version that reads it first.
    """

    name: str
    kind: Kind
    description: str
    many: bool = False
    required: bool = False
    blank: bool = False
    words: tuple[str, ...] = ()
    block: str = ""
    least: int = 1
    example: str = ""
    since: str = "0.1"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of the keys; none is fine when `optional`, or beside one of the keys `unless`."""

    keys: tuple[str, ...]
    unless: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """A key that has no meaning without another one."""

    key: str
    other: str
    hint: str


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of block. `example` is one good line of it, for help texts."""

    name: str
    keys: tuple[Key, ...]
    one_of: tuple[OneOf, ...] = ()
    needs: tuple[Needs, ...] = ()
    example: str = ""
    by_name: dict[str, Key] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.keys})
