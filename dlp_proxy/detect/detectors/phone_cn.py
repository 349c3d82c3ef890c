"""Mobile numbers of mainland China: eleven digits, `checks/phone_cn.py` says which segments there are."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.model.finding import Confidence

_SEPARATOR: Final = r"(?: ?[-—~] ?|[ .·/_]| {2})"
# Between two groups only: with a point or a slash they would be a decimal number or a fraction.
_GAP: Final = r"(?: ?[-—] ?| {1,2}|·)"
# The usual ways to group eleven digits; 3-4-4 may leave out either separator. Other digits may only stand in front
# when they are a country code or the 0 that was once dialled before mobiles of other towns.
_NUMBER: Final = (
    r"1(?=[ .-]?[3-9])"
    r"(?:(?<![0-9]1)|(?<=(?<![0-9])861)|(?<=(?<![0-9])00861)|(?<=(?<![0-9])011861)|(?<=(?<![0-9])01))(?:"
    r"[3-9][0-9]{9}"
    rf"|[3-9][0-9](?:{_SEPARATOR}|\) ?[-—]?)[0-9]{{4}}{_SEPARATOR}[0-9]{{4}}"
    rf"|[3-9][0-9](?:{_GAP}|\) ?[-—]?)[0-9]{{8}}|[3-9][0-9]{{5}}{_GAP}[0-9]{{4}}|[3-9][0-9]{{3}}{_GAP}[0-9]{{6}}"
    rf"|[3-9][0-9]{{2}}{_SEPARATOR}(?:[0-9]{{4}}{_SEPARATOR}[0-9]{{3}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}})"
    rf"|[3-9][0-9]{_SEPARATOR}[0-9]{{3}}{_SEPARATOR}[0-9]{{5}}"
    r"|[3-9][0-9](?P<pair>[ -])[0-9]{3}(?P=pair)[0-9]{3}(?P=pair)[0-9]{2}"
    r"|[3-9][0-9](?P<pair>[ -])[0-9]{5}(?P=pair)[0-9]{3}"
    r"|[3-9][0-9](?P<pair>[ .-])[0-9]{2}(?:(?P=pair)[0-9]{2}){3}"
    r"|(?<![0-9][ .-]1)(?P<gap>[ .-])[3-9](?:(?P=gap)[0-9]){9}(?!(?P=gap)[0-9](?![0-9]))"
    r")(?![0-9])"
)
# Numbers that platforms give in place of a customer's own: 95013 and the platform's digits.
_PRIVACY: Final = rf"95013(?<![0-9A-Za-z]95013){_GAP}?[0-9]{{4}}{_GAP}?[0-9]{{2,7}}(?![0-9])"

_SURE: Final = ("country-code", "written", "bare", "labelled")

DETECTOR: Final = DetectorSpec(
    name="std/phone-cn",
    kind="phone",
    description="Mobile numbers of mainland China, however they are spaced, with country code and extension.",
    patterns=(Pattern(_NUMBER), Pattern(_PRIVACY)),
    reader="phone-cn",
    boundary="none",
    case="exact",
    checks=("phone-cn", "not-repeated"),
    normalise=("nfkc", "phone-cn"),
    near=(
        Near(
            (
                "phone", "mobile", "tel", "telephone", "cell", "cellphone", "contact", "receiver", "consignee",
                "手机", "电话", "联系方式", "联系人", "收货人", "收件人", "收货", "號碼", "手機", "電話",
            ),
            "record",
            Confidence.HIGH,
            _SURE,
        ),
        Near(
            (
                "id", "timestamp", "trace", "span", "byte", "count", "counter", "offset", "duration", "nanos", "seq",
                "sequence", "size", "total", "ticks", "checksum", "hash", "price", "amount", "balance", "serial",
                "version", "session", "epoch", "order", "invoice", "tracking", "sku", "barcode", "index", "latency",
                "订单号", "编号", "单号", "流水号", "序号", "数量", "金额", "价格", "条码", "时间戳", "字节", "大小",
            ),
            "field-name",
            Confidence.LOW,
            ("bare",),
        ),
        Near(
            ("phone", "mobile", "tel", "telephone", "cell", "contact", "手机", "电话", "联系方式", "手機", "電話"),
            "field-name",
            Confidence.HIGH,
            ("bare", "counted"),
        ),
    ),
    sample="138{n:8}",
    examples=Examples(
        match=("138 0013 8000", "+86-13800138000", "电话13800138000", "(+86)138-0013-8000", "1 3 8 0 0 1 3 8 0 0 0"),
        no_match=("12345678901", "1380013800", "2138001380001", "1769443200123", "+1 381 234 5678", "0.13800138000"),
    ),
    gate=Gate(digits=11, between=" -.()+/_~"),
)  # fmt: skip
