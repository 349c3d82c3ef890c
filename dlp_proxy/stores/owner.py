"""Whose a state folder is: what another user writes there, root too, the proxy's own user cannot read afterwards."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Final

from dlp_proxy.stores.ports import StoreError

_OF_THE_FILE_SYSTEM: Final = "lost+found"
"""At the root of a disk of its own, and root's: nothing of ours goes there."""


def name_of(uid: int) -> str:
    """Return the name of a user of this machine; the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def must_be_ours(folder: Path) -> None:
    """Refuse to write in a folder that is another user's.

    Raises:
        StoreError: it is; the text says as whom to run this.
    """
    try:
        owner = folder.stat().st_uid
    except OSError:
        return  # whoever makes it or opens something in it says what is wrong
    own = os.geteuid()
    if owner == own:
        return
    told = name_of(owner)
    mend = f"run it as that user, e.g. `sudo -u {told if told != str(owner) else f'#{owner}'} dlp-proxy ...`"
    if own != 0:
        mend += f", or `chown -R {own} {folder}` where that should be the proxy's user"
    us = name_of(own) if own == 0 or name_of(own) == str(own) else f"{name_of(own)} ({own})"
    says = f"{folder} belongs to {told}, and this runs as {us}: neither could read what the other writes there"
    raise StoreError(f"{says}; {mend}")


def others_things(folder: Path) -> Path | None:
    """Return something in a state folder, as deep as its keys lie, that is not its owner's; None where all is."""
    owner = folder.stat().st_uid
    for pattern in ("*", "ca/*", "keys/*", "keys/people/*", "forward/*", "policies/*", "indexes/*"):
        for one in sorted(folder.glob(pattern)):
            if one.lstat().st_uid != owner and one != folder / _OF_THE_FILE_SYSTEM:
                return one
    return None
