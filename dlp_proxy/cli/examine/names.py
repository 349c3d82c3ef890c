"""Names of destinations: whether a server answers that knows them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.settings import Settings

_SECONDS: Final = 5.0
_ASKED: Final = "example.com"
"""There for such questions (RFC 2606); that it is not known is an answer too."""
_UNKNOWN: Final = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def names(settings: Settings, look_up: Callable[[str], object] | None = None) -> Iterator[Answer]:
    """Yield whether DNS answers at all.

    Args:
        look_up: asks it; the system's resolver where none is given.
    """
    found: list[object] = []
    asking = threading.Thread(target=_ask, args=(look_up or _of_the_system, found), daemon=True)
    asking.start()
    asking.join(_SECONDS)
    error = found[0] if found else TimeoutError(f"no answer in {_SECONDS:.0f} s")
    if not isinstance(error, OSError):
        yield Answer("DNS", "fine", "answers")
    elif isinstance(error, socket.gaierror) and error.errno in _UNKNOWN:
        yield Answer("DNS", "fine", f"answers, and does not know {_ASKED}")
    elif settings.upstream_proxy:
        says = f"does not answer ({error}): each new name waits two seconds for it, and none is known to be inside"
        yield Answer("DNS", "warning", f"{says}; look at /etc/resolv.conf")
    else:
        yield Answer("DNS", "problem", f"does not answer ({error}): no destination is found; look at /etc/resolv.conf")


def _ask(look_up: Callable[[str], object], found: list[object]) -> None:
    try:
        found.append(look_up(_ASKED))
    except OSError as error:
        found.append(error)


def _of_the_system(name: str) -> object:
    return socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
