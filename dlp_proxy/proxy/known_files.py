"""Reading the files that say who is who: bounded, and with the line in every error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

_LARGEST: Final = 64 * 1024 * 1024


class KnownFileError(Exception):
    """A file about people cannot be used; the operator must mend it. The text names the line and quotes nothing."""


def text_of(path: Path) -> str:
    """Return the text of a file.

    Raises:
        KnownFileError: it is not there, not UTF-8, or larger than any such file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise KnownFileError(f"{path}: larger than {_LARGEST} bytes")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise KnownFileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise KnownFileError(f"{path}: is not UTF-8") from None


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line that says something: no comment, not empty."""
    for number, line in enumerate(text_of(path).split("\n"), 1):
        said = line.strip()
        if said and not said.startswith("#"):
            yield number, said


class _Texts(yaml.BaseLoader):
    """All values are texts, so that a time is what was written, and no tag makes anything."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's
        made = super().construct_mapping(node, deep=deep)
        if len(made) != len(node.value):
            raise yaml.constructor.ConstructorError(None, None, "a key is written twice", node.start_mark)
        return made


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever is in it
    """Return what a YAML file holds, all values as texts.

    Raises:
        KnownFileError: it cannot be read, is not YAML, or has a key twice in one map.
    """
    try:
        return yaml.load(text_of(path), Loader=_Texts)  # noqa: S506 - a safe loader that makes texts of all values
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        twice = "a key is written twice" if error.problem == "a key is written twice" else "is not valid YAML"
        raise KnownFileError(f"{path}:{line}: {twice}") from None
    except (yaml.YAMLError, RecursionError):
        raise KnownFileError(f"{path}: is not valid YAML") from None


def read_groups(path: Path) -> dict[str, tuple[str, ...]]:
    """Read groups as Apache's AuthGroupFile has them, ``group: user user``, and return user -> groups.

    Raises:
        KnownFileError: it cannot be read, or a line is not of this form.
    """
    found: dict[str, set[str]] = {}
    for number, line in lines_of(path):
        group, colon, users = line.partition(":")
        if not colon or not group.strip():
            raise KnownFileError(f"{path}:{number}: must be GROUP: USER USER")
        for user in users.split():
            found.setdefault(user, set()).add(group.strip())
    return {user: tuple(sorted(groups)) for user, groups in found.items()}


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file does; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
