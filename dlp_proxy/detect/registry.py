"""The built-in detectors and the checks, by name. A file in the folder that has no line here fails a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from dlp_proxy.detect.checks import (
    card_number,
    dhl,
    fedex,
    gb11643,
    given_name,
    gs1,
    hotline_cn,
    iban,
    landline_cn,
    luhn,
    mrz,
    no_division,
    not_repeated,
    not_sequential,
    person_name,
    phone,
    phone_cn,
    phone_plausible,
    s10,
    ups,
    uscc,
)
from dlp_proxy.detect.detector import DetectorSpec, Reader
from dlp_proxy.detect.detectors.address import DETECTOR as ADDRESS
from dlp_proxy.detect.detectors.address_cn import DETECTOR as ADDRESS_CN
from dlp_proxy.detect.detectors.address_jp import DETECTOR as ADDRESS_JP
from dlp_proxy.detect.detectors.address_kr import DETECTOR as ADDRESS_KR
from dlp_proxy.detect.detectors.card_number import DETECTOR as CARD_NUMBER
from dlp_proxy.detect.detectors.cloud_key import DETECTOR as CLOUD_KEY
from dlp_proxy.detect.detectors.email import DETECTOR as EMAIL
from dlp_proxy.detect.detectors.hotline_cn import DETECTOR as HOTLINE_CN
from dlp_proxy.detect.detectors.iban import DETECTOR as IBAN
from dlp_proxy.detect.detectors.landline_cn import DETECTOR as LANDLINE_CN
from dlp_proxy.detect.detectors.name import DETECTOR as NAME
from dlp_proxy.detect.detectors.order_number import DETECTOR as ORDER_NUMBER
from dlp_proxy.detect.detectors.passport import DETECTOR as PASSPORT
from dlp_proxy.detect.detectors.password_setting import DETECTOR as PASSWORD_SETTING
from dlp_proxy.detect.detectors.phone import DETECTOR as PHONE
from dlp_proxy.detect.detectors.phone_cn import DETECTOR as PHONE_CN
from dlp_proxy.detect.detectors.phone_masked import DETECTOR as PHONE_MASKED
from dlp_proxy.detect.detectors.phone_national import DETECTOR as PHONE_NATIONAL
from dlp_proxy.detect.detectors.private_key import DETECTOR as PRIVATE_KEY
from dlp_proxy.detect.detectors.resident_id_cn import DETECTOR as RESIDENT_ID_CN
from dlp_proxy.detect.detectors.waybill import DETECTOR as WAYBILL
from dlp_proxy.detect.readers import address as read_address
from dlp_proxy.detect.readers import address_cn, address_jp, address_kr
from dlp_proxy.detect.readers import landline_cn as read_landline_cn
from dlp_proxy.detect.readers import phone as read_phone
from dlp_proxy.detect.readers import phone_cn as read_phone_cn
from dlp_proxy.detect.readers import phone_national as read_phone_national
from dlp_proxy.detect.readers import resident_id_cn as read_resident_id_cn

STANDARD: Final[tuple[DetectorSpec, ...]] = (
    PHONE_CN,
    LANDLINE_CN,
    HOTLINE_CN,
    PHONE,
    PHONE_NATIONAL,
    PHONE_MASKED,
    ADDRESS_CN,
    ADDRESS_JP,
    ADDRESS_KR,
    ADDRESS,
    EMAIL,
    RESIDENT_ID_CN,
    ORDER_NUMBER,
    WAYBILL,
    NAME,
    PASSPORT,
    CARD_NUMBER,
    IBAN,
    CLOUD_KEY,
    PRIVATE_KEY,
    PASSWORD_SETTING,
)
"""Detectors that come with the program; their names start with ``std/``."""

STANDARD_VERSION: Final = "0.1"
"""Of built-in detectors and lists: raised when a release changes what one finds. Policies pin it: `std@0.1/email`."""

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "luhn": luhn.holds,
        "gb11643": gb11643.holds,
        "uscc": uscc.holds,
        "phone-cn": phone_cn.holds,
        "landline-cn": landline_cn.holds,
        "hotline-cn": hotline_cn.holds,
        "phone": phone.holds,
        "phone-plausible": phone_plausible.holds,
        "no-division": no_division.holds,
        "not-repeated": not_repeated.holds,
        "not-sequential": not_sequential.holds,
        "card-number": card_number.holds,
        "dhl": dhl.holds,
        "fedex": fedex.holds,
        "gs1": gs1.holds,
        "iban": iban.holds,
        "mrz": mrz.holds,
        "person-name": person_name.holds,
        "given-name": given_name.holds,
        "s10": s10.holds,
        "ups": ups.holds,
    }
)
"""Validity tests on normalised values."""

READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        "address-cn": address_cn.read,
        "address-jp": address_jp.read,
        "address-kr": address_kr.read,
        "address": read_address.read,
        "phone-cn": read_phone_cn.read,
        "landline-cn": read_landline_cn.read,
        "phone": read_phone.read,
        "phone-national": read_phone_national.read,
        "resident-id-cn": read_resident_id_cn.read,
    }
)
"""Functions that read a value around a match, for detectors whose grammar is too large for patterns."""
