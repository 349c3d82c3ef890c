"""What holds for every test."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

import pytest
import structlog

_LONGEST: Final = (
    "test_evidence",
    "test_early_answers",
    "test_hostile_uploads",
    "test_hostile_files",
    "test_split_uploads",
    "test_large_bodies",
    "test_gate",
    "test_workers",
    "test_actions",
)
"""Files that take a minute and more."""


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """For tests that set up the logs of a program in this process: those behind them are to have their own."""
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their argument: what is made with a clock or a random salt differs between the workers."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, then what waits for proxies: whole files go to one process each, and a long one
    that is begun last leaves the other processes with nothing to do.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.path.stem in _LONGEST:
        return _LONGEST.index(item.path.stem)
    return len(_LONGEST) + (item.get_closest_marker("live") is None)
