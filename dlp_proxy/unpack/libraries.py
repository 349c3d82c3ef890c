"""Libraries that take long to import: only who meets their format pays for it, once."""

from __future__ import annotations

import importlib
from typing import Any


def library(name: str) -> Any:  # noqa: ANN401 - a module
    """Import a library by name, once.

    Raises:
        ImportError: it is not installed, or what it stands on is not.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise
    except Exception as error:  # a wrapper whose C library is missing fails in ways of its own
        raise ImportError(name) from error
