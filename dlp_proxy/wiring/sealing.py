"""Evidence beside the staircase: sealed off the event loop, on disk before the event that points to it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal, cast

import structlog

from dlp_proxy.model.message import Message
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Judgement
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.sealing.pointer import Pointer
from dlp_proxy.sealing.vault import Bounds, NotKeptError, Vault
from dlp_proxy.settings import Settings
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.start_error import ProxyStartError

_log = structlog.get_logger("dlp_proxy.evidence")

_SECONDS: Final = 6.0
"""Time for one message's evidence to be on disk: the client waits for it, and the event is still to be written."""
_THREADS: Final = 8
"""Sealing is mostly waiting for the disk, and disks like to be asked by several at once."""

type Mode = Literal["off", "hits", "all"]


class EvidenceNotKeptError(Exception):
    """Evidence could not be kept, and the operator wants nothing to go on without."""


class Sealing:
    """Keeps evidence of what is worth it.

    Args:
        strict: a message whose evidence cannot be kept fails; the exception policy decides on it.
        count: told ``sealed`` or ``not-kept``, for the metric.
    """

    def __init__(self, vault: Vault, mode: Mode, *, strict: bool, count: Callable[[str], None]) -> None:
        self.vault = vault
        self.mode: Mode = mode
        self._strict = strict
        self._count = count
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="sealing")
        self._told = ""

    def wants(self, judgement: Judgement) -> bool:
        """Tell whether evidence is to be kept: of what a rule stopped or logged, and of what is stopped by default."""
        if self.mode == "all":
            return judgement.worth_an_event
        verdict = judgement.verdict
        return self.mode == "hits" and (
            verdict.action is Action.BLOCK
            or any(one.effective >= Action.LOG and one.policy != "default" for one in verdict.reasons)
        )

    async def keep(self, message: Message, *, last: bool = False) -> Pointer:
        """Seal a message, and return what its event is to say.

        Args:
            last: the exception policy is at work: there is nobody else to decide on another failure.

        Raises:
            EvidenceNotKeptError: it was not kept, and is to be kept.
        """
        pointer = await self._seal(message)
        self._count("not-kept" if pointer.kept == "none" else "sealed")
        if pointer.why != self._told:
            self._told = pointer.why
            if pointer.why:
                _log.error("evidence not kept", uid=message.uid, why=pointer.why)
            else:
                _log.info("evidence is kept again")
        if pointer.kept == "none" and self._strict and not last:
            raise EvidenceNotKeptError
        return pointer

    async def discard(self, message: Message, pointer: Pointer) -> None:
        """Forget what no event points to: the verdict came out milder than it looked."""
        if pointer.kept != "none":
            await asyncio.get_running_loop().run_in_executor(
                self._threads, self.vault.forget, message.uid, pointer.blob
            )

    def says(self) -> str:
        """Return who can open what is sealed now, for the operator."""
        return "off" if self.mode == "off" else self.vault.says()

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    async def _seal(self, message: Message) -> Pointer:
        abandoned = threading.Event()
        work = asyncio.get_running_loop().run_in_executor(self._threads, self.vault.seal, message, abandoned)
        try:
            await asyncio.wait([work], timeout=_SECONDS)
        finally:
            if not work.done():
                abandoned.set()
        if not work.done():
            work.add_done_callback(_look)
            return Pointer("none", f"it was not on disk after {_SECONDS:.0f} seconds")
        try:
            return work.result()
        except NotKeptError as error:
            return Pointer("none", str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is: no evidence is a gap, never a failed request
            return Pointer("none", f"sealing stopped on {type(error).__name__}")


def _look(work: asyncio.Future[Pointer]) -> None:
    """Take the answer of work that nobody waits for, so that nothing is said of it."""
    if not work.cancelled():
        work.exception()


def make_sealing(settings: Settings, state: StateDir, metrics: Metrics) -> Sealing:
    """Return what keeps evidence by the settings.

    Raises:
        StoreError: the folder cannot be used.
        ProxyStartError: evidence must be kept and cannot be.
    """
    cut = tuple(name.lower() for name in settings.evidence_cut_headers)
    vault = Vault(state, Bounds(settings.evidence_body_bytes, settings.evidence_disk_bytes, cut))
    vault.prepare()
    strict = settings.evidence_on_failure == "block"
    if settings.evidence != "off" and not vault.can:
        if strict:
            raise ProxyStartError(f"evidence must be kept (evidence_on_failure: block), but {vault.says()}")
        _log.warning("no evidence is kept", why=vault.says())
    mode = cast("Mode", settings.evidence)
    return Sealing(vault, mode, strict=strict, count=lambda result: metrics.evidence.labels(result=result).inc())
