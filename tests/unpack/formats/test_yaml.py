from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.unpack.customers import COUNT, CSV, nested, rows, seen
from tests.unpack.samples import gaps_of, text_of, unpack_body

LONG = [
    {**one, "address": f"中国{one['address']}靠近地铁站出口右手边第三家便利店旁边的蓝色大门内收发室"} for one in rows()
]
DOCUMENTS = {
    "escaped": yaml.dump(rows()),
    "plain": yaml.dump(rows(), allow_unicode=True, sort_keys=False),
    "nested": yaml.dump({"orders": nested()}, allow_unicode=True),
    "nested deep": yaml.dump(nested(), indent=8),
    "documents": "---\n" + yaml.dump_all(rows()),
    "quoted": yaml.dump(rows(), default_style='"'),
    "literal": yaml.dump(rows(), default_style="|", allow_unicode=True),
    "flow": "orders:\n" + "".join(f"  - {{phone: '{one['phone']}', address: {one['address']}}}\n" for one in rows()),
    "names": yaml.dump({f"customer{number}": one for number, one in enumerate(rows())}),
    "lists": yaml.dump([list(one.values()) for one in rows()], allow_unicode=True),
    "anchors": "base: &b\n  kind: order\norders:\n"
    + "".join(
        f"  c{n}: &c{n}\n    <<: *b\n    phone: {one['phone']}\n    address: {one['address']}\n"
        for n, one in enumerate(rows())
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_object_is_read(name: str, end: str) -> None:
    assert seen(DOCUMENTS[name].replace("\n", end).encode()) == ("yaml", COUNT, [])


def test_a_folded_text_is_whole_again() -> None:
    text = text_of(unpack_body(yaml.dump(LONG).encode()))
    assert all(one["address"] in text for one in LONG)


def test_a_table_within_is_a_table() -> None:
    body = yaml.dump(
        {"kind": "ConfigMap", "data": {"a.csv": CSV.decode("gb18030").replace("\r", "")}}, allow_unicode=True
    )
    assert seen(body.encode()) == ("yaml", COUNT, [])


@pytest.mark.parametrize(
    "body",
    [
        "name: 张三\nphone: 13800138000\n",
        "Attn: a@b.example\nAbout: x\n\nhello: there\n- and: more\n",
        "- one thing 13800138000\n- another thing\n",
        "a:\n  - b\n a: 13800138000\n",
        "a:\n  b: 1\na:\n  b: 2\n",
        "a:\n\t- b: 13800138000\n",
    ],
)
def test_what_is_flat_or_no_yaml_is_text(body: str) -> None:
    unpacked = unpack_body(body.encode())
    assert unpacked.content in {"text", "csv"}
    assert gaps_of(unpacked) == []


def test_no_tag_is_obeyed(tmp_path: Path) -> None:
    canary = tmp_path / "called"
    body = f"a:\n  - !!python/object/apply:os.system ['touch {canary}']\n  - phone: 13800138000\n"
    assert "phone: 13800138000" in text_of(unpack_body(body.encode()))
    assert not canary.exists()


@pytest.mark.parametrize(
    "body",
    [
        "a: &a [x, x]\nb:\n" + "".join(f"  b{n}: &b{n} [*a, *a, *a, *a, *a]\n" for n in range(40)),
        "".join(" " * level + "- a:\n" for level in range(1000)),
        "a:\n - " + "[" * 300_000,
        'a:\n - "' + "x\n" * 200_000,
        'a:\n - "x" y\n' * 20_000,
        'a:\n - "' + 'x\\"\n' * 20_000,
        "a:\n - " + "x " * 200_000 + "\n",
        ("- a" + ":a" * 500 + "\n") * 400,
    ],
)
def test_hostile_documents_end(body: str) -> None:
    unpacked = unpack_body((body + "\n13800138000\n").encode())
    assert "13800138000" in text_of(unpacked)
    assert len(text_of(unpacked)) < 3 * len(body) + 10_000


def test_braces_without_values_are_no_yaml_and_nothing_in_them_is_cut() -> None:
    """EDN: names begin with a colon, and a comma is a blank."""
    line = '{:order/no "2026" :customer/phone "605 360 729" :ship/addr "ul. Polna 39, Kraków 30-160"}\n '
    assert "ul. Polna 39, Kraków 30-160" in text_of(unpack_body(f"[{line * 30}]".encode()))
