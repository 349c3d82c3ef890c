"""However deep, long or hostile: an answer in linear time, or a gap."""

from __future__ import annotations

import base64
import time
from dataclasses import replace

import pytest

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.disguise.hints import hints, hints_at
from dlp_proxy.detect.disguise.registry import DISGUISES
from dlp_proxy.detect.scan import scan
from dlp_proxy.model.limits import LIMITS
from dlp_proxy.model.message import Part
from tests.detect.shapes import DETECTORS, fingerprint, gaps_of, look, text_part

PHONE = "13800138000"


def wrapped(times: int) -> str:
    text = f"tel {PHONE}"
    for _ in range(times):
        text = base64.b64encode(text.encode()).decode()
    return text


def test_as_many_disguises_are_taken_off_as_the_limit_says() -> None:
    assert [one.kind for one in look(text_part(wrapped(LIMITS.disguises)))] == ["phone"]


def test_one_more_is_a_gap_and_not_silence() -> None:
    (gap,) = gaps_of(text_part(wrapped(LIMITS.disguises + 1)))
    assert (gap.reason, gap.detail) == ("too-deep", "A value is disguised more times over than is read.")


def test_more_than_is_read_again_is_a_gap_and_what_came_before_stands() -> None:
    text = f"电话 13900139000 {'&#49;3800138000 ' * 50}"
    findings, gaps = scan([text_part(text)], DETECTORS, fingerprint, replace(LIMITS, read_again=200))
    assert ([gap.reason for gap in gaps], len(findings)) == (["too-large"], 1)


def test_more_stretches_of_one_disguise_than_are_read_are_a_gap_and_the_first_are_read() -> None:
    text = "&#49;3800138000\n&#49;3800138001\n&#49;3800138002\n"
    read, gaps = scan([text_part(text)], DETECTORS, fingerprint, replace(LIMITS, patches=2))
    assert ([gap.reason for gap in gaps], len(read)) == (["too-large"], 2)
    all_read, none = scan([text_part(text)], DETECTORS, fingerprint, replace(LIMITS, patches=3))
    assert (none, len(all_read)) == ((), 3)


def test_what_the_message_has_parts_of_is_not_read_twice() -> None:
    text = f"{wrapped(1)} and &#49;3800138000"
    part = replace(text_part(text), opened=((0, len(wrapped(1))),))
    assert [part.text[one.start : one.end] for one in look(part)] == ["&#49;3800138000"]


HOSTILE = {
    "escapes": r"\u0031\u0033x",
    "references": "&#49;<b>1</b>",
    "percent": "%31%33%E4%BD%A0",
    "quoted-printable": "=31=33=\n",
    "base64 in pieces": "MTM4MDAxMzgwMDAxMzgw/////",
    "base64 lines": "MTM4MDAxMzgwMDAx\n",
    "hex": "3133383030313338",
    "hex pairs": "31 33 38 ",
    "bytes": "49, 51, 56, ",
    "dump": "00000000: 3133 3830 3031 3338  138\n",
    "base32": "GEZTQMBQGEZTQMBQ",
    "numerals": "一三八零",
    "circled": "①③",
    "letters": "l38OO ",
    "spaced": "1-3-8-",
    "cells": "138\t0013\t8000\n",
    "tags": "\U000e0031",
    "colours": "1\x1b[31m3\x1b[0m",
    "backwards": "号821街沈区好友市",
    "rotated": "Fgerrg, cubar ",
    "rotated signs": "`bg__`bg___ DEC66E[ A9@?6 ",
    "octal bytes": r"\324\254\261",
    "bytes of a log": "#344#270#201",
    "references of references": "&amp;amp;#49;",
    "groups": "138•0013•8000 ",
    "groups in Chinese": "138转0013转",
    "groups by all sorts of signs": "1.38-00_13*80/00",
    "broken lines": "138-0013-\n  ",
    "look-alike letters": "аосе@ехо.",
    "dump of characters": "0000000   1   3   8 344 270 201   0\n",
    "spelled": "one three eight zero zero one ",
    "Morse": ".---- ...-- ---.. ----- ",
    "base58": "2RVqNVnuGHYRi3FWVKBBNGfjtq ",
    "one long base58": "2RVqNVnuGHYRi3FWVKBBNGfjtq",
    "css": "\\000031\\000033",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    def seconds(size: int) -> float:
        text = (HOSTILE[name] * (size // len(HOSTILE[name]) + 1))[:size]
        started = time.process_time()
        scan([text_part(text)], (), fingerprint, LIMITS)
        return time.process_time() - started

    seconds(1000)
    once, twice = (min(seconds(size) for _ in range(2)) for size in (40_000, 80_000))
    assert twice < 3 * once + 0.05, f"{once:.3f} s for 40 KB, {twice:.3f} s for 80 KB"


@pytest.mark.parametrize("name", HOSTILE)
def test_hints_are_the_same_without_the_library_that_makes_them_fast(name: str) -> None:
    text = "ordinary text, 42 pieces. " * 3 + HOSTILE[name] * 12 + " 电话 end"
    noticed = DetectorSet((), fast=True).glance(text).noticed
    assert noticed is not None
    fast, slow = hints_at(text, noticed), hints(text)
    names = [disguise.NAME for disguise, _ in slow]
    # The library's blocks are as narrow as a text is short: the same disguises, in the same place.
    assert [disguise.NAME for disguise, _ in fast] == names
    assert [stretches for _, stretches in fast] == [stretches for _, stretches in slow]


def test_a_value_over_the_border_of_two_blocks_is_found() -> None:
    for lead in range(4085, 4100):
        part = Part(text_part("").location, "x" * (lead - 1) + " " + "\\u0031\\u0033\\u0038" + "00138000 " + "y" * 5000)
        assert [(one.start, one.end) for one in look(part)] == [(lead, lead + 26)]


def test_every_disguise_has_a_name_and_a_gate_that_holds() -> None:
    assert len({disguise.NAME for disguise in DISGUISES}) == len(DISGUISES) == 30
