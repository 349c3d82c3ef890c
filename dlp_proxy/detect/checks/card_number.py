"""Numbers of payment cards: ISO/IEC 7812-1, a network's range with a length that it issues, and the Luhn digit.

Ranges as the networks publish them for routing: UnionPay 62 and 81, Visa 4, Mastercard 51-55 and 2221-2720, American
Express 34 and 37, JCB 3528-3589, Discover 6011, 644-649 and 65, Diners 300-305, 3095, 36 and 38-39, Mir 2200-2204,
RuPay 60, 65, 81, 82 and 508, Maestro 50 and 56-69, Troy 9792, UzCard 8600, Humo 9860. Debit cards of Chinese banks
from before 62 (such as 95588, 9558, 4367, 5264, 356, 436) are left out but where a network above issued them.
"""

from __future__ import annotations

from typing import Final

import regex

from dlp_proxy.detect.checks import luhn

_RANGES: Final = regex.compile(
    r"(?:62[0-9]{14,17}|81[0-9]{14,17}|4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}"
    r"|(?:222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}|3[47][0-9]{13}"
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}|(?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12}(?:[0-9]{3})?"
    r"|(?:30[0-5][0-9]|3095|36[0-9]{2}|3[89][0-9]{2})[0-9]{10}(?:[0-9]{2})?|220[0-4][0-9]{12,15}"
    r"|(?:60|82)[0-9]{14}|508[0-9]{13}|9792[0-9]{12}|(?:8600|9860)[0-9]{12}|(?:50|5[6-9]|6[0-9])[0-9]{10,17}"
    r"|9558[0-9]{12,15})"
)


def holds(value: str) -> bool:
    digits = "".join(digit for digit in value if digit.isascii() and digit.isdigit())
    return _RANGES.fullmatch(digits) is not None and luhn.holds(digits) and len(set(digits)) > 1
