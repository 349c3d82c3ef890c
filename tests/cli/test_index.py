from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dlp_proxy.cli.demo_traffic import HEADER, as_csv, orders
from tests.cli.commands import POLICIES, dlp_proxy

PHONE_COLUMN = HEADER[2]
ROWS = """\
phone,name,order_id
138 0013 8000,王伟,SO-20260115-004217
13900139001,李娜,SO-20260115-004218
not a number,张三,SO-20260115-004219
13900139001,李娜,
"""


@pytest.fixture
def where(tmp_path: Path) -> tuple[str | Path, ...]:
    (tmp_path / "customers.csv").write_text(ROWS, encoding="utf-8")
    return ("--state", tmp_path / "state", "--policies", POLICIES)


def test_an_index_is_built_of_columns_and_answers(tmp_path: Path, where: tuple[str | Path, ...]) -> None:
    words = ("--from", tmp_path / "customers.csv", "--columns", "phone=phone-cn,order_id=order-number")
    done = dlp_proxy("index", "build", *words, *where)
    assert (done.code, done.err) == (0, "")
    assert "customers: 5 different values of phone, order_id" in done.out
    assert "phone: 1 cells are no phone-cn and were left out" in done.out
    asked = dlp_proxy("index", "ask", "--detector", "phone-cn", *where, stdin="+86 13800138000\n13700137000\n")
    assert asked.out == "line 1: known\nline 2: not known\n"
    (listed,) = json.loads(dlp_proxy("index", "list", "--state", tmp_path / "state", "--json").out)
    assert (listed["name"], listed["values"]) == ("customers", 5)


def test_a_table_of_gbk_is_read(tmp_path: Path, where: tuple[str | Path, ...]) -> None:
    (tmp_path / "gbk.csv").write_text(ROWS, encoding="gb18030")
    done = dlp_proxy("index", "build", "--from", tmp_path / "gbk.csv", "--columns", "phone=phone-cn", *where, "--json")
    assert json.loads(done.out)["values"] == 2


def test_a_database_is_asked_by_a_query(tmp_path: Path, where: tuple[str | Path, ...]) -> None:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop:
        shop.execute("CREATE TABLE customer (phone INTEGER, city TEXT)")
        shop.executemany("INSERT INTO customer VALUES (?, '上海')", [(13800138000 + one,) for one in range(500)])
        shop.commit()
    source = ("--from", f"sqlite:///{tmp_path / 'shop.db'}", "--columns", "phone=phone-cn")
    done = dlp_proxy("index", "build", *source, "--query", "select phone from customer", *where, "--json")
    assert json.loads(done.out)["values"] == 500
    bad = dlp_proxy("index", "build", *source, "--query", "select nothing from nowhere", *where)
    assert (bad.code, "Traceback" in bad.err) == (2, False)
    assert "did not answer the query: OperationalError" in bad.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--columns", "mobile=phone-cn"), "there is no column 'mobile'; there are phone, name, order_id"),
        (("--columns", "phone=mobile"), "no detector is called 'mobile'"),
        (("--columns", "phone=phone-cn", "--name", "../x"), "is no name of an index"),
        (("--columns", "phone=phone-cn", "--query", "select 1"), "--query goes with a database"),
    ],
)
def test_what_cannot_be_built_is_told(
    tmp_path: Path, where: tuple[str | Path, ...], words: tuple[str, ...], says: str
) -> None:
    done = dlp_proxy("index", "build", "--from", tmp_path / "customers.csv", *words, *where)
    assert done.code == 2
    assert says in done.err
    assert not list((tmp_path / "state").glob("indexes/*"))


def test_wrong_columns_leave_a_warning(tmp_path: Path, where: tuple[str | Path, ...]) -> None:
    done = dlp_proxy("index", "build", "--from", tmp_path / "customers.csv", "--columns", "name=phone-cn", *where)
    assert done.code == 1
    assert "the index is empty" in done.err


@pytest.fixture
def exact(tmp_path: Path) -> Path:
    """Return policies that count real customers only, and alarm on planted ones."""
    for name in ("exact-match", "canaries"):
        assert dlp_proxy("policy", "new", name, tmp_path / "exact").code == 0
    return tmp_path / "exact"


def test_only_values_of_the_index_count(tmp_path: Path, exact: Path) -> None:
    made = orders(40, seed=3)
    known, others = made[:20], made[20:]
    (tmp_path / "customers.csv").write_bytes(as_csv(known))
    (tmp_path / "planted.csv").write_text("phone\n13912345678\n")
    where = ("--state", tmp_path / "state", "--policies", exact)
    refused = dlp_proxy("scan", tmp_path / "customers.csv", "--policies", exact)
    assert (refused.code, "say where with --state" in refused.err) == (2, True)
    missing = dlp_proxy("scan", tmp_path / "customers.csv", *where)
    assert (missing.code, "there is no index at" in missing.err) == (2, True)
    columns = f"{PHONE_COLUMN}=phone-cn"
    built = dlp_proxy("index", "build", "--from", tmp_path / "customers.csv", "--columns", columns, *where, "--json")
    assert json.loads(built.out)["values"] == 20
    planted = ("--name", "canaries", "--from", tmp_path / "planted.csv", "--columns", "phone=phone-cn")
    assert dlp_proxy("index", "build", *planted, *where).code == 0
    (tmp_path / "others.csv").write_bytes(as_csv(others))
    (tmp_path / "mixed.csv").write_bytes(as_csv([*others, *known[:6]]))
    (tmp_path / "planted.txt").write_text("ask at 139-1234-5678")
    files = [tmp_path / name for name in ("others.csv", "mixed.csv", "planted.txt")]
    done = dlp_proxy("scan", *files, *where, "--to", "https://shop.example/u", "--format", "json")
    shown = [json.loads(line) for line in done.out.splitlines()]
    assert [(one["action"], one["rules"], one["distinct"]) for one in shown] == [
        ("allow", [], 0),
        ("block", ["real-customers-out"], 6),
        ("block", ["canary-seen"], 1),
    ]
