"""No province, town or county of China, whose short names may be a person's: 徐州, 黄石, 常德."""

from __future__ import annotations

from dlp_proxy.detect.divisions import is_short_name


def holds(value: str) -> bool:
    return not is_short_name(value)
