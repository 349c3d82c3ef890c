"""Mobile numbers of mainland China: eleven digits, `checks/phone_cn.py` says which segments there are."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.model.finding import Confidence

_SEPARATOR: Final = r"(?: ?[-—] ?|[ .·/]| {2})"
# The usual ways to group eleven digits; 3-4-4 and 3-8 may leave out either separator.
_NUMBER: Final = (
    r"(?:"
    rf"(?:1[3-9][0-9]{_SEPARATOR}?|\(1[3-9][0-9]\) ?)[0-9]{{4}}{_SEPARATOR}?[0-9]{{4}}"
    rf"|1[3-9][0-9]{{2}}{_SEPARATOR}(?:[0-9]{{4}}{_SEPARATOR}[0-9]{{3}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}})"
    rf"|1[3-9][0-9]{_SEPARATOR}[0-9]{{3}}{_SEPARATOR}[0-9]{{5}}"
    rf"|1[3-9][0-9]{{3}}{_SEPARATOR}[0-9]{{6}}|1[3-9][0-9]{{5}}{_SEPARATOR}[0-9]{{4}}"
    r"|(?<![0-9][ .-])1(?P<gap>[ .-])[3-9](?:(?P=gap)[0-9]){9}(?!(?P=gap)[0-9](?![0-9]))"
    r")"
)
_COUNTRY: Final = rf"(?:\(\+?86\)|(?:\+|00) ?86|\+\(86\)){_SEPARATOR}?"
_BARE_COUNTRY: Final = rf"86{_SEPARATOR}?"

# A word such as tel or 微信 may touch the number, and so may what is left of an escape: \n, %3A.
_MAY_TOUCH: Final = r"(?<=(?i:tel|phone|mobile|mob|cell|call|ph|wechat|wx|vx)[:=_-]?|\\[nrt]|%[0-9A-Fa-f]{2})"
# Digits, a decimal point, a sign, another country's code: then the eleven digits are a part of something else.
_NOT_AFTER: Final = r"(?<![A-Za-z0-9]|[A-Za-z0-9]\.|(?<![^\s:=,\[(])-|[A-Za-z0-9]-|\+[0-9]{0,3}[ .-]?)"
_NOT_BEFORE: Final = r"(?![A-Za-z0-9]|\.[0-9])"

DETECTOR: Final = DetectorSpec(
    name="std/phone-cn",
    kind="phone",
    description="Mobile numbers of mainland China, however they are spaced, with or without the country code.",
    patterns=(
        Pattern(rf"(?<![A-Za-z0-9]|[0-9][.-])(?:{_COUNTRY}|{_BARE_COUNTRY}){_NUMBER}{_NOT_BEFORE}", "country-code"),
        Pattern(rf"{_NOT_AFTER}{_NUMBER}{_NOT_BEFORE}", "plain"),
        Pattern(rf"{_MAY_TOUCH}{_NUMBER}{_NOT_BEFORE}", "after-a-word"),
        Pattern(rf"(?<=[A-Za-z0-9]-){_NUMBER}{_NOT_BEFORE}", "part-of-a-number", Confidence.LOW),
    ),
    boundary="none",
    case="exact",
    checks=("phone-cn", "not-repeated"),
    normalise=("nfkc", "digits-only", "phone-cn"),
    near=(
        Near(
            (
                "phone", "mobile", "tel", "telephone", "cell", "cellphone", "contact", "receiver", "consignee",
                "手机", "电话", "联系方式", "联系人", "收货人", "收件人", "收货", "號碼", "手機", "電話",
            ),
            "record",
            Confidence.HIGH,
        ),
        Near(
            (
                "timestamp", "trace_id", "span_id", "trace", "span", "bytes", "count", "counter", "offset", "duration",
                "nanos", "seq", "sequence", "size", "total", "ticks", "checksum", "hash", "price", "amount", "balance",
            ),
            "field-name",
            Confidence.LOW,
        ),
    ),
    sample="138{n:8}",
    examples=Examples(
        match=("138 0013 8000", "+86-13800138000", "电话13800138000", "(+86)138-0013-8000", "1 3 8 0 0 1 3 8 0 0 0"),
        no_match=("12345678901", "1380013800", "2138001380001", "1769443200123", "+1 381 234 5678", "0.13800138000"),
    ),
    gate=Gate(digits=11, anchor=r"1[ .-]?[3-9](?:[^0-9\n]{0,3}[0-9]){9}(?![0-9])", before=12, after=24),
)  # fmt: skip
