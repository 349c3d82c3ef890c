"""A worker's process begins here: ``python -m dlp_proxy.wiring.worker_start CONTROL``."""

import sys

import dlp_proxy.wiring.ready_first  # noqa: F401 - before the next one
from dlp_proxy.wiring.worker import main

if __name__ == "__main__":
    sys.exit(main())
