"""A policy of two detectors, for tests that compile its gate: that of the shipped ones takes a minute to compile."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TEXT: Final = r"""
format: dlp-policy/v1
policy: orders
description: Stops lists of orders.
owner: li.na@corp.example
mode: enforce
detectors:
  order-number:
    pattern: 'SO-\d{8}-\d{6}'
    confidence: high
    sample: 'SO-20260115-{n:6}'
    examples: {match: [SO-20260115-004217], no_match: [SO-2026-1]}
  phone-cn: {like: std/phone-cn}
records:
  customer-order:
    has: [order-number]
    has_some: {of: [phone-cn], at_least: 1}
    unit: [row, object, form, text]
    identify_by: [order-number, phone-cn]
rules:
  bulk-orders-out:
    description: Many different customers' orders.
    severity: high
    find: customer-order
    limits: [{at_least: 50, per: request}]
    action: block
    message: {en: 'This upload holds {count} orders.', zh: '此次上传包含 {count} 条订单。'}
tests:
  - name: fifty are stopped
    request: {from: x@corp.example, to: 'https://a.example/', make: {record: customer-order, rows: 50}}
    expect: {action: block, rule: bulk-orders-out, count: 50}
"""


def small_policies(folder: Path) -> Path:
    """Write the policy into a new folder and return that."""
    folder.mkdir()
    (folder / "orders.yaml").write_text(_TEXT)
    return folder
