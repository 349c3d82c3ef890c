"""Policy files on disk: reading a folder, and keeping every set that was ever in force."""

from __future__ import annotations

import base64
import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import replace_file, write_once

_LARGEST: Final = 4 * 1024 * 1024


_PACK: Final = "dlp-policy.toml"
_POLICIES: Final = frozenset({".yaml", ".yml"})
_LAST: Final = "last"
"""Names the set that was in force last."""
_UPLOADS: Final = ".uploads.json"


@dataclass(frozen=True, slots=True)
class Pack:
    """What a folder says of itself in ``dlp-policy.toml``.

    Attributes:
        languages: those of the staff: `check` warns of a message that lacks one. Empty for any.
        days_in_monitor: a bar of `promote`; so is `most_blocks_per_day`.
    """

    languages: tuple[str, ...] = ()
    days_in_monitor: float = 7
    most_blocks_per_day: float = 20


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """All of a policy folder, read once. `texts` are its ``*.yaml``; `fixtures` what tests upload; paths as shown."""

    texts: Mapping[str, str]
    fixtures: Mapping[str, bytes]
    pack: Pack = Pack()


def read_policies(folder: Path) -> PolicyFiles:
    """Read every ``*.yaml`` below `folder`, except below ``fixtures/``, whose files are fixtures.

    Raises:
        StoreError: the folder or a file cannot be read, or is not UTF-8.
    """
    if not folder.is_dir():
        raise StoreError(f"there is no policy folder {folder}: give --policies the folder that holds your *.yaml files")
    texts: dict[str, str] = {}
    fixtures: dict[str, bytes] = {}
    for path in _files(folder):
        inside = path.relative_to(folder)
        is_fixture = "fixtures" in inside.parts[:-1]
        if not is_fixture and path.suffix not in _POLICIES:
            continue
        try:
            if not _is_there(path):
                continue
            if is_fixture:
                fixtures[str(inside)] = _read(path)
            else:
                texts[str(path)] = _read(path).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"cannot read {path}: {error}; policy files are UTF-8 text") from error
    if not texts:
        raise StoreError(f"there is no *.yaml file in the policy folder {folder}")
    return PolicyFiles(texts, fixtures, _pack(folder / _PACK))


def _files(folder: Path) -> list[Path]:
    """Return what is below a folder and not hidden.

    Raises:
        StoreError: a folder cannot be listed: its rules must not be left out for that.
    """

    def refuse(error: OSError) -> None:
        raise StoreError(f"cannot read {error.filename}: {error.strerror}: may the proxy's user read it?") from error

    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [one for one in folders if not one.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _is_there(path: Path) -> bool:
    """Tell whether a name is that of a file; a link may lead nowhere.

    Raises:
        OSError: it cannot be told.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False


def _pack(path: Path) -> Pack:
    if not path.exists():
        return Pack()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(f"cannot read {path}: {error}") from error
    known = [one.name for one in fields(Pack)]
    if unknown := found.keys() - set(known):
        raise StoreError(f"{path}: unknown key {min(unknown)}; there are {', '.join(known)}")
    languages = found.pop("languages", [])
    if not isinstance(languages, list) or not all(isinstance(one, str) for one in languages):
        raise StoreError(f"{path}: languages is a list of words, e.g. ['en', 'zh']")
    if wrong := [key for key, value in found.items() if not isinstance(value, int | float)]:
        raise StoreError(f"{path}: {wrong[0]} is a number")
    return Pack(tuple(languages), **found)


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise StoreError(f"{path} is larger than {_LARGEST} bytes, too large for a policy folder")
    return path.read_bytes()


def keep_set(
    folder: Path, digest: str, texts: Mapping[str, str], lists: Mapping[str, str], fixtures: Mapping[str, bytes]
) -> None:
    """Keep a set that comes into force under its digest, so that old verdicts can be replayed.

    What its tests upload is beside it, so that it can be taken up again by a start (`last_good`).

    Raises:
        StoreError: it cannot be written.
    """
    name = digest.removeprefix("sha256:")
    content = json.dumps({**texts, **lists}, ensure_ascii=False, sort_keys=True).encode()
    uploads = {path: base64.b64encode(held).decode() for path, held in fixtures.items() if path not in lists}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(folder / f"{name}.json", content)
        if uploads:
            write_once(folder / f"{name}{_UPLOADS}", json.dumps(uploads, sort_keys=True).encode())
        if not (folder / _LAST).exists() or (folder / _LAST).read_text(encoding="ascii") != name:
            replace_file(folder / _LAST, name.encode())
    except OSError as error:
        raise StoreError(f"cannot keep the policy set in {folder}: {error}") from error


def last_good(folder: Path) -> PolicyFiles | None:
    """Return the set that was in force last; None when there was none yet, or it cannot be read."""
    try:
        name = (folder / _LAST).read_text(encoding="ascii")
    except (OSError, ValueError):
        return None
    return kept_set(folder, name)


def kept_set(folder: Path, digest: str) -> PolicyFiles | None:
    """Return the set of that digest; None when it was not kept, or cannot be read."""
    name = digest.removeprefix("sha256:")
    if not name.isalnum():
        return None
    try:
        kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        beside = folder / f"{name}{_UPLOADS}"
        uploads = json.loads(beside.read_text(encoding="ascii")) if beside.exists() else {}
    except (OSError, ValueError):
        return None
    texts = {path: text for path, text in kept.items() if Path(path).suffix in _POLICIES}
    fixtures = {path: text.encode() for path, text in kept.items() if path not in texts}
    return PolicyFiles(texts, fixtures | {path: base64.b64decode(held) for path, held in uploads.items()})
