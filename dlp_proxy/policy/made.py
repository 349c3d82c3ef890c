"""Records made from samples, written as a body: for policy tests, the self-test and the demo."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from dlp_proxy.detect.detector import DetectorSpec
from dlp_proxy.detect.sample import sample
from dlp_proxy.model.record import RecordSpec

type Layout = Literal["csv", "json", "form", "text"]

MIME: Final[Mapping[str, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
    "multipart": "multipart/form-data",
    "zip": "application/zip",
    "gzip": "application/gzip",
    "archive": "application/zip",
    "binary": "application/octet-stream",
}
_ZIP_TIME: Final = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A body and its Content-Type."""

    body: bytes
    mime: str


def make_rows(
    record: RecordSpec, detectors: Mapping[str, DetectorSpec], rows: int, start: int = 0
) -> list[dict[str, str]]:
    """Return `rows` different customers: detector name -> value. Row `n` of one `start` is row 0 of `start + n`.

    A customer has what the record must have, and of what it may have the first of each kind: nobody's row has a
    phone of every country.

    Raises:
        ValueError: a detector of the record has no sample.
    """
    first_of_kind: dict[str, str] = {}
    for name in record.has_some:
        first_of_kind.setdefault(detectors[name].kind, name)
    some = list(first_of_kind.values())
    some += [name for name in record.has_some if name not in some][: max(0, record.has_some_at_least - len(some))]
    names = list(dict.fromkeys((*record.has, *some)))
    for name in names:
        if not detectors[name].sample:
            raise ValueError(f"detector `{name}` has no `sample` to make values from")
    return [{name: sample(detectors[name], start + row + 1) for name in names} for row in range(rows)]


def make_body(
    record: RecordSpec, detectors: Mapping[str, DetectorSpec], rows: int, layout: Layout = "csv", start: int = 0
) -> Made:
    """Return a body that holds `rows` records.

    Raises:
        ValueError: a detector of the record has no sample.
    """
    table = make_rows(record, detectors, rows, start)
    return Made(_written(table, layout).encode(), MIME[layout])


def zipped(name: str, body: bytes) -> bytes:
    """Return a zip with one member; the same bytes for the same input."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(zipfile.ZipInfo(name, _ZIP_TIME), body, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _written(table: list[dict[str, str]], layout: Layout) -> str:
    if layout == "json":
        return json.dumps(table, ensure_ascii=False, indent=1)
    if layout == "form":
        return urlencode(table[0] if table else {})
    if layout == "text":
        return "\n\n".join("\n".join(f"{name}: {value}" for name, value in row.items()) for row in table) + "\n"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(table[0]) if table else [], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue()
