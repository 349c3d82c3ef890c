from __future__ import annotations

import pytest

from tests.unpack.documents import CSV, C, tnef
from tests.unpack.samples import gaps_of, text_of, unpack_body, zipped


def test_texts_and_files_with_their_names() -> None:
    unpacked = unpack_body(tnef("客户.csv", CSV.encode()))
    assert unpacked.content == "tnef"
    assert unpacked.filenames == ("客户.csv",)
    assert [str(part.location) for part in unpacked.parts if part.columns] == ["body > 客户.csv"]
    assert gaps_of(unpacked) == []


def test_an_archive_within_is_the_archive_of_the_mail() -> None:
    unpacked = unpack_body(tnef("a.zip", zipped({"a.csv": CSV.encode()})))
    assert unpacked.content == "tnef"
    assert C[0].phone in text_of(unpacked)


@pytest.mark.parametrize("kept", [10, 60, 900])
def test_a_cut_one_gives_what_is_left(kept: int) -> None:
    unpacked = unpack_body(tnef("a.csv", CSV.encode())[:kept])
    assert "malformed" in [reason for reason, _ in gaps_of(unpacked)]
    assert kept < 900 or C[0].phone in text_of(unpacked)
