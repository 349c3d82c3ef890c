"""Apache ORC files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Part
from dlp_proxy.unpack import record_batches
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.formats.binary import strings
from dlp_proxy.unpack.libraries import library

NAME: Final = "orc"

_MAGIC: Final = b"ORC"


def accepts(content: Content) -> bool:
    data = content.data
    return data.startswith(_MAGIC) and (data[-4:-1] == _MAGIC or b"\0" in data[:256])


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    budget.decoder()
    source = record_batches.memory(content)
    try:
        file = library("pyarrow.orc").ORCFile(source)
        schema = file.schema
    except ImportError:
        raise Mismatch from None
    except record_batches.fails():
        yield Gap("malformed", content.location, "an ORC file that is broken")
        yield from strings(content)
        return
    batches = (file.read_stripe(number) for number in range(file.nstripes))
    yield from record_batches.read(content, schema, batches, budget.meter(len(content.data)), "an ORC file")
