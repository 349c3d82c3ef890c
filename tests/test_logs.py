from __future__ import annotations

import json
import logging

import pytest
import structlog

from dlp_proxy.logs import set_up_logs
from dlp_proxy.model.sensitive import Sensitive


@pytest.fixture(autouse=True)
def _as_before() -> object:
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


def test_a_log_line_is_one_json_object_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(terminal=False)
    structlog.get_logger("t").warning(
        "refused", path="/a/13800138000\nINJECTED\x1b[31m", value=Sensitive("bob@shop.example")
    )
    (line,) = capsys.readouterr().err.splitlines()
    shown = json.loads(line)
    assert shown["event"] == "refused"
    assert shown["level"] == "warning"
    assert "13800138000" not in line
    assert "bob@shop" not in line
    assert "\x1b" not in shown["path"]


def test_logs_of_libraries_come_out_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(terminal=False)
    logging.getLogger("mitmproxy").warning("something about %s", "x")
    assert json.loads(capsys.readouterr().err)["event"] == "something about x"
