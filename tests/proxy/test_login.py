"""Checking log-ins: once, in a thread, slower for whoever guesses, and nothing of a password is kept."""

from __future__ import annotations

import asyncio
import base64
import threading
from collections.abc import Iterator

import pytest

from dlp_proxy.proxy.backoff import Backoff
from dlp_proxy.proxy.login import LogInDesk
from dlp_proxy.proxy.passwords import Passwords

PASSWORD = "grün:Vogel"
RIGHT = b"Basic " + base64.b64encode(f"li.na:{PASSWORD}".encode())


class Counting(Passwords):
    """Passwords that count how often, and in which thread, they were asked."""

    def __init__(self) -> None:
        super().__init__({"li.na": "{SHA}x", "wang.wu": "{SHA}x"})
        self.asked: list[str] = []

    def proves(self, user: str, password: str) -> bool:
        self.asked.append(threading.current_thread().name)
        return user in self and password == PASSWORD


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def passwords() -> Counting:
    return Counting()


@pytest.fixture
def desk(passwords: Counting, clock: Clock) -> Iterator[LogInDesk]:
    one = LogInDesk(passwords, clock)
    yield one
    one.close()


def basic(user: str, password: str) -> list[bytes]:
    return [b"basic  " + base64.b64encode(f"{user}:{password}".encode())]


async def test_one_check_serves_all_at_once_and_for_minutes(desk: LogInDesk, passwords: Counting, clock: Clock) -> None:
    answers = await asyncio.gather(*(desk.check("10.0.0.1", [RIGHT]) for _ in range(30)))
    assert {(one.result, one.user) for one in answers} == {("in", "li.na")}
    assert (await desk.check("10.0.0.2", [RIGHT])).result == "in"
    assert len(passwords.asked) == 1
    assert passwords.asked[0].startswith("log-in")
    clock.now += 301
    assert (await desk.check("10.0.0.2", [RIGHT])).result == "in"
    assert len(passwords.asked) == 2


async def test_a_file_that_changes_while_somebody_is_checked_asks_them_again(clock: Clock) -> None:
    class Slow(Counting):
        begun, may_end = threading.Event(), threading.Event()

        def proves(self, user: str, password: str) -> bool:
            self.begun.set()
            return self.may_end.wait(30) and super().proves(user, password)

    desk = LogInDesk(Slow(), clock)
    checking = asyncio.create_task(desk.check("10.0.0.1", [RIGHT]))
    assert await asyncio.to_thread(Slow.begun.wait, 30)
    desk.use(Passwords({}))
    Slow.may_end.set()
    assert (await checking).result == "in"  # by the file that was in force when it was asked
    assert (await desk.check("10.0.0.1", [RIGHT])).result == "wrong"
    desk.close()


async def test_a_changed_file_asks_everybody_again(desk: LogInDesk) -> None:
    assert (await desk.check("10.0.0.1", [RIGHT])).result == "in"
    desk.use(Passwords({}))
    assert (await desk.check("10.0.0.1", [RIGHT])).result == "wrong"


@pytest.mark.parametrize(
    "fields",
    [[RIGHT, RIGHT], [b"Bearer x"], [b"Basic"], [b"Basic !!!"], [b"Basic " + base64.b64encode(b"nocolon")], [b""]],
)
async def test_what_is_no_basic_field_is_malformed(fields: list[bytes], desk: LogInDesk, passwords: Counting) -> None:
    assert (await desk.check("10.0.0.1", fields)).result == "malformed"
    assert passwords.asked == []


async def test_a_name_we_do_not_know_is_not_repeated(desk: LogInDesk) -> None:
    answer = await desk.check("10.0.0.1", basic("hunter2", "x"))
    assert (answer.result, answer.user) == ("wrong", "")


async def test_guesses_at_one_user_are_slowed_down_for_their_address(
    desk: LogInDesk, passwords: Counting, clock: Clock
) -> None:
    results = [(await desk.check("10.0.0.1", basic("li.na", str(number)))).result for number in range(8)]
    assert results == ["wrong"] * 5 + ["wait"] * 3
    assert len(passwords.asked) == 5
    assert (await desk.check("10.0.0.1", [RIGHT])).result == "wait"  # right or not: no answer tells a guesser which
    assert (await desk.check("10.0.0.1", basic("wang.wu", PASSWORD))).result == "in"
    assert (await desk.check("10.0.0.2", [RIGHT])).result == "in"
    clock.now += 1.1
    assert (await desk.check("10.0.0.1", [RIGHT])).result == "in"


async def test_guesses_at_once_gain_nothing(desk: LogInDesk, passwords: Counting) -> None:
    answers = await asyncio.gather(*(desk.check("10.0.0.1", basic("li.na", str(one))) for one in range(40)))
    assert [one.result for one in answers].count("wait") == 35
    assert len(passwords.asked) == 5


async def test_one_password_on_many_users_is_slowed_down(desk: LogInDesk, passwords: Counting) -> None:
    results = [(await desk.check("10.0.0.1", basic(f"user-{number}", "x"))).result for number in range(25)]
    assert results == ["wrong"] * 20 + ["wait"] * 5
    assert (await desk.check("10.0.0.1", basic("wang.wu", PASSWORD))).result == "wait"


async def test_who_has_an_account_cannot_wash_guesses_off(desk: LogInDesk) -> None:
    for number in range(19):
        await desk.check("10.0.0.1", basic(f"user-{number}", "x"))
        assert (await desk.check("10.0.0.1", [RIGHT])).result == "in"
    assert (await desk.check("10.0.0.1", basic("user-20", "x"))).result == "wrong"
    assert (await desk.check("10.0.0.1", basic("user-21", "x"))).result == "wait"


async def test_no_password_is_kept(desk: LogInDesk) -> None:
    secret = "Rotkehlchen-5519"
    await desk.check("10.0.0.1", basic("li.na", secret))
    kept = [vars(desk), vars(desk._of_one), vars(desk._of_address)]
    assert "Rotkehlchen" not in repr(kept)
    assert base64.b64encode(f"li.na:{secret}".encode()).decode() not in repr(kept)


def test_a_wait_doubles_has_an_end_and_is_forgotten() -> None:
    clock = Clock()
    backoff = Backoff(2, clock)
    waits = []
    for _ in range(14):
        backoff.begin("a")
        waits.append(backoff.wait("a"))
        clock.now += waits[-1]
    assert waits == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    clock.now += 901
    backoff.begin("a")
    assert backoff.wait("a") == 0
    assert backoff.wait("b") == 0


def test_the_memory_of_guesses_is_bounded() -> None:
    backoff = Backoff(1)
    for number in range(10_500):
        backoff.begin(number)
    assert len(backoff._tries) == 10_000
