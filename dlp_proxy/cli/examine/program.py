"""The program: its versions, and what it has of the libraries and programs that it can do without, at a price."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Iterator

from dlp_proxy import __version__
from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.detect.prefilter import ENGINE
from dlp_proxy.pictures import tesseract
from dlp_proxy.programs import opening
from dlp_proxy.proxy.sandbox import try_out
from dlp_proxy.settings import Settings
from dlp_proxy.unpack.libraries import library


def program(settings: Settings) -> Iterator[Answer]:
    """Yield what is there."""
    yield Answer("program", "fine", f"dlp_proxy {__version__}, Python {sys.version.split()[0]}")
    yield _mitmproxy()
    yield _detection(hyperscan=settings.hyperscan)
    yield _pictures(settings.ocr)
    yield _archives()
    yield _containers()
    yield _inspectors()


def _mitmproxy() -> Answer:
    version = importlib.metadata.version("mitmproxy")
    parts = tuple(int(one) for one in version.split(".")[:3])
    if not (12, 2, 3) <= parts < (12, 4):
        return Answer(
            "mitmproxy", "problem", f"{version}: must be >= 12.2.3 and < 12.4; run `scripts/dlp-proxy` to renew"
        )
    return Answer("mitmproxy", "fine", version)


def _detection(*, hyperscan: bool) -> Answer:
    if ENGINE != "hyperscan":
        return Answer(
            "detection",
            "warning",
            "no hyperscan: same findings, slower; `scripts/bootstrap run` brings it, .venv/set-up.log says why not",
        )
    if not hyperscan:
        return Answer("detection", "warning", "hyperscan is there and the setting `hyperscan` is off: slower")
    return Answer("detection", "fine", f"hyperscan {importlib.metadata.version('hyperscan')} looks first")


def _pictures(ocr: str) -> Answer:
    if ocr == "off":
        return Answer("pictures", "warning", "the setting `ocr` is off: text and codes in pictures are not read")
    program = tesseract.find()
    install = "`apt-get install tesseract-ocr tesseract-ocr-chi-sim`"
    if program is None and shutil.which("tesseract"):
        says = "codes are read, text is not: tesseract is there, and `tesseract --list-langs` tells none that is wanted"
        return Answer("pictures", "warning", f"{says} ({', '.join(tesseract.WANTED)}): TESSDATA_PREFIX, or {install}")
    if program is None:
        return Answer("pictures", "warning", f"codes are read, text is not: no tesseract; {install}")
    missing = [one for one in tesseract.WANTED if one not in program.languages]
    says = f"tesseract {program.version} reads {', '.join(program.languages)}; codes by zxing-cpp"
    if missing:
        return Answer("pictures", "warning", f"{says}; without {', '.join(missing)}: {install}")
    return Answer("pictures", "fine", says)


def _archives() -> Answer:
    try:
        version = library("libarchive").ffi.version_number()
    except ImportError:
        return Answer(
            "archives",
            "warning",
            "no libarchive: RAR, CAB, ISO, cpio, ar, xar, LHA and LZ4 are gaps; install libarchive13",
        )
    return Answer(
        "archives", "fine", f"libarchive {version // 1_000_000}.{version // 1000 % 1000} reads RAR, CAB and others"
    )


def _containers() -> Answer:
    found = opening.find()
    missing = [
        package for package, program in (("7zip", found.seven_zip), ("djvulibre-bin", found.djvu)) if program is None
    ]
    if missing:
        return Answer(
            "containers",
            "warning",
            f"WIM, CHM, installers and disks (7-Zip) or DjVu are gaps; `apt-get install {' '.join(missing)}`",
        )
    return Answer("containers", "fine", "7-Zip opens WIM, CHM, installers and disks; DjVuLibre DjVu")


def _inspectors() -> Answer:
    found = try_out()
    if found.missing:
        return Answer("inspectors", "warning", "; ".join(found.missing))
    return Answer("inspectors", "fine", f"no network, and no file they could write: {', '.join(found.by)}")
