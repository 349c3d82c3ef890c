"""Pictures that carry customers: in what they say, in what they show, and behind their end."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from tests.samples.customers import HEADER, Customer
from tests.samples.sample import Files, Sample
from tests.samples.tables import table

FONT: Final = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
_SHOWN: Final = 60


def files(some: list[Customer]) -> Files:
    text = table(some)
    raw = text.encode()
    small = Image.new("RGB", (60, 40), "navy")
    for name, packed in (("text", False), ("packed-text", True)):
        chunks = PngImagePlugin.PngInfo()
        chunks.add_text("Comment", text.encode().decode("latin-1"), zip=packed)
        yield f"{name}.png", _saved(small, "PNG", pnginfo=chunks)
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("Description", text, zip=True)
    yield "international-text.png", _saved(small, "PNG", pnginfo=chunks)
    yield "private-chunk.png", _chunk(_saved(small, "PNG"), b"prVt", raw)
    comments = b"".join(b"# %b\n" % line for line in raw.splitlines())
    yield "comments.ppm", b"P6\n" + comments + b"2 2\n255\n" + bytes(2 * 2 * 3)
    exif = Image.Exif()
    exif[0x010E] = raw
    yield "exif.jpg", _saved(small, "JPEG", exif=exif)
    exif = Image.Exif()
    exif[0x0131] = "x"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-be")
    yield "user-comment.webp", _saved(small, "WEBP", exif=exif)
    yield "exif.png", _saved(small, "PNG", exif=exif)
    yield "comment.jpg", _segment(_saved(small, "JPEG"), 0xFE, raw)
    yield (
        "xmp.jpg",
        _saved(small, "JPEG", xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><d>{text}</d></x:xmpmeta>".encode()),
    )
    yield "iptc.jpg", _segment(_saved(small, "JPEG"), 0xED, _iptc(raw))
    yield "behind.jpg", _saved(small, "JPEG") + raw
    yield "behind.png", _saved(small, "PNG") + raw
    yield "behind.gif", _saved(small, "GIF") + raw
    yield "comment.gif", _saved(small.convert("P"), "GIF", comment=raw)
    yield "description.tif", _saved(small, "TIFF", tiffinfo={0x010E: raw})
    yield "behind.bmp", _saved(small, "BMP") + raw
    yield "info.wav", _wav(raw)
    yield "tags.mp3", _id3(raw)


def shown(some: list[Customer]) -> list[Sample]:
    """Return pictures of tables; they are read, not decoded, so a few customers may be lost."""
    few = some[:_SHOWN]
    picture = drawn(few)
    found = [
        ("screenshot.png", _saved(picture, "PNG")),
        ("screenshot.jpg", _saved(picture, "JPEG", quality=85)),
        ("dark.png", _saved(drawn(few, dark=True), "PNG")),
    ]
    codes = [segno.make(" ".join(one.cells), error="l", encoding="utf-8") for one in few]
    found.append(("codes.png", _saved(_sheet(codes), "PNG")))
    return [
        Sample(f"pictures/{name}", data, "blocked", len(few), len(few) * 9 // 10, hard=True) for name, data in found
    ]


def drawn(some: Sequence[Customer], *, size: int = 16, dark: bool = False) -> Image.Image:
    """Return a table as a screen shows it."""
    font = ImageFont.truetype(FONT, size)
    rows = [HEADER, *(one.cells for one in some)]
    widths = [int(max(font.getlength(row[column]) for row in rows)) + 16 for column in range(5)]
    high = size * 7 // 4
    picture = Image.new("RGB", (sum(widths) + 20, high * len(rows) + 20), "#202124" if dark else "white")
    pen = ImageDraw.Draw(picture)
    for line, row in enumerate(rows):
        left = 10
        for cell, width in zip(row, widths, strict=True):
            top = 10 + line * high
            pen.rectangle((left, top, left + width, top + high), outline="#555" if dark else "#ccc")
            pen.text((left + 8, top + size // 4), cell, font=font, fill="#eee" if dark else "#222")
            left += width
    return picture


def _sheet(codes: Sequence[segno.QRCode]) -> Image.Image:
    sheet = Image.new("L", (8 * 240, (len(codes) + 7) // 8 * 240), 255)
    for number, code in enumerate(codes):
        buffer = io.BytesIO()
        code.save(buffer, kind="png", scale=4, border=3)
        sheet.paste(Image.open(buffer).convert("L"), (number % 8 * 240, number // 8 * 240))
    return sheet


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _chunk(png: bytes, kind: bytes, data: bytes) -> bytes:
    chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return png[:33] + chunk + png[33:]


def _segment(jpeg: bytes, kind: int, data: bytes) -> bytes:
    return jpeg[:2] + b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def _iptc(text: bytes) -> bytes:
    data = b"\x1c\x02\x78" + struct.pack(">H", len(text)) + text
    return b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(data)) + data


def _wav(text: bytes) -> bytes:
    listed = b"INFOICMT" + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    body = b"WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0data\x10\0\0\0" + b"\x80" * 16
    body += b"LIST" + struct.pack("<I", len(listed)) + listed
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _id3(text: bytes) -> bytes:
    frame = b"COMM" + struct.pack(">I", len(text) + 5) + b"\0\0" + b"\x03zho\0" + text
    size = len(frame)
    return b"ID3\x03\0\0" + bytes(size >> shift & 127 for shift in (21, 14, 7, 0)) + frame + b"\xff\xfb\x90\0" * 50
