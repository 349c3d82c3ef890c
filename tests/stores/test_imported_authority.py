"""A CA that was made elsewhere: taken up only where key, chain and passphrase are right."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from dlp_proxy.stores.authority import CERTIFICATE_FILE, KEY_FILE, make_authority, show_authority
from dlp_proxy.stores.imported_authority import import_authority
from dlp_proxy.stores.ports import StoreError
from tests.cli.commands import dlp_proxy

KEYS: Final[list[ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey]] = [
    ec.generate_private_key(ec.SECP256R1()) for _ in range(3)
]


def certificate(
    of: int,
    by: int,
    *,
    signs: bool = True,
    days: tuple[int, int] = (-1, 30),
    path_length: int | None = None,
    only_for: x509.ObjectIdentifier | None = None,
) -> bytes:
    """Return a certificate in PEM; `days` from now on it begins and ends."""
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"CA {of}")]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"CA {by}")]))
        .public_key(KEYS[of].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=signs, path_length=path_length), critical=True)
    )
    if only_for is not None:
        made = made.add_extension(x509.ExtendedKeyUsage([only_for]), critical=False)
    return made.sign(KEYS[by], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


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


WRONG: Final = [
    pytest.param(certificate(2, 1, days=(-9, -2)) + MIDDLE, "CN=CA 2 ended on", id="ended"),
    pytest.param(certificate(2, 1, days=(2, 30)) + MIDDLE, "CN=CA 2 begins on .* clock", id="begins later"),
    pytest.param(ISSUING + certificate(1, 0, days=(-9, -2)), "CN=CA 1 ended on", id="the one above ended"),
    pytest.param(ISSUING + certificate(1, 0, path_length=0), "CN=CA 1 allows no CA below it", id="path length"),
    pytest.param(certificate(2, 1, signs=False), "CN=CA 2 may not sign", id="no CA"),
    pytest.param(
        certificate(2, 1, only_for=ExtendedKeyUsageOID.CODE_SIGNING), "CN=CA 2 is not for servers", id="usage"
    ),
]


@pytest.mark.parametrize(("chain", "says"), WRONG)
def test_what_no_client_would_believe_does_not_take_the_place_of_a_good_ca(
    chain: bytes, says: str, tmp_path: Path
) -> None:
    make_authority(tmp_path, "the good one")
    kept = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    with pytest.raises(StoreError, match=says):
        import_authority(tmp_path, key(2), chain, "", instead=True)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == kept


@pytest.mark.parametrize(("chain", "says"), WRONG)
def test_nor_may_it_be_put_there_by_hand(chain: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_bytes(key(2) + chain)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(StoreError, match=says):
        show_authority(tmp_path)


def test_a_ca_ends_when_the_first_of_its_chain_does(tmp_path: Path) -> None:
    import_authority(tmp_path, key(2), ISSUING + certificate(1, 0, days=(-1, 7)), "")
    left = show_authority(tmp_path).not_after - datetime.datetime.now(datetime.UTC)
    assert 6 <= left.days <= 7


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that is what is tried
    KEYS.append(short)
    try:
        chain = certificate(3, 1)
    finally:
        KEYS.remove(short)
    private = short.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(StoreError, match="RSA key of 1024 bits"):
        import_authority(tmp_path, private, chain, "")


def test_a_signature_that_browsers_refuse_is_refused(tmp_path: Path) -> None:
    """The library signs with SHA-1 no more, so openssl does."""
    (tmp_path / "root.key").write_bytes(key(1))
    (tmp_path / "root.pem").write_bytes(MIDDLE)
    (tmp_path / "ca.key").write_bytes(key(2))
    (tmp_path / "ext").write_text("basicConstraints=critical,CA:TRUE\n")
    request = ["openssl", "req", "-new", "-key", "ca.key", "-subj", "/CN=CA 2", "-out", "ca.csr"]
    signing = [
        "openssl",
        "x509",
        "-req",
        "-sha1",
        "-in",
        "ca.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-set_serial",
        "7",
        "-extfile",
        "ext",
        "-out",
        "ca.pem",
    ]
    for command in (request, signing):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with pytest.raises(StoreError, match="signed with sha1"):
        import_authority(tmp_path / "ca", key(2), (tmp_path / "ca.pem").read_bytes(), "")
