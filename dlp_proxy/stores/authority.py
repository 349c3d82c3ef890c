"""The certificate authority that signs for the sites staff visit; installed on managed machines only."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dlp_proxy.stores.believed import must_be_believed
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import write_once

KEY_FILE: Final = "mitmproxy-ca.pem"
"""Private key and certificate, under the name that mitmproxy looks for."""

CERTIFICATE_FILE: Final = "ca.pem"
SIGNS_ONLY: Final = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
"""Key usage of a CA that signs certificates and revocation lists (RFC 5280, 4.2.1.3)."""

_ENCRYPTED: Final = re.compile(rb"BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED")
_LIFE: Final = datetime.timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Authority:
    """What may be shown of the CA: never its key."""

    certificate: bytes
    """PEM."""
    subject: str
    fingerprint: str
    """SHA-256 of the certificate, in pairs of hex digits."""
    not_after: datetime.datetime
    """Of the first in its chain to end."""
    path: Path


def make_authority(folder: Path, name: str) -> bool:
    """Make a CA in `folder` unless there is one, and return whether it was made.

    RSA 2048, since the key also signs each handshake; five years; may sign leaves only (path length 0, RFC 5280).

    Raises:
        StoreError: it cannot be written.
    """
    if (folder / KEY_FILE).exists() and (folder / CERTIFICATE_FILE).exists():
        return False  # making a key takes a quarter of a second, and a proxy starts in little more
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "dlp_proxy")]
    )
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(SIGNS_ONLY, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = write_once(folder / KEY_FILE, secret + certificate.public_bytes(serialization.Encoding.PEM))
        show_authority(folder)
        *_, top = x509.load_pem_x509_certificates((folder / KEY_FILE).read_bytes())
        (folder / CERTIFICATE_FILE).write_bytes(top.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        raise StoreError(f"cannot make a CA in {folder}: {error}") from error
    return made


def _opened(content: bytes, passphrase: str, path: Path) -> PrivateKeyTypes:
    encrypted = _ENCRYPTED.search(content) is not None
    if encrypted and not passphrase:
        raise StoreError(f"the key in {path} has a passphrase: set `ca_passphrase_file`")
    if passphrase and not encrypted:
        raise StoreError(f"the key in {path} has no passphrase: take `ca_passphrase_file` out of the settings")
    try:
        return serialization.load_pem_private_key(content, passphrase.encode() or None)
    except ValueError as error:
        if encrypted:
            raise StoreError(f"the passphrase does not open the key in {path}: look at `ca_passphrase_file`") from error
        raise


def show_authority(folder: Path, passphrase: str | None = None) -> Authority:
    """Return what may be shown of the CA in `folder`.

    Args:
        folder: of the CA.
        passphrase: of its key, empty where it has none; None where a key that has one need not be opened.

    Raises:
        StoreError: there is none, its key is readable by others, it is damaged, or no client would believe it.
    """
    path = folder / KEY_FILE
    try:
        loose = path.stat().st_mode & 0o077
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"there is no CA in {folder}: run `dlp-proxy ca init`") from error
    if loose:
        raise StoreError(f"others may read the CA's key {path}: run `chmod 600 {path}` and think about a new CA")
    try:
        certificate, *above = x509.load_pem_x509_certificates(content)
        key = None if passphrase is None and _ENCRYPTED.search(content) else _opened(content, passphrase or "", path)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise StoreError(
            f"the CA {path} cannot be read: it must hold a private key and its certificate in PEM"
        ) from error
    if key is not None and key.public_key() != certificate.public_key():
        raise StoreError(f"the key and the certificate in {path} do not belong together")
    chain = (certificate, *above)
    try:
        must_be_believed(chain)
    except StoreError as error:
        raise StoreError(f"the CA {path}: {error}") from error
    return Authority(
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
        subject=certificate.subject.rfc4514_string(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        not_after=min(one.not_valid_after_utc for one in chain),
        path=path,
    )


def end_of_authority(folder: Path) -> datetime.datetime:
    """Return when the first certificate in the CA's chain ends, or ended: whoever watches it goes on after that.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    try:
        chain = x509.load_pem_x509_certificates((folder / KEY_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise StoreError(f"the CA in {folder} cannot be read") from error
    return min(one.not_valid_after_utc for one in chain)
