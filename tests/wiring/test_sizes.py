"""How many processes an installation has."""

from __future__ import annotations

import pytest

from dlp_proxy.settings import Settings
from dlp_proxy.wiring.sizes import Sizes, early_workers, sizes_of

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


@pytest.mark.parametrize(
    ("workers", "cores", "early"),
    [
        pytest.param(2, 2, 1, id="two cores: one for the supervisor"),
        pytest.param(2, 1, 1, id="one core"),
        pytest.param(16, 16, 15, id="sixteen cores"),
        pytest.param(2, 16, 2, id="more cores than workers"),
    ],
)
def test_so_many_workers_begin_beside_the_supervisor(workers: int, cores: int, early: int) -> None:
    assert early_workers(Sizes(workers, 1, GIB), cores) == early
