"""Arrow IPC files and streams, and Feather files of both versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import record_batches
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.libraries import library

NAME: Final = "arrow"

_FILE: Final = b"ARROW1\0\0"
_FEATHER: Final = b"FEA1"
_STREAM: Final = b"\xff\xff\xff\xff"
_FIRST_AT_MOST: Final = 1 << 24


def accepts(content: Content) -> bool:
    data = content.data
    if data.startswith((_FILE, _FEATHER)):
        return True
    size = int.from_bytes(data[4:8], "little")
    return data.startswith(_STREAM) and 16 <= size <= min(len(data), _FIRST_AT_MOST) and size % 8 == 0


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    source = record_batches.memory(content)
    is_file = content.data.startswith((_FILE, _FEATHER))
    try:
        opened = _open(source, content, is_file=is_file)
    except record_batches.fails():
        if not is_file:
            raise Mismatch from None
        yield Gap("malformed", content.location, "an Arrow file that is cut or broken")
        yield from strings(content)
        return
    meter = budget.meter(len(content.data))
    batches = opened.to_batches() if content.data.startswith(_FEATHER) else opened
    yield from record_batches.read(content, opened.schema, batches, meter, "an Arrow file")
    if rest := content.data[_end(content.data, source) :]:
        yield content.inside(rest, "after the file")
    said = opened.schema.metadata or {}
    if notes := b"\n".join(said.values()):
        yield content.inside(notes, "metadata")


def _end(data: bytes, source: Any) -> int:  # noqa: ANN401 - pyarrow's type
    """Return where a stream ends by what was read of it, or a file by its magic behind the size of its footer."""
    if not data.startswith((_FILE, _FEATHER)):
        return int(source.tell())
    magic = _FEATHER if data.startswith(_FEATHER) else _FILE.rstrip(b"\0")
    at = data.find(magic, len(_FILE))
    while at >= 0 and not 0 < int.from_bytes(data[at - 4 : at], "little") < at:
        at = data.find(magic, at + 1)
    return at + len(magic) if at >= 0 else len(data)


def _open(source: Any, content: Content, *, is_file: bool) -> Any:  # noqa: ANN401 - pyarrow's types
    """Return the batches as a stream: a file is one behind its magic, whatever its footer says; else as that says."""
    if content.data.startswith(_FEATHER):
        return library("pyarrow.feather").read_table(source, use_threads=False)
    ipc = library("pyarrow.ipc")
    options = ipc.IpcReadOptions(use_threads=False)
    if not is_file:
        return ipc.open_stream(source, options=options)
    try:
        return ipc.open_stream(library("pyarrow").BufferReader(content.data[len(_FILE) :]), options=options)
    except record_batches.fails():
        return _Batches(ipc.open_file(source, options=options))


class _Batches:
    """A file whose footer alone has the schema, as Polars writes it."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401
        self._file = file
        self.schema = file.schema

    def __iter__(self) -> Iterator[Any]:
        return map(self._file.get_batch, range(self._file.num_record_batches))
