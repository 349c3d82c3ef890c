"""What bytes are, by their first few: names for gaps, and signs that a text is none."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "binary data"

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b\x08", "a gzip file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\0", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x04\x22\x4d\x18", "an lz4 file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1aE\xdf\xa3", "a Matroska video"),
    (b"OggS", "an Ogg file"),
    (b"ID3", "an MP3 file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\0asm", "a WebAssembly module"),
    (b"PACK", "a git pack"),
    (b"MSWIM", "an image of Windows (WIM)"),
    (b"ITSF", "a help file (CHM)"),
    (b"ITOLITLS", "a help file or book (LIT)"),
    (b"AT&TFORM", "a DjVu document"),
    (b"hsqs", "a file system (SquashFS)"),
    (b"\xed\xab\xee\xdb", "an RPM package"),
    (b"7kSt", "a zpaq archive"),
    (b"zPQ", "a zpaq archive"),
)


def describe(data: bytes) -> str:
    """Return what an unread content is, with its article; `UNKNOWN` when nothing is known of it."""
    if data.startswith(b"RIFF") and data[8:12] in {b"WEBP", b"AVI ", b"WAVE"}:
        return "a WebP picture" if data[8:12] == b"WEBP" else "sound or video"
    if data[4:8] == b"ftyp":
        return "an MP4 video or HEIF picture"
    if data[8:12] == b"DUCK":
        return "a DuckDB database"
    if data[257:262] == b"ustar":
        return "a tar archive"
    return next((name for magic, name in _MAGIC if data.startswith(magic)), UNKNOWN)
