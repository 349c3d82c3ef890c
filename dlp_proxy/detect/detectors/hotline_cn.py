"""Numbers of companies in mainland China: 400 and 800 numbers, and short ones behind a word such as 热线."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Near, Pattern
from dlp_proxy.model.finding import Confidence

_SEPARATOR: Final = r"(?: ?[-—~] ?|[ .·/_]| {2})"
_REST: Final = (
    rf"(?:{_SEPARATOR}|\) ?-?)(?:[0-9]{{7}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}}|[0-9]{{4}}{_SEPARATOR}[0-9]{{3}}"
    rf"|[0-9]{{3}}{_SEPARATOR}[0-9]{{2}}{_SEPARATOR}[0-9]{{2}}|[0-9]{{2}}{_SEPARATOR}[0-9]{{2}}{_SEPARATOR}[0-9]{{3}}"
    rf"|[0-9]{_SEPARATOR}[0-9]{{3}}{_SEPARATOR}[0-9]{{3}}|[0-9]{{2}}{_SEPARATOR}[0-9]{{5}})"
    rf"|[0-9]{_SEPARATOR}[0-9]{{3}}{_SEPARATOR}?[0-9]{{3}}|[0-9]{{4}}{_SEPARATOR}[0-9]{{3}}"
)
_NOT_INSIDE: Final = r"(?<![A-Za-z0-9+].00|[A-Za-z0-9][-./]\(?.00|\+[0-9]{1,3}[ -].00)"
_AFTER: Final = r"(?![A-Za-z0-9]|[.-][0-9])"
_EXTENSION: Final = r"(?:[ ,，]?(?:转|轉|分机号?)[:： ]?[0-9]{1,6}|-[0-9]{1,6}(?![0-9]|-[0-9]))?"
_ASKED_FOR: Final = (
    r"(?:热线|熱線|电话|電話|客服|致电|致電|拨打|撥打|拨通|拨|打(?=[0-9(])|加盟"
    r"|售后|售前|联络|聯絡|联系|聯繫|订购|订票|预订|预约|报修|维修|座机|固话|传真|傳真|办公室|(?<![A-Za-z])(?i:tel|fax|phone)|服务号|专线|咨询|举报|投诉|短信|总机|免费"
    r"|服务)[^0-9\n]{0,6}"
)

DETECTOR: Final = DetectorSpec(
    name="std/hotline-cn",
    kind="phone",
    description="Numbers of companies in mainland China: 400, 800, 95xxxx; short ones such as 95588 are low.",
    patterns=(
        Pattern(
            rf"86(?:(?<=[+(]86)|(?<=(?<![0-9])0086)|(?<=(?<![0-9])01186)|(?<![0-9A-Za-z_.]..)(?=[) -]))"
            rf"\)?{_SEPARATOR}?(?:\(0\) ?)?\(?"
            rf"(?:[48]00\)?{_SEPARATOR}?(?:[0-9]{{7}}|[0-9]{{3}}{_SEPARATOR}[0-9]{{4}}"
            rf"|[0-9]{{4}}{_SEPARATOR}[0-9]{{3}})"
            rf"|950[0-9]{{7,8}}|9[56][0-9]{{3}}|16[08]{_SEPARATOR}?[0-9]{{5}}|1(?:00|1[0-9]|2[0-9])[0-9]{{2}})"
            rf"{_EXTENSION}{_AFTER}",
            "country-code",
        ),
        Pattern(rf"400{_NOT_INSIDE}(?:{_REST}){_EXTENSION}{_AFTER}", "400"),
        Pattern(rf"800{_NOT_INSIDE}(?<={_ASKED_FOR}\(?800)(?:{_REST}){_EXTENSION}{_AFTER}", "800"),
        Pattern(
            rf"{_ASKED_FOR}(?P<value>[48]00[0-9]{{7}}{_EXTENSION}|9[56][0-9]{{4,6}}){_AFTER}",
            "asked-for",
        ),
        # Five digits are a bank's, an operator's or a town's: nobody can be reached by them but those.
        Pattern(
            rf"{_ASKED_FOR}(?P<value>9[56][0-9]{{3}}|1(?:00|1[46]|2[0-9])[0-9]{{2}}){_AFTER}", "short", Confidence.LOW
        ),
        Pattern(rf"400{_NOT_INSIDE}[0-9]{{7}}{_EXTENSION}{_AFTER}", "400-bare", Confidence.LOW),
    ),
    boundary="none",
    case="exact",
    checks=("hotline-cn",),
    normalise=("nfkc", "phone-cn"),
    near=(
        Near(
            (
                "phone",
                "tel",
                "telephone",
                "hotline",
                "热线",
                "电话",
                "客服",
                "座机",
                "售后",
                "咨询",
                "联系方式",
                "服务",
            ),
            "record",
            Confidence.MEDIUM,
            ("country-code", "400", "800", "asked-for", "400-bare"),
        ),
    ),
    sample="400-{n:7}",
    examples=Examples(
        match=("400-123-4567", "+86 400 123 4567", "客服热线：950618", "服务电话 800-810-1234", "4008-123-123"),
        no_match=("95588", "400-1234", "800-555-0123", "4001234567890", "x400-123-4567"),
    ),
    gate=Gate(digits=5, between=" -.()+/_~%"),
)
