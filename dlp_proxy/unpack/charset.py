"""Bytes to text without believing a label.

Order: byte order mark, strict UTF-8 and the charsets that shift within ASCII, UTF-16/32 by their NULs, then UTF-8
with little damage, then whichever of GB18030, Big5 and UTF-16 gives the most common Chinese characters, then whichever
of EUC-JP, Shift-JIS and EUC-KR those of its own language, then a charset of Cyrillic that makes words, then Latin-1
when that looks like text. Anything else is binary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dlp_proxy.unpack.east_asian import JAPANESE, KOREAN
from dlp_proxy.unpack.han import COMMON

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CANDIDATES: Final = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

_OF_A_LANGUAGE: Final = (("euc_jp", JAPANESE), ("cp932", JAPANESE), ("cp949", KOREAN))
_COMMON_OF_A_LANGUAGE: Final = 0.5
_SURELY_CHINESE: Final = 0.75
_MUCH_MORE: Final = 0.15
_OF_CYRILLIC: Final = ("cp1251", "koi8_r", "cp866", "iso8859_5")
_WORD: Final = re.compile("[А-ЯЁ]?[а-яё]{2,}")
_LETTERS_AT_LEAST: Final = 8
"""Different letters of a text: what repeats a byte is none."""
_WORDS_AT_LEAST: Final = 0.7
"""Share of the letters beyond ASCII; in Latin scripts these seldom stand side by side."""

_SAMPLE: Final = 4096
_SHORT_SAMPLE: Final = 1024
_COMMON_AT_LEAST: Final = 0.4  # of all characters beyond ASCII; real Chinese has 0.6 to 0.95, a wrong guess below 0.2
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 11, 12, 13, 27}) + b"\x7f"
_CONTROLS_AT_MOST: Final = 0.05
_HIGH_AT_MOST: Final = 0.4  # of the bytes of a Latin-1 text; Western languages have less than 0.1
_SHIFTING: Final = (
    ("utf-7", re.compile(rb"\+[A-Za-z0-9/+]{3}")),
    ("iso2022_jp_2", re.compile(rb"\x1b\$[A@B].{2}", re.DOTALL)),
    ("hz", re.compile(rb"~\{(?:[\x21-\x7e]{2})+~\}")),
)
_SHIFTED_AT_LEAST: Final = 4
_FOLLOWING: Final = 32
"""Bytes behind a text in UTF-16 that are looked at as a text of another charset."""
_DIGITS: Final = re.compile(rb"[0-9]{5}")
"""Four bytes of UTF-16 are two characters; five that are all digits are seldom anything else."""
_FEWEST_LINES: Final = 3
_ORDINARY: Final = bytes((*b"\t\n\r", *range(0x20, 0x2B), *range(0x2C, 0x7E)))
"""ASCII without the signs that shift out of it."""
_PLAIN: Final = bytes((*b"\t\n\f\r", *range(0x20, 0x7F)))
_AT_ONCE: Final = 1024 * 1024
"""Bytes that are asked at once: of what is not ordinary a copy is made."""
_ESCAPED: Final = re.compile("[\ud800-\udfff]")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]")


def is_ordinary(data: bytes) -> bool:
    """Tell whether bytes are nothing but ordinary ASCII: no control sign but ends of lines, nothing that shifts."""
    return _has_only(_ORDINARY, data)


def is_plain(data: bytes) -> bool:
    """Tell whether bytes are ASCII without control signs but tabs and ends of lines."""
    return data.isascii() and _has_only(_PLAIN, data)


def _has_only(signs: bytes, data: bytes) -> bool:
    pieces = (data[at : at + _AT_ONCE] for at in range(0, len(data), _AT_ONCE))
    return not any(piece.translate(None, signs) for piece in pieces)


def decode(data: bytes) -> tuple[str, str] | None:
    """Return the text and the name of its charset, or None for binary data.

    Damaged places become U+FFFD: one wrong byte does not hide the rest.
    """
    if is_ordinary(data):
        return data.decode(), "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            if (text := _marked(data[len(mark) :], name)) is not None:
                return _with_what_follows(text, data[len(mark) :], name), name
            if len(mark) < 4:  # the mark of UTF-32 begins like that of UTF-16, which is asked next
                data = data[len(mark) :]
                break
    if b"\0" in data:
        return _with_nuls(data)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _guess(data)
    if not _few_controls(data):
        return None
    return (_seven_bits(data) if text.isascii() else _read_as_latin(text)) or (text, "utf-8")


def _read_as_latin(text: str) -> tuple[str, str] | None:
    """Return what a text was before a program took its UTF-8 for Latin-1 or Windows' code page; None when none did."""
    for name in ("latin-1", "cp1252"):
        try:
            beyond = _NOT_ASCII.findall(_sample_of(text).encode(name).decode())
        except UnicodeError:
            continue
        if len(beyond) >= _SHIFTED_AT_LEAST and _common(beyond) >= _COMMON_AT_LEAST:
            try:
                return text.encode(name).decode(), "utf-8"
            except UnicodeError:
                return None
    return None


def _sample_of(text: str) -> str:
    """Return the beginning of a text up to a space or an end of line, where no character is cut."""
    head = text[:_SHORT_SAMPLE]
    return head if len(head) == len(text) else head[: max(head.rfind("\n"), head.rfind(" "), head.rfind(","))]


def _seven_bits(data: bytes) -> tuple[str, str] | None:
    """Return what ASCII says when it is a charset that shifts: UTF-7 (RFC 2152), HZ (RFC 1843); else None."""
    sample = _sample(data)
    for name, shift in _SHIFTING:
        if shift.search(sample) is None:
            continue
        beyond = _NOT_ASCII.findall(sample.decode(name, "replace"))
        if len(beyond) >= _SHIFTED_AT_LEAST and _common(beyond) >= _COMMON_AT_LEAST:
            return data.decode(name, "replace"), name
    return None


def _marked(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    if name != "utf-8" and len(data) >= 16 and data.isascii() and b"\0" not in data:
        return None  # ASCII behind the mark of a wide charset would hide as Chinese characters
    return text


def _with_nuls(data: bytes) -> tuple[str, str] | None:
    if (appended := _with_wide_lines(data)) is not None:
        return appended, "utf-8"
    name = _wide(data)
    if name:
        width = 4 if "32" in name else 2
        text = data[: len(data) // width * width].decode(name, "replace")
        text = _with_what_follows(text, data, name)
        if _is_plausible(text) and text.count("\ufffd") * 20 <= len(text):
            return text, name
    if not _few_controls(_sample(data)):
        return None
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return _guess(data)


def _with_what_follows(text: str, data: bytes, name: str) -> str:
    """Return the text of `data`, behind which a text of another charset may stand: `copy /b one.txt+other.txt`.

    What is behind the last ASCII character of UTF-16 is Chinese or nothing.
    """
    if not name.startswith("utf-16"):
        return text
    last = data.rfind(b"\0") + (2 if name == "utf-16-be" else 1)
    tail = data[last:]
    if (
        len(tail) < _FOLLOWING
        or not _DIGITS.search(tail)
        or _common(tail[:_SAMPLE].decode(name, "replace")) >= _COMMON_AT_LEAST
    ):
        return text
    behind = decode(tail)
    return text if behind is None else data[:last].decode(name, "replace") + behind[0]


def _with_wide_lines(data: bytes) -> str | None:
    """Return a text in UTF-8 to which lines in UTF-16 were appended, as Windows' shell does; None of anything else."""
    first, last = data.find(b"\0"), data.rfind(b"\0") + 1
    before = data[:first].decode("utf-8", "surrogateescape")
    broken = _ESCAPED.search(before)
    kept = before[: broken.start()] if broken else before
    start = len(kept[: kept.rfind("\n") + 1].encode())
    if not start or data.count(b"\0", start, last) * 8 < last - start:
        return None
    last += (last - start) % 2
    wide = data[start:last].removeprefix(b"\xff\xfe").decode("utf-16-le", "replace")
    try:
        behind = data[last:].decode()
    except UnicodeDecodeError:
        return None
    if not _is_plausible(wide) or wide.count("\ufffd") * 20 > len(wide):
        return None
    return kept[: kept.rfind("\n") + 1] + wide + behind


def _is_plausible(text: str) -> bool:
    """Tell whether a text of a wide charset is one: some ASCII in it, or common Chinese characters."""
    head = text[:_SAMPLE]
    beyond = _NOT_ASCII.findall(head)
    plain = len(head) - len(beyond)
    return _few_controls(head.encode(errors="replace")) and (
        plain * 8 >= len(head) or _common(beyond) >= _COMMON_AT_LEAST
    )


def _wide(data: bytes) -> str:
    """Return the UTF-16 or UTF-32 whose pattern of NULs this is, or the empty text."""
    sample = data[: 4 * _SAMPLE]
    quarter = len(sample) // 4
    nuls = [sample[lane::4].count(0) for lane in range(4)]
    if quarter and nuls[3] >= quarter and nuls[2] * 10 >= quarter * 9 and nuls[0] * 10 < quarter:
        return "utf-32-le"
    if quarter and nuls[0] >= quarter and nuls[1] * 10 >= quarter * 9 and nuls[3] * 10 < quarter:
        return "utf-32-be"
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 20 * even:
        return "utf-16-le"
    if even > 20 * odd:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> tuple[str, str] | None:
    sample = _sample(data)
    if not _few_controls(sample):
        return None
    if _slightly_damaged(sample):
        return data.decode("utf-8", "replace"), "utf-8"
    if (lines := _by_lines(data)) is not None:
        return lines, "utf-8"
    best = max(_CANDIDATES, key=lambda name: _score(sample, name))
    share = _score(sample, best)
    if share < _SURELY_CHINESE and (other := _japanese_or_korean(data, sample, share)) is not None:
        return other
    if share >= _COMMON_AT_LEAST:
        return data.decode(best, "replace"), best
    if (other := _cyrillic(data, sample)) is not None:
        return other
    high = len(sample) - len(_NOT_ASCII.sub("", sample.decode("latin-1")))
    if high <= _HIGH_AT_MOST * len(sample):
        return data.decode("latin-1"), "latin-1"
    return None


def _japanese_or_korean(data: bytes, sample: bytes, chinese: float) -> tuple[str, str] | None:
    """Return the text in the charset that gives most of the common characters of its language; None when none does.

    Args:
        chinese: the share of common characters that the best charset of Chinese gives: it must be much less.
    """
    best, share = "", chinese + _MUCH_MORE
    for name, common in _OF_A_LANGUAGE:
        beyond = _NOT_ASCII.findall(sample.decode(name, "replace"))
        own = sum(map(common.__contains__, beyond)) / len(beyond) if len(set(beyond)) >= _SHIFTED_AT_LEAST else 0.0
        if own > share:
            best, share = name, own
    return (data.decode(best, "replace"), best) if best and share >= _COMMON_OF_A_LANGUAGE else None


def _cyrillic(data: bytes, sample: bytes) -> tuple[str, str] | None:
    """Return the text in the charset in which most letters make words, small but for the first; None when none does."""
    for name in _OF_CYRILLIC:
        text = sample.decode(name, "replace")
        beyond = _NOT_ASCII.findall(text)
        words = sum(map(len, _WORD.findall(text)))
        if len(set(beyond)) >= _LETTERS_AT_LEAST and words >= _WORDS_AT_LEAST * len(beyond):
            return data.decode(name, "replace"), name
    return None


def _by_lines(data: bytes) -> str | None:
    """Return a text of which some lines are in UTF-8 and some in GB18030, as two programs write one file; else None."""
    lines = [line for line in _sample(data).split(b"\n")[1:-1] if not line.isascii()]
    plain = sum(map(_is_utf8, lines))
    if not _FEWEST_LINES <= plain <= len(lines) - _FEWEST_LINES:
        return None
    others = b"\n".join(line for line in lines if not _is_utf8(line))
    if _score(others, "gb18030") < _COMMON_AT_LEAST:
        return None
    return "\n".join(line.decode("utf-8" if _is_utf8(line) else "gb18030", "replace") for line in data.split(b"\n"))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _slightly_damaged(sample: bytes) -> bool:
    """Tell whether nearly all of it is UTF-8; by chance, other charsets' bytes seldom are."""
    beyond = _NOT_ASCII.findall(sample.decode("utf-8", "replace"))
    return beyond.count("\ufffd") * 5 <= len(beyond)


def _score(sample: bytes, name: str) -> float:
    """Return the share of common characters among those beyond ASCII; damage counts against it."""
    if name.startswith("utf-16"):
        sample = sample[: len(sample) // 2 * 2]
    beyond = _NOT_ASCII.findall(sample.decode(name, "replace"))
    return _common(beyond)


def _common(beyond: Sequence[str]) -> float:
    return sum(map(COMMON.__contains__, beyond)) / len(beyond) if beyond else 0.0


def _sample(data: bytes, size: int = _SAMPLE) -> bytes:
    """Return the data when short, else its beginning, middle and end, `size` bytes of each."""
    if len(data) <= 3 * size:
        return data
    middle = len(data) // 2 & ~3
    return data[:size] + data[middle : middle + size] + data[(len(data) & ~3) - size :]


def _few_controls(data: bytes) -> bool:
    sample = _sample(data, _SHORT_SAMPLE)
    return (len(sample) - len(sample.translate(None, _CONTROLS))) <= _CONTROLS_AT_MOST * len(sample)
