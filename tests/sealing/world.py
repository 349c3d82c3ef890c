"""A state folder with keys, people with private keys, and events that point to evidence."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.sealing.audit import LogAudit
from dlp_proxy.sealing.check import Held
from dlp_proxy.sealing.desk import RevealDesk
from dlp_proxy.sealing.identity import Identity, make_identity
from dlp_proxy.sealing.people import DAY, PeopleFolder, PublicKey, Role
from dlp_proxy.sealing.vault import Bounds, Vault
from dlp_proxy.stores.state_dir import StateDir

CANARY: Final = "13912345678"
ROOMY: Final = Bounds(room=0)
MESSAGE: Final = Message(
    uid="01JD3K7Q0V8M2C7E5R9T1XWZ40",
    time=1_763_900_745.25,
    channel="http",
    principal=Principal("li.wei", "device-map", "weak", "10.0.0.7"),
    destination=Destination("https", "pan.example", 443),
    method="POST",
    target="/u?x=1",
    headers=((b"Content-Type", b"text/plain"), (b"Cookie", b"session=secret-cookie"), (b"X-Caf\xe9", b"\xff\x00")),
    body=f"order of {CANARY}\n".encode(),
    client_port=50_000,
)


def message(number: int = 0, body: bytes = MESSAGE.body) -> Message:
    return replace(MESSAGE, uid=f"01JD3K7Q0V8M2C7E5R9T{number:06}", body=body)


@dataclass
class World:
    """`identities` are by name; li and wang investigate, dpo and legal approve."""

    state: StateDir
    bounds: Bounds = ROOMY
    identities: dict[str, Identity] = field(default_factory=dict)

    @property
    def people(self) -> PeopleFolder:
        return PeopleFolder(self.state.people)

    @property
    def audit(self) -> LogAudit:
        return LogAudit(self.state)

    @property
    def desk(self) -> RevealDesk:
        return RevealDesk(self.state, self.audit, "tester")

    def add(self, name: str, role: Role, days: float = 100) -> Identity:
        one = self.identities[name] = make_identity()
        now = time.time()
        self.people.add(PublicKey(name, role, one.recipient, now, now + days * DAY))
        return one

    def key(self, name: str) -> PublicKey:
        found = self.people.people().by_fingerprint(self.identities[name].fingerprint)
        assert found is not None
        return found

    def seal(self, one: Message = MESSAGE) -> Held:
        return Held(one.uid, one.time, Vault(self.state, self.bounds).seal(one, threading.Event()))

    def told(self) -> list[str]:
        return [entry.kind for entry in self.audit.entries()]


def make_world(folder: Path, *, staffed: bool = True) -> World:
    state = StateDir(folder / "state")
    state.make()
    Vault(state, ROOMY).prepare()
    world = World(state)
    if staffed:
        world.add("li", "investigator")
        world.add("wang", "investigator")
        world.add("dpo", "approver")
        world.add("legal", "approver")
    return world
