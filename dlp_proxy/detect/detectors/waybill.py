"""Numbers of courier waybills: by the carrier's prefix and length, by check digit, or beside a label.

Sources: open platform pages of the carriers (SF, ZTO, YTO, STO, Yunda, JD, J&T, Deppon, Cainiao); UPU standard S10 for
EMS and post; UPS Guide to Labeling; FedEx and DHL Express tracking guides; USPS Publication 199 (IMpb).
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Ignore, Named, Near, Pattern
from dlp_proxy.detect.said.languages import UNSPACED, in_groups
from dlp_proxy.detect.said.waybills import WAYBILLS
from dlp_proxy.model.finding import Confidence

_COURIERS: Final = (
    "顺丰", "顺丰速运", "顺丰快递", "中通", "中通快递", "圆通", "圆通速递", "圆通快递", "申通", "申通快递", "韵达",
    "韵达快递", "韵达速递",
    "极兔", "极兔速递", "京东快递", "京东物流", "百世", "百世快递", "百世汇通", "德邦", "德邦快递", "邮政快递",
    "邮政", "天天快递", "宅急送",
    "跨越速运", "丹鸟", "菜鸟", "順豐", "順豐速運", "包裹", "包裹号", "快件",
)  # fmt: skip
_CARRIERS: Final = (
    "顺丰", "中通", "圆通", "申通", "韵达", "极兔", "京东物流", "百世", "德邦", "邮政", "天天", "宅急送", "跨越",
    "丹鸟", "菜鸟", "順豐", "EMS", "DHL", "UPS", "FedEx", "USPS", "J&T", "包裹", "退货", "换货", "发货", "補寄", "补寄",
)  # fmt: skip
_LABELS: Final = (
    "运单号", "运单编号", "运单号码", "运单", "快递单号", "快递单", "快递号", "快递编号", "物流单号", "物流编号",
    "物流号", "货运单号", "面单号", "托运单号",
    "邮件号", "邮政单号", "追踪号", "跟踪号", "追踪编号", "快遞單號", "運單號", "物流單號", "退货单号", "发货单号",
    "快递运单号",
    "waybill", "waybill no", "waybill number", "waybill code", "tracking no", "tracking number", "tracking id",
    "tracking code",
    "tracking num", "tracking", "awb", "awb no", "awb number", "air waybill", "consignment no", "consignment number",
    "shipment no", "shipment number", "courier no", "courier number", "express no", "express number",
    "logistics no", "logistics number",
    "logistic code", "mail no", "parcel number", "parcel no", "pro number",
)  # fmt: skip
_NUMBER: Final = (
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))(?=[A-Z0-9 -]{0,12}?[0-9](?:[ -]?[0-9]){7})"
    r"[A-Z]{0,5}[0-9][A-Z0-9]{3}(?:[ -]?[A-Z0-9]{2,18}){1,6}+(?![A-Za-z0-9])"
)

DETECTOR: Final = DetectorSpec(
    name="std/waybill",
    kind="waybill",
    description="Waybill and tracking numbers of couriers and posts.",
    patterns=(
        Pattern(r"SF[0-9]{12,13}", "sf"),
        Pattern(r"YT[0-9]{13}", "yto"),
        Pattern(r"JT[0-9]{13}", "jt"),
        Pattern(r"(?P<value>JD(?:[VXAW][A-Z0-9]?[0-9]{11,13}|[0-9]{13}))(?:-[0-9]{1,3}-[0-9]{1,3}-?)?", "jd"),
        Pattern(r"DPK[0-9]{12}", "deppon"),
        Pattern(r"KY[0-9]{13}", "kye"),
        Pattern(r"LP[0-9]{14}", "cainiao"),
        Pattern(r"TBA[0-9]{12}", "amazon"),
        Pattern(r"1Z ?[0-9A-Z]{3} ?[0-9A-Z]{3} ?[0-9]{2} ?[0-9A-Z]{4} ?[0-9]{3} ?[0-9]", "ups", Confidence.HIGH,
            ("ups",)),
        # Without its check digit it is one where words of sending say so.
        Pattern(r"1Z[0-9A-Z]{6}[0-9]{10}", "ups-form", Confidence.LOW),
        Pattern(r"[ACEGHLMNPQRSTUVZ][A-Z] ?[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[A-Z]{2}", "s10", Confidence.HIGH, ("s10",)),
        Pattern(r"JJ?D0[0-9]{16,18}|JVGL[0-9]{14,16}", "dhl-parcel"),
        Pattern(
            r"(?<![0-9.,-])(?:420 ?[0-9]{5} ?)?9[1-5][0-9]{2}(?: ?[0-9]{4}){4}(?: ?[0-9]{2})?(?![0-9.,-])",
            "usps",
            checks=("gs1",),
        ),
    ),
    named=(
        Named(value=_NUMBER, labels=_LABELS, loose=True, confidence=Confidence.HIGH, name="label"),
        *(
            Named(value=_NUMBER, labels=labels, loose=True, whole=spaced, confidence=Confidence.HIGH, name="label")
            for spaced in (True, False)
            for labels in in_groups(WAYBILLS, WAYBILLS.keys() - UNSPACED if spaced else UNSPACED)
        ),
        # 韵达单号, EMS单号: a courier's name says whose number it is.
        Named(value=_NUMBER, labels=tuple(f"{one}{word}" for one in _CARRIERS for word in ("单号", "單號")), loose=True,
            confidence=Confidence.HIGH, name="courier-number"),
        Named(value=r"(?:[A-Z]{2,4}[0-9]{11,13}|[0-9]{12,15})(?![A-Za-z0-9.])", labels=_COURIERS, loose=True,
            name="courier"),
        Named(value=r"[0-9]{4} ?[0-9]{4} ?[0-9]{4}(?![0-9A-Za-z.])", labels=("fedex", "federal express"), loose=True,
            name="fedex", checks=("fedex",)),
        Named(value=r"[0-9]{15}(?![0-9A-Za-z.])", labels=("fedex", "fedex ground"), loose=True, name="fedex-ground",
            checks=("gs1",)),
        Named(value=r"[0-9]{2} ?[0-9]{4} ?[0-9]{4}(?![0-9A-Za-z.])", labels=("dhl", "dhl express"), loose=True,
            name="dhl", checks=("dhl",)),
    ),
    case="exact",
    gate=Gate(digits=8, between=" -"),
    normalise=("nfkc", "strip-spaces", "lower"),
    ignore=Ignore(patterns=(r"0+",)),
    near=(
        Near(
            (
                "运单", "快递", "物流", "面单", "顺丰", "中通", "圆通", "申通", "韵达", "极兔", "京东", "邮政",
                "寄出", "发货", "包裹", "揽收", "签收",
                "快遞", "物流", "運單", "waybill", "tracking", "courier", "shipment", "shipped", "parcel",
                "express", "carrier", "delivery", "ups",
                "fedex", "dhl", "usps", "ems", "logistics", "awb",
            ),
            "record",
            Confidence.HIGH,
        ),
        Near(("trace_id", "span_id", "hash", "checksum", "token", "sku", "model"), "field-name", Confidence.LOW),
    ),
    sample="SF1{n:12}",
    examples=Examples(
        match=("顺丰 SF1234567890123", "运单号：75312345678901", "1Z5R89390357567127",
            "tracking number: RR123456785GB"),
        no_match=("SF12345", "1Z5R89390357567128", "RR123456786GB", "DSF1234567890123"),
    ),
)  # fmt: skip
