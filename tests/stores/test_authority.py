from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509

from dlp_proxy.stores.authority import KEY_FILE, make_authority, show_authority
from dlp_proxy.stores.ports import StoreError


def test_a_ca_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    assert make_authority(tmp_path, "Test CA") is True
    first = show_authority(tmp_path)
    assert make_authority(tmp_path, "Other name") is False
    assert show_authority(tmp_path) == first
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    assert b"PRIVATE" not in first.certificate
    assert b"PRIVATE" not in (tmp_path / "ca.pem").read_bytes()


def test_the_ca_may_sign_leaves_only(tmp_path: Path) -> None:
    make_authority(tmp_path, "Test CA")
    certificate = x509.load_pem_x509_certificate(show_authority(tmp_path).certificate)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)


def test_a_ca_whose_key_others_may_read_is_refused(tmp_path: Path) -> None:
    make_authority(tmp_path, "Test CA")
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600"):
        show_authority(tmp_path)


@pytest.mark.parametrize("content", [b"", b"junk", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_broken_ca_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(StoreError, match="cannot be read"):
        show_authority(tmp_path)


def test_no_ca_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ca init"):
        show_authority(tmp_path)
