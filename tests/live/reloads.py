"""The proof that a reload stops nobody and that nobody is judged by half a set: traffic, reloads, and what came of it.

Two sets differ in which of two rules they have, so an event tells by its rule which set judged it, beside the digest
that it names. Some files are bad. What is sent goes on, must be stopped, or counts up to a limit that both sets have.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.live.harness import wait_until
from tests.live.system import System

HOST: Final = "plain.example"
MARKS: Final = "MARK-000001 MARK-000002 MARK-000003"
LIMIT: Final = 60
"""Of different values by one person in a day: both sets say so, and the total goes on over all reloads."""

_SET: Final = """\
format: dlp-policy/v1
policy: reloads
owner: a@corp.example
detectors:
  mark:
    pattern: 'MARK-\\d{6}'
    confidence: high
    sample: 'MARK-{n:6}'
    examples: {match: [MARK-000001], no_match: [MARK-1]}
rules:
  RULE:
    severity: low
    when: {path: '/marked'}
    find: mark
    limits: [{at_least: 3, per: request}]
    action: block
    message: {en: 'RULE stopped it. Ask {help} and quote {incident}.'}
  drip:
    severity: low
    when: {path: '/drip'}
    find: mark
    limits: [{at_least: LIMIT, within: 24h, by: user}]
    action: block
    message: {en: 'Stopped. Ask {help} and quote {incident}.'}
tests:
  - name: three marks
    request: {from: a@corp.example, to: 'https://x.example/marked', body: 'MARK-000001 MARK-000002 MARK-000003'}
    expect: {action: block, rule: RULE, count: 3}
  - name: so many different marks
    steps:
      - repeat: ONE-LESS
        request: {from: a@corp.example, to: 'https://x.example/drip', make: {record: marks, rows: 1, as: text}}
        expect: {action: counted}
      - request: {from: a@corp.example, to: 'https://x.example/drip', make: {record: marks, rows: 1, start: ONE-LESS}}
        expect: {action: block, rule: drip, count: LIMIT}
records:
  marks: {has: mark, identify_by: mark}
"""


def set_of(rule: str, remark: str = "") -> str:
    text = _SET.replace("RULE", rule).replace("ONE-LESS", str(LIMIT - 1)).replace("LIMIT", str(LIMIT))
    return f"# {remark}\n{text}"


BAD: Final = set_of("rule-bad").replace("action: block", "action: blok", 1)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: what it was, when it began and ended, and what was answered (0: nothing)."""

    kind: str
    began: float
    ended: float
    status: int
    uid: str


@dataclass(frozen=True, slots=True)
class Step:
    """One reload: when it was confirmed, the digest in force then, and whether the folder was refused."""

    began: float
    ended: float
    digest: str
    stale: bool


@dataclass
class Proof:
    """What happened. `wrong` is every contradiction found in it."""

    sent: list[Sent]
    steps: list[Step]
    rules: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def says(self) -> str:
        answers = Counter(one.status for one in self.sent)
        told = ", ".join(f"{number} answered {status}" for status, number in sorted(answers.items()))
        bad = sum(one.stale for one in self.steps)
        return (
            f"{len(self.steps)} reloads, {bad} of bad files; {len(self.sent)} requests: {told}; {len(self.wrong)} wrong"
        )


def prove(system: System, policies: Path, *, reloads: int, clients: int = 3) -> Proof:
    """Reload while clients send, and compare everybody's story: clients, events, operations port.

    The folder of `policies` must hold `set_of("rule-a")` in one file and be in force.
    """
    going = threading.Event()
    steps: list[Step] = []
    rules = {system.ask("/readyz")["policy"]: "rule-a"}
    people = [next(system.people) for _ in range(clients + 1)]
    failed: list[BaseException] = []

    def change() -> None:
        try:
            _change(system, policies / "set.yaml", reloads, steps, rules)
        except BaseException as error:  # noqa: BLE001 (told by the caller)
            failed.append(error)
        finally:
            going.set()

    thread = threading.Thread(target=change)
    thread.start()
    sent = asyncio.run(_traffic(system.port, people, going))
    thread.join()
    if failed:
        raise failed[0]
    proof = Proof(sent, steps, rules)
    _compare(system, proof)
    return proof


def _change(system: System, file: Path, reloads: int, steps: list[Step], rules: dict[str, str]) -> None:
    """Good and bad files in turns, taken up by a signal or by a request in turns."""
    rule = "rule-a"
    for number in range(reloads):
        bad = number % 4 == 2
        rule = rule if bad else ("rule-b" if rule == "rule-a" else "rule-a")
        text = BAD if bad else set_of(rule, f"number {number}")
        waiting = file.with_suffix(".new")
        waiting.write_text(text, encoding="utf-8")
        before = system.ask("/readyz")["policy"]
        began = time.time()
        waiting.replace(file)
        if number % 2:
            system.process.send_signal(signal.SIGHUP)
            assert wait_until(lambda before=before: system.ask("/readyz")["policy"] != before, 60)
        else:
            status, says = reload_now(system)
            assert status == (422 if bad else 200), says
            assert not bad or "set.yaml:17:13: error[BAD-VALUE]: `blok`" in says, says
        facts = system.ask("/readyz")
        if bool(facts["policy_stale"]) != bad:
            raise AssertionError(f"stale is {facts['policy_stale']!r} after {text[:20]!r}")
        assert bad == ("policy: stale since" in system.ask("/healthz"))
        assert f"dlp_proxy_policy_reload_ok {0 if bad else 1}.0" in system.ask("/metrics")
        rules.setdefault(facts["policy"], rule)
        steps.append(Step(began, time.time(), facts["policy"], bad))
        time.sleep(0.15)


def reload_now(system: System) -> tuple[int, str]:
    """Ask the operations port for a reload; return status and text of its answer."""
    request = Request(f"http://127.0.0.1:{system.operations}/-/reload", method="POST")
    try:
        with urlopen(request, timeout=120) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


async def _traffic(port: int, people: list[str], going: threading.Event) -> list[Sent]:
    sent: list[Sent] = []
    dripper, *others = people
    await asyncio.gather(
        *(_client(port, address, sent, going) for address in others), _client(port, dripper, sent, going, drips=True)
    )
    return sent


async def _client(port: int, address: str, sent: list[Sent], going: threading.Event, *, drips: bool = False) -> None:
    """Send over one kept connection, until the reloads are done; whoever drips goes on beyond the limit."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
    number = 0
    while not going.is_set() or (drips and number <= LIMIT + 2):
        number += 1
        if drips:
            kind, body = "drip", f"MARK-{number:06}"
        else:
            kind, body = ("marked", MARKS) if number % 2 else ("ordinary", "MARK-000001 only")
        path = "drip" if drips else "marked"
        began = time.time()
        writer.write(
            f"POST http://{HOST}/{path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        status, uid = 0, ""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            lines = (line.partition(": ") for line in head.split("\r\n")[1:])
            fields = {name.lower(): value for name, _, value in lines}
            await reader.readexactly(int(fields["content-length"]))
            status, uid = int(head.split(" ", 2)[1]), fields.get("x-dlp-proxy", "")
        except (OSError, asyncio.IncompleteReadError):
            pass
        sent.append(Sent(kind, began, time.time(), status, uid))
        if not status:
            return
        await asyncio.sleep(0.03)
    writer.close()


def _compare(system: System, proof: Proof) -> None:
    """Look for contradictions between what was sent, what was answered, and what the events say."""
    drips = [one for one in proof.sent if one.kind == "drip"]
    for number, one in enumerate(drips, 1):
        if one.status != (200 if number < LIMIT else 403):
            proof.wrong.append(f"value {number} of {LIMIT} was answered {one.status}")
    expected = {"marked": 403, "ordinary": 200}
    proof.wrong += [
        f"{one.kind} was answered {one.status}"
        for one in proof.sent
        if expected.get(one.kind, one.status) != one.status
    ]
    events = {kept.event.uid: kept.event for kept in system.events()}
    for one in (one for one in proof.sent if one.status == 403):
        event = events.get(one.uid)
        if event is None:
            proof.wrong.append(f"no event {one.uid}")
            continue
        digest = event.body["policy"]
        if digest not in proof.rules:
            proof.wrong.append(f"{one.uid} names a set that was never confirmed: {digest}")
        elif event.rule not in {"drip", proof.rules[digest]}:
            proof.wrong.append(f"{one.uid} was judged by {event.rule} under the set with {proof.rules[digest]}")
        for step, after in zip(proof.steps, [*proof.steps[1:], None], strict=True):
            if one.began > step.ended and (after is None or one.ended < after.began):
                if digest != step.digest:
                    proof.wrong.append(f"{one.uid} was judged by another set than was in force")
                if event.body["policy_stale"] != step.stale:
                    proof.wrong.append(f"{one.uid} says {event.body['policy_stale']} of stale")
