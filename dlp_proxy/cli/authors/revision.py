"""The policies of a folder as they are, or as they were in a revision of git."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import click

from dlp_proxy.cli.authors.folder import good_policy
from dlp_proxy.cli.exits import PROBLEMS
from dlp_proxy.policy.load import load
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.reports import as_text
from dlp_proxy.wiring.engine import today


def policy_of(old: str, new: Path) -> Policy:
    """Return the policy of the folder `old`; for ``git:REVISION`` that of `new` as it was then."""
    return _of_git(old.removeprefix("git:"), new) if old.startswith("git:") else good_policy(Path(old))[1]


def _of_git(revision: str, folder: Path) -> Policy:
    """Return the policy of a folder as it was in a revision."""
    if revision.startswith("-"):
        raise click.UsageError(f"{revision} is not a revision")
    listed = _git(folder, "ls-tree", "-r", "--name-only", "-z", revision, ".").decode().split("\0")
    texts: dict[str, str] = {}
    fixtures: dict[str, bytes] = {}
    for name in filter(None, listed):
        parts = PurePosixPath(name).parts
        if "fixtures" in parts[:-1]:
            fixtures[name] = _git(folder, "show", f"{revision}:./{name}")
        elif name.endswith((".yaml", ".yml")):
            texts[str(folder / name)] = _git(folder, "show", f"{revision}:./{name}").decode()
    loaded = load(texts, today(), fixtures)
    if loaded.policy is None:
        click.echo(as_text(loaded.problems, texts))
        raise click.exceptions.Exit(PROBLEMS)
    return loaded.policy


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)  # noqa: S603, S607 (git, as the author's shell finds it)
    except OSError as error:
        raise click.UsageError(f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        raise click.UsageError(f"git: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
