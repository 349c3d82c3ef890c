"""Hosts and addresses that are well written and probably not meant: a slip in one of many, or under no known domain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from dlp_proxy.detect.top_level_domains import TOP_LEVEL_DOMAINS
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.grammar import BLOCKS
from dlp_proxy.policy.names import is_slip
from dlp_proxy.policy.problem import Problems

_OWN: Final = frozenset({"example", "test", "invalid", "localhost", "local", "internal", "onion", "arpa"})
"""RFC 2606, 6761, 7686, and the name that ICANN keeps for inside use."""

_KNOWN: Final = frozenset(TOP_LEVEL_DOMAINS) | _OWN
_OFTEN: Final = ("com", "net", "org", *(name for name in sorted(_KNOWN) if len(name) > 4))

_ADDRESS: Final = re.compile(r"[^\s@]*@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE)
_SHORTEST: Final = 5


def check_odd(files: Iterable[Checked], problems: Problems) -> None:
    """Warn of hosts below no top-level domain, and of those that are one letter off one that is written elsewhere."""
    places: dict[str, list[Given]] = defaultdict(list)
    for host, given in (found for file in files for block in file.walk() for found in _hosts(block)):
        places[host].append(given)
    for host, given in ((host, given) for host, some in places.items() for given in some):
        last = host.rpartition(".")[2]
        if last not in _KNOWN and (meant := next((known for known in _OFTEN if is_slip(last, known)), "")):
            message = f"`{host}` ends in `{last}`, which is no top-level domain that this program knows"
            hint = f"did you mean `.{meant}`? names of your own end e.g. in `.internal`"
            problems.warning("ODD-HOST", given.place, message, hint)
    for host, some in places.items():
        if len(some) == 1 and (near := _near(host, places)):
            message = f"`{host}` stands here only, and is nearly `{near}`"
            hint = f"did you mean `{near}`? it is written {len(places[near])} times"
            problems.warning("ODD-HOST", some[0].place, message, hint, places[near][0].place)


def _hosts(block: Checked) -> Iterator[tuple[str, Given]]:
    for key in BLOCKS[block.kind].keys:
        for given in block.all(key.name):
            if key.kind == "host":
                yield given.text.removeprefix("*."), given
            elif key.kind == "url":
                yield (urlsplit(given.text).hostname or "").rstrip("."), given
            elif key.kind == "ref" and "destination" in key.words and "." in given.text:
                yield given.text.lower().removeprefix("*."), given
            elif key.kind in {"text", "glob", "ref"} and key.name not in {"body", "match", "no_match", "values"}:
                yield from ((found.lower(), given) for found in _ADDRESS.findall(given.text))


def _near(host: str, places: dict[str, list[Given]]) -> str:
    """Return the host written twice or more that has the same labels but one, and in that one a slip of a letter."""
    labels = host.split(".")
    for other, some in places.items():
        theirs = other.split(".")
        if len(some) < 2 or len(theirs) != len(labels):
            continue
        differing = [(a, b) for a, b in zip(labels, theirs, strict=True) if a != b]
        if len(differing) == 1 and min(map(len, differing[0])) >= _SHORTEST and _letters(*differing[0]):
            return other
    return ""


def _letters(one: str, other: str) -> bool:
    """Tell whether two words differ by a slip, and not by their numbers, as `shop1` and `shop2` do."""
    return is_slip(one, other) and re.sub(r"\d", "", one) != re.sub(r"\d", "", other)
