"""An addon for `mitmdump -nr`: the proxy's own, which judges each request, records it durably and enforces."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from mitmproxy import http

from dlp_proxy.proxy.addon import Staircase
from dlp_proxy.proxy.destinations import DestinationRules
from dlp_proxy.proxy.gatekeeper import Gatekeeper
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.known import Known
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.spool import SpoolFolder
from dlp_proxy.proxy.translate import Translator
from dlp_proxy.proxy.uploads import Uploads
from dlp_proxy.settings import load_settings
from dlp_proxy.wiring.installation import Installation
from dlp_proxy.wiring.sizes import cores, sizes_of


class OwnAddon:
    """The staircase of an installation, without its server."""

    def __init__(self) -> None:
        state = Path(os.environ["DLP_PROXY_STATE"])
        flags = {"state": state, "policies": Path(os.environ["BENCH_POLICIES"])}
        settings = load_settings(None, {}, flags)
        self._here = here = Installation(settings, sizes_of(settings, cores()))
        self._book = AddressBook(Known())
        proxied = here._proxy_settings(frozenset())  # noqa: SLF001 - a server is what gives it out otherwise
        spool = SpoolFolder(state / "spool", here.sizes.spool_bytes)
        self._staircase = Staircase(
            proxied,
            here._steps(here.in_force.engine, here.pool),  # noqa: SLF001
            DestinationRules(frozenset(), (), resolve=False),
            Translator(self._book),
            here.metrics,
            Uploads(spool, proxied.limits.body_bytes),
            Gatekeeper(proxied.who, self._book, None, here.metrics),
        )
        self._warm = asyncio.Event()
        self._items = 0

    async def running(self) -> None:
        await self._here.pool.start()
        self._warm.set()

    async def request(self, flow: http.HTTPFlow) -> None:
        await self._warm.wait()
        user, _ = flow.metadata["proxyauth"]
        passage_of(flow).principal = self._book.proved(user, ("password", "medium"), "10.0.0.1")
        await self._staircase.request(flow)
        self._items += 1

    def done(self) -> None:
        self._here.pool.stop()
        self._here.store.close()
        print(json.dumps({"items": self._items}), flush=True)


addons = [OwnAddon()]
