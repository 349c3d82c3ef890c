"""Why transfers are together and what makes an incident severe, in Chinese: sentences of `incidents` by their form."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (
            r"one transfer under the rule (.+); what the same person sends under it within 24 hours joins it",
            r"依规则 \1 的一次传输；同一人 24 小时内依该规则的传输将并入",
        ),
        (
            r"(\d+) transfers of one person under the rule (.+), each within 24 hours of the one before",
            r"同一人依规则 \2 的 \1 次传输，相邻两次间隔均不超过 24 小时",
        ),
        (
            (
                r"(\d+) different customers in (\d+) days(| at destinations that are not everybody's)"
                r" \(from (\d+) on it is looked at\), on (\d+) days, at most (\d+) a day; (.+)"
            ),
            r"\2 天内\3 \1 名不同客户（达 \4 名起关注），分布于 \5 天，单日最多 \6 名；\7",
        ),
        (
            (
                r"(\d+) of (\d+) customers whose transfer was blocked were let go by the same person within 24 hours,"
                r" in (\d+) other transfers to (.+)"
            ),
            r"传输被拦截的 \2 名客户中，有 \1 名在 24 小时内由同一人经另外 \3 次传输发往 \4",
        ),
        (
            (
                r"(\d+) people each sent at least (\d+) different customers to (.+) within (\d+) days, (\d+) together;"
                r" (\d+) people use it in all \(more than (\d+) would make it everybody's\)"
                r"(|; all to one account there, .+)"
            ),
            r"\1 人在 \4 天内各向 \3 发送至少 \2 名不同客户，合计 \5 名；共有 \6 人使用该去向（超过 \7 人视为公用）\8",
        ),
        (
            (
                r"(\d+) people sent (\d+) customers to (.+) that at least one other of them sent there too"
                r" \((\d+) in common link two\)"
            ),
            r"\1 人向 \3 发送的客户中，有 \2 名至少由其中两人发送（共有 \4 名即视为关联）",
        ),
        (
            (
                r"(\d+) people sent (\d+) different customers to one account at ([^,]+), ([^:]+): (.+);"
                r" (\d+) people fill it in all \(more than (\d+) would make it everybody's\)"
            ),
            r"\1 人向 \3 的同一账号 \4 发送 \2 名不同客户：\5；共有 \6 人使用该账号（超过 \7 人视为公用）",
        ),
        (r"(\d+) different customers", r"\1 名不同客户"),
        (r"(\d+) of them left or may have left", r"其中 \1 名已外泄或可能外泄"),
        (r"nobody else sends customers to (.+?)(| and others)", r"无他人向 \1\2 发送客户"),
        (r"(\d+) transfers were not read whole", r"\1 次传输未能完整检查"),
        (r"at least (\d+) times what peers sent", r"至少为同组人员的 \1 倍"),
        (r"several people", r"多人参与"),
        (r"the same customers by several people", r"多人发送相同客户"),
        (r"after a block", r"发生于拦截之后"),
    )
)

_PIECES: Final = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r" at destinations that are not everybody's", "在非公用去向上"),
        (r" and others", " 等"),
        (r" and (\d+) more", r" 等另 \1 处"),
        (r"; all to one account there, (.+)", r"；均发往同一账号 \1"),
        (r"(\d+) of them at least (\d+) each within (\d+) days", r"其中 \1 人在 \3 天内各至少 \2 名"),
        (r"(\d+) of these were sent there by more than one of them", r"其中 \1 名由不止一人发送"),
        (
            r"peers \((?:group )?(.+), (\d+) people\): median (\d+), 95 of 100 under (\d+)",
            r"同组人员（\1，\2 人）：中位数 \3，95% 低于 \4",
        ),
        (r"; ", "；"),
        (r"（everybody，", "（全体，"),
        (r"no peers", "无可比人员"),
    )
)
"""What stands in places of the forms."""

KINDS: Final = {
    "burst": "单人单规则",
    "ring": "团伙",
    "drip": "持续少量外传",
    "shared-destination": "共同去向",
    "shared-content": "相同客户",
    "shared-account": "共用账号",
    "evasion": "规避拦截",
}
"""Kind of incident -> in Chinese."""


def in_chinese(sentence: str) -> str:
    """Return a sentence in Chinese; as it is where its form is not known."""
    for form, chinese in _FORMS:
        if found := form.fullmatch(sentence):
            said = chinese
            for number, words in enumerate(found.groups(), 1):
                said = said.replace(f"\\{number}", _piece(words or ""))
            return said
    return sentence


def _piece(words: str) -> str:
    for form, chinese in _PIECES:
        words = form.sub(chinese, words)
    return words
