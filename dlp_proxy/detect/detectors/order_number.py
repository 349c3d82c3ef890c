"""Order numbers: platforms whose form says it all, and what stands beside a label. A company's own form is for YAML.

Forms, as the platforms' seller help and open interfaces show them: Amazon 3-7-7, eBay 2-5-5, Pinduoduo a date of
six and fifteen
digits, Taobao and Tmall 18-19 digits, JD 11-13, Douyin and Meituan 18-19, Xiaohongshu P and 18, Alipay 28 digits that
begin with the date, WeChat Pay 28 that begin with 4200, Shopee a date and eight letters or digits, Shopify ``#1001``.
Bare digits say nothing by themselves: they count beside a label only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Ignore, Named, Near, Pattern
from dlp_proxy.detect.said.languages import UNSPACED, in_groups
from dlp_proxy.detect.said.orders import BARE, NUMBERED
from dlp_proxy.model.finding import Confidence

_MONTH_AND_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NO_DATE: Final = r"(?!(?:19|20)[0-9]{2}(?P<d>[-/.])[0-9]{1,2}(?P=d)[0-9]{1,2}(?![0-9-]))"
_NUMBER: Final = (
    rf"#?{_NO_DATE}(?:(?=[A-Z0-9_-]{{0,24}}?[0-9][A-Z0-9_-]{{0,24}}?[0-9][A-Z0-9_-]{{0,24}}?[0-9][A-Z0-9_-]{{0,24}}?[0-9])"
    r"[A-Z0-9]{1,36}+(?:[-_/][A-Z0-9]{1,32}+){0,6}+)(?![A-Za-z0-9]|[.@][A-Za-z0-9])"
)
_LONG: Final = (
    rf"#?{_NO_DATE}(?!1[3-9][0-9]{{9}}(?![0-9-]))"
    r"(?:[A-Z]{1,6}[-_]?(?:[0-9]{5,24}+|[0-9]{4}-[0-9]{4,12}+)(?:-[0-9A-Z]{2,20}+){0,3}+|20[0-9]{2}-[0-9]{5,12}+"
    r"|[0-9]{3}-[0-9]{7}-[0-9]{7}|[0-9]{2}-[0-9]{5}-[0-9]{5}|(?!20[0-9]{2}(?:0[1-9]"
    r"|1[0-2])[0-3][0-9](?![0-9-]))[0-9]{7,28}+(?:-[0-9]{2,20}+){0,3}+)(?![A-Za-z0-9]|[.@][A-Za-z0-9])"
)

_HASH: Final = r"#[0-9]{4,12}(?![A-Za-z0-9]|[.][A-Za-z0-9])"


def _foreign() -> Iterator[Named]:
    """Yield what knows an order by a label of any other language.

    A noun with a word for number is enough for any number; the noun alone for a long one, or for one behind #.
    """
    for spaced in (True, False):
        for labels in in_groups(NUMBERED, NUMBERED.keys() - UNSPACED if spaced else UNSPACED):
            yield Named(_NUMBER, labels, loose=True, whole=spaced, confidence=Confidence.HIGH, name="label")
        for labels in in_groups(BARE, BARE.keys() - UNSPACED if spaced else UNSPACED):
            yield Named(rf"{_LONG}|{_HASH}", labels, loose=True, whole=spaced, name="loose-label")


_NO_OTHER: Final = r"(?<![订訂运運递遞流面购購易户付款售货貨票保账单][单單][号號][：: #]{0,3})"

DETECTOR: Final = DetectorSpec(
    name="std/order-number",
    kind="order-number",
    description="Order numbers of the large platforms, and what stands beside a label such as 订单号 or order no.",
    patterns=(
        Pattern(rf"(?<![0-9A-Za-z.-])[12][0-9]{_MONTH_AND_DAY}-[0-9]{{15}}(?![0-9A-Za-z-])", "pinduoduo",
            Confidence.HIGH),
        Pattern(r"(?<![0-9.-])(?:[1-57]0[0-9]|[1-57][1-9][0-9]|[SD][0-9]{2})-[0-9]{7}-[0-9]{7}(?![0-9-])", "amazon"),
        Pattern(rf"(?<![0-9.])20[12][0-9]{_MONTH_AND_DAY}2200[0-9]{{16}}(?![0-9.])", "alipay"),
        Pattern(r"(?<![0-9.])4200[0-9]{6}20[12][0-9]" + _MONTH_AND_DAY + r"[0-9]{10}(?![0-9.])", "wechat-pay"),
        Pattern(r"(?i:ebay)[^\n]{0,60}?(?<![0-9.+-])(?P<value>[0-9]{2}-[0-9]{5}-[0-9]{5})(?![0-9-])", "ebay"),
        Pattern(
            r"(?:淘宝|天猫|京东|抖音|拼多多|美团|饿了么|快手|小红书|唯品会|苏宁|得物|闲鱼|淘寶|天貓)[^\n0-9]{0,12}(?P<value>P?[0-9]{11,19})(?![0-9.])",
            "platform",
        ),
    ),
    named=(
        Named(
            value=_NUMBER,
            # Han needs no border, so 订单号 is the end of 商户订单号 too.
            labels=(
                "订单号", "订单编号", "订单号码", "订单id", "订单编码", "流水号", "交易号", "交易单号", "商户单号",
                "采购单号", "销售单号", "订货单号",
                "支付单号", "退款单号", "訂單號", "訂單編號", "訂單號碼", "order no", "order number", "order num",
                "order id", "order code",
                "order ref", "order reference", "order sn", "order nr", "po number", "po no", "so number",
                "trade no", "trade id",
                "transaction no", "confirmation number", "bestellnummer", "auftragsnummer",
            ),
            confidence=Confidence.HIGH,
            name="label",
        ),
        Named(
            value=_LONG,
            labels=("订单号", "订单编号", "订单号码", "订单", "訂單", "訂單號", "order", "order no", "order number",
                "order id", "purchase order",
                    "orders", "采购单号", "销售单号", "订货单号", "商户单号", "交易单号", "支付单号", "退款单号"),
            loose=True,
            name="loose-label",
        ),
        # 快递单号 is a waybill's, 订单号 has said so already; 单号 alone says as much.
        Named(value=rf"{_NO_OTHER}{_LONG}",
            labels=("单号", "單號"), loose=True, name="bare-label"),
        Named(value=r"[0-9]{4,12}(?![A-Za-z0-9.])", labels=("order #", "order#", "订单#"), loose=True, name="hash"),
        Named(value=_HASH, labels=("order", "orders", "订单", "訂單"),
            loose=True, name="hash"),
        Named(value=_NUMBER, fields=("order", "订单", "訂單", "单号", "單號", "编号", "tid", "sn", "po", "reference",
            "order ref"),
              confidence=Confidence.MEDIUM, name="field"),
        Named(
            value=r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9-])",
            labels=("order id", "order no", "order number", "order uuid", "订单号", "订单编号"), name="uuid",
        ),
        *_foreign(),
    ),
    boundary="none",
    gate=Gate(digits=4, between="-_ "),
    normalise=("nfkc", "strip-spaces", "strip-punctuation", "lower"),
    ignore=Ignore(patterns=(r"#?0+", r"#?(?:1234|0000|1111|9999)", r"(?i)x+[0-9]*")),
    near=(
        Near(("order_no", "order_id", "order_number", "order_sn", "trade_no", "tid", "订单号", "订单编号", "訂單號"),
            "field-name", Confidence.HIGH),
        Near(
            (
                "订单", "下单", "买家", "发货", "收货", "付款", "淘宝", "天猫", "京东", "拼多多", "訂單", "order",
                "orders", "purchase", "amazon", "ebay",
                "shipped", "buyer",
            ),
            40,
            Confidence.HIGH,
        ),
        Near(("trace_id", "span_id", "request_id", "session", "version", "sort", "order_by", "display_order"),
            "field-name", Confidence.LOW),
    ),
    sample="订单号：2026{n:14}",
    examples=Examples(
        match=("订单号：1234567890123456789", "order no. 2025-000417", "260115-123456789012345", "Order #1001",
            "113-1234567-1234567"),
        no_match=("1234567890123456789", "order by 2", "in order to", "order number 2025-01-15", "订单已发货"),
    ),
)  # fmt: skip
