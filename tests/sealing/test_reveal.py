"""The rule of two, and every way round it that we could think of."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace

import pyrage
import pytest

from dlp_proxy.sealing.check import Held
from dlp_proxy.sealing.cipher import DamagedError, opened
from dlp_proxy.sealing.identity import make_identity
from dlp_proxy.sealing.people import DAY, PublicKey
from dlp_proxy.sealing.reveal import (
    Grant,
    RefusedError,
    Request,
    approve,
    key_of,
    read_grant,
    read_granted,
    read_request,
)
from dlp_proxy.sealing.shares import read_shares, unwrap
from dlp_proxy.sealing.vault import blob_path, shares_path
from dlp_proxy.stores.ports import StoreError
from tests.sealing.world import CANARY, MESSAGE, World, message


@pytest.fixture
def held(world: World) -> Held:
    return world.seal()


@pytest.fixture
def request_(world: World, held: Held) -> Request:
    return world.desk.request(held, world.identities["li"], "case 7")


@pytest.fixture
def grant(world: World, held: Held, request_: Request) -> Grant:
    return world.desk.approve(request_, held, world.identities["dpo"], 3600)


def test_one_asks_another_grants_the_first_opens(world: World, held: Held, request_: Request, grant: Grant) -> None:
    # By their numbers, as through the state folder, and by their texts, as by mail.
    found, answer = world.desk.find(request_.uid), world.desk.grant_of(request_)
    assert (found, answer) == (request_, grant)
    assert (read_request(request_.text()), read_grant(grant.text())) == (request_, grant)
    body = b"".join(world.desk.open(found, answer, held, [world.identities["li"]]).body)
    assert body == MESSAGE.body
    assert world.told() == ["reveal.requested", "reveal.approved", "reveal.opened"]
    entries = list(world.audit.entries())
    assert [one.actor.split(" ")[0] for one in entries] == ["li", "dpo", "li"]
    assert {one.subject for one in entries} == {held.event}
    assert all(one.detail["request"] == request_.uid and one.detail["account"] == "tester" for one in entries)
    assert entries[2].detail["reason"] == "case 7"


def _refused(world: World, step: Callable[[], object], says: str, kind: str = "reveal.refused") -> None:
    before = world.told()
    with pytest.raises((RefusedError, DamagedError), match=says):
        step()
    assert world.told() == [*before, kind]


@pytest.mark.parametrize(
    ("who", "reason", "says"),
    [
        ("dpo", "because", "this takes an investigator"),
        ("stranger", "because", "is nobody's here"),
        ("late", "because", "is expired"),
        ("left", "because", "is retired"),
        ("li", "  ", "reason is empty"),
    ],
)
def test_who_may_not_ask(world: World, held: Held, who: str, reason: str, says: str) -> None:
    world.identities["stranger"] = make_identity()
    world.add("late", "investigator", days=-1)
    world.add("left", "investigator")
    world.people.retire(world.key("left"), time.time())
    _refused(world, lambda: world.desk.request(held, world.identities[who], reason), says)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("li", "this takes an approver"),
        ("wang", "this takes an approver"),
        ("stranger", "is nobody's here"),
        ("late", "is expired"),
        ("left", "is retired"),
        ("new", "does not open the approvers' share"),
    ],
)
def test_who_may_not_grant(world: World, held: Held, request_: Request, who: str, says: str) -> None:
    world.identities["stranger"] = make_identity()
    world.add("late", "approver", days=-1)
    world.add("left", "approver")
    world.people.retire(world.key("left"), time.time())
    world.add("new", "approver")  # came after the event was sealed
    _refused(world, lambda: world.desk.approve(request_, held, world.identities[who], 60), says)


def test_a_person_with_a_key_of_each_role_may_not_grant_to_themselves(world: World, held: Held) -> None:
    """The register refuses the name; written by hand it is refused at every step."""
    now = time.time()
    second = world.identities["li as approver"] = make_identity()
    key = PublicKey("LI", "approver", second.recipient, now, now + DAY)
    with pytest.raises(Exception, match="could open evidence alone"):
        world.people.add(key)
    (world.state.people / f"approver-{key.fingerprint}.json").write_text(
        json.dumps({"name": "LI", "role": "approver", "recipient": key.recipient, "created": now, "expires": now + DAY})
    )
    later = world.seal(message(5))
    request = world.desk.request(later, world.identities["li"], "case 7")
    _refused(world, lambda: world.desk.approve(request, later, second, 60), "takes a second person")
    grant, _ = approve(request, second, None, now, 60)  # past the desk, as on a machine of their own
    _refused(
        world, lambda: world.desk.open(request, grant, later, [world.identities["li"]]), "granted their own request"
    )
    assert world.people.people().in_both_roles(now) == ("li",)


def test_a_request_for_the_approvers_own_key_is_not_granted(world: World, held: Held, request_: Request) -> None:
    """A request is a text: the approver could put their own key into it."""
    own = replace(request_, recipient=world.identities["dpo"].recipient)
    _refused(world, lambda: world.desk.approve(own, held, world.identities["dpo"], 60), "no investigator's here")
    with pytest.raises(RefusedError, match="second person"):
        approve(own, world.identities["dpo"], None, time.time(), 60)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"requester": "wang"}, "but the key .* is li's", id="another name"),
        pytest.param({"event": "01JD3K7Q0V8M2C7E5R9T1XWZ49"}, "other evidence|another event", id="another event"),
        pytest.param({"blob": "0" * 64}, "other evidence", id="another content"),
        pytest.param({"shares": "0" * 64}, "other evidence", id="other shares"),
        pytest.param({"share": "nothing"}, "does not open", id="no share"),
    ],
)
def test_a_request_that_was_changed_is_not_granted(
    world: World, held: Held, request_: Request, change: dict[str, str], says: str
) -> None:
    changed = replace(request_, **change)  # type: ignore[arg-type]
    _refused(world, lambda: world.desk.approve(changed, held, world.identities["dpo"], 60), says)


def test_a_share_of_another_event_in_a_request_is_not_granted(world: World, held: Held, request_: Request) -> None:
    """Ask for a harmless event and smuggle in the share of another: the approver would re-seal that one."""
    other = world.seal(message(7))
    theirs = read_shares(shares_path(world.state, other.event).read_bytes()).by_role["approver"]
    smuggled = replace(request_, share=theirs.share)
    _refused(
        world, lambda: world.desk.approve(smuggled, held, world.identities["dpo"], 60), "share is of another event"
    )


def test_a_second_investigator_cannot_use_a_grant(world: World, held: Held, request_: Request, grant: Grant) -> None:
    wang = world.identities["wang"]
    _refused(world, lambda: world.desk.open(request_, grant, held, [wang]), "only who asked may open")
    # With a request of their own and the other's grant.
    own = world.desk.request(held, wang, "me too")
    _refused(world, lambda: world.desk.open(own, grant, held, [wang]), "not for this key")
    # And without this program: it does not open.
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(grant.sealed.encode(), [wang.secret])


def test_a_grant_opens_no_other_event(world: World, held: Held, request_: Request, grant: Grant) -> None:
    li = world.identities["li"]
    other = world.seal(message(7))
    _refused(world, lambda: world.desk.open(request_, grant, other, [li]), "is for the event")
    second = world.desk.request(other, li, "another")
    _refused(world, lambda: world.desk.open(second, grant, other, [li]), "grant is for the event")
    # Past every check, with the key that the grant gives: the content does not open.
    shares = read_shares(shares_path(world.state, held.event).read_bytes())
    granted = read_granted(grant, request_, shares, [li], time.time())
    key = key_of(shares, granted, [li])
    for event in (other.event, held.event):
        with blob_path(world.state, other.pointer.blob).open("rb") as file, pytest.raises(DamagedError):
            b"".join(opened(key, event, file))


def test_a_grant_is_for_the_request_as_the_approver_read_it(
    world: World, held: Held, request_: Request, grant: Grant
) -> None:
    changed = replace(request_, reason="something harmless")
    _refused(world, lambda: world.desk.open(changed, grant, held, [world.identities["li"]]), "request was changed")
    second = world.desk.request(held, world.identities["li"], "case 8")
    _refused(world, lambda: world.desk.open(second, grant, held, [world.identities["li"]]), "another request")


def test_a_grant_ends(world: World, held: Held, request_: Request) -> None:
    grant = world.desk.approve(request_, held, world.identities["dpo"], -1)
    _refused(world, lambda: world.desk.open(request_, grant, held, [world.identities["li"]]), "has ended")


def test_a_grant_by_nobodys_key_is_not_used(world: World, held: Held, request_: Request) -> None:
    """Somebody who was an approver when it was sealed and is unknown now."""
    grant, _ = approve(request_, world.identities["legal"], None, time.time(), 60)
    (world.state.people / f"approver-{world.identities['legal'].fingerprint}.json").unlink()
    _refused(world, lambda: world.desk.open(request_, grant, held, [world.identities["li"]]), "no approver's here")


def test_what_was_denied_is_not_opened(world: World, held: Held, request_: Request, grant: Grant) -> None:
    world.desk.deny(request_, world.identities["legal"], "not needed")
    with pytest.raises(RefusedError, match="denied: not needed"):
        world.desk.grant_of(request_)
    assert [(one.state, one.opened) for one in world.desk.waiting()] == [("denied", 0)]
    assert world.told()[-1] == "reveal.denied"


def test_who_asked_and_left_meanwhile_opens_nothing(world: World, held: Held, request_: Request, grant: Grant) -> None:
    world.people.retire(world.key("li"), time.time())
    _refused(world, lambda: world.desk.open(request_, grant, held, [world.identities["li"]]), "is retired")


def test_no_single_role_opens_anything(world: World, held: Held) -> None:
    """All investigators together do not have the approvers' share, nor the other way round."""
    shares = read_shares(shares_path(world.state, held.event).read_bytes())
    investigators = [world.identities[name].secret for name in ("li", "wang")]
    approvers = [world.identities[name].secret for name in ("dpo", "legal")]
    assert unwrap(shares, "approver", investigators) is None
    assert unwrap(shares, "investigator", approvers) is None
    one, other = unwrap(shares, "investigator", investigators), unwrap(shares, "approver", approvers)
    assert one is not None
    assert other is not None
    for key in (one, other):
        with blob_path(world.state, held.pointer.blob).open("rb") as file, pytest.raises(DamagedError):
            b"".join(opened(key, held.event, file))


def test_evidence_that_was_changed_is_neither_asked_for_nor_opened(
    world: World, held: Held, request_: Request, grant: Grant
) -> None:
    path = blob_path(world.state, held.pointer.blob)
    path.chmod(0o600)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    _refused(world, lambda: world.desk.open(request_, grant, held, [world.identities["li"]]), "not what the event says")
    _refused(world, lambda: world.desk.request(held, world.identities["li"], "again"), "not what the event says")


def test_a_value_in_a_reason_is_masked_wherever_it_is_kept(world: World, held: Held) -> None:
    request = world.desk.request(held, world.identities["li"], f"{CANARY} has called")
    world.desk.deny(request, world.identities["dpo"], f"{CANARY} is nobody's customer")
    with pytest.raises(RefusedError, match="takes an investigator"):
        world.desk.request(held, world.identities["dpo"], f"{CANARY} again")
    said = [str(one) for one in world.audit.entries()]
    kept = [path.read_bytes() for path in world.state.path.rglob("*") if path.is_file() and "blobs" not in path.parts]
    assert any("has called" in one for one in said)
    assert [one for one in said if CANARY in one] == []
    assert not any(CANARY.encode() in one for one in kept)


def test_of_evidence_that_does_not_open_to_its_end_nothing_is_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changed where the digests of the event do not tell: only opening all of it does, before a byte is given."""
    held = world.seal(message(1, random.Random(1).randbytes(300_000)))
    request = world.desk.request(held, world.identities["li"], "case 7")
    grant = world.desk.approve(request, held, world.identities["dpo"], 60)
    blob = blob_path(world.state, held.pointer.blob)
    sealed = bytearray(blob.read_bytes())
    sealed[-1] ^= 1
    blob.chmod(0o600)
    blob.write_bytes(sealed)
    monkeypatch.setattr("dlp_proxy.sealing.desk.one_check", lambda *_: "")
    opening = lambda: world.desk.open(request, grant, held, [world.identities["li"]])  # noqa: E731 - for `_refused`
    _refused(world, opening, "does not open", "reveal.failed")


def test_evidence_older_than_a_new_key_opens_with_the_old_one_beside_it(world: World, held: Held) -> None:
    old = world.identities["li"]
    world.people.retire(world.key("li"), time.time())
    new = world.add("li", "investigator")
    request = world.desk.request(held, new, "case 7")
    grant = world.desk.approve(request, held, world.identities["dpo"], 60)
    _refused(world, lambda: world.desk.open(request, grant, held, [new]), "give that key too")
    assert b"".join(world.desk.open(request, grant, held, [new, old]).body) == MESSAGE.body


def test_without_an_entry_nothing_is_opened(
    world: World, held: Held, request_: Request, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise StoreError("cannot keep an entry in the log, so this is not done")

    monkeypatch.setattr("dlp_proxy.sealing.audit.LogAudit.append", refuses)
    monkeypatch.setattr("dlp_proxy.sealing.desk.RevealDesk._pieces", lambda *_: ({}, iter(())))
    with pytest.raises(StoreError, match="so this is not done"):
        world.desk.open(request_, grant, held, [world.identities["li"]])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{}", id="empty"),
        pytest.param("[]", id="list"),
        pytest.param("nonsense", id="words"),
        pytest.param('{"kind": "dlp-proxy reveal request", "format": 2}', id="newer"),
        pytest.param('{"kind": "dlp-proxy reveal request", "format": 1}', id="bare request"),
        pytest.param('{"kind": "dlp-proxy reveal grant", "format": 1}', id="bare grant"),
        pytest.param("[" * 200_000, id="deep"),
        pytest.param(" " * 300_000, id="long"),
    ],
)
def test_what_is_no_request_or_grant_is_refused(text: str) -> None:
    for read in (read_request, read_grant):
        with pytest.raises(RefusedError):
            read(text)
