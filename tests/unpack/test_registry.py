from __future__ import annotations

from pathlib import Path

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack import registry
from dlp_proxy.unpack.long_registry import LONG_FORMATS
from dlp_proxy.unpack.registry import FORMATS
from dlp_proxy.unpack.unpack import unpack
from tests.samples.every import samples
from tests.unpack.samples import message

FOLDER = Path(registry.__file__).parent / "formats"


def test_no_format_is_forgotten() -> None:
    files = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
    assert len(files) == 86
    assert sorted(form.NAME for form in FORMATS) == files


def test_no_long_format_is_forgotten() -> None:
    files = sorted(path.stem for path in FOLDER.with_name("long_formats").glob("*.py") if path.stem != "__init__")
    assert len(files) == 7
    assert sorted(form.NAME for form in LONG_FORMATS) == files


def test_the_last_format_takes_what_is_left() -> None:
    assert [form.NAME for form in FORMATS][-2:] == ["text", "binary"]


def test_every_format_has_a_sample_that_is_damaged_by_the_thousand() -> None:
    read = {name for one in samples(count=3) for name in unpack(message(one.data), LIMITS).formats}
    # What only a program opens is not read here; its tests are in tests/programs.
    assert {form.NAME for form in FORMATS} - read == {"container"}
