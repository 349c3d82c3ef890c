"""The file of what is not opened: what it takes, and that each mistake is refused with its place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.bypass_file import expired, read_bypass
from dlp_proxy.proxy.known_files import KnownFileError

GOOD = "host: a.example.com, port: 443, owner: li, reason: pins, expires: 2027-03-01"


def read(folder: Path, text: str) -> Path:
    path = folder / "bypass.yaml"
    path.write_text(text)
    return path


def test_an_entry_names_a_host_or_all_below_one(tmp_path: Path) -> None:
    wide = GOOD.replace("a.example.com", "'*.B.example.com'")
    text = f"- {{{GOOD}}}\n- {{{wide}, people: [hr, li.na]}}\n"
    exact, below = read_bypass(read(tmp_path, text))
    asked = ("a.example.com", "xa.example.com", "x.a.example.com", "b.example.com", "x.b.example.com", "xb.example.com")
    assert [one for one in asked if exact.names(one, 443)] == ["a.example.com"]
    assert [one for one in asked if below.names(one, 443)] == ["x.b.example.com"]
    assert not exact.names("a.example.com", 8443)
    people = [Principal("li.na", "password", "medium", "", ()), Principal("x", "password", "medium", "", ("hr",))]
    assert [below.is_for(one) for one in (*people, Principal("x", "address", "none", ""))] == [True, True, False]
    assert exact.is_for(Principal("x", "address", "none", ""))


def test_it_ends_with_the_beginning_of_the_day_in_utc(tmp_path: Path) -> None:
    entries = read_bypass(read(tmp_path, f"- {{{GOOD}}}\n"))
    end = datetime(2027, 3, 1, tzinfo=UTC).timestamp()
    assert expired(entries, end - 1) == []
    assert expired(entries, end) == ["a.example.com:443 (2027-03-01)"]


def test_an_empty_file_names_nothing(tmp_path: Path) -> None:
    assert read_bypass(read(tmp_path, "# nothing yet\n")) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param(("port", "prot"), "entry 1: `prot` is not known", id="unknown key"),
        pytest.param((", owner: li", ""), "`owner` is missing", id="no owner"),
        pytest.param(("reason: pins", "reason: ' '"), "`reason` is missing", id="no reason"),
        pytest.param((", expires: 2027-03-01", ""), "`expires` is missing", id="no end"),
        pytest.param(("2027-03-01", "never"), "`expires` must be a date", id="no date"),
        pytest.param(("443", "0"), "`port` must be", id="port"),
        pytest.param(("443", "https"), "`port` must be", id="port by name"),
        pytest.param(("a.example.com", "'*.com'"), "`host` must be", id="a whole top level"),
        pytest.param(("a.example.com", "'*'"), "`host` must be", id="everything"),
        pytest.param(("a.example.com", "'a.*.com'"), "`host` must be", id="in the middle"),
        pytest.param(("a.example.com", "a.example.com.*"), "`host` must be", id="at the end"),
        pytest.param(("a.example.com", "10.0.0.1"), "`host` must be", id="an address"),
        pytest.param(("a.example.com", "'.*example'"), "`host` must be", id="a pattern"),
        pytest.param(("owner", "people: [], owner"), "`people` is empty", id="nobody"),
        pytest.param(("owner", "people: li, owner"), "`people` must be a list", id="people as text"),
        pytest.param(("owner: li", "owner: li, owner: na"), ":1: a key is written twice", id="a key twice"),
        pytest.param(("}", "}\n- {" + GOOD + "}"), "named twice", id="an entry twice"),
        pytest.param(("- {", "{"), "must be a list", id="no list"),
        pytest.param(("- {", "- {{"), "is not valid YAML", id="no YAML"),
    ],
)
def test_each_mistake_is_refused(change: tuple[str, str], problem: str, tmp_path: Path) -> None:
    with pytest.raises(KnownFileError) as refused:
        read_bypass(read(tmp_path, f"- {{{GOOD}}}".replace(*change, 1)))
    assert problem in str(refused.value)
    assert "bypass.yaml" in str(refused.value)
