"""Coverage-guided fuzzing by hand: `scripts/fuzz detect|unpack [-max_total_time=SECONDS ...]`. Not part of the tests.

Input for `detect` is a text, its first byte says how it is laid out; for `unpack` a body, its first bytes say what the
sender calls it. A crash leaves a file; put what it shows into a test, then mend it.
"""

from __future__ import annotations

import sys
from typing import Final

import atheris

with atheris.instrument_imports(include=["dlp_proxy"], exclude=["dlp_proxy.detect.wider"]):
    from dlp_proxy.model.limits import Limits
    from dlp_proxy.model.location import Location
    from dlp_proxy.model.message import CELL, Field, Part, Unit
    from tests.fuzz.holds import scanned, unpacked
    from tests.unpack.samples import message

BODY: Final = Location("body")
SMALL: Final = Limits(expanded_bytes=1 << 20, ratio_floor=1 << 16, depth=4, members=50, parts=100, findings=500)
LABELS: Final = (
    "", "application/json", "text/csv", "text/plain; charset=gb18030", "multipart/form-data; boundary=B", "text/html",
    "application/x-www-form-urlencoded", "application/x-ndjson",
)  # fmt: skip
CODINGS: Final = ("", "gzip", "deflate", "br", "zstd", "gzip, br")
COLUMNS: Final = ("phone", "收货人", "address", "order_id", "")


def detect(data: bytes) -> None:
    """Scan and group a text, plain, as rows, or as the fields of an object."""
    if not data:
        return
    how, text = data[0], data[1:].decode(errors="replace" if data[0] & 128 else "ignore")
    if not text:
        return
    if how & 3 == 1:
        text = text.replace(",", CELL)
        units, at = [], 0
        for line in text.splitlines(keepends=True):
            units.append(Unit(at, at + len(line), "row", f"row {at}"))
            at += len(line)
        scanned([Part(BODY, text, tuple(units), (), COLUMNS[how >> 4 & 3 :])], SMALL)
    elif how & 3 == 2:
        name = COLUMNS[(how >> 4) % len(COLUMNS)]
        half = len(text) // 2
        fields = (Field(0, half, name), Field(half, len(text), "name")) if half else ()
        scanned([Part(BODY, text, (Unit(0, len(text), "object", "$"),), fields)], SMALL)
    else:
        scanned([Part(BODY, text)], SMALL)


def unpack(data: bytes) -> None:
    """Unpack a body, then scan and group what came out."""
    if len(data) < 2:
        return
    headers = {"Content-Type": LABELS[data[0] % len(LABELS)], "Content-Encoding": CODINGS[data[1] % len(CODINGS)]}
    unpacked(message(data[2:], headers={name: value for name, value in headers.items() if value}), SMALL)


if __name__ == "__main__":
    target = {"detect": detect, "unpack": unpack}[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()
