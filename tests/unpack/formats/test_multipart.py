from __future__ import annotations

import gzip
import itertools
import random

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.customers import CSV, SOME
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("case", load("multipart", 15), ids=lambda case: case.name)
def test_multipart(case: Case) -> None:
    run(case)


@pytest.mark.parametrize("backwards", [False, True])
def test_ranges_of_one_file_are_that_file_in_whatever_order_they_stand(backwards: bool) -> None:  # noqa: FBT001
    """As multipart/byteranges has them (RFC 9110, 14.6)."""
    whole = gzip.compress(random.Random(3).randbytes(9000) + CSV, mtime=0)
    cuts = (0, 9040, 9500, 9700, len(whole))
    parts = [
        b"--B\r\nContent-Range: bytes %d-%d/%d\r\n\r\n%b\r\n" % (start, end - 1, len(whole), whole[start:end])
        for start, end in itertools.pairwise(cuts)
    ]
    body = b"".join(reversed(parts) if backwards else parts) + b"--B--\r\n"
    text = text_of(unpack_body(body, "multipart/byteranges; boundary=B"))
    assert sum(one.phone in text for one in SOME) == len(SOME)
