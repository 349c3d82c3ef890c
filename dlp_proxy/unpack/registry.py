"""Every format that is read, in the order of trial: the first that accepts and reads a content names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.formats import (
    archive,
    arj,
    arrow,
    avro,
    base85,
    bencode,
    binary,
    bmp,
    boxes,
    bson,
    cbor,
    compressed,
    container,
    csv,
    dbf,
    dif,
    dns_message,
    document_xml,
    drawio,
    ebcdic,
    edifact,
    enciphered,
    fixed_width,
    form,
    gif,
    git,
    git_patch,
    gzip,
    hdf5,
    hex_records,
    html,
    http,
    id3,
    iwa,
    jpeg,
    json,
    leveldb,
    lmdb,
    lotus,
    mail,
    markdown,
    matlab,
    msgpack,
    multipart,
    npy,
    office,
    ole,
    orc,
    overstruck,
    parquet,
    pcap,
    pdf,
    php_dump,
    pickle,
    plist,
    png,
    pnm,
    postgres_copy,
    postgres_dump,
    postscript,
    protobuf,
    registry_export,
    riff,
    rtf,
    sas_transport,
    script,
    socialcalc,
    spss,
    spss_portable,
    sql,
    sqlite,
    stata,
    sylk,
    tar,
    text,
    tiff,
    tnef,
    ubjson,
    uuencode,
    v8,
    vcard,
    x12,
    xml,
    yaml,
    zpl,
)
from dlp_proxy.unpack.formats import zip as zip_format


class Format(Protocol):
    """What a file of `formats/` offers."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a constant of the module
        """The word for it in `Unpacked.content` and in policies."""

    def accepts(self, content: Content, /) -> bool:
        """Tell by a cheap look whether `read` should try."""

    def read(self, content: Content, budget: Budget, /) -> Iterator[Part | Gap | Content]:
        """Yield parts, gaps, and contents to be read in turn.

        Raises:
            Mismatch: on a closer look it is something else; nothing but gaps was yielded.
            Exhausted: a limit was reached; what was yielded stays.
        """


FORMATS: Final[tuple[Format, ...]] = (
    leveldb,  # its magic is at its end, and its beginning may be like anything
    enciphered,  # before multipart, for which its armour is a boundary
    http,  # before mail, which has fields too
    mail,  # before multipart, which it goes on to
    multipart,  # before zip: it holds whole archives, an archive seldom holds it bare
    uuencode,  # before what may stand bare in its text
    git_patch,
    gzip,  # before zip: packing an archive again leaves its signatures readable
    compressed,
    ole,  # these four before zip as well: they may hold one bare
    tnef,
    rtf,
    pdf,
    tar,
    archive,
    arj,
    container,
    git,
    pcap,  # all of these have a magic
    postgres_copy,
    postgres_dump,
    v8,
    lmdb,
    spss,
    spss_portable,
    sas_transport,
    matlab,
    lotus,
    hdf5,
    sqlite,
    parquet,
    arrow,
    orc,
    avro,
    postscript,
    plist,
    npy,
    stata,
    gif,  # before zip: an archive in its blocks would be read with their lengths in it
    office,  # an archive with more to tell
    zip_format,
    png,  # pictures after zip: an archive behind one is taken by it, and gives the picture back
    jpeg,
    tiff,
    riff,
    bmp,
    pnm,
    boxes,
    id3,
    hex_records,
    overstruck,
    base85,  # no text, and before all readers of text
    drawio,
    document_xml,
    html,
    xml,
    vcard,
    zpl,
    x12,
    edifact,
    json,
    script,
    form,
    bencode,
    ubjson,
    iwa,
    dns_message,
    bson,  # this and the next few have no magic: all of a content must be one
    dbf,
    pickle,
    msgpack,
    cbor,
    protobuf,
    ebcdic,
    registry_export,
    socialcalc,
    sylk,
    dif,
    php_dump,
    sql,  # before csv, which would cut statements at their commas
    markdown,
    yaml,
    csv,
    fixed_width,
    text,
    binary,  # takes what is left
)

_OF_BYTES: Final[tuple[Format, ...]] = (
    leveldb, gzip, ole, tnef, tar, arj, container, git, pcap, postgres_copy, postgres_dump, v8, lmdb, spss, matlab,
    lotus, hdf5, sqlite, parquet, arrow, orc, avro, plist, npy, stata, gif, office, zip_format, png, jpeg, tiff, riff,
    bmp, pnm, boxes, id3, iwa, dns_message, bson, dbf, msgpack, cbor, protobuf, ebcdic,
)  # fmt: skip
"""Formats that have a byte that no plain text has. One that were without it would be packed in no way: all of it is
read as text."""

FORMATS_OF_TEXT: Final[tuple[Format, ...]] = tuple(form for form in FORMATS if form not in _OF_BYTES)
"""What is tried where there is plain text: archives of programs hold thousands, and each format takes its time."""
