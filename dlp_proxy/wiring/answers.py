"""What people answered when a rule asked: kept signed, and found again for the same person, rule, site and transfer."""

from __future__ import annotations

import asyncio
import mmap
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Answer
from dlp_proxy.pipeline import Engine
from dlp_proxy.policy.asking import asking, digest_of, marks_of
from dlp_proxy.policy.match import Match
from dlp_proxy.proxy.seal import Seal
from dlp_proxy.stores.ports import EventStore, KeptPass

_KIND: Final = "pass"

type Asked = tuple[Mapping[tuple[str, str], str], Mapping[tuple[str, str], Answer]]
"""Marks of what rules would ask about, and what was answered, by policy and rule."""
type Read = Callable[[Future[list[str]]], Awaitable[list[str]]]


class Answers:
    """The passes of an installation. All its proxies see one set, which is the store's."""

    def __init__(self, store: EventStore, key: bytes) -> None:
        self._store = store
        self._seal = Seal(key)

    def keep(self, answers: Sequence[Answer]) -> Future[None]:
        """Keep answers; the future is done when they would survive a power cut."""
        return self._store.keep_passes(
            [
                KeptPass(one.user.casefold(), one.site, _about(one), one.until, self._seal.sign(_KIND, one._asdict()))
                for one in answers
            ]
        )

    async def about(self, message: Message, matches: Sequence[Match], engine: Engine, read: Read) -> Asked:
        """Return what rules would ask about a message, and what its sender answered about just that.

        Raises:
            StoreError: the store cannot be asked.
            OSError: the body's file is gone.
        """
        rules = asking(matches, monitor=engine.monitor)
        if not rules or message.channel != "http":
            return {}, {}
        digest = "" if all(one.identities for one in rules) else await _digest(message)
        marks = marks_of(rules, digest, engine.fingerprint)
        user, site = message.principal.user.casefold(), message.destination.site
        answers = {}
        for token in await read(self._store.passes(user, site)):
            facts = self._seal.read(_KIND, token, message.time)
            if facts is None:
                continue
            one = Answer(**facts)
            rule = (one.policy, one.rule)
            if (one.user.casefold(), one.site, one.mark) == (user, site, marks.get(rule)):
                answers[rule] = one
        return marks, answers


def _about(one: Answer) -> str:
    return f"{one.policy}\x1f{one.rule}\x1f{one.mark}"


async def _digest(message: Message) -> str:
    label = message.header("content-type")
    if not message.body_file:
        return digest_of(message.target, label, message.body)
    return await asyncio.to_thread(_digest_of_file, message, label)


def _digest_of_file(message: Message, label: str) -> str:
    with (
        Path(message.body_file).open("rb") as held,
        mmap.mmap(held.fileno(), message.body_file_bytes, access=mmap.ACCESS_READ) as body,
    ):
        return digest_of(message.target, label, body)
