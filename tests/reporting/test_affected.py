"""Customers by name leave the house sealed to one key, and nowhere in clear."""

from __future__ import annotations

import csv
import io
import tarfile
from collections import Counter
from pathlib import Path

import pyrage
import pytest

from dlp_proxy.reporting.bundle.strict import read_strictly
from tests.cli.commands import Done, dlp_proxy_here
from tests.docs.alarm import write_alarm
from tests.reporting.bundles import files_of
from tests.story.written import phone

NUMBERS = [phone(customer) for customer in range(25)]


def export(folder: Path, *words: str | Path) -> Done:
    given = "\n".join([*NUMBERS, "13999999999", "no number"])
    return dlp_proxy_here("incident", "export", "inc-00000149", "--reason", "x", *words, stdin=given, cwd=folder)


def test_customers_are_named_only_to_whom_it_is_sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_alarm(tmp_path, monkeypatch)
    mine, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    words = ("--bundle", "bag", "--to", str(mine.to_public()), "--affected", "phone", "--wrap", "bag.tar.age")
    done = export(tmp_path, *words)
    assert (done.code, done.err) == (0, "")
    assert "affected 25 customers by name, 384 only as a token; sealed" in done.out
    held = (tmp_path / "bag" / "data" / "affected.age").read_bytes()
    rows = list(csv.DictReader(io.StringIO(pyrage.decrypt(held, [mine]).decode("utf-8-sig"))))
    assert [row["value"] for row in rows[:26]] == [*NUMBERS, ""]
    assert Counter(row["reached"] for row in rows) == {"blocked": 409}
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(held, [other])

    opened = io.BytesIO(pyrage.decrypt((tmp_path / "bag.tar.age").read_bytes(), [mine]))
    with tarfile.open(fileobj=opened) as archive:
        assert {(one.uid, one.gid, one.uname, one.gname) for one in archive.getmembers()} == {(0, 0, "", "")}
        archive.extractall(tmp_path / "elsewhere", filter="data")
    there = files_of(tmp_path / "bag")
    assert files_of(tmp_path / "elsewhere" / "bag") == there
    assert read_strictly(tmp_path / "elsewhere" / "bag")[1] == len(there)
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert not [name for name, content in there.items() for number in NUMBERS if number.encode() in content]
    assert export(tmp_path, "--bundle", "new", *words[2:]).code == 2  # the wrapped one is there already


def test_sealing_needs_a_key_and_something_to_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_alarm(tmp_path, monkeypatch)
    for words in (("--to", "age1nobody", "--wrap", "w"), ("--affected", "phone"), ("--wrap", "w")):
        assert export(tmp_path, "--bundle", "bag", *words).code == 2
    assert not (tmp_path / "bag").exists()
