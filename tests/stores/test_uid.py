from __future__ import annotations

import re

from dlp_proxy.stores.uid import UidMaker, encode


def test_uids_are_ulids_that_sort_by_time_and_never_repeat() -> None:
    make = UidMaker()
    made = [make() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert all(re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", one) for one in made)


def test_the_first_ten_characters_are_the_time() -> None:
    assert encode(1_469_918_176_385 << 80)[:10] == "01ARYZ6S41"  # the example of the specification
    assert encode((1 << 128) - 1) == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
