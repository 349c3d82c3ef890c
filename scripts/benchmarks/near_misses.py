"""Text that nearly matches a detector's patterns, over and over: made of its own examples, cut and changed."""

from __future__ import annotations

import random

from dlp_proxy.detect.detector import Detector


def near_misses(detector: Detector, size: int) -> str:
    """Return `size` characters of the detector's examples without their ends, with a digit too many, run together."""
    pick = random.Random(detector.spec.name)
    values = [value for value in detector.spec.examples.match + detector.spec.examples.no_match if value]
    made: list[str] = []
    length = 0
    while length < size:
        value = pick.choice(values)
        cut = pick.randrange(1, len(value) + 1)
        form = pick.choice(
            (
                value[:cut],
                value[:cut] * pick.randint(2, 5),
                value[cut - 1 :],
                value + pick.choice("0123456789aA.-@"),
                "".join(one * pick.randint(1, 2) for one in value),
                value[:cut] + " " * pick.randint(1, 30),
            )
        )
        made.append(form + pick.choice(("", "", " ", "-", ".", "\n")))
        length += len(made[-1])
    return "".join(made)[:size]
