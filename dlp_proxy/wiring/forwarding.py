"""Keeping the process that forwards events: apart from those that judge, so that a slow receiver slows nobody."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Final

import structlog
import yaml

from dlp_proxy.settings import ENVIRONMENT_PREFIX, Settings

_log = structlog.get_logger("dlp_proxy.run")

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0


async def keep_forwarding(settings: Settings) -> None:
    """Run ``forward run`` beside the proxy for ever, if there is anybody to forward to.

    A new receiver gets what was recorded from now on: the workers serve before the forwarder is there.
    """
    if not settings.forward:
        return
    since = time.time()
    pause = _FIRST_PAUSE
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dlp_proxy.cli.main", "forward", "run", "--with-parent", f"--since={since}",
            stdin=asyncio.subprocess.PIPE,
            env={**os.environ, **_told(settings)},
        )  # fmt: skip
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            raise
        pause = _FIRST_PAUSE if loop.time() - began > _LONGEST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
        _log.error("the forwarder ended", code=code, again_in_seconds=pause)
        await asyncio.sleep(pause)


def _told(settings: Settings) -> dict[str, str]:
    """Return the settings that the forwarder needs, as the environment has them: from whichever place they came."""
    targets = {
        one.name: {
            "to": str(one),
            "format": one.format,
            "send": one.send,
            "ca": str(one.ca or ""),
            "header_file": str(one.header_file or ""),
        }
        for one in settings.forward
    }
    return {
        f"{ENVIRONMENT_PREFIX}STATE": str(settings.state),
        f"{ENVIRONMENT_PREFIX}NODE": settings.node,
        f"{ENVIRONMENT_PREFIX}FORWARD": yaml.safe_dump(targets),
    }
