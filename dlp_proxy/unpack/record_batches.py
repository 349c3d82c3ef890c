"""What pyarrow reads, as tables or documents: in one thread, in batches of few rows, counted before they are text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Exhausted, Meter
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.document import render
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.libraries import library
from dlp_proxy.unpack.rows import table
from dlp_proxy.unpack.written import Written

BATCH: Final = 4096
"""Rows that are decoded at a time where a row is short."""

_SMALL_BATCH: Final = 64


def batch_size(rows: int, size: int) -> int:
    """Return how many rows to decode at a time when `rows` rows are said to take `size` bytes."""
    return BATCH if size < rows * 1024 else _SMALL_BATCH


def read(
    content: Content,
    schema: Any,  # noqa: ANN401 - pyarrow's types
    batches: Iterable[Any],
    meter: Meter,
    word: str,
) -> Iterator[Part | Gap | Content]:
    """Yield the rows of record batches; broken ones end them with a gap, and the rest is read for strings."""
    types = library("pyarrow").types
    broken: list[str] = []
    try:
        columns = list(schema.names)
    except UnicodeDecodeError:
        yield Gap("malformed", content.location, f"{word} that is broken; its columns have no names")
        yield from strings(content)
        return
    written = Written(content)
    checked = _noting(_checked(batches, meter, broken), written)
    if any(types.is_nested(field.type) for field in schema):
        rows = ((f"row {number}", row) for number, row in enumerate(_dicts(checked), 1))
        yield from render(rows, content, meter)
    else:
        yield from table(content, columns, _cells(checked), meter)
    yield from written.contents()
    if broken:
        yield Gap("malformed", content.location, f"{word} that is broken; what could be read was read")
        yield from strings(content)


def memory(content: Content) -> Any:  # noqa: ANN401 - pyarrow's type
    """Return a reader over the bytes.

    Raises:
        Mismatch: pyarrow is not installed, so that this is left to the strings scan.
    """
    try:
        arrow = library("pyarrow")
    except ImportError:
        raise Mismatch from None
    arrow.set_memory_pool(arrow.system_memory_pool())  # the others reserve more than an inspector is allowed
    return arrow.BufferReader(content.data)


def fails() -> tuple[type[Exception], ...]:
    """Return what pyarrow raises for broken files."""
    return (library("pyarrow").ArrowException, OSError, ValueError, TypeError, KeyError, IndexError, OverflowError)


def _checked(batches: Iterable[Any], meter: Meter, broken: list[str]) -> Iterator[Any]:
    """Yield the batches; raise when one is larger than may be unpacked, end where they are broken."""
    rows = 0
    try:
        for batch in batches:
            rows += batch.num_rows
            reached = _limit(rows, batch, meter)
            if reached:
                break
            yield batch
        else:
            return
    except MemoryError:
        reached = Exhausted("too-large", "takes more memory than there is", whole=False)
    except fails() as error:
        broken.append(type(error).__name__)
        return
    raise reached


def _noting(batches: Iterable[Any], written: Written) -> Iterator[Any]:
    """Yield the batches, having looked at the bytes of their numbers."""
    for batch in batches:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for numbers in _numbers(column):
                written.add(name, numbers)
        yield batch


def _numbers(column: Any) -> Iterator[bytes]:  # noqa: ANN401 - pyarrow's type
    """Yield the bytes of the numbers in a column, also of those in lists and objects. Single bytes are cells enough."""
    types = library("pyarrow").types
    if types.is_list(column.type) or types.is_large_list(column.type) or types.is_fixed_size_list(column.type):
        yield from _numbers(column.flatten())
    elif types.is_struct(column.type):
        for inner in column.flatten():
            yield from _numbers(inner)
    elif types.is_primitive(column.type) and column.type.bit_width > 8 and column.buffers()[1] is not None:
        width = column.type.bit_width // 8
        yield column.buffers()[1][column.offset * width : (column.offset + len(column)) * width].to_pybytes()


def _limit(rows: int, batch: Any, meter: Meter) -> Exhausted | None:  # noqa: ANN401 - pyarrow's type
    if rows > meter.budget.limits.values:
        return Exhausted("too-large", "a table with more rows than are laid out", whole=False)
    batch.validate(full=True)
    return meter.overrun() if sum(map(_size, batch.columns)) > meter.room else None


def _size(column: Any) -> int:  # noqa: ANN401 - pyarrow's type
    """Return the bytes of the values: one entry of a dictionary, or one run, may stand for far more than it takes."""
    arrow = library("pyarrow")
    count = library("pyarrow.compute")
    if arrow.types.is_dictionary(column.type) and _has_length(column.dictionary):
        return count.sum(count.binary_length(column.dictionary).take(column.indices)).as_py() or 0
    if arrow.types.is_run_end_encoded(column.type):
        longest = count.max(count.binary_length(column.values)).as_py() if _has_length(column.values) else 8
        return len(column) * (longest or 0)
    size: int = column.nbytes
    return size


def _has_length(values: Any) -> bool:  # noqa: ANN401
    types = library("pyarrow").types
    return any(
        asked(values.type) for asked in (types.is_string, types.is_large_string, types.is_binary, types.is_large_binary)
    )


def _cells(batches: Iterable[Any]) -> Iterator[list[Any]]:
    for batch in batches:
        columns = [_values(column) for column in batch.columns]
        yield from map(list, zip(*columns, strict=True)) if columns else ()


def _dicts(batches: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        columns = [_values(column) for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield dict(zip(batch.schema.names, row, strict=True))


def _values(column: Any) -> Iterator[Any]:  # noqa: ANN401 - pyarrow's type
    """Yield values one at a time: a dictionary or a run may stand for far more bytes than it takes."""
    types = library("pyarrow").types
    if types.is_timestamp(column.type) or types.is_time(column.type) or types.is_duration(column.type):
        column = column.cast("string") if not types.is_duration(column.type) else column.cast("int64")
    for value in column:
        try:
            yield value.as_py()
        except (ValueError, OverflowError, UnicodeDecodeError):
            yield _raw(value)


def _raw(value: Any) -> Any:  # noqa: ANN401 - pyarrow's type
    buffer = value.as_buffer() if hasattr(value, "as_buffer") else None
    return None if buffer is None else buffer.to_pybytes()
