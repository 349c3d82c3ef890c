from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dlp_proxy.stores.state_dir import StateDir
from tests.reporting.store import Told, tell


@pytest.fixture(scope="session")
def once_told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(tmp_path_factory.mktemp("story"))


@pytest.fixture
def told(once_told: Told, tmp_path: Path) -> Told:
    """Return the story in a state folder of one's own."""
    state = StateDir(Path(shutil.copytree(once_told.state.path, tmp_path / "state")))
    return replace(once_told, world=replace(once_told.world, state=state))
