"""What a report says, in English and in Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dlp_proxy.reporting.why_zh import KINDS, in_chinese

type Language = Literal["en", "zh"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

_BEIJING: Final = dt.timezone(dt.timedelta(hours=8), "UTC+8")

SAYINGS: Final[Mapping[str, tuple[str, str]]] = {
    "report": ("Report on {name}", "{name} 调查报告"),
    "headline": (
        "{who} tried to send {records} records of {customers} customers to {where}, {when}; {left} left",
        "{who} 试图将 {customers} 名客户的 {records} 条记录发往 {where}，时间：{when}；已外泄 {left} 名",
    ),
    "when-once": ("at {first}", "{first}"),
    "when-span": ("between {first} and {last}", "{first} 至 {last}"),
    "and-more": ("{first} and {more} more", "{first} 等（另 {more} 个）"),
    "audience": ("For: {audience}. As of checkpoint {size} of {origin}, {at}.",
                 "用途：{audience}。依据日志 {origin} 第 {size} 条检查点，{at}。"),
    "analyst": ("analysts (people under pseudonyms)", "分析员（人员以化名显示）"),
    "hr": ("human resources", "人力资源"),
    "legal": ("legal department", "法务"),
    "police": ("police", "公安机关"),
    "authority": ("supervisory authority", "个人信息保护监管部门"),
    "scope": ("How many", "影响范围"),
    "scope-lead": (
        ("Left for certain: {left}. May have left: {possible} more, so between {left} and {upper} of those that were"
        " seen. Stopped: {blocked}. Not known: {unread} transfers not wholly read, {blind} without a sign of life of"
        " any proxy, {forgotten} events already deleted by retention."),
        ("确认外泄：{left} 名；可能外泄：另 {possible} 名，"
        "即已观察到的范围为 {left} 至 {upper} 名；已拦截：{blocked} 名。"
        "未知部分：{unread} 次传输未能完整检查，代理无存活信号 {blind}，按保存期限已删除事件 {forgotten} 条。"),
    ),
    "lower-bound": ("The numbers are a lower bound: more may have left unseen.",
                    "以上为下限：可能另有未被观察到的外泄。"),
    "all-seen": ("Everything in that time was looked at.", "该时段内的传输均已检查。"),
    "measure": ("measure", "指标"), "number": ("number", "数量"),
    "left": ("left", "已外泄"), "possible": ("may have left", "可能外泄"), "blocked": ("blocked", "已拦截"),
    "customers-left": ("customers whose data left", "确认外泄客户数"),
    "customers-possible": ("customers whose data may have left", "可能外泄客户数"),
    "customers-blocked": ("customers whose data was blocked", "已拦截客户数"),
    "records": ("records", "记录数"), "transfers": ("transfers", "传输次数"),
    "first": ("first", "首次"), "last": ("last", "末次"),
    "unread-transfers": ("transfers not wholly read", "未完整检查的传输"),
    "blind-time": ("blind time", "盲区时长"), "forgotten": ("events deleted by retention", "按期删除的事件"),
    "because": ("Only possible because", "列为可能的原因"),
    "kinds": ("Kinds of values", "数据种类"), "kind": ("kind", "种类"),
    "timeline": ("Timeline", "时间线"),
    "timeline-desc": (
        ("One lane for each person. A circle left, a triangle may have left, a square was blocked; larger is more"
        " customers."), "每人一行。圆为已外泄，三角为可能外泄，方块为已拦截；越大表示客户越多。"),
    "curve": ("Different customers so far", "累计不同客户数"),
    "curve-desc": (
        "How many different customers had come further than blocked by the end of each day: left or may have left.",
        "截至每日，未被拦截（已外泄或可能外泄）的不同客户累计数。"),
    "matrix": ("Who sent to where", "人员与去向"),
    "matrix-desc": (
        ("A row for each person, a column for each destination; in the field how many different customers, darker is"
        " more."), "行为人员，列为去向；格内为不同客户数，颜色越深越多。"),
    "not-shown": ("{count} more are not shown; all are in the bundle.", "另有 {count} 项未显示，全部见证据包。"),
    "time": ("time", "时间"), "day": ("day (UTC)", "日期（UTC）"), "event": ("event", "事件"),
    "person": ("person", "人员"), "destination": ("destination", "去向"), "became": ("what became of it", "结果"),
    "customers": ("customers", "客户数"), "new": ("new that day", "当日新增"), "so-far": ("so far", "累计"),
    "bytes": ("bytes", "字节"), "rule": ("rule", "规则"), "action": ("verdict", "判定"),
    "people": ("People, and how it is known that it was they", "人员及身份认定依据"),
    "known-by": ("known by", "认定方式"), "strength": ("strength", "强度"), "devices": ("machines", "设备"),
    "shared": ("shared by several people", "多人共用"),
    "strong": ("strong", "强"), "medium": ("medium", "中"), "weak": ("weak", "弱"), "none": ("none", "无"),
    "people-note": ("A name without its strength is no evidence: weak is a machine's address, none a shared account.",
                    "脱离强度的姓名不能作为证据：弱指仅凭设备地址，无指共用账号。"),
    "accounts": ("Accounts at destinations, and who filled them", "去向账号及使用人员"), "account": ("account", "账号"),
    "accounts-note": (
        ("An account is a user name, a mail address or a key that a message named; it is shown under acc_..., keyed,"
        " with what told it and a mask. People in one row filled the same account, with so many customers each. Where a"
        " message named none, there is no row."),
        ("账号为传输中出现的用户名、邮箱或密钥，以 acc_… 化名显示，并附来源与掩码。"
        "同一行的人员使用了同一账号，括号内为各自的客户数。传输未指明账号的不列出。")),
    "coverage": ("What was looked at", "检查覆盖情况"), "inspected": ("inspected", "检查程度"),
    "gap": ("not looked at because", "未检查原因"), "blind": ("No proxy gave a sign of life", "代理无存活信号时段"),
    "stopped": ("every proxy had been stopped: nothing passed", "全部代理已正常停止：无传输通过"),
    "before": ("the log had not begun", "日志尚未开始"),
    "silent": ("a proxy was silent: not known what passed", "代理无响应：通过内容未知"),
    "lost": ("Members of the case that are not there any more", "已不存在的案件成员"),
    "lost-why": ("deleted by retention, or grouped otherwise now", "按保存期限删除，或现已另行归并"),
    "why": ("Why these belong together", "归并理由"), "severity": ("severity", "严重度"),
    "incident": ("incident", "事件组"), "grouped": ("grouped because", "归并原因"),
    "policy": ("Rules and policy in force", "规则与生效策略"), "digest": ("digest of the policy set", "策略集摘要"),
    "engine": ("engine", "引擎版本"),
    "reproduce": ("How to see this again", "复现方法"),
    "reproduce-note": (
        ("On the machine of the store the first gives this report again, byte by byte; the last shows that the store is"
        " the one that the log vouches for."),
        "在存储所在机器上执行首条命令可逐字节重现本报告；末条命令验证存储与日志一致。"),
    "custody": ("Who did what with it", "保管与操作记录"), "who": ("who", "操作人"), "did": ("did", "操作"),
    "reason": ("reason", "事由"), "entry": ("entry of the log", "日志序号"),
    "no-custody": ("Nobody has done anything with it yet.", "尚无操作记录。"),
    "rule-of-counting": ("How customers are counted", "客户计数规则"),
    "notice": ("What people and authority are to be told", "告知事项"),
    "notice-note": ("Personal Information Protection Law, Article 57. Dotted lines are for you to fill in.",
                    "依据《个人信息保护法》第五十七条。虚线处由填报单位填写。"),
    "categories": ("categories of information", "信息种类"), "cause": ("cause", "发生原因"),
    "harm": ("possible harm", "可能造成的危害"), "measures": ("measures taken", "已采取的补救措施"),
    "own-measures": ("what people can do", "个人可以采取的减轻危害的措施"), "contact": ("contact", "联系方式"),
    "seconds": ("{seconds} s", "{seconds} 秒"),
    "counting": (
        ("A customer is one value by which a record is known: what the policy's identify_by finds first, such as the"
        " telephone; in a transfer without records, each value that its rule counted. A customer counts once, under"
        " the furthest it came. Who is known by a telephone in one transfer and by an order number only in another"
        " counts twice."),
        ("客户以记录的标识值计：即策略 identify_by 首先命中的值（如电话）；传输中无记录时，"
        "以规则所计的每个值计。每名客户只计一次，"
        "归入其到达的最远阶段。在一次传输中仅以电话、在另一次中仅以订单号标识者，会计为两名。")),
}  # fmt: skip
"""Key -> English, Chinese."""

_REASONS: Final[Mapping[str, str]] = {
    "no outcome is known: the proxy stopped before it could tell, or it is under way": (
        "结果未知：代理在记录前停止，或传输尚在进行"
    ),
    "the outcome is not known": "结果未知",
    "sent, and the destination did not accept it": "已发出，目的方未接受",
    "sent, and the destination never answers in this protocol": "已发出，该协议下目的方不作应答",
    "cut off while it was sent": "发送过程中中断",
    "a part was sent before it was blocked": "拦截前已发出一部分",
    "some values were taken out, the rest was sent": "部分数值已剔除，其余已发出",
}
"""Why a transfer only may have let somebody's data go, as `incidents.transfers` says it -> in Chinese."""


@dataclass(frozen=True, slots=True)
class Words:
    """A report's language."""

    language: Language

    def __call__(self, key: str, **values: object) -> str:
        return SAYINGS[key][self.language == "zh"].format(**values)

    def reason(self, why: str) -> str:
        return _REASONS.get(why, why) if self.language == "zh" else why

    def because(self, sentence: str) -> str:
        """Return why transfers are together, or what makes them severe."""
        return in_chinese(sentence) if self.language == "zh" else sentence

    def kind(self, kind: str) -> str:
        return KINDS.get(kind, kind) if self.language == "zh" else kind

    def time(self, at: int) -> str:
        """Return a time in milliseconds since the epoch as people read it: UTC, and Beijing's in Chinese."""
        utc = dt.datetime.fromtimestamp(at // 1000, dt.UTC)
        if self.language == "en":
            return f"{utc:%Y-%m-%d %H:%M:%S} UTC"
        return f"{utc.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S} (UTC+8)"


def utc(at: int) -> str:
    """Return a time in milliseconds since the epoch as programs read it (RFC 3339)."""
    moment = dt.datetime.fromtimestamp(at // 1000, dt.UTC).replace(microsecond=at % 1000 * 1000)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
