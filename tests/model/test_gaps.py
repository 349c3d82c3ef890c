"""What could not be looked at, in a number that people can read."""

from __future__ import annotations

from dlp_proxy.model.finding import Gap, few
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.location import Location

BODY = Location("body")


def _gaps(reason: str, count: int, size: int = 1) -> tuple[Gap, ...]:
    return tuple(Gap(reason, BODY / f"packet {number}", "Nothing reads it.", size) for number in range(count))  # type: ignore[arg-type]


def test_thousands_of_one_reason_are_told_as_some_and_no_byte_of_them_is_lost() -> None:
    gaps = few((*_gaps("unknown-format", 5000), *_gaps("malformed", 3)))
    assert [sum(one.reason == reason for one in gaps) for reason in ("unknown-format", "malformed")] == [64, 3]
    assert sum(one.bytes for one in gaps) == 5003
    assert [one.detail for one in gaps if "more" in one.detail] == [
        "Nothing reads it. There were more of these than are told."
    ]


def test_windows_of_a_long_body_add_up_to_as_few() -> None:
    seen = Inspection(gaps=few(_gaps("unknown-format", 70)))
    for number in range(5):
        later = tuple(Gap("unknown-format", BODY / f"window {number}" / f"{at}", "", 1) for at in range(70))
        seen = seen.with_window(Inspection(gaps=few(later)))
    assert len(seen.gaps) == 64
    assert sum(one.bytes for one in seen.gaps) == 6 * 70
    assert sum("more" in one.detail for one in seen.gaps) == 1
