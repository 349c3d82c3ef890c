"""Where temporary files go: inspectors are started by a socket that lies there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dlp_proxy.wiring.start_error import ProxyStartError


def temporary_folder() -> Path:
    """Return the folder for temporary files.

    Raises:
        ProxyStartError: there is none that can be written.
    """
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise ProxyStartError(
            "no folder for temporary files that can be written, and without one no inspector starts: "
            "mount one at /tmp (`--tmpfs /tmp`), free it, or name one in TMPDIR"
        ) from error
