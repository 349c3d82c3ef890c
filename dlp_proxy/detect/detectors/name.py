"""Names of people, where something says that they are: a label, a field or column, or a phone right beside them.

Never a bare name in prose. What can be a name at all is said by `checks/person_name.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.detect.checks.person_name import TITLES
from dlp_proxy.detect.detector import DetectorSpec, Examples, Named, Near, Pattern
from dlp_proxy.detect.east_names import JAPANESE, KOREAN
from dlp_proxy.detect.fold import fold
from dlp_proxy.detect.said.languages import UNCASED, UNSPACED, in_groups
from dlp_proxy.detect.said.names import NAMES, PEOPLE
from dlp_proxy.detect.said.phones import PHONES
from dlp_proxy.detect.surnames import COMMON, COMPOUND, GIVEN, SURNAMES
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
_LITTLE: Final = (
    r"(?:van|von|zu|zum|zur|der|den|de|da|do|dos|das|del|della|dalla|di|du|la|le|los|bin|ibn|ben|al|el|y|e|i|ter|ten|te"
    r"|op|'t|’t|af|av|ur)"
)
_WESTERN: Final = (
    # A title with a point; one without is a word like any other: Sig.ra, Hr., Dott.ssa, p.
    r"(?:(?:\p{Lu}\p{Ll}{0,5}\.\p{Ll}{0,4}|p\.) )?"
    rf"(?:{_WORD}|{_INITIAL}),? (?:(?:{_INITIAL}|{_LITTLE}) ){{0,2}}{_WORD}(?: (?:{_LITTLE} ){{0,2}}{_WORD}){{0,2}}"
    r"(?![\p{L}'’])"
)
# Letters that have no capitals: two words and more, or one where words are written together.
_UNCASED: Final = r"(?!\p{Latin})[\p{L}\p{M}'’.-]{2,20}(?: (?!\p{Latin})[\p{L}\p{M}'’.-]{2,20}){1,3}(?![\p{L}\p{M}])"
_UNSPACED: Final = r"(?!\p{Latin})[\p{L}\p{M}]{2,24}(?: (?!\p{Latin})[\p{L}\p{M}]{2,24}){0,2}(?![\p{L}\p{M}])"
_KANA: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}ー々]"

# Right beside a mobile number, and nothing else beside it: a line of a message, a cell of a list.
_BESIDE: Final = rf"[{''.join(sorted(COMMON))}]\p{{Han}}{{1,2}}{_TITLE}"
# One of the rarer surnames is a word as often as a name: it takes what given names are made of.
_BESIDE_A_MOBILE: Final = (
    rf"(?:(?:[{''.join(sorted(COMMON))}]|{'|'.join(COMPOUND)})\p{{Han}}{{1,2}}"
    rf"|[{''.join(sorted(SURNAMES - COMMON))}]\p{{Han}}?[{''.join(sorted({*GIVEN}))}]){_TITLE}"
)
# However its digits are set apart: 138 0013 8000, 1.3.8.0.0.1.3.8.0.0.0.
_MOBILE: Final = r"(?:\+?86[ -]?|0)?1[ ._/-]?[3-9](?:[ ._/-]?[0-9]){9}(?![0-9])"
# Two fields of one form or object, whatever they are called: a: 王伟, b: 13800138000; "a":"王伟","b":"13800138000".
_NEXT_FIELD: Final = (
    r"\n[^\n:]{1,32}: "
    r"|\\?[\"'] ?, ?\\?[\"'][^\"'\\\n]{1,24}\\?[\"'] ?: ?\\?[\"']?"
    r"|&[A-Za-z0-9_.\[\]-]{1,24}="
)
# Or nothing at all, as columns are joined in a sheet: 王伟13800138000.
_CALLED: Final = "[,，、 ]{0,2}(?:电话|手机|联系方式|電話|手機)号?码?[是为:： ]{0,3}"
_BETWEEN: Final = rf"(?:{_CALLED}|[ \t]{{0,2}}[,，、;；:：|/\n\t][ \t]{{0,2}}(?:=?[\"'])?|[ \t]{{1,3}}|{_NEXT_FIELD}|)"

# A cell or field beside an address that begins with a province or town, or ends with a door: a list to send things to.
# No commas: those of Chinese prose are folded to them.
_CELL: Final = rf"(?:[\t|] ?[\"']?|{_NEXT_FIELD})"
_ENGLISH: Final = r"[A-Z][A-Za-z'’-]{1,20}(?: [A-Z]\.)?(?: [A-Z][A-Za-z'’-]{1,20}){1,2}"
_WESTERN_CELL: Final = rf"(?:[\"']?[,;|\t] ?[\"']?|{_NEXT_FIELD})"
_PHONE: Final = r"(?:\+?[0-9]{1,3}[ .-]?)?\(?[0-9]{2,5}\)?[ .-]?[0-9]{3,4}[ .-]?[0-9]{3,4}(?![0-9])"
_NO_SHOP: Final = "(?<![店厦城园院馆厂局所社部处站行司楼区县市镇村路街桥港湾寺庙堂校库])"
_DIVISION: Final = r"\p{Han}{2,8}(?:省|市|自治区|区|县|州)"
_DOOR: Final = "[号室楼层座栋幢院户村组]"

# Han needs no border, so 姓名 is the end of 收货人姓名 and 客户姓名 too.
_HAN_LABELS: Final = (
    "姓名", "收货人", "收件人", "联系人", "客户名", "寄件人", "发货人", "签收人", "取件人", "提货人", "持卡人",
    "开户人", "户名", "订货人", "下单人",
    "收貨人", "聯絡人", "聯繫人", "收货信息", "收件信息", "收貨資訊",
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
_SURNAMED: Final = frozenset({"ja", "ko"})
_SCRIPTS: Final = (("ja", JAPANESE), ("ko", KOREAN), *((one, _UNSPACED) for one in ("th", "lo", "km", "my")))


def _foreign() -> Iterator[Named]:
    """Yield what knows a name by a label of any other language.

    Two words with capitals behind a word such as name or customer are a name; where there are no capitals, it takes a
    word of phones or addresses near by.
    """
    cased = NAMES.keys() - UNCASED - UNSPACED
    for labels in in_groups(PEOPLE, cased):
        yield Named(_WESTERN, labels, whole=True, confidence=Confidence.HIGH, name="addressee", checks=("person-name",))
    for labels in in_groups(NAMES, cased):
        yield Named(
            _WESTERN, labels, whole=True, confidence=Confidence.MEDIUM, name="customer", checks=("person-name",)
        )
    for words, confidence in ((PEOPLE, Confidence.HIGH), (NAMES, Confidence.LOW)):
        for labels in in_groups(words, UNCASED):
            yield Named(_UNCASED, labels, whole=True, confidence=confidence, name="uncased")
        for language, value in _SCRIPTS:
            yield Named(
                value,
                words[language],
                # Of Japan and Korea surnames are known.
                confidence=max(confidence, Confidence.MEDIUM) if language in _SURNAMED else confidence,
                name=f"in-{language}",
                checks=("person-name",) if language in _SURNAMED else (),
            )
            if language != "ja":
                yield Named(_WESTERN, words[language], confidence=confidence, name="western", checks=("person-name",))


_FIELDS: Final = (
    "name", "customer", "buyer", "contact", "client", "shipper", "sender", "user name", "display name", "to name",
    "名字", "客户", "买家", "顾客",
    "收货", "收件", "联系", "用户姓名", "会员姓名", "會員姓名", "客戶", "買家", "consignor", "attn", "shipto",
    "ship to", "cname",
)  # fmt: skip

# The commonest word for a phone and for an address in each language, as far as English has not the same.
_COMMON_WORDS: Final = (
    "telefon", "tél", "téléphone", "teléfono", "telefono", "telefone", "telefoon", "puhelin", "телефон", "тел", "моб",
    "τηλέφωνο", "telefón", "tlf", "전화", "휴대폰", "โทร", "điện", "mobil", "móvil", "cellulare", "celular", "handy",
    "anschrift", "adresse", "dirección", "indirizzo", "endereço", "adres", "adress", "osoite", "adresa", "cím",
    "direccion",
    "адрес", "адреса", "διεύθυνση", "住所", "주소", "العنوان", "כתובת", "पता", "ที่อยู่", "địa", "alamat", "morada", "h/p",
    "hp", "☎", "📱", "cp no", "msisdn",
)  # fmt: skip
_WORDS_OF_RECORDS: Final = tuple(
    dict.fromkeys(
        fold(word).text for word in (*(word for words in PHONES.values() for word in words[:3]), *_COMMON_WORDS)
    )
)

DETECTOR: Final = DetectorSpec(
    name="std/name",
    kind="name",
    description="Names of people beside a label, in a field or column for them, or beside a phone.",
    patterns=(
        Pattern(rf"(?<![^\s,，、;；:：|/\"'=>(（【\[0-9给致找叫])(?P<value>{_BESIDE_A_MOBILE}){_BETWEEN}{_MOBILE}",
            "before-a-mobile", checks=("person-name",)),
        Pattern(rf"(?<![0-9.+-]){_MOBILE}{_BETWEEN}(?P<value>{_BESIDE_A_MOBILE})(?![^\s,，、;；。|/\"'&\\<)）】\]0-9])",
            "after-a-mobile", checks=("person-name",)),
        # Asked for so that the gate can be told: Chinese prose is full of characters that a name begins with.
        Pattern(rf"(?<=\A|[ \t\r\n|\"'=])(?P<value>{_BESIDE}){_NO_SHOP}{_CELL}{_DIVISION}", "before-an-address",
            checks=("person-name", "no-division")),
        Pattern(rf"{_DOOR}[\"']?{_CELL}(?P<value>{_BESIDE}){_NO_SHOP}(?![^\n\t,;|\"'\\&}}\]])", "after-an-address",
            checks=("person-name", "no-division")),
        Pattern(rf"(?<![^\s,;|\"'=>])(?P<value>{_ENGLISH}){_WESTERN_CELL}{_PHONE}", "before-a-phone",
            checks=("person-name", "given-name")),
        Pattern(rf"(?<![^\s,;|\"'=>])(?P<value>{_ENGLISH}){_WESTERN_CELL}[0-9]{{1,5}}[A-Za-z]? [A-Z]",
            "before-a-street", checks=("person-name", "given-name")),
        # The formatted name of a card (RFC 6350, 6.2.1).
        Pattern(rf"(?<![^\n])FN(?:;[A-Za-z0-9=;-]{{1,40}})?:(?P<value>{_HAN}|{_WESTERN})(?=\s|\Z|\\)", "card",
            Confidence.HIGH, ("person-name",)),
        Pattern(rf"{_OBJECT}(?P<value>{_HAN}|{_WESTERN})(?=\")", "in-an-object", Confidence.HIGH,
            ("person-name",)),
    ),
    named=(
        # Without one of the usual given names it takes words of phones or addresses near by.
        Named(value=_WESTERN, labels=_ANY_LABELS, confidence=Confidence.LOW, name="any-name", checks=("person-name",)),
        Named(value=_HAN, labels=_HAN_LABELS, loose=True, confidence=Confidence.HIGH, name="chinese",
            checks=("person-name",)),
        Named(value=_HAN, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="chinese-in-english",
            checks=("person-name",)),
        Named(value=_WESTERN, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="western",
            checks=("person-name",)),
        # A town or a country may follow these as well; a town has its state or country behind a comma.
        Named(
            value=rf"{_WESTERN}(?!,? \p{{Lu}})", labels=_SENT_LABELS, confidence=Confidence.MEDIUM, name="sent-to",
            checks=("person-name",),
        ),
        Named(value=_HAN, labels=_ROLES, confidence=Confidence.MEDIUM, name="role", checks=("person-name",)),
        Named(value=_WESTERN, labels=_ANY_LABELS, confidence=Confidence.MEDIUM, name="given-name",
            checks=("person-name", "given-name")),
        Named(value=_WESTERN, labels=_LOOSE_LABELS, loose=True, confidence=Confidence.MEDIUM, name="given-name",
            checks=("person-name", "given-name")),
        Named(value=_WESTERN, labels=_HAN_LABELS, confidence=Confidence.HIGH, name="western-in-chinese",
            checks=("person-name",)),
        Named(value=_EAST, labels=_HAN_LABELS, confidence=Confidence.HIGH, name="eastern-in-chinese",
            checks=("person-name",)),
        Named(value=_EAST, labels=_LATIN_LABELS, confidence=Confidence.HIGH, name="eastern-in-english",
            checks=("person-name",)),
        Named(value=_EAST, fields=_FIELDS, confidence=Confidence.LOW, name="eastern-field", checks=("person-name",)),
        Named(value=rf"{_HAN}|{_WESTERN}", fields=_FIELDS, confidence=Confidence.LOW, name="field",
            checks=("person-name",)),
        *_foreign(),
    ),
    boundary="none",
    case="exact",
    normalise=("nfkc", "lower"),
    near=(
        Near(
            (
                "phone", "mobile", "tel", "telephone", "cell", "cellphone", "address", "addr", "street", "postcode",
                "zip", "zipcode",
                "receiver", "consignee", "recipient", "手机", "电话", "联系方式", "地址", "收货", "收件", "手機",
                "電話", "身份证", *_WORDS_OF_RECORDS,
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
