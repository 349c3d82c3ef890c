from __future__ import annotations

import asyncio
import gc
import json
import logging

import pytest
import structlog

from dlp_proxy.logs import set_up_logs
from dlp_proxy.model.sensitive import Sensitive

pytestmark = pytest.mark.usefixtures("logs_as_before")


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


def test_what_a_library_quotes_is_masked(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(terminal=False)
    logging.getLogger("ldap3").warning("no answer about %s\nin time", "bob@shop.example 13800138000")
    said = json.loads(capsys.readouterr().err)["event"]
    assert "13800138000" not in said
    assert "bob@shop" not in said
    assert "\n" not in said


@pytest.mark.parametrize("terminal", [False, True])
async def test_a_task_that_failed_is_logged_without_what_its_error_quotes(
    capsys: pytest.CaptureFixture[str],
    terminal: bool,  # noqa: FBT001
) -> None:
    set_up_logs(terminal=terminal)

    async def fails() -> None:
        raise ValueError("深圳市南山区科技园路1号 13800138000")

    task = asyncio.create_task(fails(), name="a task")
    await asyncio.wait([task])
    del task
    gc.collect()
    said = capsys.readouterr().err
    assert "科技园" not in said
    assert "13800138000" not in said
    assert "failed: ValueError in test_logs.py:" in said
