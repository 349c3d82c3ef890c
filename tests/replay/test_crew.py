"""Processes that look at bodies: in order, each within its time, and none of them talks to anybody."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace

from dlp_proxy.model.held import Held
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.message import Message
from dlp_proxy.replay.crew import Crew, Eyes, Job, Looked, Seen, Skipped
from tests.replay.world import uploads


class Doing:
    """Does what the body says."""

    def look(self, name: str, message: Message) -> Inspection:
        match message.body:
            case b"sleep":
                time.sleep(60)
            case b"die":
                os._exit(9)
            case b"raise":
                raise ValueError("a secret")
            case b"call home":
                socket.create_connection(("127.0.0.1", 9))
            case _:
                time.sleep(0.05 if message.body == b"slow" else 0)
        return Inspection(content=name, bytes=len(message.body))

    def read(self, held: Held) -> Message:
        if held.path == "gone":
            raise FileNotFoundError("a name")
        return replace(uploads(1)[0], uid=held.uid, body=held.path.encode())


def make() -> Eyes:
    return Doing()


def seen(*bodies: bytes, size: int = 2) -> list[tuple[int, Seen | None]]:
    first = uploads(1)[0]
    with Crew(make, size, 1.0) as crew:
        jobs = (
            (number, None if body == b"no job" else Job(replace(first, body=body), ("a", "b")))
            for number, body in enumerate(bodies)
        )
        return list(crew.seen(jobs))


def test_results_come_in_the_order_of_the_jobs() -> None:
    bodies = [b"slow" if number % 3 == 0 else b"x" * number for number in range(20)]
    found = seen(*bodies, b"no job", size=3)
    assert [number for number, _ in found] == list(range(21))
    assert found[20][1] is None
    for (_, one), body in zip(found, bodies, strict=False):
        assert isinstance(one, Looked)
        assert [(each.content, each.bytes) for each in one.inspections] == [("a", len(body)), ("b", len(body))]


def test_what_lies_in_a_file_is_read_where_it_is_looked_at_and_comes_back_without_its_body() -> None:
    held = [Held(str(number), 1.0, path, 0, 9, 0, "someone") for number, path in enumerate(("body", "gone", "body"))]
    with Crew(make, 2, 1.0) as crew:
        found = [one for _, one in crew.seen((one.uid, Job(one, ("a",))) for one in held)]
    assert found[1] == Skipped("inspecting it stopped on FileNotFoundError")
    first, last = found[0], found[2]
    assert isinstance(first, Looked)
    assert isinstance(last, Looked)
    assert (first.message.uid, first.message.body, first.recorded) == ("0", b"", True)
    assert first.inspections[0].bytes == 4
    assert first.given == last.given  # it is over what decides, not over the number


def test_what_dies_hangs_or_raises_costs_itself_and_says_no_content() -> None:
    found = [one for _, one in seen(b"x", b"die", b"raise", b"call home", b"x", size=1)]
    assert found[1:4] == [
        Skipped("its inspector died"),
        Skipped("inspecting it stopped on ValueError"),
        Skipped("inspecting it stopped on PermissionError"),
    ]
    assert isinstance(found[0], Looked)
    assert isinstance(found[4], Looked)


def test_what_hangs_is_given_up() -> None:
    first = uploads(1)[0]
    with Crew(make, 1, 0.3) as crew:
        warm = [(0, Job(first, ("a",))), (1, Job(replace(first, body=b"sleep"), ("a",))), (2, Job(first, ("a",)))]
        found = [one for _, one in crew.seen(warm)]
    assert found[1] == Skipped("it took longer than one item may")
    assert isinstance(found[2], Looked)
