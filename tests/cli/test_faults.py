"""A command that fails by a fault of ours says so, and quotes nothing of what it worked on."""

from __future__ import annotations

import pytest

from dlp_proxy.cli import main
from tests.cli.commands import dlp_proxy_here

VALUE = "13800138007"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise KeyError(VALUE)

    monkeypatch.setattr(main.cli, "main", fail)


@pytest.mark.usefixtures("broken")
def test_kind_and_place_are_told_and_what_to_do() -> None:
    done = dlp_proxy_here("detect")
    assert done.code == 70
    assert "failed: KeyError in test_faults.py:" in done.err
    assert f"{main.TRACE}=1" in done.err
    assert VALUE not in done.err
    assert "Traceback" not in done.err


@pytest.mark.usefixtures("broken")
def test_all_of_it_is_shown_to_who_asks() -> None:
    with pytest.raises(KeyError, match=VALUE):
        dlp_proxy_here("detect", DLP_PROXY_TRACE="1")
