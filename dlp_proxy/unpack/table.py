"""Whether a text is a table: by its delimiter, the same number of times on most lines; and whether it has a header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

LOOK: Final = 30
"""Rows that are looked at before deciding."""

_DELIMITERS: Final = "\t,;|│┆"
"""Those of files, and of tables that programs draw on terminals."""

_HEAD: Final = 32 * 1024
_LITTLE: Final = 4 * 1024
"""Characters that mostly hold so many rows."""
_CELL_AT_MOST: Final = 120  # mean length; longer ones are sentences
_QUOTED: Final = re.compile(r'"(?:[^"]|"")*+"')
_RULE: Final = re.compile(r"[\s+=\u2500-\u257f-]+")
"""A line that is drawn between rows."""
_DIGITS: Final = re.compile(r"\d")
_KNOWN: Final = re.compile(
    r"(?i)name|phone|mobile|tel|mail|addr|street|city|date|time|order|customer|amount|price|total|qty|quantity|status"
    r"|note|remark|comment|number|code|sku|\bid\b|姓名|名称|名稱|电话|電話|手机|手機|邮箱|郵箱|地址|订单|訂單|客户|客戶|日期"
    r"|时间|時間|金额|金額|价格|價格|数量|數量|备注|備註|编号|編號|单号|單號|收货|收貨|收件|身份证|身份證|城市|省份|状态|狀態|序号"
)


def may_be(text: str) -> bool:
    """Tell cheaply whether `delimiter` is worth asking."""
    head = text[:2048]
    return ("\n" in head or "\r" in head) and any(mark in head for mark in _DELIMITERS)


def delimiter(text: str, *, said: bool) -> str:
    """Return what stands between the cells of `text`, or the empty text when it is no table.

    `said`: the sender calls it a table; then two plain columns, or two lines, are enough.
    """
    head = text[:_HEAD]
    if head.count("\n") < 1 and head.count("\r") < 1:
        return ""
    if head.startswith("sep=") and head[4:5] in _DELIMITERS:
        return head[4]
    lines = _first(head[:_LITTLE])
    if len(lines) <= LOOK and len(head) > _LITTLE:  # of a few lines more, the last of which may be cut
        lines = _first(head)
    if len(text) > _HEAD and 1 < len(lines) < LOOK:
        lines.pop()
    del lines[LOOK:]
    if len(lines) < 2:
        return ""
    together = "\n".join(lines)
    fewest = max(2, len(lines) * 5 // 10)
    scores = {
        mark: _score(lines, mark, said=said) for mark in _DELIMITERS if together.count(mark) >= fewest
    }  # all else is none: every program in a package comes by here
    best = max(scores, key=scores.__getitem__, default="")
    return best if best and scores[best] else ""


def _first(head: str) -> list[str]:
    """Return the lines with something in them but rules, what stands in quotes being one sign."""
    return [line for line in _QUOTED.sub("q", head).splitlines() if line.strip() and not _RULE.fullmatch(line)]


def _score(lines: Sequence[str], mark: str, *, said: bool) -> float:
    """Return how much of a table `mark` makes: 0 for none."""
    counts = Counter(line.count(mark) for line in lines)
    usual, agreeing = max(((count, times) for count, times in counts.items() if count), default=(0, 0), key=_times)
    if agreeing < 2 or agreeing * 10 < len(lines) * (5 if said else 6 if usual > 1 else 8):
        return 0
    if sum(map(len, lines)) > _CELL_AT_MOST * sum(line.count(mark) + 1 for line in lines):
        return 0
    if not said and usual == 1 and mark != "\t" and agreeing < 3:
        return 0
    if not said and any(f"{mark} " in line for line in lines[1:]) and usual < 3 and mark in ",;":
        return 0
    return agreeing / len(lines) + min(usual, 20) / 100


def _times(item: tuple[int, int]) -> int:
    return item[1]


def is_known(name: str) -> bool:
    """Tell whether `name` is what columns of customers' tables are called."""
    return _KNOWN.search(name) is not None


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns. In doubt it does not, so that it counts as a row."""
    if len(rows) < 2 or not rows[0]:
        return False
    first = [cell.strip() for cell in rows[0]]
    plain = all(len(cell) <= 40 and len(_DIGITS.findall(cell)) < 4 and "@" not in cell for cell in first)
    if not plain or not any(first) or len(set(filter(None, first))) < len(list(filter(None, first))):
        return False
    if sum(map(is_known, first)) * 2 >= len(first):
        return True
    body = [row for row in rows[1:] if row]
    heavy = sum(
        sum(len(_DIGITS.findall(row[column])) >= 5 for row in body if column < len(row)) * 2 > len(body)
        for column in range(len(first))
    )
    return bool(heavy) and all(len(cell) >= 2 for cell in first)
