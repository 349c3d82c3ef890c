"""Content in pieces under one key: all of it comes back, or an error does."""

from __future__ import annotations

import io

import pytest

from dlp_proxy.sealing.cipher import KEY_BYTES, MAGIC, PIECE, DamagedError, opened, sealed, sealed_size

KEY = bytes(range(KEY_BYTES))
SIZES = (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 7)
STEP = PIECE + 16


def _sealed(content: bytes, event: str = "E", key: bytes = KEY) -> bytes:
    return b"".join(sealed(key, event, [content[:5], b"", content[5:]]))


def _opened(text: bytes, event: str = "E", key: bytes = KEY) -> bytes:
    return b"".join(opened(key, event, io.BytesIO(text)))


@pytest.mark.parametrize("size", SIZES)
def test_content_of_any_length_comes_back(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    text = _sealed(content)
    assert _opened(text) == content
    assert len(text) == sealed_size(size)


def _swap(text: bytes) -> bytes:
    head, first, second, rest = (
        text[: len(MAGIC)],
        text[len(MAGIC) :][:STEP],
        text[len(MAGIC) + STEP :][:STEP],
        text[len(MAGIC) + 2 * STEP :],
    )
    return head + second + first + rest


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: b"x" + text[1:], id="the magic"),
        pytest.param(lambda text: text[:40] + bytes([text[40] ^ 1]) + text[41:], id="a bit"),
        pytest.param(lambda text: text[:-1] + bytes([text[-1] ^ 1]), id="the last bit"),
        pytest.param(lambda text: text[:-1], id="cut by a byte"),
        pytest.param(lambda text: text[: len(MAGIC) + 2 * STEP], id="cut at the end of a piece"),
        pytest.param(lambda text: text[: len(MAGIC)], id="cut before the first piece"),
        pytest.param(lambda text: text + b"x", id="a byte more"),
        pytest.param(lambda text: text + text[len(MAGIC) :][:STEP], id="a piece more"),
        pytest.param(_swap, id="two pieces change places"),
        pytest.param(lambda text: text[: len(MAGIC)] + text[len(MAGIC) + STEP :], id="without the first piece"),
    ],
)
def test_what_was_changed_does_not_open(damage: object) -> None:
    assert callable(damage)
    text = _sealed(bytes(3 * PIECE + 7))
    with pytest.raises(DamagedError):
        _opened(damage(text))


def test_it_opens_for_its_event_and_its_key_alone() -> None:
    text = _sealed(b"content")
    for event, key in (("F", KEY), ("E", bytes(KEY_BYTES))):
        with pytest.raises(DamagedError):
            _opened(text, event, key)
