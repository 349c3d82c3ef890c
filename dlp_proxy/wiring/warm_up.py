"""What is best done once, when the program is set up: ``python -m dlp_proxy.wiring.warm_up POLICIES``.

Python writes down what it compiles of the modules imported here, and `ready_patterns.py` what `regex` does of patterns.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import dlp_proxy
from dlp_proxy.detect.compile import compile_detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.late import compile_all
from dlp_proxy.detect.ready import SHELF
from dlp_proxy.detect.registry import STANDARD
from dlp_proxy.wiring.engine import check_policies
from dlp_proxy.wiring.ready_patterns import keep, ready_file


def main() -> int:
    """Import every module, compile the patterns of all standard detectors and of a policy folder, and keep them."""
    SHELF.keep()
    for module in pkgutil.walk_packages(dlp_proxy.__path__, "dlp_proxy."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    compile_all()
    DetectorSet([compile_detector(spec) for spec in STANDARD])
    policy = check_policies(Path(sys.argv[1]))[1].policy
    if policy is not None:
        DetectorSet(policy.detectors)
    keep(SHELF.kept(), ready_file())
    return 0


if __name__ == "__main__":
    sys.exit(main())
