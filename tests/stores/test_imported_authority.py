"""A CA that was made elsewhere: taken up only where key, chain and passphrase are right."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dlp_proxy.stores.authority import CERTIFICATE_FILE, KEY_FILE, make_authority, show_authority
from dlp_proxy.stores.imported_authority import import_authority
from dlp_proxy.stores.ports import StoreError
from tests.cli.commands import dlp_proxy

KEYS: Final = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]


def certificate(of: int, by: int, *, signs: bool = True) -> bytes:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"CA {of}")]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"CA {by}")]))
        .public_key(KEYS[of].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=signs, path_length=None), critical=True)
        .sign(KEYS[by], hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )


def key(of: int, passphrase: str = "") -> bytes:
    how: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        how = serialization.BestAvailableEncryption(passphrase.encode())
    return KEYS[of].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


ROOT, MIDDLE, ISSUING = certificate(0, 0), certificate(1, 0), certificate(2, 1)


def test_a_key_keeps_its_passphrase_and_ca_pem_is_the_top_of_the_chain(tmp_path: Path) -> None:
    import_authority(tmp_path, key(2, "secret"), ROOT + ISSUING + MIDDLE, "secret")
    kept = (tmp_path / KEY_FILE).read_bytes()
    assert kept == key_of(kept) + ISSUING + MIDDLE + ROOT
    assert b"ENCRYPTED" in kept
    assert (tmp_path / CERTIFICATE_FILE).read_bytes() == ROOT
    assert show_authority(tmp_path, "secret").subject == show_authority(tmp_path).subject == "CN=CA 2"
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    for wrong, says in (("", "set `ca_passphrase_file`"), ("other", "does not open the key")):
        with pytest.raises(StoreError, match=says):
            show_authority(tmp_path, wrong)


def key_of(kept: bytes) -> bytes:
    return kept[: kept.index(b"-----BEGIN CERTIFICATE")]


def test_without_the_root_the_intermediate_stands_twice_so_that_it_is_sent(tmp_path: Path) -> None:
    import_authority(tmp_path, key(2), ISSUING, "")
    assert (tmp_path / KEY_FILE).read_bytes().endswith(ISSUING * 2)
    with pytest.raises(StoreError, match="has no passphrase"):
        show_authority(tmp_path, "secret")


@pytest.mark.parametrize(
    ("private", "chain", "passphrase", "says"),
    [
        pytest.param(key(2), ROOT + MIDDLE, "", "do not belong together", id="another key"),
        pytest.param(key(2), ISSUING + ROOT, "", "signs none of the others: CN=CA 0", id="a gap in the chain"),
        pytest.param(key(2), certificate(2, 1, signs=False), "", "may not sign", id="no CA"),
        pytest.param(key(2, "secret"), ISSUING, "", "cannot be read", id="no passphrase"),
        pytest.param(key(2, "secret"), ISSUING, "wrong", "cannot be read", id="wrong passphrase"),
        pytest.param(b"nothing", ISSUING, "", "cannot be read", id="no key"),
        pytest.param(key(2), b"nothing", "", "cannot be read", id="no chain"),
    ],
)
def test_what_is_wrong_is_refused(private: bytes, chain: bytes, passphrase: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=says):
        import_authority(tmp_path, private, chain, passphrase)
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_there_is_replaced_only_when_told_and_then_kept(tmp_path: Path) -> None:
    make_authority(tmp_path, "Old")
    old = (tmp_path / KEY_FILE).read_bytes()
    with pytest.raises(StoreError, match="add --replace"):
        import_authority(tmp_path, key(2), ISSUING, "")
    import_authority(tmp_path, key(2), ISSUING, "", instead=True)
    (replaced,) = tmp_path.glob("replaced-*.pem")
    assert replaced.read_bytes() == old


def test_the_command_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(key(2, "secret"))
    (tmp_path / "chain").write_bytes(ISSUING + MIDDLE)
    (tmp_path / "pass").write_text("secret\n")
    files = ("--key", tmp_path / "key", "--chain", tmp_path / "chain", "--passphrase-file", tmp_path / "pass")
    done = dlp_proxy("ca", "import", "--state", tmp_path / "state", *files)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[:2] == [
        "taken up: CN=CA 2",
        f"set `ca_passphrase_file: {tmp_path / 'pass'}` for `dlp-proxy run`",
    ]
