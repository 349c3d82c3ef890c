"""What the keys of the language mean, shown by tests in its own words, on the real engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import pytest

from dlp_proxy.cli.authors.folder import run_tests
from dlp_proxy.pipeline import Engine
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.problem import render_all
from dlp_proxy.stores.state_dir import passing_fingerprint

DAY: Final = date(2026, 11, 24)
HEAD: Final = """\
format: dlp-policy/v1
policy: a-policy
detectors:
  order:
    pattern: 'SO-\\d{8}'
    sample: 'SO-{n:8}'
    examples: {match: [SO-00000001], no_match: [SO-1]}
"""
NONE: Final[Mapping[str, bytes]] = MappingProxyType({})

HOURS: Final = """
schedules:
  office: {timezone: Asia/Shanghai, days: [mon, tue, wed, thu, fri], hours: '08:00-20:00'}
  nights: {timezone: Asia/Shanghai, days: [mon], hours: '22:00-06:00'}
  split: {timezone: UTC, hours: ['08:00-12:00', '13:00-24:00']}
rules:
  outside-hours: {severity: low, when: {not_during: office, to: a.example}, find: order, action: log}
  monday-night: {severity: low, when: {during: nights, to: b.example}, find: order, action: log}
  at-work: {severity: low, when: {during: [split, office], to: c.example}, find: order, action: log}
"""


def hour(begins: str, host: str, action: str) -> str:
    request = f"{{from: a@corp.example, to: 'https://{host}.example/', body: SO-00000001}}"
    rule = {"a": "outside-hours", "b": "monday-night", "c": "at-work"}[host]
    expect = f"{{action: {action}{f', rule: {rule}' * (action == 'log')}}}"
    return f"  - {{name: {begins} {host}, begins: {begins}, request: {request}, expect: {expect}}}\n"


def test_schedules_hold_in_their_own_time_zone() -> None:
    cases = [
        ("2026-11-24 08:00 Asia/Shanghai", "a", "allow"),
        ("2026-11-24 07:59 Asia/Shanghai", "a", "log"),
        ("2026-11-24 19:59 Asia/Shanghai", "a", "allow"),
        ("2026-11-24 20:00 Asia/Shanghai", "a", "log"),
        ("2026-11-24 12:00 UTC", "a", "log"),
        ("2026-11-28 12:00 Asia/Shanghai", "a", "log"),
        ("2026-11-23 22:00 Asia/Shanghai", "b", "log"),
        ("2026-11-24 05:59 Asia/Shanghai", "b", "log"),
        ("2026-11-24 06:00 Asia/Shanghai", "b", "allow"),
        ("2026-11-24 22:00 Asia/Shanghai", "b", "allow"),
        ("2026-11-23 05:59 Asia/Shanghai", "b", "allow"),
        ("2026-11-28 12:30 UTC", "c", "allow"),
        ("2026-11-28 23:59 UTC", "c", "log"),
        ("2026-11-24 12:30 Asia/Shanghai", "c", "log"),
    ]
    assert failures(HEAD + HOURS + "tests:\n" + "".join(hour(*case) for case in cases)) == []


ANY: Final = """
rules:
  either:
    severity: low
    when:
      method: POST
      any: [{to: a.example, path: '/up/*'}, {from: 'b@corp.example', unreadable: encrypted}, {size: {at_least: 2 KB}}]
    action: log
tests:
  - name: first branch
    request: {from: a@corp.example, to: 'https://a.example/up/1', body: x}
    expect: {action: log, rule: either}
  - name: half of a branch is no branch
    request: {from: a@corp.example, to: 'https://a.example/down', body: x}
    expect: {action: allow}
  - name: what stands beside it must hold too
    request: {from: a@corp.example, to: 'https://a.example/up/1', body: x, method: PUT}
    expect: {action: allow}
  - name: a gap in a branch
    request: {from: b@corp.example, to: 'https://c.example/', body: x, unreadable: encrypted}
    expect: {action: log, rule: either}
  - name: a gap that another branch speaks of is not spoken of
    request: {from: a@corp.example, to: 'https://a.example/up/1', body: x, unreadable: too-large}
    expect: {action: block}
"""


def test_any_holds_when_one_branch_holds_whole() -> None:
    assert failures(HEAD + ANY) == []


AFTER: Final = """
rules:
  exported: {severity: info, when: {to: crm.example}, find: order, limits: [{at_least: 3, per: request}], action: log}
  carried-out:
    severity: high
    when: {to: drop.example, after: {rule: exported, within: 2h}}
    action: block
    message: {en: Stopped.}
tests:
  - name: nothing before
    request: {from: a@corp.example, to: 'https://drop.example/', body: x}
    expect: {action: allow}
  - name: an upload after the export
    steps:
      - request: {from: a@corp.example, to: 'https://crm.example/', body: 'SO-00000001 SO-00000002 SO-00000003'}
        expect: {action: log, rule: exported}
      - {at: 1h, request: {from: b@corp.example, to: 'https://drop.example/', body: x}, expect: {action: allow}}
      - at: 119m
        request: {from: A@corp.example, to: 'https://drop.example/', body: x}
        expect: {action: block, rule: carried-out}
      - {at: 121m, request: {from: a@corp.example, to: 'https://drop.example/', body: x}, expect: {action: allow}}
  - name: what was only counted is no export
    steps:
      - request: {from: a@corp.example, to: 'https://crm.example/', body: 'SO-00000001 SO-00000002'}
        expect: {action: counted}
      - {at: 1h, request: {from: a@corp.example, to: 'https://drop.example/', body: x}, expect: {action: allow}}
"""


def test_after_asks_whether_another_rule_acted_on_the_same_person() -> None:
    assert failures(HEAD + AFTER) == []


COUNT: Final = """
rules:
  repeats:
    severity: low
    find: order
    limits:
      - {at_least: 4, per: request, count: all, action: block}
      - {at_least: 3, within: 1h, by: user}
      - {at_least: 6, within: 1h, by: user, count: all, action: block}
    action: log
    message: {en: '{count}'}
tests:
  - name: one order four times in a request
    request: {from: a@corp.example, to: 'https://x.example/', body: 'SO-00000001 SO-00000001 SO-00000001 SO-00000001'}
    expect: {action: block, rule: repeats, count: 4}
  - name: one order six times in an hour
    steps:
      - repeat: 5
        every: 1m
        request: {from: a@corp.example, to: 'https://x.example/', body: SO-00000001}
        expect: {action: counted}
      - request: {from: a@corp.example, to: 'https://x.example/', body: SO-00000001}
        expect: {action: block, count: 6}
  - name: repeats leave the window
    steps:
      - {repeat: 5, every: 1m, request: {from: a@corp.example, to: 'https://x.example/', body: SO-00000001}}
      - at: 61m
        request: {from: a@corp.example, to: 'https://x.example/', body: SO-00000001}
        expect: {action: counted}
"""


def test_count_all_counts_one_that_is_sent_twice_as_two() -> None:
    assert failures(HEAD + COUNT) == []


LISTS: Final = """
  brand: {words_from: fixtures/brands.txt, sample: acme, examples: {match: [ACME], no_match: [other]}}
  own: {like: order, ignore: {values_from: fixtures/training.txt}}
destinations:
  partners: {hosts_from: fixtures/partners.txt}
  mail: {categories: webmail}
rules:
  brands: {severity: low, when: {to: partners}, find: brand, action: log}
  orders: {severity: low, when: {to: [mail, std/llm]}, find: own, action: log}
tests:
  - {name: word, request: {from: a@corp.example, to: 'https://p.partner.example/', body: acme}, expect: {rule: brands}}
  - {name: no host, request: {from: a@corp.example, to: 'https://q.example/', body: acme}, expect: {action: allow}}
  - {name: mail, request: {from: a@corp.example, to: 'https://mail.qq.com/', body: SO-00000002}, expect: {rule: orders}}
  - {name: ai, request: {from: a@corp.example, to: 'https://claude.ai/', body: SO-00000002}, expect: {action: log}}
  - {name: no, request: {from: a@corp.example, to: 'https://claude.ai/', body: SO-00000001}, expect: {action: allow}}
"""
FILES: Final = {
    "fixtures/brands.txt": b"# our brands\nacme\n\n  globex \n",
    "fixtures/training.txt": "\ufeffSO-00000001\r\n".encode(),
    "fixtures/partners.txt": b"*.partner.example\npartner.example\n",
}


def test_lists_beside_the_policies_are_read_and_belong_to_the_digest() -> None:
    assert failures(HEAD + LISTS, FILES) == []
    one = loaded(HEAD + LISTS, FILES).policy
    other = loaded(HEAD + LISTS, FILES | {"fixtures/brands.txt": b"acme\nglobex\n"}).policy
    same = loaded(HEAD + LISTS, FILES | {"fixtures/unused.txt": b"x"}).policy
    assert one is not None
    assert other is not None
    assert same is not None
    assert one.digest == same.digest != other.digest
    assert sorted(one.lists) == sorted(FILES)


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"fixtures/partners.txt": b"good.example\nhttps://bad.example/x\n"},
         "fixtures/partners.txt:2:1: error[BAD-VALUE]: `https://bad.example/x` is not a host"),
        ({"fixtures/brands.txt": b"# nothing\n"}, "error[EMPTY]: the list `fixtures/brands.txt` is empty"),
        ({"fixtures/brands.txt": b"a\n\xff\xfe\n"}, "fixtures/brands.txt:2:1: error[TYPE]: this list is not UTF-8"),
        ({"fixtures/brands.txt": None}, "error[UNKNOWN-NAME]: no fixture is named `fixtures/brands.txt`"),
    ],
)  # fmt: skip
def test_a_list_with_a_fault_is_told(files: dict[str, bytes | None], error: str) -> None:
    given = {name: text for name, text in (FILES | files).items() if text is not None}
    assert error in render_all(loaded(HEAD + LISTS, given).problems, {})


def loaded(text: str, files: Mapping[str, bytes] = NONE) -> Loaded:
    return load({"a.yaml": text}, DAY, files)


def failures(text: str, files: Mapping[str, bytes] = NONE) -> list[str]:
    found = loaded(text, files)
    assert found.policy is not None, render_all(found.problems, {"a.yaml": text})
    results = run_tests(Engine(found.policy, passing_fingerprint()))
    assert results
    return [f"{one.name}: {one.text}" for one in results if not one.passed]
