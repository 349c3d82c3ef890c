"""Entries of the log: keys that verifying could not read past are refused where they are made."""

from __future__ import annotations

import pytest

from dlp_proxy.evidence.entry import SALT_BYTES, Entry, commitment, salt


@pytest.mark.parametrize("key", ["account", "at", "by", "do", "n", "name", "number", "of"])
def test_a_key_that_would_stand_in_the_way_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="put them in `with`"):
        Entry("mark", more={key: 1})


@pytest.mark.parametrize("key", ["events", "forgotten", "process", "sequence", "with", "worker"])
def test_other_keys_stand_behind_the_time_and_beside_the_number(key: str) -> None:
    written = Entry("mark", more={key: 1}).written(7, 1_700_000_000_000)
    assert written.startswith(b'{"at":1700000000000,')
    assert b'"n":7,"of":' in written


def test_the_same_content_is_never_committed_to_alike() -> None:
    salts = {salt() for _ in range(100)}
    assert {len(one) for one in salts} == {SALT_BYTES}
    assert len({commitment(one, b"content") for one in salts}) == 100
