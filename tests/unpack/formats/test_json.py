from __future__ import annotations

import json

import pytest

from tests.unpack.cases import Case, load, run
from tests.unpack.samples import unpack_body


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
