"""A held body comes back as it was, from memory or from its file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dlp_proxy.proxy.spool import HeldBody, SpoolFolder

DATA = random.Random(1).randbytes(3_000_000)


@pytest.fixture
def body(tmp_path: Path) -> HeldBody:
    spool = SpoolFolder(tmp_path / "spool", 10_000_000)
    spool.prepare()
    return HeldBody(spool)


def test_pieces_read_at_once_are_those_of_the_file(body: HeldBody) -> None:
    body += DATA[:2_000_000]
    assert body.read_at_once(0, 100) is None
    body.write()
    body += DATA[2_000_000:]
    at = 0
    while at < 2_000_000:
        piece = body.read_at_once(at, 700_000) or body.read(at, 700_000)
        assert piece
        assert piece == DATA[at : at + len(piece)]
        at += len(piece)
    assert at == 2_000_000
    assert body.read_at_once(at, 100) is None
    assert body.read(at, 2_000_000) == DATA[at:]
    body.close()


def test_what_was_let_go_is_not_read(body: HeldBody) -> None:
    body += DATA
    body.write()
    body.close()
    assert body.read_at_once(0, 100) is None
    with pytest.raises(OSError, match="gone"):
        body.read(0, 100)
