"""An addon for `mitmdump -nr`: each request through the steps of `dlp-proxy replay`, in that process."""

from __future__ import annotations

import json
import os
from pathlib import Path

from mitmproxy import http

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.pipeline import examine
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.known import Known
from dlp_proxy.proxy.translate import Translator
from dlp_proxy.stores.state_dir import KeyedFingerprint, StateDir
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import engine_parts, make_engine
from dlp_proxy.wiring.gates import with_kept_gate


class SameSteps:
    """Judges requests, and says at the end how many."""

    def __init__(self) -> None:
        state = StateDir(Path(os.environ["DLP_PROXY_STATE"]))
        parts = engine_parts(Path(os.environ["BENCH_POLICIES"]), KeyedFingerprint(state.key()), LIMITS, state=state)
        self._engine = make_engine(with_kept_gate(parts, state.gates))
        self._windows = Windows()
        self._translator = Translator(AddressBook(Known()))
        self._items = 0

    def request(self, flow: http.HTTPFlow) -> None:
        examine(self._translator.request(flow, flow.id), self._engine, self._windows)
        self._items += 1

    def done(self) -> None:
        print(json.dumps({"items": self._items}), flush=True)


addons = [SameSteps()]
