"""Policy files on disk: reading a folder, and keeping every set that was ever in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import write_once

_LARGEST: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PolicyFiles:
    """All of a policy folder, read once. `texts` are its ``*.yaml``; `fixtures` what tests upload; paths as shown."""

    texts: Mapping[str, str]
    fixtures: Mapping[str, bytes]


def read_policies(folder: Path) -> PolicyFiles:
    """Read every ``*.yaml`` below `folder`, except below ``fixtures/``, whose files are fixtures.

    Raises:
        StoreError: the folder or a file cannot be read, or is not UTF-8.
    """
    if not folder.is_dir():
        raise StoreError(f"there is no policy folder {folder}: give --policies the folder that holds your *.yaml files")
    texts: dict[str, str] = {}
    fixtures: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        try:
            if "fixtures" in inside.parts[:-1]:
                fixtures[str(inside)] = _read(path)
            elif path.suffix in {".yaml", ".yml"}:
                texts[str(path)] = _read(path).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"cannot read {path}: {error}; policy files are UTF-8 text") from error
    if not texts:
        raise StoreError(f"there is no *.yaml file in the policy folder {folder}")
    return PolicyFiles(texts, fixtures)


def _read(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST:
        raise StoreError(f"{path} is larger than {_LARGEST} bytes, too large for a policy folder")
    return path.read_bytes()


def keep_set(folder: Path, digest: str, texts: Mapping[str, str]) -> None:
    """Keep a set that comes into force under its digest, so that old verdicts can be replayed.

    Raises:
        StoreError: it cannot be written.
    """
    content = json.dumps(dict(texts), ensure_ascii=False, sort_keys=True).encode()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_once(folder / f"{digest.removeprefix('sha256:')}.json", content)
    except OSError as error:
        raise StoreError(f"cannot keep the policy set in {folder}: {error}") from error
