"""How many processes an installation has."""

from __future__ import annotations

import pytest

from dlp_proxy.settings import Settings
from dlp_proxy.wiring.sizes import Sizes, sizes_of

GIB = 1024**3


@pytest.mark.parametrize(
    ("workers", "inspectors", "cores", "sizes"),
    [
        pytest.param(1, "auto", 1, Sizes(1, 2, 4 * GIB), id="one core"),
        pytest.param(1, "auto", 8, Sizes(1, 8, 4 * GIB), id="one worker of eight cores"),
        pytest.param("auto", "auto", 2, Sizes(2, 1, 2 * GIB), id="two cores"),
        pytest.param("auto", "auto", 16, Sizes(16, 1, GIB // 4), id="sixteen cores"),
        pytest.param(4, 6, 2, Sizes(4, 2, GIB), id="as set"),
        pytest.param(4, 1, 2, Sizes(4, 1, GIB), id="each worker has an inspector"),
    ],
)
def test_sizes(workers: int | str, inspectors: int | str, cores: int, sizes: Sizes) -> None:
    assert sizes_of(Settings(workers=workers, inspectors=inspectors), cores) == sizes
