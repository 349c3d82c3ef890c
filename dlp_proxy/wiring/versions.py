"""The versions that a verdict depends on beside our own."""

from __future__ import annotations

import importlib.metadata
import platform
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dlp_proxy.wiring.gates import hyperscan_version

VERSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "regex": importlib.metadata.version("regex"),
        "phonenumbers": importlib.metadata.version("phonenumbers"),
        **({"hyperscan": hyperscan_version} if hyperscan_version else {}),
    }
)
