"""提取笔录: the record of an extraction, with the fields of Article 14 of 法发〔2016〕22号, to be completed by hand."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Final

from dlp_proxy.reporting.case import Case
from dlp_proxy.reporting.markup import Markup, table, tag
from dlp_proxy.reporting.report import Reading, headline

_STYLE: Final = (
    "body{font:16px/1.7 SimSun,'Noto Serif CJK SC',serif;max-width:52rem;margin:0 auto;padding:2rem;color:#000}"
    "h1{text-align:center;letter-spacing:.5em}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #000;padding:.4rem .6rem;text-align:left;vertical-align:top;font-weight:400}"
    "th[scope=row]{width:9em}.line{display:inline-block;min-width:20rem;height:1.2em;border-bottom:1px solid #000}"
)


def record_note(case: Case, reading: Reading, exhibits: int) -> bytes:
    """Return the page, in Chinese in every language: it is for a court in China."""
    words, moment = reading.words, case.moment
    line = tag("span", "", class_="line")
    method = (
        "由代理服务器存储按检查点导出；事件为逐字节原始记录（RFC 8785 规范 JSON），其加盐哈希存于链式日志；"
        "日志检查点以 Ed25519 签名；全部文件计算 SHA-256 与 SM3 完整性校验值，校验值清单以同一密钥签名。"
    )
    process = (
        f"以日志 {moment.origin} 第 {moment.size} 条检查点为准，提取 {len(case.events)} 个事件及相关日志条目与证明；"
        f"密封内容未开启，原样复制；生成电子数据清单（清单.csv，共 {exhibits} 项）。"
        "提取过程可由同一检查点重复，所得文件逐字节相同。"
    )
    rows: list[tuple[str | int, ...]] = [
        ("案由", case.standing.title or line),
        ("提取对象", f"出口数据防泄漏代理的事件存储与日志（{moment.origin}）；{case.name}"),
        ("内容", headline(case, reading) if case.scope.whole.transfers else case.name),
        ("提取时间", words.time(moment.at)),
        ("提取地点", line),
        ("方法", method),
        ("过程", process),
        ("完整性校验值", "见 manifest-sha256.txt、manifest-sm3.txt 及其签名 sig/tagmanifest.ed25519"),
        ("电子数据清单", "见 清单.csv（类别、文件格式、完整性校验值）"),
        ("提取人（一）", line),
        ("提取人（二）", line),
        ("电子数据持有人（提供人）", line),
        ("持有人无法或拒绝签名的原因", line),
        ("见证人", line),
        ("日期", line),
    ]
    allowed = base64.b64encode(sha256(_STYLE.encode()).digest()).decode()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            http_equiv="Content-Security-Policy",
            content=f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'",
        ),
        tag("title", f"提取笔录 {case.name}"),
        tag("style", Markup(_STYLE)),
    )
    body = tag("body", tag("main", tag("h1", "提取笔录"), table("电子数据提取笔录", ("项目", "内容"), rows)))
    return f"<!doctype html>\n{tag('html', head, body, lang='zh-CN')}\n".encode("utf-8", "replace")
