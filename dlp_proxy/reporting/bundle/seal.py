"""A case put into a bundle, signed with the key of the log, so that one key is to be compared and not two."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template

from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.reporting.bundle.bag import Content, write_bag
from dlp_proxy.reporting.bundle.contents import NOTHING_MORE, Contents, contents_of
from dlp_proxy.reporting.case import Case
from dlp_proxy.reporting.report import Reading
from dlp_proxy.reporting.words import utc
from dlp_proxy.stores.state_dir import StateDir


def seal_bundle(
    target: Path,
    connection: sqlite3.Connection,
    case: Case,
    reading: Reading,
    state: StateDir,
    *,
    before_it_is_there: Callable[[str], None],
    more: Mapping[str, Content] = NOTHING_MORE,
) -> tuple[str, Contents]:
    """Write the bundle and return its digest (of the tag manifest) and what is in it.

    Arguments are as of `write_bag` and `contents_of`.

    Raises:
        StoreError: it is there already, or cannot be written.
    """
    contents = contents_of(connection, case, reading, state, more)
    signer = Signer(case.moment.origin, state.key_of_log())
    moment = case.moment
    info = (
        f"Source-Organization: {moment.origin}\n"
        f"External-Identifier: {case.name}\n"
        f"Bagging-Date: {utc(moment.at)[:10]}\n"
        f"Checkpoint: {moment.size}\n"
        f"Key: {signer.verifier}\n"
    )
    said = {"name": case.name, "origin": moment.origin, "size": str(moment.size), "at": utc(moment.at)}
    texts = files("dlp_proxy.reporting.bundle")
    tags = {
        "bag-info.txt": info.encode(),
        "verify.sh": texts.joinpath("verify.sh.txt").read_bytes(),
        **{
            f"README.{language}.md": Template(texts.joinpath(f"readme.{language}.txt").read_text(encoding="utf-8"))
            .substitute(said)
            .encode()
            for language in ("en", "zh")
        },
    }
    digest = write_bag(target, contents.files, tags, signer, at=moment.at, before_it_is_there=before_it_is_there)
    return digest, contents
