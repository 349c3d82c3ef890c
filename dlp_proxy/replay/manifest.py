"""What a replay was made of and what came out, in a file that another replay can be compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dlp_proxy.evidence.canonical import canonical
from dlp_proxy.evidence.merkle import FIRST, leaf, root_of

_UNSIGNED: Final = frozenset({"customers", "blind"})
"""Keyed fingerprints: two machines have two keys, and the same outcome."""


def manifest_of(
    about: Mapping[str, Any], engine: Mapping[str, str], items: Iterable[tuple[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    """Return the manifest.

    The roots are those of RFC 6962 over the digests that went in, and over what came out, in order: two replays that
    did the same have the same roots, with any number of processes, and stopped or not.

    Args:
        about: what was replayed, by what, how.
        engine: versions that the outcome depends on.
    """
    given, came_out = [], []
    for digest, output in items:
        given.append(leaf(FIRST, bytes.fromhex(digest)))
        kept = {key: value for key, value in output.items() if key not in _UNSIGNED}
        came_out.append(leaf(FIRST, canonical(kept)))
    return {
        "format": 1,
        **about,
        "engine": dict(sorted(engine.items())),
        "items": len(given),
        "inputs_root": root_of(given).hex(),
        "outputs_root": root_of(came_out).hex(),
    }
