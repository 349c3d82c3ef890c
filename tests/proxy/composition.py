"""A whole proxy with stand-ins for the engine and the store, run as a process of its own.

The stand-in engine blocks what holds `BLOCK-ME`, lets gaps pass when the header `X-Pass-Gaps` says so, and raises in
the step that the settings name. What it recorded is written as JSON lines, so that a test can read it from outside.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import structlog

from dlp_proxy.model.event import Outcome
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Message
from dlp_proxy.model.redacted import Redacted
from dlp_proxy.model.verdict import Action, Answer, Question, Verdict
from dlp_proxy.proxy import connections, pacing
from dlp_proxy.proxy.master import ProxyMaster, quiet_mitmproxy
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.ports import (
    CertificateSettings,
    Judgement,
    LdapSettings,
    ProxySettings,
    Recorded,
    Steps,
    Unopened,
    Upstream,
    WhoSettings,
)
from dlp_proxy.proxy.spool import HeldBody
from dlp_proxy.stores.ports import StoreError

MARK = b"BLOCK-ME"


@dataclass(frozen=True, slots=True)
class Judged:
    message: Message
    inspection: Inspection
    verdict: Verdict
    redacted: Redacted | None = None
    questions: tuple[Question, ...] = ()

    @property
    def worth_an_event(self) -> bool:
        return bool(self.inspection.gaps or self.verdict.action is not Action.ALLOW or self.verdict.error)


class StandIn:
    """Engine and store of a test."""

    def __init__(self, log: Path, fails: str = "", delay: float = 0.0) -> None:
        self.log = log
        self.fails = fails
        self.delay = delay
        self.light = False

    def steps(self) -> Steps:
        return Steps(
            self.inspect,
            self.judge,
            self.by_exception_policy,
            self.record,
            self.outcome,
            self.answer,
            str,
            kept=self.kept,
            unopened=self.unopened,
        )

    async def inspect(self, message: Message) -> Inspection:
        if self.fails == "inspect":
            raise ZeroDivisionError("13800138000")
        await asyncio.sleep(self.delay)
        body = await asyncio.to_thread(Path(message.body_file).read_bytes) if message.body_file else message.body
        found = MARK in body or any(MARK in value for _, value in message.headers)
        return Inspection(gaps=message.gaps, parts=1, bytes=len(body), content="marked" if found else "text")

    async def judge(self, message: Message, inspection: Inspection) -> tuple[Judgement, Recorded]:
        if self.fails == "judge":
            raise KeyError("13800138000")
        stop = inspection.content == "marked" or (inspection.gaps and not message.header("X-Pass-Gaps"))
        action = Action.BLOCK if stop else Action.LOG if inspection.gaps else Action.ALLOW
        judged = Judged(message, inspection, Verdict(action=action, would=action))
        recorded = await self.record(judged)
        return judged, replace(recorded, kept=True, durable=Future()) if self.light else recorded

    async def record(self, judgement: Judgement) -> Recorded:
        if self.fails == "record":
            raise StoreError("disk full")
        if self.fails == "hang":
            await asyncio.sleep(3600)
        message = judgement.message
        self.write(
            "event",
            uid=message.uid,
            action=judgement.verdict.action.word,
            error=judgement.verdict.error,
            user=message.principal.user,
            method=message.principal.method,
            principal=asdict(message.principal),
            site=message.destination.site,
            channel=message.channel,
            target=message.target,
            version=message.http_version,
            bytes=message.size,
            gaps=[gap.reason for gap in judgement.inspection.gaps],
        )
        incident = "INC-2026-0001" if judgement.verdict.action is Action.BLOCK else ""
        return Recorded(incident, kept=judgement.worth_an_event)

    async def kept(self, _light: Future[str]) -> None:
        if self.fails == "light record":
            raise StoreError("disk full")

    def by_exception_policy(self, message: Message, error: str) -> Judged:
        verdict = Verdict(action=Action.BLOCK, would=Action.BLOCK, error=error)
        return Judged(message, Inspection(gaps=message.gaps), verdict)

    async def answer(self, answers: Sequence[Answer]) -> None:
        self.write("answers", number=len(answers))

    async def unopened(self, one: Unopened) -> None:
        if self.fails == "record":
            raise StoreError("disk full")
        self.write("unopened", **asdict(one))

    def outcome(self, outcome: Outcome) -> None:
        self.write(
            "outcome",
            uid=outcome.uid,
            disposition=outcome.disposition,
            status=outcome.status,
            sent=outcome.released_bytes,
        )

    def count_tasks(self) -> None:
        self.write("tasks", number=len(asyncio.all_tasks()))

    def write(self, kind: str, **what: Any) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **what}) + "\n")


def _slow_down(seconds: float) -> None:
    """Make every write of a held body take so long, as on a disk that others keep busy."""
    write = HeldBody.write

    def slow(self: HeldBody) -> None:
        time.sleep(seconds)
        write(self)

    HeldBody.write = slow  # type: ignore[method-assign]


def _tell_ways(stand_in: StandIn) -> None:
    """Have written down when a body or a tunnel goes past the layers: what arrives is the same when none does."""

    def telling(name: str, look: Callable[..., Any]) -> Callable[..., Any]:
        def told(*given: Any) -> Any:
            found = look(*given)
            if found is not None:
                stand_in.write("way", name=name)
            return found

        return told

    for module, name in ((pacing, "inlet"), (pacing, "outlet"), (connections, "straight")):
        setattr(module, name, telling(name, getattr(module, name)))


_PATHS = ("htpasswd", "groups_file", "device_map_file", "dhcp_leases", "bypass_file")


def _who(config: dict[str, Any]) -> dict[str, Any]:
    told = {one.name: config[one.name] for one in fields(WhoSettings) if one.name in config}
    if "ldap" in told:
        told["ldap"] = LdapSettings(**told["ldap"])
    if "certificates" in told:
        files = {
            name: Path(told["certificates"][name]) for name in ("authority", "revoked") if name in told["certificates"]
        }
        told["certificates"] = CertificateSettings(**{**told["certificates"], **files})
    return {name: Path(value) if name in _PATHS else value for name, value in told.items()}


async def main(config: dict[str, Any]) -> None:
    """Run until told to stop; says where it listens on stdout."""
    stand_in = StandIn(Path(config["log"]), config.get("fails", ""), config.get("delay", 0.0))
    stand_in.light = config.get("light", False)
    limits = replace(LIMITS, **config.get("limits", {}))
    settings = ProxySettings(
        ca_folder=Path(config["ca"]),
        listen_port=config.get("port", 0),
        own_ports=frozenset(config.get("own_ports", ())),
        allow_private=tuple(config.get("allow_private", ())),
        resolve=config.get("resolve", {}),
        who=WhoSettings(**_who(config)),
        upstream_ca=Path(config["upstream_ca"]) if config.get("upstream_ca") else None,
        record_seconds=config.get("record_seconds", 15.0),
        linger_seconds=config.get("linger_seconds", 30.0),
        help_contact="security@example.test",
        raw_tcp=tuple(map(tuple, config.get("raw_tcp", ()))),
        transparent=config.get("transparent", False),
        upstream=Upstream(**config["upstream"]) if config.get("upstream") else None,
        tenant_headers=config.get("tenant_headers", {}),
        ca_passphrase=config.get("ca_passphrase", ""),
        listen_host=config.get("listen", "127.0.0.1"),
        spool_bytes=config.get("spool_bytes", 4 * 1024**3),
        limits=limits,
    )
    _tell_ways(stand_in)
    if config.get("slow_disk"):
        _slow_down(config["slow_disk"])
    quiet_mitmproxy()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, stand_in.count_tasks)
    master = ProxyMaster(settings, stand_in.steps(), Metrics())
    serving = asyncio.create_task(master.serve())
    listening = asyncio.create_task(master.ready.wait())
    await asyncio.wait([serving, listening], return_when=asyncio.FIRST_COMPLETED)
    if master.ready.is_set():
        sys.stdout.write(json.dumps({"port": master.addresses()[0][1], "pid": os.getpid()}) + "\n")
        sys.stdout.flush()
    await serving


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
