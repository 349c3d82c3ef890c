"""Bombs and files made to get out, through a real inspector under its limits.

Time is CPU time of the inspector, which other work on the machine does not change; memory is the most that it had.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.proxy.inspector import Recipe
from dlp_proxy.proxy.metrics import Metrics
from dlp_proxy.proxy.pool import InspectionPool
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.wiring.engine import build_inspect, engine_parts
from tests.kept_gate import gated
from tests.samples.every import samples
from tests.samples.hostile import MARK
from tests.samples.ordeal import Outcome, nobody, nothing_is_small, undergo

POLICIES: Final = Path(__file__).resolve().parents[2] / "policies"
SECONDS, MEGABYTES = 10.0, 512.0
SLOW: Final = {
    "gigabyte.gz", "gigabyte.zz", "gigabyte.zip", "gigabyte.xz", "nested-nine.gz", "nested-42.zip",
    "lying-size.zip", "overlapping.zip", "seven-million-rows.xlsx", "huge-shared-string.xlsx",
    "two-million-columns.xlsx", "million-keys.json", "long-number.json", "one-long-line.txt",
    "million-columns.csv", "base64-in-base64.txt", "backslashes.json", "many-parameters.form", "objects.rtf",
    "nested.vcf", "text-bomb.png", "dictionary.parquet", "many-documents.msgpack", "stream-bomb.pdf",
    "stream-bomb-twice.pdf", "endless-text.pdf", "many-pages.pdf", "ten-thousand-parts.eml", "many-mails.mbox",
    "encoded-words.eml", "million-headers.eml", "huge-blobs.sqlite", "percent-percent.txt", "letters.docx",
    "million-words.json", "cards.vcf", "events.ics", "columns-of-nothing.sql", "dots.yaml", "digits-between.txt",
    "blocks.cab", "tags.yaml", "words.xls", "far-cells.xls", "lying.npy", "one-sign-a-cell.npy", "lying.dta",
    "quotes.csv", "begins.uu", "z.a85", "hex-of-zip.txt", "offsets.pickle", "framed-phones.txt",
    "entities.html", "escapes.txt", "soft-breaks.txt", "array.c", "dump.txt", "colours.txt",
    "one-long-value.php", "million-values.php", "segments.edi", "released.edi", "components.edi",
    "segments.x12", "fields.zpl", "labels.zpl", "backwards.txt", "step-by-step.txt", "form-feeds.prn",
    "fields.vcf", "lines.reg", "one-name.reg", "columns.eth", "one-field.slk", "one-cell.dif", "records.hex",
    "records.s19", "begins.ync", "parentheses.ps", "unclosed.ps", "texts.ps", "sheets.wk3", "nothing.wk1",
    "far.wk3", "strings.ubj", "nothings.ubj", "numbers.js", "names.v8", "nothings.v8", "nothings.bencode",
    "frames.grpc", "groups.protobuf", "columns-over-columns.xpt", "widths.sav", "labels.por", "blanks.por",
    "a-byte-again.iwa", "a-byte-each.iwa", "tokens.mozlz4", "statement-again.dump", "handles.ldb",
    "growing-keys.ldb", "flows.pcap", "chunks.h5", "members.h5", "heaps.h5", "objects.pdf", "notes.pdf",
    "packets.mp4", "chunks.png", "programs.gif", "extras.zip", "calls.js", "lists.js", "digits.sql",
    "quotes.sql", "octal-bytes.txt", "characters.txt", "hundred-megabytes.mozlz4",
}  # fmt: skip
"""More than half a second each, with a gate or without: `scripts/fuzz hostile` runs them too."""
HARMLESS: Final = frozenset({"malformed", "unknown-format", "encrypted", "too-large", "too-deep", "timed-out"})


def left_behind() -> list[Path]:
    return [path for folder in ("/tmp", "/") for path in Path(folder).glob(f"*{MARK}*")]


async def test_every_hostile_file_ends_soon_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(build_inspect, (gated(engine_parts(POLICIES, passing_fingerprint(), LIMITS)),))
    pool = InspectionPool(nobody, recipe, processes=1, seconds=120.0, metrics=Metrics())
    await pool.start()
    monkeypatch.setattr("dlp_proxy.proxy.pool.is_small", nothing_is_small)
    outcomes: dict[str, Outcome] = {}
    for one in samples(hostile=True):
        name = one.name.rpartition("/")[2]
        if name not in SLOW and not name.startswith("bait-"):
            outcomes[name] = await undergo(pool, one.name, one.data)
    pool.stop()
    died = [name for name, one in outcomes.items() if one.died]
    slow = {name: one.seconds for name, one in outcomes.items() if one.seconds > SECONDS}
    large = {name: one.megabytes for name, one in outcomes.items() if one.megabytes > MEGABYTES}
    odd = {name: one.reasons for name, one in outcomes.items() if not HARMLESS.issuperset(one.reasons)}
    assert (died, slow, large, odd) == ([], {}, {}, {})
    assert len(outcomes) >= 60
    assert left_behind() == []
