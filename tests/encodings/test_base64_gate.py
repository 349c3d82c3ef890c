"""The gate of base64 names signs by ranges; one from Y to b held brackets too, and what they led to did not decode."""

from __future__ import annotations

import re

from dlp_proxy.encodings.base64 import GATE


def test_every_class_of_the_gate_holds_signs_only() -> None:
    classes = set(re.findall(r"\[[^\]]+\]", GATE))
    assert len(classes) > 8
    signs = re.compile(r"[A-Za-z0-9+/_-]")
    wrong = {
        one: [chr(code) for code in range(256) if re.match(one, chr(code)) and not signs.match(chr(code))]
        for one in classes
    }
    assert {one: held for one, held in wrong.items() if held} == {}
