"""What stands right around a bare run of digits and says that it is a phone, or that it is something counted.

Eleven digits are a mobile number and a number of bytes alike. What tells them apart is what a person would look at:
the label in front, the unit behind, a currency or an operator at either side, and the company the number keeps.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from dlp_proxy.detect.late import late
from dlp_proxy.detect.phones.company import company
from dlp_proxy.detect.phones.numbering_cn import MOBILE
from dlp_proxy.detect.surnames import COMMON

type Evidence = Literal["phone", "counted", ""]

_LABEL: Final = late(r"[\p{L}_$@][\p{L}\p{N}_]*(?:[ .\-/][\p{L}_][\p{L}\p{N}_]*){0,3}\Z")
_JOINT: Final = " \t\"'`:：=（([{<>*“‘「【\\|-"
# user[phone]=..., data["phone"] = ...: the name of a field in brackets.
_KEYED: Final = late(r"[\p{L}\p{N}_\]]\[[\"']?(?P<key>[\p{L}_$][\p{L}\p{N}_$ .-]{0,40})[\"']?\]\Z")
# A person's name is the field before: {"a": "王伟", "b": "13800138000"}.
_PERSON: Final = late(
    rf"(?:\A|[\s\"'=])[{''.join(sorted(COMMON))}]\p{{Han}}{{1,2}}(?:\n|[\"'],?[ \"']*|&)"
    r"[^\n:=\"'&]{1,32}[\"']?[:=][ \"']*\Z"
)
_ESCAPE: Final = late(r"(?:\\+[nrtN]|\\u[0-9a-fA-F]{4}|%[0-9A-Fa-f]{2})+\Z")
_LOOK_BACK: Final = 64
_LOOK_AROUND: Final = 160
_LONG_ROW: Final = 6
"""Numbers beside one another, with nothing but spaces between, that are a table."""
# Words between a name and its value.
_LINK: Final = late(
    r"(?:[ ._-]*(?<![A-Za-z])(?i:is|was|are|of|at|to|about|no|nr|num|number|numbers)"
    r"|[是为為約约达共有]+|(?<=[a-z])(?:No|Num|Number))\Z"
)

# Words of names of things that are phones, and of things that are counted, measured or identified. They stand alone or
# as a part of a name: phone, userPhone, PHONE_2; Han needs no border.
_PHONE_WORDS: Final = (
    "phone|mobile|tel|telephone|telefon|telefono|cell|cellphone|cellular|contact|whatsapp|wechat|weixin|wx|vx|fax|call"
    "|dial|hotline|sms|msisdn|receiver|consignee|recipient|buyer|customer|shipto|ring|text|reach|mob|ph|手机|手機|电话|電話|联系|聯繫"
    "|聯絡|号码|號碼|微信|收货|收件|收貨|座机|座機|固话|热线|熱線|传真|傳真|致电|致電|拨打|撥打|来电|短信|客服|机主|买家|买方|卖家|客户|顾客|用户|本人|先生|女士|小姐|老师|师傅"
    "|司机|经理|骑手|寄件|发件|登录名|用户名|账号|帐号|小号|加我|找我|打给|呼叫"
)
_COUNTED_WORDS: Final = (
    "s/n|p/n|id|ids|acct|item|firmware|abn|ein|nip|cnpj|siren|uid|gid|pid|tid|oid|rid|sid|uuid|guid|[abcefmnqvwxz]id|(?:row|user|customer|buyer|member|account|contact|item|order|goods|product|sku|spu|shop|store|doc|obj|msg"
    "|post|news|page|room|group|session|request|trace|span|task|job|role|type|tag|cat|author|video|photo|song|open|union|client"
    "|device|app|event|parent|root)id|[abcdmrsu]time|awb|mawb|hawb|key|pk|fk|seq|sequence|serial|sn|imei|index|idx|offset|position|pos"
    "|cursor|ts|time|timestamp|epoch|date|created|updated|modified|expires|expiry|exp|iat|nbf|ttl|timeout|deadline"
    "|duration|elapsed|latency|uptime|nanos|nsec|usec|msec|millis|micros|ns|sec|secs|seconds|ticks|clock|cycles"
    "|byte|bytes|bit|bits|size|length|len|count|counter|cnt|total|sum|avg|mean|min|max|median|stddev|variance|rate|ratio"
    "|amount|amt|price|cost|fee|balance|revenue|sales|salary|budget|gdp|population|quantity|qty|stock|volume|vol"
    "|weight|width|height|depth|distance|speed|memory|mem|heap|rss|disk|cpu|io|rx|tx|hits|misses|views|visits|plays|likes"
    "|packets|frames|requests|errors|trace|span|hash|checksum|crc|crc32|nonce|salt|seed|random|rand|token|session|version"
    "|ver|build|revision|rev|commit|release|port|block|sector|inode|ptr|pointer|handle|mask|flags|register|sku|upc|ean"
    "|gtin|isbn|issn|barcode|asin|part|model|batch|lot|order|invoice|waybill|tracking|shipment|parcel|ticket|case|issue"
    "|bug|job|meter|meters|mpan|mprn|reading|member|membership|policy|claim|contract|grant|docket|lic|reg|ref|reference|task|run|step|iteration|iter|row|rows|page|records|iban|card|ssn|tax|vat|license|licence|patent|doi"
    "|pmid|lat|lon|lng|latitude|longitude|score|digits|prime|pin|zip|postcode|qq|samples|gauge|metric|temp|temperature"
    "|volt|voltage|freq|frequency|hz|level|capacity|free|used|limit|quota|usage|threshold|pressure|counter32|counter64"
    "|req|reqid|xid|po|订单|訂單|字节|比特|总计|合计|共计|累计|库存|收入|产品|时间戳|耗时|延迟|偏移|大小|长度|内存|编号|编码|单号|订单号|流水|序号|序列号|批号|批次|条码|条形码|型号|货号|物料|料号|款号|件号|图号|规格|会议|尺寸|版本|版本号|校验|哈希|会话"
    r"|进程|线程|工号|学号|案号|文号|代码|参考号|商户号|终端号|会议号|受理号|登记号|备案号|注册号|卡号|税号|证号|发票号|凭证|保单号|合同号|票号|房号|表号|户号|车架号|设备号|成交|电表|主键|索引|坐标|经度|纬度|圆周率|质数|乘积|约等于|等于|[\u4e00-\u9fff][数數量额額价價值率费費]\Z"
)
_BEFORE: Final = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z])|(?![A-Za-z]))"
_AFTER: Final = r"s?(?![a-z])"
_PHONE: Final = late(rf"{_BEFORE}(?i:{_PHONE_WORDS}){_AFTER}")
_COUNTED: Final = late(rf"{_BEFORE}(?i:{_COUNTED_WORDS}){_AFTER}")
# Names that say little; they speak against a phone only in front of a bare number: {"value": 13912345678}, x = 139...
_VAGUE: Final = late(
    rf"{_BEFORE}(?i:value|val|data|result|output|sample|number|num|[a-ln-oq-su-z]|in|out|sent|received|read|write|const|let"
    rf"|var|product|free|start|end|begin|code|rank|diff|delta|cur|prev|next|low|high|col)[_0-9]*{_AFTER}\Z"
)
# phone_id, tel_count, 用户数: what is named is not the phone.
_OF_PHONE: Final = late(
    rf"{_BEFORE}(?i:{_PHONE_WORDS})[s_. -]*(?:(?i:id|ids|count|cnt|total|index|idx|hash|len|length|size|ts|time"
    r"|timestamp|duration|seconds|price|model|order)|[\u4e00-\u9fff]?[数數量额額价價值率费費]|编号)\Z"
    r"|(?:发票|證件|证件|身份证|护照|车牌|开奖|中奖|彩票|订单|运单|快递|物流|合同|准考证|银行卡|卡|社保|税务|许可证"
    r"|执照|学籍|会员|座位|房间|床位|档案|序列|设备|条形|产品|商品|股票|基金|[Qq]{2})[号號]?[码碼]\Z"
)

_UNIT: Final = late(
    r"[ \u00a0]?(?:(?i:bytes?|bits?|[kmgt]i?b|octets?|ms|us|µs|μs|ns|millis\w*|micros\w*|nanos\w*|sec(?:ond)?s?"
    r"|minutes?|hours?|days?|years?|rows?|records?|items?|times|hits?|views?|visits?|requests?|calls|ops|iops|packets?|frames?"
    r"|events?|tokens?|words?|chars?|characters|lines?|pages?|users|people|persons|units?|cycles|ticks|pixels?|samples?"
    r"|hz|khz|mhz|ghz|km|cm|mm|kg|kwh|mwh|watts?|volts?|tons?|tonnes|litres?|liters?|percent|dollars|euros|pounds|yuan|points|pts|followers|downloads|subscribers|residents|inhabitants|copies|barrels"
    r"|usd|eur|gbp|cny|rmb|jpy|hkd|shares|votes|steps|iterations|keys|entries|files|blocks|sectors|objects|messages)"
    r"(?![A-Za-z])"
    r"|[%‰°€£¥￥$]|字节|比特|毫秒|微秒|纳秒|秒(?!杀|回)|元(?![旦宵])|美元|美金|欧元|日元|韩元|港元|港币|英镑|卢布|块钱|人次|吨|公里|千米|平方|立方|像素|赫兹"
    r"|[万亿](?=[元人次吨件股])|[条件个份笔套](?=[，。；、,.;\s|\"']|$)|条记录|条数据|行数据|行记录|次(?=[，。；、,.;\s]|请求|调用|访问|点击|$))"
)
_MONEY: Final = late(
    r"(?:[¥￥$€£₩₹₽]|(?<![A-Za-z])(?i:rmb|cny|usd|eur|gbp|jpy|hkd|krw|inr|aud|cad|sgd)|人民币|第|约|大约|近|超过|高达|达到"
    r"|(?<![\w#])#|№|(?<![A-Za-z])(?i:no\.|nr\.)|(?<![A-Za-z加我微])(?i:v))[ :]?\Z"
)
_OPERATOR_BEFORE: Final = late(
    r"(?:(?:[\^×÷≈≤≥]|[=!<>]=|[0-9A-Za-z)\]] [+%]|<<|>>|[-+*/]=|[0-9)!\]] ?=|[0-9] ?[-=]>|\b(?:mod|return|sqrt)) ?"
    # 2*x and 2 * x, but no list with stars and no **bold**
    r"|[0-9A-Za-z)\]](?:\*{1,2}| \*{1,2} ))\Z"
)
_OPERATOR_AFTER: Final = late(
    # 555 / 30, but no street behind: 555 / 30 Main Street
    r" ?(?:[*^×÷≈≤≥] ?[0-9A-Za-z(]|[=!<>]=|[-+*/]=| [+<>%] [0-9A-Za-z(]"
    r"|/ ?[1-9][0-9]{0,6}(?![0-9-]| [A-Z])|<<|>>|= ?[0-9])"
)
_COMPARED: Final = late(r"[A-Za-z0-9_)\]] ?> ?\Z")
_TAG: Final = late(r"</?[A-Za-z!][^<>]*> ?\Z|<[^<>]*[\"'/]> ?\Z")
_CODE_KEY: Final = late(r"[{,][A-Za-z_$][A-Za-z0-9_$]*:\Z")
_QUOTES: Final = ('"', "'")
_BARS: Final = ("\t", "|")
_DELIMITERS: Final = (",", "\t", ";", "|")
_LONGEST_HEAD: Final = 1000
_LONGEST_BLOCK: Final = 16 * 1024
_PATH: Final = late(
    r"/(?:items?|products?|goods|posts?|articles?|news|videos?|v|p|status|statuses|detail|details|questions?|answers?|threads?"
    r"|topics?|photos?|images?|pages?|docs?|tickets?|issues?|files?|offers?|listings?|dp|id|orders?|jobs?|repos?|commits?|pulls?"
    r"|messages?|events?|tasks?|runs?|builds?|sku|book|song|album|works?|note|notes|t|s|d|i|n)/\Z"
)
# /data/13912345678/a.log: the path of an address or a file; of people it is their number.
_WAY: Final = late(
    r"(?:\A|[\s\"'=(])(?:[a-z]{2,8}://[^\s/]{1,40})?(?:/[a-z0-9_.-]{1,32}){0,5}"
    r"/(?!(?:users?|members?|accounts?|profiles?|people|u|wa)/)(?P<name>[a-z][a-z0-9_.-]{0,31})/\Z"
)
_PAGE: Final = late(r"(?:[_-][0-9A-Za-z]{1,16}){0,3}\.(?:s?html?|jpe?g|png|gif|webp|mp4|js|css|php|aspx?)\b")
_FIGURES_BEFORE: Final = late(r"(?:\A|\n)[0-9.]+ [0-9. ]*[0-9] \Z")
_LINE_START: Final = late(r"(?:\A|\n)\Z")
_FIGURES_BEHIND: Final = late(r"[ ][0-9.]+ [0-9][0-9. ]*(?:\Z|\n)")
_CODE_ENDS: Final = (",", "}", "]")
_ARGUMENT: Final = late(r"[A-Za-z0-9_$]\([^()\n\p{Han}]{1,40}, ?\Z")
_VALUES: Final = late(r"(?i:\bvalues?\s?\()")
_MODE: Final = late(r"[-dlbcps][rwxsStT-]{9}[.+@]?\s")
_ASSIGNED: Final = (":", "=")
_LISTED: Final = tuple(",0123456789")
_NUMBERS: Final = frozenset("0123456789 \t,;|.+-\n\r\"'eE%:/")
_NUMBER: Final = late(r"[0-9]+(?:\.[0-9]+)?")
_MOBILE: Final = late(rf"(?:86)?{MOBILE}")
_EPOCH: Final = late(r"1[4-9][0-9]{8}")


def evidence(text: str, start: int, end: int, *, is_grouped: bool = False) -> Evidence:
    """Return what the surroundings say about the bare digits from `start` to `end` of `text`.

    `is_grouped`: they are written as nothing but a phone is, and a name that says little does not speak against one.
    """
    label = label_before(text, start)
    said = judged(label) if label else ""
    if said:
        return said
    if _MOBILE.fullmatch(text, start, end):
        beside = company(text, start, end)
        if beside:
            if beside == "counted" or _UNIT.match(text, end) is not None:
                return "counted"
            return "phone" if beside == "surely phones" else ""
    is_bare = not is_grouped and text[max(0, start - 2) : start].rstrip()[-1:] in _ASSIGNED
    if label and judged(label, is_bare=is_bare):
        return "" if _PERSON.search(text[max(0, start - _LOOK_BACK) : start]) else "counted"
    return "counted" if is_measured(text, start, end) else ""


def has_unit_behind(text: str, end: int) -> bool:
    """Tell whether a unit or a word for what is counted follows the digits that end at `end`."""
    return _UNIT.match(text, end) is not None


def is_measured(text: str, start: int, end: int) -> bool:
    """Tell whether a unit, a currency, an operator, code or other numbers around the digits make them a quantity."""
    if _UNIT.match(text, end) or _OPERATOR_AFTER.match(text, end):
        return True
    before = text[max(0, start - 8) : start]
    if _MONEY.search(before) or _OPERATOR_BEFORE.search(before):
        return True
    return _in_code(text, start, end) or _among_numbers(text, start, end)


def _in_code(text: str, start: int, end: int) -> bool:
    """Tell whether the digits are compared, stand in minified code, a metric, a listing of files, or a row of SQL."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if before[-1:] == "/" and (_PATH.search(before) or _PAGE.match(text, end)):
        return True
    if before[-1:] == "/" and (way := _WAY.search(before)) and judged(way["name"]) != "phone":
        return True
    last = before.rstrip(" ")[-1:]
    behind = text[end : end + 1]
    if before[-2:] == "::":
        return True
    if last == "<":
        return behind != ">"
    if last == ">":
        return _COMPARED.search(before) is not None and _TAG.search(before) is None
    if last == "}" or (last == ":" and behind in _CODE_ENDS and _CODE_KEY.search(before) is not None):
        return True
    if last and last in ",(" and behind in {",", ")"}:
        if _ARGUMENT.search(before) and _PHONE.search(before) is None:
            return True
        earlier = text[max(0, start - 300) : start]
        return _VALUES.search(earlier) is not None and _PHONE.search(earlier) is None
    line = text.rfind("\n", max(0, start - _LOOK_BACK), start) + 1
    return last.isalnum() and _MODE.match(text, max(line, start - _LOOK_BACK)) is not None


@lru_cache(maxsize=1024)
def judged(label: str, *, is_bare: bool = False) -> Evidence:
    """Return what a value with the label, field name or column name `label` is; `is_bare`: it stands without quotes."""
    if _OF_PHONE.search(label):
        return "counted"
    label = _LINK.sub("", label) or label
    # In a phrase only the last word names the value, but any may say whom it belongs to.
    name = label[-6:] if label[-1:] > "\u2e80" else label[label.rfind(" ") + 1 :]
    phone = max((match.end() for match in _PHONE.finditer(name)), default=0)
    counted = max((match.end() for match in _COUNTED.finditer(name)), default=0)
    if phone or counted:
        return "phone" if phone >= counted else "counted"
    if _PHONE.search(label):
        return "phone"
    return "counted" if is_bare and _VAGUE.search(name) else ""


def is_in_row_of_figures(text: str, start: int, end: int) -> bool:
    """Tell whether the line has nothing but groups of digits with spaces between, and two of them beside these."""
    return _FIGURES_BEFORE.search(text, max(0, start - _LOOK_AROUND), start) is not None or (
        _LINE_START.search(text, max(0, start - 2), start) is not None and _FIGURES_BEHIND.match(text, end) is not None
    )


def label_before(text: str, start: int) -> str:
    """Return the words that stand right in front of `start`, on the same line: a label, a key, the end of a clause.

    For a value in a list of numbers in brackets it is what stands in front of the bracket.
    """
    first = max(0, start - _LOOK_BACK, text.rfind("\n", max(0, start - _LOOK_BACK), start) + 1)
    before = text[first:start]
    if "\\" in before or "%" in before:
        before = _ESCAPE.sub("", before)
    before = before.rstrip(_JOINT)
    if before[-1:] in _LISTED:
        opening = text.rfind("[", max(0, start - 400), start)
        if opening < 0 or not _NUMBERS.issuperset(text[opening + 1 : start]):
            return _header(text, start)
        before = text[max(0, opening - _LOOK_BACK) : opening].rstrip(_JOINT)
    keyed = _KEYED.search(before)
    if keyed is not None:
        return keyed["key"]
    match = _LABEL.search(before)
    if match is None:
        return _header(text, start)
    label = match.group()
    # The cell to the left is a label in a form with two columns; else the column's name says more.
    if text[first + len(before) : start].strip(" \"'") in _BARS and not judged(label):
        return _header(text, start) or label
    return label


def _header(text: str, start: int) -> str:
    """Return the name of the column when `start` is a cell of lines whose first one has names."""
    delimiter = text[start - 1 : start] or "\n"
    if delimiter in _QUOTES:
        delimiter = text[start - 2 : start - 1] or "\n"
    line = text.rfind("\n", 0, start) + 1
    if line == 0:
        return ""
    head = text[: text.index("\n")][:_LONGEST_HEAD]
    if delimiter == "\n" and not any(mark in head for mark in _DELIMITERS):
        return _name_above(text, line)
    if delimiter == "\n":
        delimiter = next((mark for mark in _DELIMITERS if mark in head), ",")
    elif delimiter not in _DELIMITERS:
        return ""
    cells = _names(head, delimiter)
    number = text.count(delimiter, line, start)
    return cells[number] if number < len(cells) else ""


def _name_above(text: str, line: int) -> str:
    """Return the name of a value on a line of its own: the line above it, or the one above all values of its block."""
    above = text[max(text.rfind("\n", 0, line - 1) + 1, line - _LONGEST_HEAD) : line - 1].strip()
    if not any(map(str.isdigit, above)):
        return above
    # A block that is longer is taken for all of the text: to look for its begin would take long for each value.
    block = text.rfind("\n\n", max(0, line - _LONGEST_BLOCK), line)
    first = block + 2 if block >= 0 else 0
    name = text[first : text.index("\n", first)][:_LONGEST_HEAD].strip()
    return "" if any(map(str.isdigit, name)) else name


@lru_cache(maxsize=64)
def _names(head: str, delimiter: str) -> tuple[str, ...]:
    """Return the cells of a line when they can be names of columns."""
    cells = tuple(cell.strip(" \t\r\"'") for cell in head.split(delimiter))
    return () if any(cell[:1].isdigit() for cell in cells) else cells


def _among_numbers(text: str, start: int, end: int) -> bool:
    """Tell whether the digits are one of a row, list or column of numbers, and nothing else, that are no phones."""
    first = start
    least = max(0, start - _LOOK_AROUND)
    while first > least and text[first - 1] in _NUMBERS:
        first -= 1
    last = end
    most = min(len(text), end + _LOOK_AROUND)
    while last < most and text[last] in _NUMBERS:
        last += 1
    before, after = text[first:start], text[end:last]
    row = before[before.rfind("\n") + 1 :] + " " + after.partition("\n")[0]
    if len(row) > _LONG_ROW and sum(not _MOBILE.fullmatch(number) for number in row.split()) > _LONG_ROW:
        return True
    if not (first <= least or "\n" in before or text[first - 1] in "[({"):
        return False
    if not (last >= most or "\n" in after or text[last] in "])}"):
        return False
    near = far = 0
    for number in _NUMBER.findall(f"{before} {after}"):
        whole, _, fraction = number.partition(".")
        if _MOBILE.fullmatch(number):
            continue
        if len(fraction) > 3 or (9 <= len(whole) <= 11 and not _EPOCH.fullmatch(whole) and whole[0] != "0"):
            near += 1
        elif len(whole) > 11:
            far += 1
    return near > 0 or far > 1
