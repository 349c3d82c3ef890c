"""E-mail addresses as people write them: the dot-atom form of RFC 5322 with a domain name of RFC 1035."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Gate, Ignore, Near, Pattern
from dlp_proxy.model.finding import Confidence

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# icon@2x.png and module@next.js are files, not people.
_FILES: Final = "png|jpe?g|gif|svg|webp|ico|bmp|avif|css|scss|less|js|mjs|cjs|jsx|tsx?|json|map|html?|woff2?|ttf|lock"

DETECTOR: Final = DetectorSpec(
    name="std/email",
    kind="email",
    description="E-mail addresses.",
    patterns=(
        Pattern(
            r"(?<![A-Za-z0-9._%+-])(?P<value>[A-Za-z0-9_%+](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_%+-])?+"
            rf"@(?:{_LABEL}\.){{1,8}}(?!(?:{_FILES})(?![A-Za-z0-9.-]))[A-Za-z]{{2,24}})(?![A-Za-z0-9@]|[.-][A-Za-z0-9])"
        ),
    ),
    boundary="none",
    normalise=("nfkc", "lower"),
    ignore=Ignore(patterns=(r"git@(?:github|gitlab|gitee|bitbucket)\..*",)),
    near=(Near(("email", "e-mail", "mail", "邮箱", "邮件", "電郵"), "field-name", Confidence.HIGH),),
    sample="buyer{n:6}@shop.example",
    examples=Examples(
        match=("mail bob.lee+x@shop.example now", "邮箱bob@shop.example，谢谢", "<Bob@Shop.Example>"),
        no_match=("bob@shop", "icon@2x.png", "git@github.com:a/b", "a@b@c"),
    ),
    gate=Gate(literals=("@",)),
)
