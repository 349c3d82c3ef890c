from __future__ import annotations

import base64

from dlp_proxy.proxy.seal import Seal

SEAL = Seal(b"k" * 32)
FACTS = {"user": "li", "until": 100.0}


def test_what_was_signed_is_read_back_until_its_time_is_over() -> None:
    text = SEAL.sign("ticket", FACTS)
    assert SEAL.read("ticket", text, 99.0) == FACTS
    assert SEAL.read("ticket", text, 100.0) is None


def test_nothing_else_is_read() -> None:
    text = SEAL.sign("ticket", FACTS)
    plain, _, mac = text.partition(".")
    forged = base64.urlsafe_b64encode(base64.urlsafe_b64decode(plain).replace(b"li", b"wu")).decode()
    for wrong in ("", ".", plain, f"{plain}.", f"{forged}.{mac}", f"{text}0", f"é{text}", f"{plain}.{'é' * 64}"):
        assert SEAL.read("ticket", wrong, 1.0) is None
    assert SEAL.read("pass", text, 1.0) is None
    assert Seal(b"j" * 32).read("ticket", text, 1.0) is None
