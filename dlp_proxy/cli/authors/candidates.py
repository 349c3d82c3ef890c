"""What each detector matched in a message, and why candidates were dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.scan import find_in_text
from dlp_proxy.model.message import Message
from dlp_proxy.model.sensitive import Sensitive
from dlp_proxy.pipeline import Engine
from dlp_proxy.unpack.unpack import unpack

_LONGEST: Final = 200_000
"""Characters of a text that are looked at."""


def candidates_of(message: Message, engine: Engine) -> Iterator[str]:
    """Yield lines for people; values are masked. Long texts are looked at in part."""
    texts = [part.text[:_LONGEST] for part in unpack(message, engine.limits).parts]
    for detector in engine.policy.detectors:
        yield from _detector(detector, texts)


def _detector(detector: Detector, texts: Sequence[str]) -> Iterator[str]:
    candidates = [one for text in texts for one in find_in_text(text, detector)]
    dropped: dict[str, list[str]] = {}
    for one in candidates:
        if one.dropped:
            dropped.setdefault(one.dropped, []).append(Sensitive(one.value).masked)
    kept = [one for one in candidates if not one.dropped]
    levels = {word: sum(one.confidence.word == word for one in kept) for word in ("low", "medium", "high")}
    said = ", ".join(f"{count} {word}" for word, count in levels.items() if count) or "none"
    if candidates:
        yield f"  detector {detector.spec.name:<20} matched {len(candidates)}; found: {said}"
    for why, values in dropped.items():
        yield f"          dropped {len(values)}, e.g. {values[0]}: {why}"
