"""Numbers of payment cards: ISO/IEC 7812 lengths, issuer ranges and Luhn digit (`checks/card_number.py`)."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Named, Near, Pattern
from dlp_proxy.model.finding import Confidence

# A decimal point, a sign, a joint of an identifier: the digits are a part of something else.
_BEFORE: Final = r"(?<![A-Za-z0-9+/]|[0-9][.,:-]|[A-Za-z0-9]-|[-.])"
_AFTER: Final = r"(?![A-Za-z0-9/=]|[.:-][0-9]|-[A-Za-z0-9])"
_SIXTEEN: Final = r"(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|35[2-8][0-9]|6[0245][0-9]{2}|81[0-9]{2}|9558)"
_PLAIN: Final = rf"(?:{_SIXTEEN}[0-9]{{12}}|3[47][0-9]{{13}}|62[0-9]{{17}})"

DETECTOR: Final = DetectorSpec(
    name="std/card-number",
    kind="card",
    description="Numbers of bank and credit cards, by issuer range and check digit.",
    patterns=(
        Pattern(rf"{_BEFORE}62[0-9]{{2}}(?P<gap>[ -])(?:[0-9]{{4}}(?P=gap)){{3}}[0-9]{{3}}{_AFTER}", "in-groups-of-19"),
        Pattern(
            rf"{_BEFORE}{_SIXTEEN}(?P<gap>[ -])[0-9]{{4}}(?:(?P=gap)[0-9]{{4}}){{2}}"
            rf"(?!(?P=gap)[0-9]{{4}}){_AFTER}",
            "in-groups",
        ),
        Pattern(
            rf"{_BEFORE}3[47][0-9]{{2}}(?P<gap>[ -])[0-9]{{6}}(?P=gap)[0-9]{{5}}(?!(?P=gap)[0-9]{{4}}){_AFTER}",
            "in-groups-of-amex",
        ),
        Pattern(rf"{_BEFORE}62[0-9]{{4}}[ -][0-9]{{10}}(?:[0-9]{{3}})?{_AFTER}", "in-two-groups"),
        # A word of its own in a sentence or on a line. Behind a key or in a table digits are as often an id, a tenth of
        # which pass the check: low, until a name or a word says card.
        Pattern(rf"(?<![^ \n(\p{{Han}}，。：])(?<![\":=>,;|] ){_PLAIN}{_AFTER}", "in-text"),
        Pattern(rf"{_BEFORE}{_PLAIN}{_AFTER}", "plain", Confidence.LOW),
    ),
    named=(
        Named(
            value=r"(?<![0-9])[0-9](?:[ -]?[0-9]){11,18}(?![0-9]|[ -][0-9])",
            labels=(
                "card number", "card no", "card num", "card", "credit card", "debit card", "bank card", "cc number",
                "卡号", "银行卡", "银行卡号", "信用卡", "信用卡号", "储蓄卡号", "借记卡号", "银行账号", "银行帐号",
                "收款账号",
                "卡號", "銀行卡號", "信用卡號",
            ),
            fields=("pan", "account number", "bank account", "account no", "账号", "帐号"),
            loose=True,
            confidence=Confidence.HIGH,
        ),
    ),
    boundary="none",
    checks=("card-number",),
    normalise=("nfkc", "digits-only"),
    near=(
        Near(
            (
                "card", "credit", "debit", "visa", "mastercard", "amex", "unionpay", "jcb", "cvv", "cvc", "expiry",
                "cardholder", "bank", "pan", "payment", "银行", "信用卡", "储蓄卡", "借记卡", "卡号", "银联",
                "开户", "持卡人",
                "有效期", "銀行", "卡號",
            ),
            "record",
            Confidence.HIGH,
        ),
        Near(
            (
                "timestamp", "trace_id", "span_id", "trace", "span", "nanos", "micros", "bytes", "count", "counter",
                "offset",
                "seq", "sequence", "checksum", "hash", "uuid", "ticks", "duration", "nonce", "order_id", "sku",
                "isbn", "ean",
                "gtin", "barcode", "imei",
            ),
            "field-name",
            Confidence.LOW,
        ),
    ),
    sample="622202{n:9}{luhn}",
    examples=Examples(
        match=("4539 1488 0343 6467", "卡号：6222021234567890128", "card 4539-1488-0343-6467 exp 09/27"),
        no_match=("4539 1488 0343 6466", "1769443200123456", "0.4539148803436467", "4294967296"),
    ),
    gate=Gate(digits=12, between=" -"),
)  # fmt: skip
