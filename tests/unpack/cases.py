"""Reads tables of cases: a body, and the parts and gaps it must give."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.unpack import unpack
from tests.unpack.samples import message
from tests.unpack.test_fuzz import check

DATA = Path(__file__).parents[1] / "data" / "unpack"


@dataclass(frozen=True)
class Case:
    """`parts` lists what must come, in order; of each part only the keys given are compared."""

    name: str
    body: str = ""
    encoding: str = "utf-8"
    label: str = ""
    target: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    content: str = ""
    parts: tuple[dict[str, Any], ...] = ()
    gaps: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()


def load(name: str, count: int) -> list[Case]:
    """Return the cases of ``tests/data/unpack/<name>.yaml``, which must be `count`."""
    raw = yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))
    cases = [case(**one) for one in raw]
    assert len({case.name for case in cases}) == len(cases) == count
    return cases


def case(**given: Any) -> Case:
    frozen: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    return Case(**frozen)


def run(case: Case) -> None:
    headers = {**({"Content-Type": case.label} if case.label else {}), **case.headers}
    unpacked = unpack(message(case.body.encode(case.encoding), case.target, headers), LIMITS)
    check(unpacked)
    seen = [shown(part, wanted) for part, wanted in zip(unpacked.parts, case.parts, strict=False)]
    more = [str(part.location) for part in unpacked.parts[len(case.parts) :]]
    gaps = [f"{gap.reason} at {gap.location}" for gap in unpacked.gaps]
    expected: tuple[object, ...] = (list(case.parts), [], list(case.gaps), case.content, case.filenames)
    actual: tuple[object, ...] = (seen, more, gaps, unpacked.content, unpacked.filenames)
    assert expected == actual, f"\n{expected}\n{actual}"


def shown(part: Part, wanted: dict[str, Any]) -> dict[str, Any]:
    every = {
        "at": str(part.location),
        "text": part.text,
        "units": [f"{unit.kind} {unit.label}: {part.text[unit.start : unit.end]}" for unit in part.units],
        "labels": [unit.label for unit in part.units],
        "fields": [f"{field.name}={part.text[field.start : field.end]}" for field in part.fields],
        "columns": list(part.columns),
    }
    return {key: every[key] for key in wanted}
