"""The case that `docs/investigating.md` works through: made small, with known truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from dlp_proxy.sealing.identity import write_identity
from tests.incidents.small import at
from tests.sealing.world import make_world, message
from tests.story import written
from tests.story.world import BEGIN, DAY, Send, World

BODY: Final = b"telephone\n13800000001\n" * 200
PAN: Final = "pan.example"
LEI: Final = "zhao.lei"
QI: Final = "sun.qi"
COLLEAGUES: Final = ("he.min", "lin.tao", "ma.jun", "tang.yu", "wu.fang", "xu.hui")
WORKDAYS: Final = tuple(day for day in range(29) if day % 7 < 5)
ALARM: Final = WORKDAYS[-1]


def sends() -> list[Send]:
    """Return twenty quiet evenings, a helper, the alarm, and what colleagues do for the courier.

    Left: 8 on each of 20 days, 160, and 35 of the helper's 65, who shares 30 with them: 195. May have left: 20.
    Blocked: 249, as 160 of the 409 had left before. 464 in all.
    """
    quiet = [Send(at(600, day), LEI, PAN, tuple(range(8 * n, 8 * n + 8))) for n, day in enumerate(WORKDAYS[:-1])]
    helper = [
        Send(at(570, WORKDAYS[15]), QI, PAN, tuple(range(90, 120))),
        Send(at(575, WORKDAYS[15]), QI, PAN, (*range(115, 120), *range(1000, 1035))),
        Send(at(590, ALARM), QI, PAN, tuple(range(1100, 1120)), ""),
    ]
    alarm = Send(at(580, ALARM), LEI, PAN, (*range(409), 0, 1, 2), "blocked")
    work = [
        Send(at(number * 7, day), user, "courier.example", (5000 + 10 * day + number,))
        for day in WORKDAYS
        for number, user in enumerate(COLLEAGUES)
    ]
    return [*quiet, *helper, alarm, *work]


def write_alarm(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the state folder ``state`` there, evidence of the alarm sealed, and the private keys of two people."""
    world = make_world(folder)
    (world.state.policies / f"{'5' * 64}.json").write_text("{}", encoding="utf-8")
    for name in ("li", "dpo"):
        write_identity(folder / f"{name}.key", world.identities[name])
    ordered = tuple(sorted(sends(), key=lambda one: one.time))
    place = next(number for number, one in enumerate(ordered, 1) if one.fate == "blocked")
    sealed = world.seal(replace(message(0, BODY), uid=f"01STORY{place:019d}")).pointer.as_json()
    body = written._body

    def with_evidence(one: Send, company: World) -> dict[str, Any]:
        made = body(one, company) | {"policy": f"sha256:{'5' * 64}"}
        return made | {"evidence": sealed} if one.fate == "blocked" else made

    monkeypatch.setattr(written, "_body", with_evidence)
    begin = int(BEGIN.timestamp() * 1000)
    days = tuple(begin + day * DAY for day in WORKDAYS)
    staff = {LEI: "service", QI: "service", **dict.fromkeys(COLLEAGUES, "service")}
    written.write(World(staff, {}, ordered, days, (0, 0), 0), world.state)
