"""What is best done once, when the program is set up: ``python -m dlp_proxy.wiring.warm_up POLICIES``.

Python writes down what it compiles of the modules imported here, `ready_patterns.py` what becomes of patterns, and
`kept_detectors.py` what becomes of detectors.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import dlp_proxy
from dlp_proxy.wiring.library_patterns import Collected


def main() -> int:
    """Import every module, make all standard detectors and those of a policy folder, and keep what it took to do so."""
    library = Collected()
    # Only from here on, so that their patterns are collected too.
    from dlp_proxy.detect.compile import compile_detector  # noqa: PLC0415
    from dlp_proxy.detect.detector_set import DetectorSet  # noqa: PLC0415
    from dlp_proxy.detect.late import compile_all  # noqa: PLC0415
    from dlp_proxy.detect.ready import SHELF  # noqa: PLC0415
    from dlp_proxy.detect.registry import STANDARD  # noqa: PLC0415
    from dlp_proxy.wiring import kept_detectors, ready_patterns  # noqa: PLC0415
    from dlp_proxy.wiring.engine import check_policies  # noqa: PLC0415

    for file in (ready_patterns.ready_file(), kept_detectors.detectors_file()):
        file.unlink(missing_ok=True)  # what is taken up is not made, and so not kept again
    SHELF.keep()
    for module in pkgutil.walk_packages(dlp_proxy.__path__, "dlp_proxy."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    compile_all()
    made = [compile_detector(spec) for spec in STANDARD]
    DetectorSet(made).any_name()
    policy = check_policies(Path(sys.argv[1]))[1].policy
    if policy is not None:
        DetectorSet(policy.detectors).any_name()
        made += policy.detectors
    ready_patterns.keep(ready_patterns.Kept(SHELF.kept(), library.dearest()), ready_patterns.ready_file())
    kept_detectors.keep(made, kept_detectors.detectors_file())
    return 0


if __name__ == "__main__":
    sys.exit(main())
