"""A made-up event, so that an operator sees it arrive before a real one must."""

from __future__ import annotations

import json
import time
from typing import Any

from dlp_proxy import __version__
from dlp_proxy.evidence.ocsf import record_of
from dlp_proxy.model.event import Event


def trial(node: str) -> dict[str, Any]:
    """Return an OCSF object that says of itself that it is a test."""
    event = Event(
        uid="00000000000000000000000000",
        time=time.time(),
        user="nobody@test.invalid",
        site="forwarding.test.invalid",
        action="log",
        would="log",
        rule="test-of-forwarding",
        records=0,
        body={"kind": "test", "engine": __version__},
    )
    found: dict[str, Any] = json.loads(record_of(event, 0, round(time.time() * 1000), node, "none"))
    return found
