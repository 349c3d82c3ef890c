"""Phone numbers written for callers of the same country: (212) 555-0123, and with a label 020 7946 0958.

Which countries' formats are known stands in `phones/e164.py`. Numbers of mainland China have detectors of their own.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Named, Near, Pattern
from dlp_proxy.model.finding import Confidence

_EXTENSION: Final = r"(?:[ ,]{0,2}(?:(?i:ext|extension)\.?|x|#) ?[0-9]{1,6})?"
_BEFORE: Final = r"(?<![A-Za-z0-9+]|[A-Za-z0-9][-./]|[0-9] )"
_AFTER: Final = r"(?![A-Za-z0-9]|[-./][0-9])"
_BODY: Final = r"(?:[ ./-]{0,2}+\(?[0-9]\)?){6,14}"

DETECTOR: Final = DetectorSpec(
    name="std/phone-national",
    kind="phone",
    description="Phone numbers without a country's code: North American ones, others with a label, field or column.",
    patterns=(
        Pattern(
            rf"{_BEFORE}(?:1[ .-]?)?\([2-9][0-9]{{2}}\)[ .-]?[2-9][0-9]{{2}}[ .-][0-9]{{4}}{_EXTENSION}{_AFTER}",
            "north-american-brackets",
        ),
        Pattern(
            rf"{_BEFORE}(?:1-)?[2-9](?!00-)[0-9]{{2}}-[2-9][0-9]{{2}}-[0-9]{{4}}{_EXTENSION}{_AFTER}",
            "north-american-dashes",
        ),
        Pattern(
            rf"{_BEFORE}(?<![\p{{Han}}][^0-9\n]{{0,8}})1?[ -]?8(?:00|88|77|66|55|44|33)-[2-9][0-9]{{2}}-[0-9]{{4}}{_AFTER}",
            "toll-free",
        ),
        Pattern(rf"{_BEFORE}[2-9][0-9]{{2}}([ .])[2-9][0-9]{{2}}\1[0-9]{{4}}{_EXTENSION}{_AFTER}", "spaced", Confidence.LOW),
    ),
    named=(
        Named(
            value=rf"(?!\+|00[1-9]|011 |1[3-9][0-9]{{9}}(?![0-9]))\(?[0-9]{_BODY}{_EXTENSION}{_AFTER}",
            labels=(
                "phone", "telephone", "tel", "mobile", "cell", "cellphone", "call", "fax", "phone number", "phone no",
                "mobile number", "mobile no", "contact number", "contact no", "tel no", "telephone number", "whatsapp",
                "telefon", "telefono", "teléfono", "téléphone", "telefone", "handy", "mobil", "móvil", "celular", "portable",
                "mobiel", "telefoon", "puhelin", "cep", "gsm", "sms", "hotline", "電話", "电话", "手機", "連絡先", "携帯", "전화",
                "휴대폰", "연락처", "โทร", "телефон", "тел", "моб", "τηλ", "هاتف", "जवाल",
            ),
            loose=True,
            confidence=Confidence.MEDIUM,
            name="label",
            checks=("not-sequential",),
        ),
    ),
    boundary="none",
    case="exact",
    checks=("phone", "not-repeated"),
    normalise=("nfkc", "e164-national"),
    near=(
        Near(
            ("phone", "mobile", "tel", "telephone", "cell", "cellphone", "fax", "call"),
            40,
            Confidence.HIGH,
            ("north-american-brackets", "north-american-dashes", "spaced", "toll-free"),
        ),
        Near(
            ("id", "order", "invoice", "serial", "sku", "part", "model", "isbn", "ssn", "account", "ref", "reference"),
            "field-name",
            Confidence.LOW,
            ("north-american-dashes", "spaced"),
        ),
    ),
    sample="(212) 555-{n:4}",
    examples=Examples(
        match=("(212) 555-0123", "Tel: 020 7946 0958", "phone: 212.555.0123", "call 212-555-0123 x12", "Tel. 030 123456"),
        no_match=("123-45-6789", "212-555-01234", "555-0123", "1-212-555-0123-4", "(123) 456-7890", "phone: 1234"),
    ),
    gate=Gate(digits=7),
)  # fmt: skip
