"""Reads a Chinese address around a house number, behind a label, or from its first division on.

Divisions are read by name (`divisions.chain`), what follows them piece by piece. What the pieces are, and what stands
around them, says how sure it is: a street with a number is an address anywhere; an estate with a building needs its
city, or a room too; what has no number needs a label, a cell of its own or a phone beside it.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dlp_proxy.detect import address_cn_doors
from dlp_proxy.detect.address_cn_context import LEFT_EDGES, is_another, is_cell, is_phoned, label_before
from dlp_proxy.detect.address_cn_many import is_of_many
from dlp_proxy.detect.address_cn_words import (
    ABROAD,
    BEFORE_A_NAME,
    CORPS,
    CORPS_TOWNS,
    DASHED,
    GENERIC,
    HOUSE,
    HOUSE_UNIT,
    LABEL,
    LABEL_GAP,
    NAMING,
    NUMBER_SIGNS,
    PARCEL,
    PARCEL_POINT,
    PARK,
    PARTICLES,
    PIECE,
    PLAIN_ESTATE,
    STRONG,
    SUITE,
    VERB,
)
from dlp_proxy.detect.detector import Reading
from dlp_proxy.detect.divisions import HEADS, Chain, chain, simplified
from dlp_proxy.model.finding import Confidence

_BEHIND: Final = 90
_AHEAD: Final = 110
"""Characters to either side of a place that an address may take."""

_LONGEST_NAME: Final = 16
_MOST_PIECES: Final = 12
_COUNTY: Final = 3
_UNITS: Final = frozenset("号號室栋棟幢座楼樓弄層层單单房户戶組组队隊社铺鋪舖档區区院舍斋齋连連Ff#")
_DIGITS: Final = frozenset("0123456789")
_STOPS: Final = re.compile(r"[\t。！？!?;；\"'“”‘’<>{}\[\]【】《》|=…：:~\\@$%^*]")
_SUB_DOORS: Final = _DIGITS | frozenset("一二三四五六七八九十")
_LONG_DASH: Final = re.compile("(?<=[0-9A-Za-z])—(?=[0-9A-Za-z])")
_ROAD_ENDS: Final = frozenset("路街道巷同里段条條")
_PARTS_BEHIND_A_NUMBER: Final = frozenset("段巷弄期区")
_SEPARATORS: Final = " ,，、/·-_"
_LEVEL_ENDS: Final = "省市区县州盟旗镇乡道路街村巷园苑厦弄"
_NOT_BEFORE_A_NUMBER: Final = frozenset("月年第共约有过每")
_EDGES: Final = frozenset(LEFT_EDGES | _DIGITS | {" ", "，", "]", "】"})
_BORDERS: Final = _EDGES | {"寄", "送"}

_NUMBERS: Final = frozenset({"number", "inner", "room"})
_BARE_DISTRICTS: Final = frozenset({"东区", "西区", "南区", "北区"})
_OF_NEWS: Final = frozenset({"送达", "迁至", "迁到", "迁往"})
_ROW_OF_DOORS: Final = re.compile(
    r"[0-9]{1,3}(?:号[楼樓]|[栋棟幢座])第?(?:[0-9一二三四五六七八九十]{1,2}[单單]元|[0-9]{3,4})"
)
_MASK: Final = re.compile(r"[*＊×●•]{2}|[Xx]{2}[号室栋]")
_NAMED: Final = re.compile("[\u4e00-\u9fff]{3,8}")
"""What may be the name of an estate that ends like no other."""
_PLACES: Final = frozenset({"estate", "village"})


class Parsed(NamedTuple):
    """What was read from one start.

    Attributes:
        divisions: the chain it begins with, perhaps of no name.
        kinds: what the pieces behind it are, in order; `address_cn_words.PIECE` names them.
        numbers: how many of them are numbers of houses, buildings, floors, rooms.
        strong: how many of those have a unit that nothing but buildings has.
        house: a number stands right behind a street.
        estate: one ends as estates do, in two characters or more.
        end: one past the last piece.
    """

    divisions: Chain
    kinds: tuple[str, ...]
    numbers: int
    strong: int
    house: bool
    estate: bool
    end: int


def read(text: str, free: int, start: int, end: int) -> Reading | None:
    """Return the address that the text from `start` to `end` is a part or the beginning of, if there is one."""
    is_dashed = text[start] in _ROAD_ENDS and text[start + 1] in _DIGITS and text[end - 1] in _SUB_DOORS
    if is_dashed:
        start += 1
    is_number = is_dashed or (text[end - 1] in _UNITS and text[start] in NUMBER_SIGNS)
    if not is_number and text[start] in _EDGES:
        head = text[start + 1 : start + 3]
        if head not in HEADS and simplified(head) not in HEADS:
            return None
    low = max(free, text.rfind("\n", max(0, start - _BEHIND), start) + 1, start - _BEHIND)
    high = text.find("\n", end, end + _AHEAD)
    around = text[low : high if high >= 0 else end + _AHEAD]
    if around.isascii():
        return None  # numbers without any name, of which noise is full
    at = start
    if is_number:
        while at > low and text[at - 1] in NUMBER_SIGNS:
            at -= 1
        # 第九村民小组 and 第3栋第2单元 are names; 第3栋 may be a count of any.
        is_named = text[at - 1 : at] == "第" and ("村民" in text[start:end] or bool(_ROW_OF_DOORS.match(text, at)))
        if not _may_stand_before(text, low, at - is_named):
            return None
    line = simplified(around)
    if "—" in line:
        line = _LONG_DASH.sub("-", line)  # 家属院20—1603
    if is_number:
        found = _around(line, at - low) if (DASHED if is_dashed else HOUSE).match(line, at - low) else None
    elif text[end - 1] in _DIGITS:
        found = _around(line, start + 1 - low)
    else:
        found = _onwards(line, start - low)
    if found is None:
        return None
    begin, parsed = found
    judged = _judge(text, line, low, begin, parsed)
    return None if judged is None else Reading(low + begin, low + parsed.end, *judged)


def _may_stand_before(text: str, low: int, at: int) -> bool:
    """Tell whether what ends at `at` of `text` can be the name that a number follows."""
    while at > low and text[at - 1] in " #附-":
        at -= 1
    if at <= low:
        return False
    before = text[at - 1]
    return (before in ")）,，、" or before.isalpha()) and before not in _NOT_BEFORE_A_NUMBER


def _onwards(line: str, at: int) -> tuple[int, Parsed] | None:
    """Return the address that starts behind the label, or with the division, at `at` of `line`."""
    label = LABEL.match(line, at)
    if label:
        gap = LABEL_GAP.match(line, label.end())
        at = gap.end() if gap else label.end()
    else:
        at += line[at : at + 1] in _BORDERS
        if line[at : at + 2] not in HEADS or _is_inside_a_chain(line, at):
            return None
    parsed = _parse(line, at)
    if not parsed.kinds or not (label or parsed.divisions.names):
        return None
    return at, parsed


def _is_inside_a_chain(line: str, at: int) -> bool:
    """Tell whether a division stands before the separator at `at`: what starts here started there."""
    while at > 0 and line[at - 1] in _SEPARATORS:
        at -= 1
    return at > 0 and line[at - 1] in "省市区州盟"


def _around(line: str, at: int) -> tuple[int, Parsed] | None:
    """Return the address in which a number stands at `at` of `line`."""
    floor = 0
    for stop in _STOPS.finditer(line, 0, at):
        floor = stop.end()
    for begin in range(floor, at - 1):
        if line[begin : begin + 2] in HEADS:
            parsed = _parse(line, begin)
            if parsed.divisions.names and parsed.end > at:
                return begin, parsed
    begin = _bare_start(line, floor, at)
    parsed = _parse(line, begin)
    return (begin, parsed) if parsed.end > at else None


def _bare_start(line: str, floor: int, at: int) -> int:
    """Return where a name starts that holds no particle, behind the last separator that ends no higher level."""
    begin = at
    while begin > floor and line[begin - 1] in _SEPARATORS:
        begin -= 1
    lowest = max(floor, begin - 2 * _LONGEST_NAME)
    first = begin
    while begin > lowest:
        before = line[begin - 1]
        if before in _DIGITS and line[begin] in _PARTS_BEHIND_A_NUMBER:
            while begin > lowest and line[begin - 1] in _DIGITS:
                begin -= 1
            continue
        if before in PARTICLES or (before in _DIGITS and begin < first):
            break
        if before in _SEPARATORS and (begin - 2 < floor or line[begin - 2] not in _LEVEL_ENDS):
            break
        begin -= 1
    verb = BEFORE_A_NAME.match(line, begin, at)
    if verb:
        begin = verb.end()
    while begin < at and line[begin] in _SEPARATORS:
        begin += 1
    return begin


def _parse(line: str, begin: int) -> Parsed:
    divisions = chain(line, begin)
    end = divisions.end
    in_corps = CORPS_TOWNS.search(line, begin, end) is not None
    kinds: list[str] = []
    numbers = strong = 0
    house = dashed = estate = False
    while len(kinds) < _MOST_PIECES:
        corps = CORPS.match(line, end) if in_corps and not numbers else None
        if corps is not None:
            kinds.append("corps")
            city = chain(line, corps.end())
            end = city.end if city.level == _COUNTY else corps.end()
            continue
        is_street = kinds[-1:] == ["road"] and not in_corps and len(kinds) <= _MOST_PIECES - address_cn_doors.MOST
        row = address_cn_doors.doors(line, begin, end) if is_street else address_cn_doors.NONE
        kinds += ["number"] * row.numbers
        numbers, strong, end = numbers + row.numbers, strong + row.strong, row.end or end
        house = house or row.numbers > 0
        piece = None if row.is_last else PIECE.match(line, end)
        if piece is None:
            break
        kind = piece.lastgroup or ""
        name = piece["name"]
        if kind in _NUMBERS:
            first = _opening(piece, kind) if not kinds and (kind == "room" or not divisions.names) else kind
            if not first or address_cn_doors.is_counted(line, begin, piece.start(kind)):
                break
            if not numbers and kinds[-1:] in ([], ["town"]) and address_cn_doors.COUNTS.match(line, end):
                break  # 某某镇，877座 are counted
            if first == "unknown":
                kinds.append(first)
            if first == "area" or line[piece.end() - 1] in "区期馆":
                kinds.append("area")  # 一区, 二期, 滨江一号公馆: where a building is looked for
                end = piece.end()
                continue
            is_suite = "-" in piece[kind] and SUITE.fullmatch(piece[kind]) is not None
            numbers += 1 + is_suite
            strong += 2 * is_suite or kind == "room" or STRONG.search(piece[kind]) is not None
            is_next = kind == "number" and (
                kinds[-1:] == ["road"] or (kinds[-1:] == ["estate"] and line[end - 1] == "里")
            )
            house = house or (is_next and HOUSE_UNIT.search(piece[kind]) is not None)
            dashed = dashed or (is_next and divisions.names > 0 and DASHED.fullmatch(piece[kind]) is not None)
        elif numbers and line[end] in " ,，、" and is_another(line, piece):
            break
        elif name is not None and kind not in {"beside", "cross"} and _is_generic(name, piece[kind], kinds):
            kind = "generic"
        elif kind == "estate":
            estate = estate or PLAIN_ESTATE.search(piece[kind]) is not None
        kinds.append(kind)
        end = piece.end()
    # 新华路2-10 alone may be a stretch of it.
    house = house or (dashed and numbers > 1)
    return Parsed(divisions, tuple(kinds), numbers, strong, house, estate, end)


def _opening(piece: re.Match[str], kind: str) -> str:
    """Return the kind of a number that an address without a division begins with, perhaps behind a name; or nothing."""
    if piece[kind] in _BARE_DISTRICTS:
        return "area"
    return "unknown" if kind != "room" and piece["name"] and _NAMED.fullmatch(piece["name"]) else ""


def _is_generic(name: str, ending: str, before: list[str]) -> bool:
    """Tell whether a piece is a kind of place without a name: 小区, 这条街; 屯村 behind 星湾 has one."""
    if not name:
        # 学府 and 雅苑 are kinds of places, 学府雅苑 is the name of one.
        is_of_a_place = bool(before) and (before[-1] in _PLACES or (before[-1] == "shop" and "宿舍" in ending))
        return not (is_of_a_place or (before[-1:] == ["generic"] and ending in NAMING))
    return GENERIC.fullmatch(name + ending) is not None


def _judge(text: str, line: str, low: int, begin: int, parsed: Parsed) -> tuple[str, Confidence] | None:
    """Return the form of an address and how sure it is, or nothing."""
    names, level = parsed.divisions.names, parsed.divisions.level
    kinds = set(parsed.kinds)
    is_place = bool(kinds & _PLACES)
    is_named = is_place or bool(kinds & {"road", "shop", "town"})
    if parsed.numbers and (is_of_many(line, begin, parsed) or (not names and ABROAD.search(line, begin, parsed.end))):
        return _judge_in_context(text, line, low, begin, parsed)
    if parsed.house:
        return ("division-road-number", Confidence.HIGH) if names else ("road-number", Confidence.MEDIUM)
    if parsed.numbers and is_named:
        if names >= 2 and (parsed.strong or level >= 3):
            return "division-building", Confidence.HIGH
        if (names or "town" in kinds) and parsed.strong:
            return "division-building", Confidence.MEDIUM
        if parsed.numbers >= 2 and parsed.strong and (is_place or "road" in kinds):
            return "estate-building", Confidence.MEDIUM
    if parsed.numbers and "corps" in kinds and parsed.kinds.count("corps") + names >= 2:
        return "division-corps", Confidence.MEDIUM
    if parsed.numbers and (_is_in_a_village(line, parsed) or _is_in_a_park(line, parsed)):
        return "town-village-number", Confidence.MEDIUM
    if parsed.numbers and parsed.strong and is_place and PARCEL_POINT.search(line, begin, parsed.end + 6):
        return "estate-parcel", Confidence.MEDIUM
    # Whatever ends like no estate but has a building, a staircase and a room is one.
    if "unknown" in kinds and parsed.numbers > 2 and parsed.strong >= 2:
        return "estate-building", Confidence.MEDIUM
    if parsed.numbers >= 2 and parsed.strong and level == 3 and (names >= 2 or parsed.strong >= 2):
        return "division-building", Confidence.MEDIUM
    return _judge_in_context(text, line, low, begin, parsed)


def _is_in_a_village(line: str, parsed: Parsed) -> bool:
    """Tell whether a number stands in a village or an estate of a town: of a known city, or 坎布拉镇尕布村26号."""
    kinds = set(parsed.kinds)
    if "town" not in kinds:
        return False
    return bool(kinds & _PLACES) if parsed.divisions.level >= 2 else "village" in kinds and line[parsed.end - 1] == "号"


def _is_in_a_park(line: str, parsed: Parsed) -> bool:
    """Tell whether a building stands in the park of a county or its town: 瑞昌市科技园C区8栋, 下河乡软件园2楼210号."""
    if parsed.divisions.level != _COUNTY or not (parsed.strong or parsed.numbers > 1):
        return False
    if parsed.kinds[0] == "town":
        return PARK.search(line, parsed.divisions.end, parsed.end) is not None
    is_county = parsed.divisions.names >= 2 and parsed.strong > 0
    return is_county and PARK.match(line, parsed.divisions.end) is not None


def _judge_in_context(text: str, line: str, low: int, begin: int, parsed: Parsed) -> tuple[str, Confidence] | None:
    if not parsed.numbers and _MASK.match(line, parsed.end):
        return None  # who masks the number of a house tells of a street, and of no customer
    names, level = parsed.divisions.names, parsed.divisions.level
    kinds = set(parsed.kinds)
    is_place, is_road = bool(kinds & _PLACES), "road" in kinds
    first, last = low + begin, low + parsed.end
    label = label_before(line, begin)
    is_beside_a_phone = is_phoned(text, first, last)
    is_a_cell = is_cell(text, first, last)
    if not (label or is_beside_a_phone or is_a_cell):
        return ("no-number-alone", Confidence.MEDIUM) if _is_of_a_village(line, begin, parsed) else None
    sure = Confidence.HIGH if label else Confidence.MEDIUM
    towns = parsed.kinds.count("town")
    is_known = is_place or is_road or bool(kinds & {"shop", "town"})
    if parsed.numbers:
        if (label or is_beside_a_phone) and (names or is_known):
            return "numbered-in-context", sure
        if (label or is_beside_a_phone) and "unknown" in kinds and parsed.numbers >= 2 and parsed.strong:
            return "numbered-in-context", sure
        if is_a_cell and (is_known if names or towns else is_place and parsed.strong):
            return "numbered-in-context", sure
    is_parcel = PARCEL.search(line, begin, parsed.end) is not None
    is_sent = bool(is_beside_a_phone or is_parcel or (label and not VERB.match(label)))
    is_spot = is_place or is_road or "cross" in kinds or (is_sent and bool(kinds & {"shop", "beside"}))
    # 物资已送达…村, 大学迁至…: news, when no number and no phone stands there.
    is_told = is_beside_a_phone or (label not in _OF_NEWS and bool(label) and (names > 0 or not VERB.match(label)))
    if is_told and is_spot and (level >= 2 or towns):
        return "no-number-in-context", sure
    if not (is_told or is_a_cell):
        return None
    deep = names + towns if level == 3 or towns else 0
    if deep >= 2 and ("cross" in kinds or parsed.estate or ("village" in kinds and towns) or is_parcel):
        return "no-number-alone", Confidence.MEDIUM
    if deep >= 3 and is_road:
        return "no-number-alone", Confidence.MEDIUM
    # Whoever knows that the column or field holds addresses may raise it.
    return ("no-number", Confidence.LOW) if is_a_cell and is_spot and (level >= 2 or towns) else None


def _is_of_a_village(line: str, begin: int, parsed: Parsed) -> bool:
    """Tell whether it is where a village gets its parcels, with all that is above: …县太平镇新楼村村委会旁小卖部."""
    if parsed.numbers or parsed.divisions.names < 2 or parsed.divisions.level != _COUNTY:
        return False
    return {"town", "village"} <= set(parsed.kinds) and PARCEL.search(line, begin, parsed.end + 6) is not None
