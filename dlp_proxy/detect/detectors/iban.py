"""International bank account numbers: ISO 13616; country, two check digits, account (`checks/iban.py`)."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.checks.iban import LENGTHS
from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.model.finding import Confidence

_COUNTRY: Final = f"(?:{'|'.join(LENGTHS)})"


def _in_groups(length: int, countries: list[str]) -> str:
    """Return the pattern of the numbers of `countries` in groups: a word behind the last one is no part of it."""
    whole, rest = divmod(length - 4, 4)
    last = rf"(?P=gap)[A-Z0-9]{{{rest}}}" if rest else ""
    return (
        rf"(?:{'|'.join(countries)})[0-9]{{2}}(?P<gap>[ -])[A-Z0-9]{{4}}(?:(?P=gap)[A-Z0-9]{{4}}){{{whole - 1}}}{last}"
    )


_BY_LENGTH: Final = {
    length: [country for country in LENGTHS if LENGTHS[country] == length] for length in sorted({*LENGTHS.values()})
}
_IN_GROUPS: Final = "|".join(_in_groups(length, countries) for length, countries in _BY_LENGTH.items())

DETECTOR: Final = DetectorSpec(
    name="std/iban",
    kind="iban",
    description="International bank account numbers, with the length of their country and their check digits.",
    patterns=(
        Pattern(rf"(?<![A-Za-z0-9+/=]){_COUNTRY}[0-9]{{2}}[A-Z0-9]{{11,29}}+(?![A-Za-z0-9+/=])", "plain"),
        # Groups of four as ISO 13616 prints it; the last is what is left.
        Pattern(rf"(?<![A-Za-z0-9+/=])(?:{_IN_GROUPS})(?![A-Za-z0-9])", "in-groups"),
        Pattern(
            rf"(?<![A-Za-z0-9+/=])(?i:{_COUNTRY})[0-9]{{2}}(?i:[a-z0-9]){{11,29}}+(?![A-Za-z0-9+/=])",
            "small-letters",
            Confidence.LOW,
        ),
    ),
    boundary="none",
    case="exact",
    checks=("iban",),
    normalise=("nfkc", "strip-spaces", "strip-punctuation", "lower"),
    confidence=Confidence.HIGH,
    near=(
        Near(
            (
                "iban",
                "bank",
                "account",
                "konto",
                "compte",
                "cuenta",
                "rekening",
                "银行",
                "账号",
                "帐号",
                "bic",
                "swift",
            ),
            "record",
            Confidence.HIGH,
        ),
        Near(("hash", "checksum", "digest", "trace_id", "token"), "field-name", Confidence.LOW),
    ),
    sample="DE21{n:16}{iban}",
    examples=Examples(
        match=("DE89 3704 0044 0532 0130 00", "IBAN: GB82WEST12345698765432", "账号GB82WEST12345698765432"),
        no_match=("GB82WEST12345698765433", "DE8937040044053201300", "XGB82WEST12345698765432"),
    ),
    gate=Gate(anchor=rf"(?<![A-Za-z0-9])(?i:{_COUNTRY})[0-9]{{2}}[ -]?[A-Za-z0-9]{{4}}", after=48, before=0),
)
