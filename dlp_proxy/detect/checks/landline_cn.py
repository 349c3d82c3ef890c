"""Landlines of mainland China by area code (`phones/numbering_cn.py` has the plan), with or without an extension."""

from __future__ import annotations

from dlp_proxy.detect.phones.spelling_cn import is_landline


def holds(value: str) -> bool:
    return is_landline(value)
