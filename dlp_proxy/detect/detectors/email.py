"""E-mail addresses as people write them: the dot-atom form of RFC 5322 with a domain name of RFC 1035."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.alternatives import any_of
from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Ignore, Near, Pattern
from dlp_proxy.detect.top_level_domains import TOP_LEVEL_DOMAINS
from dlp_proxy.model.finding import Confidence

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# icon@2x.png and module@next.js are files, not people.
_FILES: Final = "png|jpe?g|gif|svg|webp|ico|bmp|avif|css|scss|less|js|mjs|cjs|jsx|tsx?|json|map|html?|woff2?|ttf|lock"

# What is left of a login in an address, ssh://git@host and https://user:secret@host, is no mailbox.
_BEFORE: Final = r"(?<![A-Za-z0-9._%+-])(?<!://)(?<!://[^\s/@\"'<>]{1,64}:)"
_LOCAL: Final = r"[A-Za-z0-9_%+](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?+"
# Nor is host:path of scp and git; a bracket with a name behind it is a call. A capital letter behind the dot begins a
# sentence.
_AFTER: Final = r"(?![A-Za-z0-9@]|-[A-Za-z0-9]|(?-i:\.[a-z0-9])|:[~/]|:[A-Za-z0-9_.-]{1,60}/|\([a-z_)])"

DETECTOR: Final = DetectorSpec(
    name="std/email",
    kind="email",
    description="E-mail addresses.",
    patterns=(
        Pattern(
            rf"{_BEFORE}(?P<value>{_LOCAL}@(?:{_LABEL}\.){{1,8}}(?:{any_of(TOP_LEVEL_DOMAINS)}|xn--[a-z0-9-]{{2,40}})){_AFTER}"
        ),
        Pattern(
            rf"{_BEFORE}(?P<value>{_LOCAL}@[\p{{Han}}A-Za-z0-9-]{{1,40}}\.(?:中国|中國|公司|网络|網絡|在线|集团|香港|台灣|台湾))",
            "chinese-domain",
        ),
        Pattern(
            rf"{_BEFORE}(?P<value>{_LOCAL}@(?:{_LABEL}\.){{1,8}}(?!(?:{_FILES})(?![A-Za-z0-9.-])|(?-i:[A-Z][a-z]))[A-Za-z]{{2,24}}){_AFTER}",
            "unusual-domain",
            Confidence.LOW,
        ),
    ),
    boundary="none",
    normalise=("nfkc", "lower"),
    ignore=Ignore(
        patterns=(
            r"(?:git|svn|hg)@.*",
            r"(?:you|your[._-]?(?:name|email)|name|user(?:name)?|someone|e?mail)@(?:example|domain|company|your[a-z-]*)\.(?:com|org|net)",
        )
    ),
    near=(
        Near(("email", "e-mail", "mail", "邮箱", "邮件", "電郵"), "field-name", Confidence.HIGH),
        Near(("message-id", "in-reply-to"), 24, Confidence.LOW),
        # RFC 5545, section 3.8.4.7: made to be like a mail address, and nobody's.
        Near(("uid",), "field-name", Confidence.LOW),
    ),
    sample="buyer{n:6}@shop.example",
    examples=Examples(
        match=("mail bob.lee+x@shop.example now", "邮箱bob@shop.example，谢谢", "<Bob@Shop.Example>"),
        no_match=("bob@shop", "icon@2x.png", "git@github.com:a/b", "a@b@c"),
    ),
    gate=Gate(literals=("@",), anchor="@", before=70, stops=" \t\n", after=300),
)
