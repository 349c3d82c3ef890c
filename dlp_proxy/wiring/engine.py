"""Making an engine from a policy folder and a state folder."""

from __future__ import annotations

import datetime as dt
import mmap
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.disguise.uncover import wears
from dlp_proxy.detect.layouts import StoredLayouts
from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.pipeline import Engine, inspect, inspect_windows
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.problem import render_all
from dlp_proxy.settings import Settings
from dlp_proxy.stores.policy_dir import PolicyFiles, read_policies


class PolicyError(Exception):
    """The policies do not load; the author must act. The text is every problem, as ``policy check`` prints it."""


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What an inspector process needs to make the same engine: plain, picklable."""

    texts: Mapping[str, str]
    fixtures: Mapping[str, bytes]
    today: dt.date
    fingerprint: Fingerprint
    limits: Limits
    monitor: bool
    gate: tuple[Stored, StoredLayouts] | None = None
    """The compiled gate of the detectors, once somebody compiled it."""


def check_policies(folder: Path) -> tuple[PolicyFiles, Loaded]:
    """Read and check a policy folder, as of today.

    Raises:
        StoreError: the folder cannot be read.
    """
    files = read_policies(folder)
    return files, load(files.texts, today(), files.fixtures)


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def engine_parts(folder: Path, fingerprint: Fingerprint, limits: Limits, *, monitor: bool = False) -> EngineParts:
    """Read a policy folder for `make_engine`.

    Raises:
        StoreError: the folder cannot be read.
    """
    files = read_policies(folder)
    return EngineParts(files.texts, files.fixtures, today(), fingerprint, limits, monitor)


def make_engine(parts: EngineParts) -> Engine:
    """Compile the policies and return the engine.

    Raises:
        PolicyError: a policy file has errors.
    """
    loaded = load(parts.texts, parts.today, parts.fixtures)
    if loaded.policy is None:
        raise PolicyError(render_all(loaded.problems, parts.texts))
    detectors = DetectorSet(loaded.policy.detectors, stored=parts.gate)
    wears("", fast=parts.gate is not None)  # makes ready what the first message would wait for
    return Engine(loaded.policy, parts.fingerprint, parts.limits, parts.monitor, detectors, time.process_time)


def engine_of_texts(texts: Mapping[str, str], fixtures: Mapping[str, bytes]) -> Sequence[Detector]:
    """Return the detectors that the rules of these policies need; none when the policies have errors."""
    loaded = load(texts, today(), fixtures)
    return loaded.policy.detectors if loaded.policy else ()


def build_inspect(parts: EngineParts) -> Callable[[Message], Inspection]:
    """Make an inspector's engine in its own process. Lives here, so that such a process does not load mitmproxy."""
    engine = make_engine(parts)
    return lambda message: _inspect(message, engine)


def _inspect(message: Message, engine: Engine) -> Inspection:
    """Look at a message as a whole, or in windows over its file when it is longer than is read whole.

    Raises:
        OSError: the file is gone.
    """
    if not message.body_file:
        return inspect(message, engine)
    with Path(message.body_file).open("rb") as held:
        if message.body_file_bytes <= engine.limits.whole_bytes:
            return inspect(replace(message, body=held.read(message.body_file_bytes)), engine)
        with mmap.mmap(held.fileno(), message.body_file_bytes, access=mmap.ACCESS_READ) as body:
            return inspect_windows(message, body, engine)


def limits_of(settings: Settings) -> Limits:
    return Limits(body_bytes=settings.body_bytes, websocket_bytes=settings.websocket_bytes)
