"""Phone numbers written for callers of the same country: Tel. 020 7946 0958, or 07985 595900 beside Glasgow G12 9AJ.

They are known by a label or column, or by what tells their country beside them, an address above all
(`phones/told.py`). Which countries' formats are known behind a label stands in `phones/e164.py`. Numbers of mainland
China have detectors of their own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Named, Pattern
from dlp_proxy.detect.phones.labels import CHINESE, LONGER, MARKED, TURKISH, WORDS
from dlp_proxy.detect.phones.north_american import STREET_BEHIND
from dlp_proxy.detect.phones.numbering_cn import BRITISH
from dlp_proxy.detect.said.languages import UNSPACED, in_groups
from dlp_proxy.detect.said.phones import OTHERS, PHONES
from dlp_proxy.model.finding import Confidence

_EXTENSION: Final = r"(?:[ ,]{0,2}(?:(?i:ext|extension)\.?|x|#) ?[0-9]{1,6})?"
_AFTER: Final = r"(?![A-Za-z0-9]|[-./][0-9])"
_BODY: Final = r"\)?(?:[ ./-]{0,2}+\(?[0-9]\)?){6,14}"
# No mobile of China, no date, no decimal number, no version.
_VALUE: Final = (
    r"(?!(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}(?![0-9])|[0-9]+\.[0-9]+(?![.0-9])|[0-9]{1,2}\.[0-9]\.)"
    rf"(?!1[3-9][0-9]{{9}}(?![0-9]))\(?[0-9]{_BODY}{_EXTENSION}{_AFTER}"
)
# Behind a word that only telephones have 3619.5813 is one, and not a decimal number.
_SAID: Final = (
    r"(?!(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}(?![0-9])|[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])"
    rf"|[0-9]{{1,2}}\.[0-9]\.)(?!1[3-9][0-9]{{9}}(?![0-9]))\(?[0-9]{_BODY}{_EXTENSION}{_AFTER}"
)
_SIGNS: Final = ("☎", "☏", "📱", "📞", "✆", "📲", "🤙")
# Behind CEP eight digits are a postcode of Brazil.
_TURKISH: Final = rf"(?![0-9]{{5}}-?[0-9]{{3}}(?![0-9]))(?=\(?[0-9](?:[ ./()-]{{0,3}}[0-9]){{7}}){_VALUE}"
# A 0 that is dialled at home, or as many figures as mobiles have where there is none to dial.
_TRUNK: Final = r"0(?<![0-9A-Za-z]0)\)?[1-9](?:[ ./()·-]{0,2}[0-9]){7,11}(?![0-9])"
_AMERICAN: Final = rf"[2-9](?<![0-9A-Za-z.,+-].)[0-9]{{2}}[2-9][0-9]{{6}}(?![0-9A-Za-z.-])(?={STREET_BEHIND})"
# The address of a talk has the whole number: https://wa.me/5541991880192
_LINK: Final = r"[1-9](?<=wa\.me/[1-9])[0-9]{7,14}(?![0-9])"
_NO_TRUNK: Final = (
    r"[3-9](?<![0-9A-Za-z.,+-].)(?![0-9]{2}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}(?![0-9]))"
    r"[0-9]{0,3}[ ()-]{1,2}[0-9](?:[ .()-]{0,2}[0-9]){3,8}(?![0-9])"
)


def _labelled(value: str, labels: tuple[str, ...], *, whole: bool = False) -> Named:
    """Return what says that a number stands behind one of `labels`, with or without a mark between."""
    return replace(_marked(value, labels), loose=True, whole=whole, name="label")


def _marked(value: str, labels: tuple[str, ...]) -> Named:
    """Return what says that a number stands behind one of `labels` and a mark."""
    return Named(value=value, labels=labels, confidence=Confidence.MEDIUM, name="mark", checks=("not-sequential",))


DETECTOR: Final = DetectorSpec(
    name="std/phone-national",
    kind="phone",
    description="Phone numbers without a country's code, beside a label, in a field or column, or told by an address.",
    patterns=(
        Pattern(_TRUNK, "at-home"),
        Pattern(_NO_TRUNK, "at-home-without-0"),
        Pattern(_AMERICAN, "american"),
        Pattern(_LINK, "link"),
    ),
    reader="phone-national",
    named=(
        _labelled(_VALUE, WORDS),
        *(_labelled(_VALUE, labels) for labels in LONGER),
        *(
            # GSM1062850 is a part.
            _labelled(rf"(?<!\p{{L}}){_SAID}" if spaced else _SAID, labels, whole=spaced)
            for spaced in (True, False)
            for labels in (
                *in_groups(PHONES, PHONES.keys() - UNSPACED if spaced else UNSPACED),
                *((OTHERS,) if spaced else (_SIGNS,)),
            )
        ),
        _labelled(rf"(?!{BRITISH.pattern}){_VALUE}", CHINESE),
        _marked(_VALUE, MARKED),
        _marked(_TURKISH, TURKISH),
    ),
    boundary="none",
    case="exact",
    checks=("phone-plausible", "not-repeated"),
    normalise=("nfkc", "e164-national"),
    sample="Tel. 020 7946 {n:4}",
    examples=Examples(
        match=("Tel: 020 7946 0958", "phone: 030 1234567", "Tel. 01 23 45 67 89", "Mobile 07400 123456",
            "Harry Robinson | 07400 123456 | 89 Church Lane, Glasgow G12 9AJ", "田中さん 090-1234-5678",
            "정수빈 010-8844-6479"),
        no_match=("123-45-6789", "212-555-01234", "555-0123", "1-212-555-0123-4", "(123) 456-7890", "phone: 1234"),
    ),
    gate=Gate(digits=7),
)  # fmt: skip
