"""What a client's handshake may say to a site."""

from __future__ import annotations

import pytest

from dlp_proxy.proxy.tls_of_clients import offers


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ([], ()),
        ([b"h2", b"http/1.1"], (b"h2", b"http/1.1")),
        ([b"http/1.1", b"h2", b"http/1.1"], (b"http/1.1", b"h2")),
        ([b"SO-20260115-004217", b"13800138000"], ()),
        ([b"postgresql"], (b"postgresql",)),
        (
            [b"imap", b"h2", b"ftp", b"smb"],
            (b"imap", b"h2"),
        ),  # which of them are there, and in which order, says a little
    ],
)
def test_only_names_that_are_registered_go_on(said: list[bytes], goes_on: tuple[bytes, ...]) -> None:
    assert offers(said) == goes_on
