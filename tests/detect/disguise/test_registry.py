"""No disguise is forgotten."""

from __future__ import annotations

from pathlib import Path

from dlp_proxy.detect.disguise import registry
from dlp_proxy.detect.disguise.encoded import Encoded
from dlp_proxy.detect.disguise.registry import DISGUISES
from dlp_proxy.encodings import registry as encodings
from dlp_proxy.encodings.registry import ENCODINGS

MECHANISM = {"__init__", "registry", "patch", "view", "hints", "uncover", "encoded", "tag_characters", "lines"}


def test_every_file_of_disguises_is_in_the_tuple() -> None:
    files = {path.stem for path in Path(registry.__file__).parent.glob("*.py")} - MECHANISM
    listed = {getattr(one, "__name__", "").rpartition(".")[2] for one in DISGUISES if not isinstance(one, Encoded)}
    assert listed == files
    assert len(files) == 21


def test_every_encoding_is_a_disguise() -> None:
    files = {path.stem for path in Path(encodings.__file__).parent.glob("*.py")}
    files -= {"__init__", "registry", "run", "readable", "starting"}
    assert {getattr(one, "__name__", "").rpartition(".")[2] for one in ENCODINGS} == files
    assert [one.NAME for one in DISGUISES if isinstance(one, Encoded)] == [one.NAME for one in ENCODINGS]
