"""Looking as the proxy's own user, where root asks: root may read and write what that user may not."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path
from typing import Final

from dlp_proxy.cli.examine.answer import Answer
from dlp_proxy.stores.owner import name_of

_SECONDS: Final = 60.0


def become_owner(state: Path) -> Answer | None:
    """Become, for good, the user whose the state folder is; only root does, and only where it is another's.

    Returns what to tell of it, a problem where that user cannot even start the program; None where nothing was done.
    """
    try:
        found = state.stat()
    except OSError:
        return None
    if os.geteuid() != 0 or found.st_uid == 0:
        return None
    name = name_of(found.st_uid)
    group, groups = found.st_gid, []
    if name != str(found.st_uid):
        group = pwd.getpwuid(found.st_uid).pw_gid
        groups = os.getgrouplist(name, group)
    if why := _cannot_start(found.st_uid, group, groups):
        says = f"{name}, whose {state} is, cannot start the program ({why})"
        return Answer("user", "problem", f"{says}: `chmod -R go+rX {sys.prefix} {sys.base_prefix}`, and their parents")
    os.setgroups(groups)
    os.setgid(group)
    os.setuid(found.st_uid)
    return Answer("user", "fine", f"looks as {name}, whose {state} is")


def _cannot_start(user: int, group: int, groups: list[int]) -> str:
    try:
        tried = subprocess.run(
            [sys.executable, "-c", "import dlp_proxy.cli.doctor"],
            user=user,
            group=group,
            extra_groups=groups,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (tried.stderr.strip().splitlines() or ["no reason given"])[-1] if tried.returncode else ""
