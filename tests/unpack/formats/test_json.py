from __future__ import annotations

import json

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.samples import text_of, tight, unpack_body, zipped


@pytest.mark.parametrize("case", load("json", 27), ids=lambda case: case.name)
def test_json(case: Case) -> None:
    run(case)


@pytest.mark.parametrize("indent", [None, 1])
def test_a_text_in_lines_is_one_text(indent: int | None) -> None:
    lines = [f"phone 1380013{n:04}\n" for n in range(30)]
    body = json.dumps({"cells": [{"source": lines}, {"source": ["x\n", "y"]}]}, indent=indent)
    texts = [part.text for part in unpack_body(body.encode()).parts]
    assert "".join(lines) in texts
    assert any("x\n" in text and "y" in text for text in texts)


def test_commas_within_strings_are_no_values() -> None:
    body = json.dumps({"phone": "13800138000", "mappings": "AAAA,CAAC;" * 400}).encode()
    unpacked = unpack_body(body, limits=tight(values=100))
    assert unpacked.gaps == ()
    assert "phone: 13800138000" in text_of(unpacked)


def test_a_long_text_is_read_once_in_a_message() -> None:
    source = "".join(f"const phone{n} = '1380013{n:04}';\n" for n in range(30))
    body = json.dumps({"sourcesContent": [source], "version": 3}).encode()
    members = {"a.js.map": body, "b.js.map": body.replace(b"3}", b"4}"), "c.json": json.dumps({"v": "short"}).encode()}
    text = text_of(unpack_body(zipped(members)))
    assert text.count("phone7 =") == 1
    assert "version: 3" in text
    assert "version: 4" in text
