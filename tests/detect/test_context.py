"""Words near values in text without units: asked value by value, they are what each value's own surroundings say."""

from __future__ import annotations

import random
from typing import Final

import pytest

from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.context import Context
from dlp_proxy.detect.detector import DetectorSpec, Near, Pattern
from dlp_proxy.model.finding import Confidence
from dlp_proxy.model.location import Location
from dlp_proxy.model.message import Part
from tests.detect.shapes import DETECTORS, look, objects

_WORDS: Final = ("tel", "telephone", "手机", "ship_to", "Key", "É")
_PIECES: Final = (
    *("tel", "Telephone", "telephonist", "手机", "SHIP_TO", "key", "\u212aey", "é", "x" * 37, "13800138000"),
    *(" ", "\n", ",", "王伟", "地址", "hotel", "userTel", "\ud800", "y" * 350),
)


@pytest.mark.parametrize("words", [_WORDS, _WORDS[:5], ("手机",), ("tel",)])
@pytest.mark.parametrize("within", [12, "record"])
def test_a_look_ahead_says_what_each_window_says(words: tuple[str, ...], within: int) -> None:
    spec = DetectorSpec(
        name="d", kind="d", patterns=(Pattern("[0-9]{11}"),), near=(Near(words, within, Confidence.HIGH),)
    )
    detector = compile_detector(spec)
    (near,) = detector.near
    pick = random.Random(str((words, within)))
    fitted = asked = 0
    for _ in range(60):
        text = "".join(pick.choices(_PIECES, k=pick.choice((10, 60, 300))))
        context = Context(Part(Location("body"), text))
        for one in detector.find(text):
            around = within if isinstance(within, int) else 300
            first, last = max(0, one.start - around), one.end + around
            alone = any(match.end() <= last for match in near.words.finditer(text, first))
            confidence, _ = context.weigh(detector, one.start, one.end, -1, Confidence.LOW)
            assert (confidence is Confidence.HIGH) == alone, (text, one.start)
            fitted, asked = fitted + alone, asked + 1
    assert asked > fitted > 5


def test_the_identifier_of_a_calendar_is_no_mailbox() -> None:
    part = objects([{"UID": "d75d8889-cd72@mail.example"}, {"ATTENDEE": "mailto:bob@mail.example"}])
    assert [one.confidence for one in look(part)] == [Confidence.LOW, Confidence.MEDIUM]


def test_no_word_is_passed_over_by_the_look_for_its_letters() -> None:
    pick = random.Random(13)
    nears = [near for one in DETECTORS for near in one.near]
    assert sum(bool(near.parts or near.others) for near in nears) > len(nears) // 2
    written = [word for one in DETECTORS for near in one.spec.near for word in near.words]
    found = passed = 0
    for _ in range(3000):
        words = [pick.choice(written) for _ in range(3)]
        words = [pick.choice((str.upper, str.lower, str.title, str))(word) for word in words]
        text = pick.choice((" ", ": ", "号", "_")).join(words).replace("k", pick.choice("kk\u212a"))
        for near in pick.sample(nears, 5):
            if near.words.search(text):
                found += 1
                assert near.may_stand(text, 0, len(text)), (text, near.words)
            else:
                passed += not near.may_stand(text, 0, len(text))
    assert found > 300
    assert passed > 3000


@pytest.mark.parametrize("shift", range(24))
def test_a_word_on_the_edge_of_one_window_is_found_in_the_next(shift: int) -> None:
    near = Near(("telephone",), 12, Confidence.HIGH)
    spec = DetectorSpec(name="d", kind="d", patterns=(Pattern("[0-9]{11}"),), near=(near,))
    text = f"13800138000{' ' * shift}telephone  13800138000"
    detector = compile_detector(spec)
    context = Context(Part(Location("body"), text))
    weighed = [context.weigh(detector, one.start, one.end, -1, Confidence.LOW)[0] for one in detector.find(text)]
    assert weighed == [Confidence.HIGH if shift <= 3 else Confidence.LOW, Confidence.HIGH][-len(weighed) :]
    assert len(weighed) == 1 + (shift > 0)
