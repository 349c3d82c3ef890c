"""Whether clients can believe what a CA signs: what they look at in its chain (RFC 5280, 6.1), seen before they do."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from dlp_proxy.stores.ports import StoreError

_FOR_SERVERS: Final = frozenset({ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE})

_RSA_BITS: Final = 2048
"""CA/Browser Forum's baseline requirements, 6.1.5."""


def must_be_believed(chain: Sequence[x509.Certificate]) -> None:
    """Refuse a chain with which every site would fail on every workstation.

    Args:
        chain: the CA's own certificate, and upwards; one that stands there twice is looked at once.

    Raises:
        StoreError: the first thing that is wrong, and with which certificate.
    """
    now = datetime.datetime.now(datetime.UTC)
    for below, one in enumerate(dict.fromkeys(chain)):
        name = one.subject.rfc4514_string()
        limits = _extension(one, x509.BasicConstraints)
        usage = _extension(one, x509.KeyUsage)
        purposes = _extension(one, x509.ExtendedKeyUsage)
        if limits is None or not limits.ca or (usage is not None and not usage.key_cert_sign):
            raise StoreError(
                f"{name} may not sign certificates: it is no CA's; ask for one with CA:TRUE and keyCertSign"
            )
        if purposes is not None and _FOR_SERVERS.isdisjoint(purposes):
            raise StoreError(f"{name} is not for servers: its extended key usage must have serverAuth, or be left out")
        if limits.path_length is not None and limits.path_length < below:
            raise StoreError(
                f"{name} allows no CA below it (path length {limits.path_length}): have another one sign yours"
            )
        key = one.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < _RSA_BITS:
            raise StoreError(f"{name} has an RSA key of {key.key_size} bits: no browser takes fewer than {_RSA_BITS}")
        if one.issuer != one.subject and isinstance(one.signature_hash_algorithm, hashes.SHA1 | hashes.MD5):
            raise StoreError(f"{name} is signed with {one.signature_hash_algorithm.name}: have it signed with SHA-256")
        if one.not_valid_before_utc > now:
            raise StoreError(
                f"{name} begins on {one.not_valid_before_utc:%Y-%m-%d %H:%M} UTC, and it is {now:%Y-%m-%d %H:%M}: "
                "is the clock right?"
            )
        if one.not_valid_after_utc <= now:
            raise StoreError(
                f"{name} ended on {one.not_valid_after_utc:%Y-%m-%d}: make and install a new one, if the clock is right"
            )


def _extension[Kind: x509.ExtensionType](one: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
