"""What there is to read in a host name: it is looked up, and whoever has its zone gets it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_DIGITS: Final = re.compile(r"\d")
_MANY_DIGITS: Final = 7
_LONG_NAME: Final = 20
"""Characters below a zone that can write a number in Base32. Most names of services are shorter and have few digits."""


@lru_cache(maxsize=1024)
def readings(host: str) -> str:
    """Return what to scan of a host name, empty when it has no room for data.

    A label is at most 63 characters, so what is longer goes on in the next: the labels are read side by side too, and
    each as a word, for a number that goes on from a point is a part of another one.
    """
    labels = host.split(".")
    below = "".join(labels[:-2])
    if len(_DIGITS.findall(host)) < _MANY_DIGITS and len(below) < _LONG_NAME and "xn--" not in host:
        return ""
    labels = [_label(one) for one in labels]
    lines = (host, ".".join(labels), " ".join(labels), below, "".join(labels[:-2]))
    return "\n".join(dict.fromkeys(one for one in lines if one))


def _label(label: str) -> str:
    """Return a label of a name, one of other letters in these (RFC 3492)."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
