"""Making bundles, and doing to them what somebody does who has them, with or without the key."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dlp_proxy.evidence.checkpoint import Signer
from dlp_proxy.evidence.timestamp import query_of
from dlp_proxy.reporting.bundle.bag import PUBLIC, QUERY, REPLY, SIGNATURE, TAGS, manifest, sums_of
from tests.cli.commands import Done, dlp_proxy_here
from tests.reporting.store import Told


def export(told: Told, *words: str | Path) -> Done:
    return dlp_proxy_here("incident", "export", *words, "--state", told.state.path)


def bundle_of(told: Told, target: Path, *words: str) -> Path:
    done = export(told, told.case, "--bundle", target, "--reason", "to the police", *words)
    assert (done.code, done.err) == (0, "")
    return target


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def list_again(folder: Path) -> None:
    """Make the manifests anew, as anybody can."""
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    payload = [path for path in there if path.startswith("data/")]
    for algorithm in ("sha256", "sm3"):
        lines = manifest((getattr(sums_of(folder / path), algorithm), path) for path in payload)
        (folder / f"manifest-{algorithm}.txt").write_bytes(lines)
    tags = [path for path in there if path not in {*payload, TAGS, SIGNATURE, QUERY, REPLY}]
    (folder / TAGS).write_bytes(manifest((sums_of(folder / path).sha256, path) for path in tags))
    (folder / QUERY).write_bytes(query_of((folder / TAGS).read_bytes()))


def sign_again(folder: Path, secret: bytes, *, own_key: bool = False) -> None:
    """Do the same and sign it: with the log's key, or with one's own, whose public half is then put in."""
    if own_key:
        (folder / PUBLIC).write_bytes(Signer("", secret).verifier.pem)
    list_again(folder)
    signed = Ed25519PrivateKey.from_private_bytes(secret).sign((folder / TAGS).read_bytes())
    (folder / SIGNATURE).write_bytes(signed)
