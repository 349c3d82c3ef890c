"""Pages of a PDF by pdfium: text in lines as they are seen, notes and fields, attachments, pictures."""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

from dlp_proxy.unpack.documents import pdf_layout
from dlp_proxy.unpack.documents.pdfium import pdfium

_KEYS: Final = ("T", "TU", "V", "Contents", "Subj", "RC")
_MARK: Final = "\u00fe\u00ff"  # UTF-16 that the library took for single bytes
_BROKEN_AT: Final = "\x02"  # what pdfium makes of a hyphen at the end of a line
_BUFFER_AT_MOST: Final = 1 << 20
_ANNOTATIONS: Final = 20_000
_BOOKMARKS: Final = 20_000
_APART: Final = 0.3
"""Rectangles for each sign from which a page was written sign by sign; else a rectangle is a word or a line."""
_FEWEST_SIGNS: Final = 100
_RECTANGLES: Final = 20_000
_PICTURES: Final = 200
_SCALE: Final = 2.5  # 180 dots an inch: what reading small print takes
_PASSWORD: Final = 4
_SMALL_PICTURE: Final = 8_192
_PHOTOGRAPH: Final = "DCTDecode"
_LITTLE_TEXT: Final = 200
"""Signs of a page that is a picture: a line by the scanner, a page's number."""


class Locked(Exception):  # noqa: N818 - an answer, not an error
    """The document asks for a password."""


class Broken(Exception):  # noqa: N818 - same
    """The library does not open it."""


class Pages:
    """One open document."""

    def __init__(self, data: bytes) -> None:
        """Open it with the empty password.

        Raises:
            Locked: another password is needed.
            Broken: it cannot be opened at all.
        """
        pypdfium2 = pdfium()
        self._library: Any = pypdfium2
        self._raw: Any = pypdfium2.raw
        try:
            self._document: Any = pypdfium2.PdfDocument(data)
            self.count: int = len(self._document)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", 0) == _PASSWORD or "assword" in str(error):
                raise Locked from None
            raise Broken from None
        self.error: type[Exception] = pypdfium2.PdfiumError
        self._pictures: set[int] = set()

    def close(self) -> None:
        self._document.close()

    def facts(self) -> list[str]:
        """Return metadata and the outline, a line each."""
        document = self._document
        lines = [
            f"{key}: {value}" for key in document.METADATA_KEYS if (value := _said(document.get_metadata_value, key))
        ]
        return lines + [_said(bookmark.get_title) for bookmark in islice(document.get_toc(), _BOOKMARKS)]

    def attachments(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of each file in the document."""
        for number in range(min(self._document.count_attachments(), _ANNOTATIONS)):
            try:
                attachment = self._document.get_attachment(number)
                yield _said(attachment.get_name), bytes(attachment.get_data())
            except self.error:
                yield "", b""

    def page(self, number: int) -> Page:
        """Return a page.

        Raises:
            self.error: it cannot be read.
        """
        return Page(self._library, self._document, number, self._pictures)


class Page:
    """One page.

    Attributes:
        text: as the document has it, without what `cells` tells better.
        lines: as it is seen; empty where that is the same.
        cells: rows of tables with wrapped text, each cell in one piece.
    """

    def __init__(self, library: Any, document: Any, number: int, pictures: set[int]) -> None:  # noqa: ANN401
        self._library, self._raw, self._document = library, library.raw, document
        self._page = document.get_page(number)
        self._seen = pictures
        texts = self._page.get_textpage()
        try:
            self.text: str = texts.get_text_range().replace("\r\n", "\n").replace("\ufffe", "-")
            self.lines = self.cells = ""
            if self.text.strip():
                self._lay_out(texts)
        finally:
            texts.close()

    def close(self) -> None:
        self._page.close()

    def _lay_out(self, texts: Any) -> None:  # noqa: ANN401
        count, signs = min(texts.count_rects(), _RECTANGLES), texts.count_chars()
        if _FEWEST_SIGNS <= signs <= _RECTANGLES and count > _APART * signs:
            self._lay_out_signs(texts, signs)
            return
        rectangles = [pdf_layout.Rectangle(*texts.get_rect(place)) for place in range(count)]
        read = cache(lambda one: texts.get_text_bounded(*one).replace("\r\n", " ").replace(_BROKEN_AT, "-"))
        self.cells = pdf_layout.cells(rectangles, read)
        if self.cells and (told := pdf_layout.in_chinese_cells(rectangles, read)):
            rectangles = [one for one in rectangles if one not in told]
            self.text = pdf_layout.as_written(rectangles, read)
        self.lines = pdf_layout.lines(rectangles, read) if rectangles else ""

    def _lay_out_signs(self, texts: Any, signs: int) -> None:  # noqa: ANN401
        """Lay out a page on which signs were written one by one: a rectangle of one has parts of its neighbours."""
        placed: dict[pdf_layout.Rectangle, str] = {}
        for number in range(signs):
            left, bottom, right, top = texts.get_charbox(number, loose=True)
            sign = texts.get_text_range(number, 1)
            if sign.strip() and right > left:
                placed[pdf_layout.Rectangle(left, bottom, right, top)] = sign.replace(_BROKEN_AT, "-")
        rectangles = list(placed)
        self.lines = pdf_layout.lines(rectangles, placed.__getitem__) if rectangles else ""
        if self.lines:
            self.text, self.lines = self.lines, ""

    def notes(self) -> tuple[list[str], list[tuple[str, bytes]]]:
        """Return what annotations and fields say, and the files in them."""
        raw = self._raw
        lines: list[str] = []
        files: list[tuple[str, bytes]] = []
        for number in range(min(raw.FPDFPage_GetAnnotCount(self._page), _ANNOTATIONS)):
            note = raw.FPDFPage_GetAnnot(self._page, number)
            if not note:
                continue
            said = [text for key in _KEYS if (text := self._string(note, key))]
            if said:
                lines.append(": ".join(dict.fromkeys(said)))
            if raw.FPDFAnnot_GetSubtype(note) == raw.FPDF_ANNOT_FILEATTACHMENT:
                files += self._file(note)
            raw.FPDFPage_CloseAnnot(note)
        return lines, files

    def _string(self, note: Any, key: str) -> str:  # noqa: ANN401
        raw = self._raw
        size = raw.FPDFAnnot_GetStringValue(note, key.encode(), None, 0)
        if size <= 2 or size > _BUFFER_AT_MOST:
            return ""
        buffer = ctypes.create_string_buffer(size)
        raw.FPDFAnnot_GetStringValue(note, key.encode(), ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()

    def _file(self, note: Any) -> list[tuple[str, bytes]]:  # noqa: ANN401
        held = self._raw.FPDFAnnot_GetFileAttachment(note)
        if not held:
            return []
        attachment = self._library.PdfAttachment(held, self._document)
        try:
            return [(_said(attachment.get_name), bytes(attachment.get_data()))]
        except self._library.PdfiumError:
            return []

    def pictures(self) -> Iterator[bytes]:
        """Yield the photographs on the page as the files they were, each once in a document."""
        for thing in self._page.get_objects(filter=[self._raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            if len(self._seen) < _PICTURES and thing.get_filters()[-1:] == [_PHOTOGRAPH]:
                picture = bytes(thing.get_data(decode_simple=True))
                mark = zlib.crc32(picture)
                if len(picture) >= _SMALL_PICTURE and mark not in self._seen:
                    self._seen.add(mark)
                    yield picture

    def is_scanned(self) -> bool:
        """Tell whether the page says nothing that anybody could read but in what is painted on it.

        A scanner's program may write a line of its own on a page that is a picture.
        """
        signs = len(self.text.strip())
        if not (signs or self.cells):
            return bool(self._raw.FPDFPage_CountObjects(self._page) > 0)
        return signs < _LITTLE_TEXT and self._is_mostly_a_picture()

    def _is_mostly_a_picture(self) -> bool:
        width, height = self._page.get_size()
        for thing in self._page.get_objects(filter=[self._raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            left, bottom, right, top = thing.get_bounds()
            if (right - left) * (top - bottom) * 2 >= width * height and thing.get_filters()[-1:] != [_PHOTOGRAPH]:
                return True
        return False

    def picture(self, room: Callable[[int], bool]) -> bytes:
        """Return the page as a PNG in grey, empty when `room` has none for its pixels."""
        width, height = (max(1, int(side * _SCALE)) for side in self._page.get_size())
        if not room(width * height):
            return b""
        bitmap = self._page.render(scale=_SCALE, grayscale=True)
        try:
            rows = bytes(bitmap.buffer)
            return _png(rows, bitmap.width, bitmap.height, bitmap.stride)
        finally:
            bitmap.close()


def _said(ask: Callable[..., str], *arguments: str) -> str:
    """Return what the library says, empty where it is no text; the bytes are looked at besides."""
    try:
        text = ask(*arguments)
    except UnicodeDecodeError:
        return ""
    if text.startswith(_MARK):
        return text[2:].encode("latin-1", "replace").decode("utf-16-be", "replace")
    return text


def _png(rows: bytes, width: int, height: int, stride: int) -> bytes:
    """Return grey pixels as a PNG (W3C PNG section 11.2)."""
    lines = b"".join([b"\0" + rows[at : at + width] for at in range(0, stride * height, stride)])

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">2L5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b"")
