"""Names of people, where something says that they are: a label, a field or column, or a phone right beside them.

Never a bare name in prose. What can be a name at all is said by `checks/person_name.py`.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.checks.person_name import TITLES
from dlp_proxy.detect.detector import DetectorSpec, Examples, Named, Near, Pattern
from dlp_proxy.detect.east_names import JAPANESE, KOREAN
from dlp_proxy.detect.surnames import COMMON
from dlp_proxy.model.finding import Confidence

_TITLE: Final = rf"(?: ?\(?(?:{'|'.join(TITLES)})\)?)?"
# What of it is a surname and what none is the check's to say: a pattern of all surnames would be too large for a gate.
_NO_LABEL: Final = "(?!姓名|名字|电话|手机|地址|信息)"
_HAN: Final = (
    rf"{_NO_LABEL}(?:\p{{Han}}{{1,8}}(?:[·•・‧]\p{{Han}}{{1,8}}){{1,4}}|\p{{Han}} ?\p{{Han}}{{0,3}}?{_TITLE})"
    r"(?:(?!\p{Han})|(?=电话|手机|联系|地址|住址|身份证|性别|年龄|電話|手機))"
)
_WORD: Final = r"[\p{Lu}][\p{L}'’-]{1,20}"
_INITIAL: Final = r"\p{Lu}\.?"
_LITTLE: Final = r"(?:van|von|der|den|de|da|do|dos|del|della|di|du|la|le|bin|al|y|e|ter|ten)"
_WESTERN: Final = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? )?"
    rf"(?:{_WORD}|{_INITIAL}),? (?:(?:{_INITIAL}|{_LITTLE}) ){{0,2}}{_WORD}(?: (?:{_LITTLE} ){{0,2}}{_WORD}){{0,2}}"
    r"(?![\p{L}'’])"
)

# Right beside a mobile number, and nothing else beside it: a line of a message, a cell of a list.
_BESIDE: Final = rf"[{''.join(sorted(COMMON))}]\p{{Han}}{{1,2}}{_TITLE}"
# However its digits are set apart: 138 0013 8000, 1.3.8.0.0.1.3.8.0.0.0.
_MOBILE: Final = r"(?:\+?86[ -]?)?1[ ._/-]?[3-9](?:[ ._/-]?[0-9]){9}(?![0-9])"
_BETWEEN: Final = r"(?:[ \t]{0,2}[,，、;；:：|/\n\t][ \t]{0,2}|[ \t]{1,3})"

# Han needs no border, so 姓名 is the end of 收货人姓名 and 客户姓名 too.
_HAN_LABELS: Final = (
    "姓名", "收货人", "收件人", "联系人", "客户名", "寄件人", "发货人", "签收人", "取件人", "提货人", "持卡人",
    "开户人", "户名", "订货人", "下单人",
    "收貨人", "聯絡人", "聯繫人",
)  # fmt: skip
_JAPANESE_LABELS: Final = (
    "氏名", "お名前", "名前", "宛名", "受取人", "お届け先名", "届け先氏名", "配送先氏名", "購入者", "購入者名",
    "注文者", "注文者名", "顧客名", "お客様名", "ご担当者", "担当者名", "契約者", "会員名",
    "請求先氏名", "フリガナ", "ふりがな", "氏名カナ",
)  # fmt: skip
_KOREAN_LABELS: Final = (
    "이름", "성명", "성함", "수령인", "수취인", "받는 사람", "받는 분", "받는사람", "받는분", "주문자",
    "주문자명", "구매자", "구매자명",
    "고객명", "고객이름", "예약자", "신청자", "보내는 사람", "보내는 분", "회원명", "담당자", "환자명",
)  # fmt: skip
_EAST: Final = rf"{JAPANESE}|{KOREAN}"
_LATIN_LABELS: Final = (
    "receiver", "receiver name", "recipient", "recipient name", "consignee", "consignee name", "customer name",
    "contact name",
    "contact person", "buyer name", "sender name", "full name", "ship to name", "shipping name", "billing name",
    "cardholder",
    "cardholder name", "account holder", "passenger name", "addressee", "deliver to",
)  # fmt: skip
# Han before a mark: whoever has to do with it. A thing begins with a surname seldom.
_ROLES: Final = (
    "客户",
    "经办人",
    "买家",
    "顾客",
    "申请人",
    "负责人",
    "患者",
    "旅客",
    "乘客",
    "投保人",
    "被保险人",
    "户主",
    "业主",
    "租客",
    "学员",
    "员工",
    "法定代表人",
    "法人代表",
    "客戶",
    "買家",
    "顧客",
    "經辦人",
)
# What may be the name of a thing as well: then it needs a given name.
_ANY_LABELS: Final = (
    "name",
    "customer",
    "client",
    "contact",
    "passenger",
    "sender",
    "guest",
    "patient",
    "buyer",
    "employee",
    "applicant",
    "student",
    "tenant",
    "attendee",
    "traveler",
    "traveller",
    "delivered to",
    "signed by",
    "received by",
    "prepared for",
)
_LOOSE_LABELS: Final = (
    "deliver to",
    "ship to",
    "bill to",
    "sold to",
    "addressed to",
    "customer",
    "passenger",
    "recipient",
    "consignee",
    "delivered to",
    "signed for by",
    "parcel for",
    "package for",
    "order for",
)
_SENT_LABELS: Final = ("ship to", "bill to", "sold to", "attn", "attention")
# {"recipient": {"id": 7, "name": "..."}}: who it is stands outside, what it is inside.
_OBJECT: Final = (
    r'"(?:receiver|recipient|consignee|customer|buyer|contact|addressee|cardholder|passenger|client|收货人|收件人|客户|买家)'
    r'(?:_?(?i:info|details?|address))?"\s{0,2}:\s{0,2}\{\s{0,16}'
    r'(?:"\w{1,20}"\s{0,2}:\s{0,2}(?:"[^"\\\n]{0,40}"|[0-9.]{1,20}|null|true|false)\s{0,2},\s{0,16}){0,4}'
    r'"(?:(?i:(?:full|real|display)_?)?(?i:name)|姓名)"\s{0,2}:\s{0,2}"'
)
_FIELDS: Final = (
    "name", "customer", "buyer", "contact", "client", "shipper", "sender", "user name", "display name", "to name",
    "名字", "客户", "买家", "顾客",
    "收货", "收件", "联系", "用户姓名", "会员姓名", "會員姓名", "客戶", "買家", "consignor", "attn", "shipto",
    "ship to", "cname",
)  # fmt: skip

DETECTOR: Final = DetectorSpec(
    name="std/name",
    kind="name",
    description="Names of people beside a label, in a field or column for them, or beside a phone.",
    patterns=(
        Pattern(rf"(?<![^\s,，、;；:：|/\"'>(（【\[])(?P<value>{_BESIDE}){_BETWEEN}{_MOBILE}", "before-a-mobile"),
        Pattern(rf"(?<![0-9.+-]){_MOBILE}{_BETWEEN}(?P<value>{_BESIDE})(?![^\s,，、;；。|/\"'<)）】\]])",
            "after-a-mobile"),
        Pattern(rf"{_OBJECT}(?P<value>{_HAN}|{_WESTERN})(?=\")", "in-an-object", Confidence.HIGH),
    ),
    named=(
        Named(value=_HAN, labels=_HAN_LABELS, loose=True, confidence=Confidence.HIGH, name="chinese"),
        Named(value=_HAN, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="chinese-in-english"),
        Named(value=_WESTERN, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="western"),
        # A town or a country may follow these as well; a town has its state or country behind a comma.
        Named(
            value=rf"{_WESTERN}(?!,? \p{{Lu}})", labels=_SENT_LABELS, confidence=Confidence.MEDIUM, name="sent-to"
        ),
        Named(value=_HAN, labels=_ROLES, confidence=Confidence.MEDIUM, name="role"),
        Named(value=_WESTERN, labels=_ANY_LABELS, confidence=Confidence.MEDIUM, name="given-name",
            checks=("given-name",)),
        Named(value=_WESTERN, labels=_LOOSE_LABELS, loose=True, confidence=Confidence.MEDIUM, name="given-name",
            checks=("given-name",)),
        Named(value=_WESTERN, labels=_HAN_LABELS, confidence=Confidence.HIGH, name="western-in-chinese"),
        Named(value=JAPANESE, labels=_JAPANESE_LABELS, confidence=Confidence.HIGH, name="japanese"),
        Named(value=KOREAN, labels=_KOREAN_LABELS, confidence=Confidence.HIGH, name="korean"),
        Named(value=_EAST, labels=_HAN_LABELS, confidence=Confidence.HIGH, name="eastern-in-chinese"),
        Named(value=_EAST, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="eastern-in-english"),
        Named(value=_EAST, fields=_FIELDS, confidence=Confidence.LOW, name="eastern-field"),
        Named(value=rf"{_HAN}|{_WESTERN}", fields=_FIELDS, confidence=Confidence.LOW, name="field"),
    ),
    boundary="none",
    case="exact",
    checks=("person-name",),
    normalise=("nfkc", "lower"),
    near=(
        Near(
            (
                "phone", "mobile", "tel", "telephone", "cell", "cellphone", "address", "addr", "street", "postcode",
                "zip", "zipcode",
                "receiver", "consignee", "recipient", "手机", "电话", "联系方式", "地址", "收货", "收件", "手機",
                "電話", "身份证",
            ),
            "record",
            Confidence.HIGH,
        ),
    ),
    sample="收货人：王{given}",
    examples=Examples(
        match=("收货人：王伟", "联系人 张丽丽 电话", "receiver_name: Maria van der Berg", '"consignee":"艾力·买买提"'),
        no_match=("王伟说今天不来", "收货人地址：", "姓名\t性别", "receiver: pending", "John Smith wrote this"),
    ),
)  # fmt: skip
