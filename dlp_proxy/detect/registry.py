"""The built-in detectors and the checks, by name. A file in the folder that has no line here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.checks import gb11643, luhn, not_repeated, not_sequential, phone_cn
from dlp_proxy.detect.detector import DetectorSpec, Reader
from dlp_proxy.detect.detectors.address_cn import DETECTOR as ADDRESS_CN
from dlp_proxy.detect.detectors.email import DETECTOR as EMAIL
from dlp_proxy.detect.detectors.phone_cn import DETECTOR as PHONE_CN
from dlp_proxy.detect.detectors.resident_id_cn import DETECTOR as RESIDENT_ID_CN

STANDARD: Final[tuple[DetectorSpec, ...]] = (PHONE_CN, ADDRESS_CN, EMAIL, RESIDENT_ID_CN)
"""Detectors that come with the program; their names start with ``std/``."""

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "luhn": luhn.holds,
        "gb11643": gb11643.holds,
        "phone-cn": phone_cn.holds,
        "not-repeated": not_repeated.holds,
        "not-sequential": not_sequential.holds,
    }
)
"""Validity tests on normalised values."""

READERS: Final[Mapping[str, Reader]] = MappingProxyType({})
"""Functions that read a value around a match, for detectors whose grammar is too large for patterns."""
