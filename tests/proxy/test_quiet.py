from __future__ import annotations

import logging

import pytest

from dlp_proxy.proxy.master import quiet_mitmproxy


def test_a_crash_of_mitmproxy_is_logged_without_what_it_quotes(caplog: pytest.LogCaptureFixture) -> None:
    quiet_mitmproxy()
    logger = logging.getLogger("mitmproxy.proxy.server")
    crash = AssertionError("Expected A, got RequestData(data=b'13800138000')")
    logger.error("mitmproxy has crashed! %s", crash, exc_info=crash)
    (record,) = caplog.records
    text = logging.Formatter().format(record)
    assert "13800138000" not in text
    assert "AssertionError" in text


def test_heads_and_payloads_at_lower_levels_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    quiet_mitmproxy()
    logging.getLogger("mitmproxy.proxy.server").info("Received WebSocket ping (payload: b'13800138000')")
    assert caplog.records == []
