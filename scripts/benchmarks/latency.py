"""`scripts/bench latency`: small requests while another client uploads spreadsheets of 20 MB, and without it.

In turns: alone, with uploads, and again. One process asks for 1 KB over kept TLS connections; another sends the same
real spreadsheet (many rows, no customer in it) one after the other. The table holds medians over the rounds.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Final

import xlsxwriter

from benchmarks.page import put
from benchmarks.processes import end_on_term
from benchmarks.ways import HOST, OURS, Origins, Way, ways

MB: Final = 1_000_000
_ROWS: Final = 120_000
_PACKED_ROW: Final = 71
"""Bytes of a row, packed."""


def spreadsheet(path: Path, size: int) -> Path:
    """Write a spreadsheet of about `size` bytes: goods, remarks, prices, places, counts; no customer in it.

    Its sheets are such as are read to their end: no more than 250,000 rows and 64 MiB unpacked each.
    """
    chance = random.Random(3)
    words = ["".join(chance.choices("abdefgiklmnoprstu", k=6)) for _ in range(20_000)]
    rows = size // _PACKED_ROW
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        for first in range(0, rows, _ROWS):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["sku", "remark", "price", "warehouse", "count"])
            for row in range(1, min(rows - first, _ROWS) + 1):
                remark = " ".join(chance.choices(words, k=10))
                number = f"{chance.choice('ABCDEF')}{chance.randrange(10**4)}"
                price, count = round(chance.uniform(1, 900), 2), chance.randrange(400)
                sheet.write_row(row, 0, [number, remark, price, "north", count])
    return path


def ask(way: Way, origin: Origins, seconds: float, connections: int) -> dict[str, float]:
    words = (HOST, str(origin.tls), str(way.port), str(way.trust), "get", "kept", str(seconds), str(connections))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    result: dict[str, float] = json.loads(done.stdout)
    return result


class Uploader(threading.Thread):
    """Sends a file again and again until told to stop.

    Attributes:
        done: uploads that arrived.
    """

    def __init__(self, way: Way, origin: int, path: Path) -> None:
        super().__init__(daemon=True)
        self._words = [
            *("curl", "--silent", "--show-error", "--http1.1", "--cacert", str(way.trust), "--max-time", "300"),
            *("--proxy", f"http://127.0.0.1:{way.port}", "-H", "Expect:", "--form", f"file=@{path}"),
            *("--output", "-", "--write-out", "\\n%{response_code}", f"https://{HOST}:{origin}/upload"),
        ]
        self._stop = threading.Event()
        self._failed: RuntimeError | None = None
        self.done = 0

    def run(self) -> None:
        try:
            while not self._stop.is_set():
                self.once()
                self.done += 1
        except RuntimeError as error:
            self._failed = error

    def once(self) -> None:
        """Send the file.

        Raises:
            RuntimeError: it was answered otherwise than with 200: then nothing is measured that means anything.
        """
        done = subprocess.run(self._words, capture_output=True, text=True, check=False)
        page, _, code = done.stdout.rpartition("\n")
        if code != "200":
            raise RuntimeError(f"an upload was answered {code}: {page[:500]}{done.stderr}")

    def stop(self) -> int:
        """Wait for the upload under way; return how many arrived.

        Raises:
            RuntimeError: one did not.
        """
        self._stop.set()
        self.join()
        if self._failed is not None:
            raise self._failed
        return self.done


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=30)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--connections", type=int, default=4)
    arguments.add_argument("--megabytes", type=int, default=20)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    words = arguments.parse_args()
    end_on_term()
    alone: list[dict[str, float]] = []
    beside: list[dict[str, float]] = []
    arrived = 0
    with tempfile.TemporaryDirectory(prefix="dlp-proxy-bench-") as name:
        folder = Path(name)
        path = spreadsheet(folder / "stock.xlsx", words.megabytes * MB)
        size = path.stat().st_size / MB
        with ways(folder, compiled=True, only=(OURS,)) as (origin, some):
            ours = some[-1]
            ask(ours, origin, 1, words.connections)
            Uploader(ours, origin.tls, path).once()
            for _ in range(words.rounds):
                alone.append(ask(ours, origin, words.seconds, words.connections))
                uploader = Uploader(ours, origin.tls, path)
                uploader.start()
                beside.append(ask(ours, origin, words.seconds, words.connections))
                arrived += uploader.stop()
    lines = ["| small requests | p50 | p99 | requests per second |", "|---|---|---|---|"]
    for title, found in (("alone", alone), (f"beside uploads of {size:.0f} MB spreadsheets", beside)):
        p50, p99, rps = (statistics.median(one[what] for one in found) for what in ("p50", "p99", "rps"))
        lines.append(f"| {title} | {p50:.1f} ms | {p99:.1f} ms | {rps:.0f} |")
    ratio = statistics.median(two["p99"] / one["p99"] for one, two in zip(alone, beside, strict=True))
    lines.append(f"| beside / alone, median of the rounds | | **{ratio:.2f}x** | |")
    shown = "\n".join([*lines, "", f"Uploads that arrived in that time: {arrived}."])
    print(shown)
    if words.write:
        put("latency", shown)


if __name__ == "__main__":
    main()
