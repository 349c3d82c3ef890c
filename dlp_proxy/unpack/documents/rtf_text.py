"""Rich Text Format 1.9.1 as text: words in their code pages, tables, notes, hidden and deleted text, objects."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from dlp_proxy.unpack.documents.flow import Flow
from dlp_proxy.unpack.documents.notable import says
from dlp_proxy.unpack.percent import as_text

_TOKEN: Final = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_BREAKS: Final = frozenset({b"par", b"line", b"sect", b"page", b"column", b"softline"})
_SIGNS: Final = {
    b"tab": " ", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ", b"nestcell": " ",
}  # fmt: skip
_NOTES: Final = frozenset({
    b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf", b"footnote",
    b"annotation", b"shptxt", b"title", b"subject", b"author", b"manager", b"company", b"operator", b"category",
    b"keywords", b"comment", b"doccomm", b"hlinkbase", b"userprops", b"docvar", b"atnauthor", b"upr",
})  # fmt: skip
_BESIDE: Final = frozenset({
    b"fldinst", b"deleted", b"xe", b"tc", b"sp", b"sn", b"sv", b"bkmkstart", b"bkmkend", b"formfield",
})  # fmt: skip
_DULL: Final = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"listtable", b"listoverridetable", b"rsidtbl", b"latentstyles",
    b"generator",
})  # fmt: skip
_HEX: Final = frozenset({
    b"pict", b"objdata", b"themedata", b"colorschememapping", b"datastore", b"blipuid", b"fontemb",
})  # fmt: skip
_CHARSETS: Final = {
    0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_NOT_HEX: Final = re.compile(rb"[^0-9A-Fa-f]+")
_DEEPEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds within braces. `kind` is whose text it is; `unicode` how many signs stand for one after its number."""

    kind: bytes = b""
    charset: str = ""
    unicode: int = 1
    star: bool = False


class RtfText:
    """One document. `read` fills `flow`, and `objects` with what lies in it in hexadecimal or as it is."""

    def __init__(self, data: bytes) -> None:
        self.flow = Flow()
        self.objects: list[bytes] = []
        self.end = len(data)
        self._data = data
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._group = _Group()
        self._stack: list[tuple[_Group, list[str]]] = []
        self._text: list[str] = []
        self._bytes = bytearray()
        self._skip = 0
        self._in_table = False

    def read(self) -> Flow:
        data, at = self._data, 0
        while found := _TOKEN.search(data, at):
            at = found.end()
            word, number, byte, sign, brace, text = found.groups()
            if word:
                if word == b"bin":
                    size = max(0, int(number or 0))
                    self.objects.append(data[at : at + size])
                    at += size
                else:
                    self._word(word.lower(), int(number) if number else None)
            elif byte:
                self._add(bytes([int(byte, 16)]))
            elif sign:
                self._sign(sign)
            elif brace == b"{":
                self._open()
            elif brace:
                self._close()
                if not self._stack:
                    self.end = at
                    break
            else:
                self._add(text)
        while self._stack:
            self._close()
        self._end_line()
        return self.flow

    def _add(self, raw: bytes) -> None:
        """Take bytes of text, but not those that stand for a character that was given by its number."""
        if self._skip:
            skipped = min(self._skip, len(raw))
            self._skip -= skipped
            raw = raw[skipped:]
        self._bytes += raw

    def _put(self, text: str) -> None:
        self._flush()
        self._text.append(text)

    def _flush(self) -> None:
        if self._bytes:
            raw = bytes(self._bytes)
            self._bytes.clear()
            name = self._group.charset or self._default
            if raw.isascii():
                self._text.append(raw.decode("ascii"))
            else:
                try:
                    self._text.append(raw.decode(name))
                except (UnicodeDecodeError, LookupError):
                    self._text.append(as_text(raw))

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._stack) < _DEEPEST:
            self._stack.append((self._group, self._text))

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        if not self._stack:
            return
        ended = self._group
        self._group, around = self._stack.pop()
        if self._text is not around:
            self._end_destination(ended.kind, "".join(self._text))
            self._text = around

    def _end_destination(self, kind: bytes, text: str) -> None:
        if kind in _HEX:
            digits = _NOT_HEX.sub(b"", text.encode(errors="replace"))
            self.objects.append(bytes.fromhex(digits[: len(digits) & ~1].decode()))
        elif kind in _NOTES:
            for line in text.split("\n"):
                if line.strip():
                    self.flow.beside.append(line.strip())
        elif text.strip() and (kind not in _DULL or says(text, dull=False)):
            self.flow.beside.append(text.strip())

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._group = replace(self._group, star=True)
        elif sign in b"\\{}":
            self._add(sign)
        elif sign == b"~":
            self._put(" ")
        elif sign == b"_":
            self._put("-")
        elif sign in b"\r\n":
            self._break()

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"u" and number is not None:
            point = number & 0xFFFF
            self._put(chr(point))
            self._skip = self._group.unicode
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        elif word in _BREAKS:
            self._break()
        elif word in {b"cell", b"row", b"trowd", b"intbl", b"pard", b"nestrow"}:
            self._table(word)
        elif word == b"uc":
            self._group = replace(self._group, unicode=min(max(number or 0, 0), 64))
        elif word == b"ansicpg" and number:
            self._default = _codec(f"cp{number}") or self._default
        elif word in {b"f", b"fcharset", b"deff"}:
            self._flush()
            self._choose(word, number or 0)
        elif word in _NOTES or word in _BESIDE or word in _DULL or word in _HEX or self._group.star:
            self._begin(word, number)

    def _begin(self, word: bytes, number: int | None) -> None:
        """Begin a destination: what follows in this group is not the document's own text."""
        if word == b"deleted" and number == 0:
            return
        self._flush()
        if self._stack and (self._group.kind in {b"", b"upr"} or word in _HEX):
            self._group = replace(self._group, kind=word, star=False)
            self._text = []
        else:
            self._group = replace(self._group, star=False)

    def _choose(self, word: bytes, number: int) -> None:
        if word == b"fcharset":
            self._fonts[self._font] = _CHARSETS.get(number, "")
        elif self._group.kind == b"fonttbl":
            self._font = number
        else:
            self._group = replace(self._group, charset=self._fonts.get(number, ""))

    def _table(self, word: bytes) -> None:
        if word == b"cell":
            self._flush()
            self.flow.start_cell()
            self.flow.text("".join(self._text))
            self.flow.end_cell()
            self._text.clear()
        elif word == b"row":
            self.flow.end_row()
        elif word in {b"trowd", b"intbl"}:
            self._in_table = True
        elif word == b"pard":
            self._in_table = False

    def _break(self) -> None:
        self._flush()
        if self._group.kind or self._in_table:
            self._text.append("\n")
        else:
            self._end_line()

    def _end_line(self) -> None:
        self._flush()
        text = "".join(self._text)
        self._text.clear()
        if text.strip():
            self.flow.end_table()
        self.flow.line(text)


def _codec(name: str) -> str:
    try:
        return codecs.lookup("gb18030" if name == "cp936" else name).name
    except LookupError:
        return ""
