"""A CA of people, for tests: client certificates of every kind, and lists of those that do no more."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

UPN = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")
_PRIVATE = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@dataclass
class People:
    """The CA; `file` holds its certificate."""

    folder: Path
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    name: x509.Name = field(
        default_factory=lambda: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA of people")])
    )
    serial: int = 1000

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.file = self.folder / "people-ca.pem"
        made = self._signed(self.name, self.key, x509.BasicConstraints(ca=True, path_length=None))
        self.file.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def client(
        self, *names: str, email: str = "", upn: str = "", days: int = 30, use: str = "client", forged: bool = False
    ) -> Path:
        """Return a PEM file with key and certificate; a forged one has this CA's name, and another's signature."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in names])
        others: list[x509.GeneralName] = [x509.RFC822Name(email)] if email else []
        if upn:
            text = upn.encode()
            others.append(x509.OtherName(UPN, bytes([0x0C, len(text)]) + text))
        usage = {"client": ExtendedKeyUsageOID.CLIENT_AUTH, "server": ExtendedKeyUsageOID.SERVER_AUTH}[use]
        extensions: list[x509.ExtensionType] = [x509.ExtendedKeyUsage([usage])]
        extensions += [x509.SubjectAlternativeName(others)] if others else []
        signer = ec.generate_private_key(ec.SECP256R1()) if forged else self.key
        made = self._signed(subject, key, *extensions, days=days, signer=signer)
        path = self.folder / f"client-{made.serial_number}.pem"
        path.write_bytes(key.private_bytes(*_PRIVATE) + made.public_bytes(serialization.Encoding.PEM))
        return path

    def revoke(self, path: Path, *certificates: Path) -> Path:
        """Write a revocation list of these certificates."""
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(now - datetime.timedelta(hours=1))
            .next_update(now + datetime.timedelta(days=7))
        )
        for one in certificates:
            serial = x509.load_pem_x509_certificate(one.read_bytes()).serial_number
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            made = made.add_revoked_certificate(gone.build())
        path.write_bytes(made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        return path

    def _signed(
        self,
        subject: x509.Name,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        *extensions: x509.ExtensionType,
        days: int = 30,
        signer: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | None = None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        self.serial += 1
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(self.serial)
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
        )
        for one in extensions:
            made = made.add_extension(one, critical=False)
        return made.sign(signer or self.key, hashes.SHA256())
