"""mitmproxy's own imports warn (pyparsing); ours are held to `error`, so its come first and apart."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mitmproxy.addons  # noqa: F401
