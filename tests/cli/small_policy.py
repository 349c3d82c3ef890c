"""One small policy for the tests of the authors' tools."""

from __future__ import annotations

from typing import Final

SMALL: Final = """\
format: dlp-policy/v1
policy: small
description: One rule, with its tests.

detectors:
  order-number:
    pattern: 'SO-\\d{8}'
    confidence: high
    ignore: {values: [SO-00000000]}
    sample: 'SO-{n:8}'
    examples: {match: [SO-20260115], no_match: [SO-00000000]}
records:
  order: {has: order-number, identify_by: order-number}
destinations:
  our-own: {hosts: [corp.example]}
rules:
  orders-out:
    severity: high
    when: {not_to: our-own, method: [POST, PUT]}
    find: order
    limits:
      - {at_least: 3, per: request}
      - {at_least: 5, within: 24h, by: user}
    action: block
    message: {en: 'Stopped.'}
  watched:
    mode: monitor
    severity: low
    when: {to: watched.example}
    find: order
    action: block
    message: {en: 'Stopped.'}
tests:
  - name: three are stopped
    request: {from: a@corp.example, to: 'https://drop.example/x/y', make: {record: order, rows: 3}}
    expect: {action: block, rule: orders-out, count: 3}
"""
