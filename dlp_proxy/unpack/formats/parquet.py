"""Apache Parquet files."""

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

NAME: Final = "parquet"

_MAGIC: Final = b"PAR1"
_LOCKED: Final = b"PARE"


def accepts(content: Content) -> bool:
    return content.data.startswith((_MAGIC, _LOCKED)) and len(content.data) > 12


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    if content.data.startswith(_LOCKED):
        yield Gap("encrypted", content.location, "a Parquet file with a locked footer")
        return
    budget.decoder()
    source = record_batches.memory(content)
    end = content.data.rfind(_MAGIC) + len(_MAGIC)
    if end < len(content.data):
        source = library("pyarrow").BufferReader(content.data[:end])
    meter = budget.meter(len(content.data))
    try:
        file = library("pyarrow.parquet").ParquetFile(source, pre_buffer=False)
        schema, rows = file.schema_arrow, file.metadata.num_rows
    except record_batches.fails():
        yield from _broken(content)
        return
    size = _declared(file.metadata)
    if size > meter.room:
        raise meter.overrun()
    batches = file.iter_batches(batch_size=record_batches.batch_size(rows, size), use_threads=False)
    yield from record_batches.read(content, schema, batches, meter, "a Parquet file")
    said = file.metadata.metadata or {}
    if notes := b"\n".join(value for name, value in said.items() if name != b"ARROW:schema"):
        yield content.inside(notes, "metadata")
    if end < len(content.data):
        yield content.inside(content.data[end:], "after the Parquet file")


def _broken(content: Content) -> Iterator[Part | Gap]:
    if content.data.count(_MAGIC) < 2 and content.text is not None:
        raise Mismatch
    yield Gap("malformed", content.location, "a Parquet file that is cut or broken")
    yield from strings(content)


def _declared(metadata: Any) -> int:  # noqa: ANN401 - pyarrow's type
    """Return what the groups of rows say they unpack to; what they really do is counted as it is laid out.

    No column is asked: of one whose statistics do not fit each other pyarrow ends the process (26.0, `std::terminate`).
    """
    return sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
