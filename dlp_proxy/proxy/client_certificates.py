"""Client certificates: whom one names, and which are good. Files of the operator say so, and are followed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from dlp_proxy.proxy.known_files import KnownFileError, stamp, text_of
from dlp_proxy.proxy.ports import CertificateSettings

_UPN: Final = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")  # userPrincipalName, MS-WCCE 2.2.2.7.7.4
_UTF8: Final = 0x0C
_LONG: Final = 0x80
_END: Final = "-----END X509 CRL-----"

_log = structlog.get_logger("dlp_proxy.proxy")


@dataclass(frozen=True, slots=True)
class Good:
    """Of one moment: the CAs whose certificates prove somebody, and lists of those that do no more."""

    authorities: tuple[x509.Certificate, ...]
    revoked: tuple[x509.CertificateRevocationList, ...]


class Trust:
    """The files, read again when one of them has changed; with an error in it the last good ones stay in force."""

    def __init__(self, settings: CertificateSettings) -> None:
        """Read them the first time.

        Raises:
            KnownFileError: one of them cannot be used.
        """
        self._settings = settings
        self._seen = self._stamps()
        self._good = read_good(settings)

    def good(self) -> Good:
        """Return what holds now; the same object as long as no file has changed."""
        if (stamps := self._stamps()) != self._seen:
            self._seen = stamps
            try:
                self._good = read_good(self._settings)
            except KnownFileError as error:
                _log.error("file about people refused, the last good one stays in force", problem=str(error))
        return self._good

    def _stamps(self) -> tuple[object, ...]:
        revoked = self._settings.revoked
        return stamp(self._settings.authority), stamp(revoked) if revoked is not None else None


def read_good(settings: CertificateSettings) -> Good:
    """Read the file of CAs and the revocation lists.

    Raises:
        KnownFileError: one cannot be read or holds nothing.
    """
    path = settings.authority
    try:
        authorities = tuple(x509.load_pem_x509_certificates(text_of(path).encode()))
    except ValueError:
        raise KnownFileError(f"{path}: must hold certificates of CAs in PEM") from None
    return Good(authorities, _lists(settings.revoked) if settings.revoked is not None else ())


def _lists(path: Path) -> tuple[x509.CertificateRevocationList, ...]:
    blocks = [f"{block}{_END}\n".encode() for block in text_of(path).split(_END)[:-1]]
    try:
        found = tuple(x509.load_pem_x509_crl(block) for block in blocks)
    except ValueError:
        found = ()
    if not found:
        raise KnownFileError(f"{path}: must hold revocation lists in PEM")
    return found


def name_in(certificate: x509.Certificate, field: str) -> str:
    """Return the one name a certificate has in a field (`cn`, `email` or `upn`); empty for none or several."""
    found = _names_in(certificate, field)
    return found[0] if len(found) == 1 else ""


def _names_in(certificate: x509.Certificate, field: str) -> list[str]:
    if field == "cn":
        return [str(one.value) for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    if field == "email":
        return others.get_values_for_type(x509.RFC822Name)
    return [_utf8(one.value) for one in others.get_values_for_type(x509.OtherName) if one.type_id == _UPN]


def _utf8(der: bytes) -> str:
    """Return the text of a UTF8String in DER (X.690, 8.1.3) of up to 255 bytes; empty for anything else."""
    begin = 3 if der[1:2] == bytes([_LONG + 1]) else 2
    text = der[begin:]
    if len(der) < begin or der[0] != _UTF8 or der[begin - 1] != len(text):
        return ""
    return text.decode("utf-8", "replace")
