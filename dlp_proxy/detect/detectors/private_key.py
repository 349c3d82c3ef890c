"""Private keys: PEM (RFC 7468), OpenSSH, PGP (RFC 9580) and PuTTY, with a body. A header alone is seen, no more."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Ignore, Pattern
from dlp_proxy.model.finding import Confidence

# A line end as it is, as an escape in JSON or source code, or as what a layout made of it.
_BREAK: Final = r"(?:\\+[rnt]|[\s\"'+>|])"
_HEADERS: Final = rf"(?:[A-Za-z-]{{3,20}}: [^\n\\]{{1,80}}{_BREAK}{{1,8}}){{0,4}}"
_BEGIN: Final = r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"

DETECTOR: Final = DetectorSpec(
    name="std/private-key",
    kind="credential",
    description="Private keys in PEM, OpenSSH, PGP and PuTTY form.",
    patterns=(
        Pattern(
            rf"{_BEGIN}{_BREAK}{{0,12}}{_HEADERS}{_BREAK}{{0,8}}(?:[A-Za-z0-9+/=]{{16,76}}{_BREAK}{{0,8}}){{1,3}}",
            "with-body",
        ),
        Pattern(
            r"PuTTY-User-Key-File-[123]: (?:[^\n]{0,200}\n){1,40}?"
            r"Private-Lines: [0-9]{1,3}\s{1,2}[A-Za-z0-9+/=]{16,76}",
            "putty",
        ),
        Pattern(_BEGIN, "header-only", Confidence.LOW),
    ),
    boundary="none",
    case="exact",
    confidence=Confidence.HIGH,
    normalise=("strip-spaces",),
    ignore=Ignore(patterns=(r"(?s).*(?:x{12}|X{12}|A{24}|\.{3}|EXAMPLE|example|your).*",)),
    sample="-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC{n:8}",
    examples=Examples(
        match=(
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
            r'"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAy8Dbv8prpJ/0kKhlGeJYozo2t60EG8L0561g13R29LvMR5hy"',
        ),
        no_match=(
            "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A",
            "BEGIN PRIVATE KEY",
            "-----BEGIN PRIVATE KEY-----",
        ),
    ),
)
