"""Detectors made ready, kept beside the compiled Python of the package, as `ready_patterns.py` keeps patterns.

They are pickled, so the file is as much code as what lies beside it. It is taken up only by the release of Python and
of `regex`, and the very code, that made it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from importlib.util import cache_from_source
from pathlib import Path
from pickle import dumps
from typing import Protocol

from dlp_proxy.detect import ready_detectors
from dlp_proxy.detect.ready_detectors import name_of
from dlp_proxy.wiring.code_digest import code_digest
from dlp_proxy.wiring.ready_patterns import digest_of


class Specified(Protocol):
    """A detector; the class itself would load all that detectors need."""

    @property
    def spec(self) -> object: ...


def detectors_file() -> Path:
    """Return where detectors are kept for this Python."""
    return Path(cache_from_source(ready_detectors.__file__)).with_suffix(".made.json")


def kept_here() -> Mapping[str, bytes]:
    """Return the detectors that are kept for this Python and this code."""
    return read(detectors_file())


def read(file: Path) -> Mapping[str, bytes]:
    """Return kept detectors by the name of their spec; none when the file cannot be used."""
    try:
        digest, text = file.read_text(encoding="ascii").split("\n", 1)
        if digest != _digest(text):
            return {}
        return {name: base64.b64decode(piece) for name, piece in json.loads(text).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep(detectors: Iterable[Specified], file: Path) -> None:
    """Keep detectors.

    Raises:
        OSError: they cannot be written.
    """
    text = json.dumps({name_of(one.spec): base64.b64encode(dumps(one)).decode() for one in detectors})
    file.parent.mkdir(exist_ok=True)
    file.with_suffix(".new").write_text(f"{_digest(text)}\n{text}", encoding="ascii")
    file.with_suffix(".new").replace(file)


def _digest(text: str) -> str:
    return digest_of(f"{code_digest()}\n{text}")
