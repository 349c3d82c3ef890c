"""A certificate authority that was made elsewhere, such as an intermediate of a company's root, taken up here."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from dlp_proxy.stores.authority import CERTIFICATE_FILE, KEY_FILE, show_authority
from dlp_proxy.stores.believed import must_be_believed
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import replace_file


def import_authority(folder: Path, key: bytes, chain: bytes, passphrase: str, *, instead: bool = False) -> None:
    """Take up a CA; a key with a passphrase keeps it.

    The certificates above it are sent with each leaf, so that machines need to trust the root alone. `ca.pem` is then
    the topmost of them.

    Args:
        folder: of the CA.
        key: PEM of its private key.
        chain: PEM of its certificate and of those above it, in any order; the root may be left out.
        passphrase: of the key; empty where it has none.
        instead: put it in the place of the one that is there, which is kept beside it under another name.

    Raises:
        StoreError: there is one already, they do not belong together, or it may not sign.
    """
    try:
        private = serialization.load_pem_private_key(key, passphrase.encode() or None)
        some = x509.load_pem_x509_certificates(chain)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise StoreError("key or chain cannot be read: PEM, and the passphrase of the key where it has one") from error
    if not isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise StoreError("the CA's key must be RSA or of an elliptic curve")
    ordered = _upwards(private.public_key(), some)
    must_be_believed(ordered)
    whole = [one.public_bytes(serialization.Encoding.PEM) for one in ordered]
    # mitmproxy sends no chain where the file has one certificate, so an intermediate alone stands there twice.
    sent = whole * 2 if len(whole) == 1 and not _signed(ordered[0], ordered[0]) else whole
    path = folder / KEY_FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            if not instead:
                raise StoreError(f"there is already a CA in {path}: add --replace to put this one in its place")
            kept = folder / f"replaced-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.pem"
            kept.unlink(missing_ok=True)
            os.link(path, kept)
        # At no moment is there none: a proxy that starts without one makes its own.
        replace_file(path, _key_alone(key) + b"".join(sent))
        (folder / CERTIFICATE_FILE).write_bytes(whole[-1])
    except OSError as error:
        raise StoreError(f"cannot keep the CA in {folder}: {error}") from error
    show_authority(folder, passphrase)


def _key_alone(key: bytes) -> bytes:
    """Return the key's own lines, whatever else is in its file."""
    found = re.search(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?-----END \1-----", key, re.DOTALL)
    if found is None:
        raise StoreError("the file of the key holds no private key in PEM")
    return found.group() + b"\n"


def _upwards(own: object, some: list[x509.Certificate]) -> list[x509.Certificate]:
    """Return the certificates from the key's own upwards, each signed by the next."""
    left = list(some)
    ordered = [one for one in left if one.public_key() == own][:1]
    if not ordered:
        raise StoreError("the key and the chain do not belong together: no certificate in it is the key's")
    left.remove(ordered[0])
    while above := next((one for one in left if _signed(ordered[-1], one)), None):
        ordered.append(above)
        left.remove(above)
    if left:
        raise StoreError(f"a certificate of the chain signs none of the others: {left[0].subject.rfc4514_string()}")
    return ordered


def _signed(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
