"""Making an engine from a policy folder and a state folder."""

from __future__ import annotations

import datetime as dt
import mmap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import regex

from dlp_proxy.detect.detector import Detector
from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.late import compile_all
from dlp_proxy.detect.prefilter import Stored
from dlp_proxy.model.inspection import Inspection
from dlp_proxy.model.limits import Limits
from dlp_proxy.model.message import Fingerprint, Message
from dlp_proxy.pipeline import Engine, inspect, inspect_long
from dlp_proxy.policy.load import Loaded, load
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.problem import PolicyError, render_all
from dlp_proxy.proxy.growing import Growing
from dlp_proxy.settings import Settings
from dlp_proxy.stores.known_values import Indexes, KnownValues
from dlp_proxy.stores.policy_dir import PolicyFiles, read_policies
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.stores.state_dir import StateDir
from dlp_proxy.wiring.cpu_clock import CpuClock
from dlp_proxy.wiring.made_before import use_what_is_ready

EARLY: Final = (
    "dlp_proxy.wiring.ready_first",
    "dlp_proxy.unpack.early",
    "dlp_proxy.pictures.looking",
    "dlp_proxy.programs.opening",
    "dlp_proxy.wiring.early",
)
"""Modules that inspectors use and that are slow to load, in this order: the last one leaves nothing to be collected."""


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What an inspector process needs to make the same engine: plain, picklable."""

    texts: Mapping[str, str]
    fixtures: Mapping[str, bytes]
    today: dt.date
    fingerprint: Fingerprint
    limits: Limits
    monitor: bool
    ocr: bool = True
    """Inspectors read text and codes in pictures."""

    gate: Stored | None = None
    """The compiled gate of the detectors, once somebody compiled it."""

    indexes: Indexes | None = None
    """The indexes of existing values; None where there is no state folder to look into."""


def check_policies(folder: Path) -> tuple[PolicyFiles, Loaded]:
    """Read and check a policy folder, as of today.

    Raises:
        StoreError: the folder cannot be read.
    """
    files = read_policies(folder)
    return files, load(files.texts, today(), files.fixtures, languages=files.pack.languages)


def good_policy(folder: Path) -> Policy:
    """Return the policy of a folder, for commands that need no engine.

    Raises:
        StoreError: the folder cannot be read.
        PolicyError: a policy file has errors.
    """
    files, loaded = check_policies(folder)
    if loaded.policy is None:
        raise PolicyError(render_all(loaded.problems, files.texts))
    return loaded.policy


def today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def engine_parts(
    folder: Path,
    fingerprint: Fingerprint,
    limits: Limits,
    *,
    monitor: bool = False,
    ocr: bool = True,
    state: StateDir | None = None,
) -> EngineParts:
    """Read a policy folder for `make_engine`, and see which indexes of existing values there are.

    Raises:
        StoreError: the folder cannot be read.
    """
    return parts_of(read_policies(folder), fingerprint, limits, monitor=monitor, ocr=ocr, state=state)


def parts_of(
    files: PolicyFiles,
    fingerprint: Fingerprint,
    limits: Limits,
    *,
    monitor: bool = False,
    ocr: bool = True,
    state: StateDir | None = None,
) -> EngineParts:
    """Do what `engine_parts` does with policies that were read already."""
    indexes = None if state is None else Indexes.of(state.indexes, _index_key(state))
    return EngineParts(files.texts, files.fixtures, today(), fingerprint, limits, monitor, ocr, indexes=indexes)


def _index_key(state: StateDir) -> bytes:
    """Return the key of the indexes; looking for indexes makes no state folder and no key where there is none."""
    return state.key_of_indexes() if state.indexes.is_dir() else b""


def make_engine(parts: EngineParts) -> Engine:
    """Compile the policies and return the engine.

    Raises:
        PolicyError: a policy file has errors, or asks for an index that cannot be used.
    """
    use_what_is_ready()
    loaded = load(parts.texts, parts.today, parts.fixtures)
    if loaded.policy is None:
        raise PolicyError(render_all(loaded.problems, parts.texts))
    return engine_of(loaded.policy, parts)


def engine_of(policy: Policy, parts: EngineParts, any_name: regex.Pattern[str] | None = None) -> Engine:
    """Return the engine of a policy that is compiled already.

    Raises:
        PolicyError: it asks for an index that cannot be used.
    """
    indexes = _indexes(policy, parts.indexes)
    detectors = DetectorSet(policy.detectors, stored=parts.gate, any_name=any_name)
    compile_all()  # what the first message would wait for
    detectors.any_name()
    return Engine(
        policy,
        parts.fingerprint,
        parts.limits,
        parts.monitor,
        detectors,
        {name: index.holds for name, index in indexes.items()},
        CpuClock(),
    )


def _indexes(policy: Policy, indexes: Indexes | None) -> dict[str, KnownValues]:
    """Return the indexes that a policy asks for. Without one its rules would count nobody, so it is an error."""
    if indexes is None and policy.indexes:
        asked = ", ".join(sorted(policy.indexes))
        raise PolicyError(f"the policies ask for indexes of existing values ({asked}): say where with --state")
    try:
        return indexes.opened(policy.indexes) if indexes else {}
    except StoreError as error:
        raise PolicyError(f"the policies ask for an index of existing values, and {error}") from error


def engine_of_texts(texts: Mapping[str, str], fixtures: Mapping[str, bytes]) -> Sequence[Detector]:
    """Return the detectors that the rules of these policies need; none when the policies have errors."""
    loaded = load(texts, today(), fixtures)
    return loaded.policy.detectors if loaded.policy else ()


def build_inspect(parts: EngineParts) -> Callable[[Message], Inspection]:
    """Make an inspector's engine in its own process. Lives here, so that such a process does not load mitmproxy."""
    return inspecting(make_engine(parts), parts)


def inspecting(engine: Engine, parts: EngineParts) -> Callable[[Message], Inspection]:
    """Return what an inspector does with an engine."""
    with_eyes = seeing(engine, parts)
    return lambda message: _inspect(message, with_eyes)


def seeing(engine: Engine, parts: EngineParts) -> Engine:
    """Return the engine with programs that open containers, and with eyes for pictures where the settings want it.

    It may then take seconds for a message.
    """
    # Slow to load, and only who looks into files needs them; the process of inspectors has them loaded (EARLY).
    from dlp_proxy.programs import opening  # noqa: PLC0415

    engine = replace(engine, opener=opening.find())
    if not parts.ocr:
        return engine
    from dlp_proxy.pictures import tesseract  # noqa: PLC0415
    from dlp_proxy.pictures.looking import Looking  # noqa: PLC0415

    return replace(engine, sight=Looking(tesseract.find()))


def _inspect(message: Message, engine: Engine) -> Inspection:
    """Look at a message as a whole, or piece by piece over its file when that is long.

    Raises:
        OSError: the file is gone.
        GivenUpError: the body is still on its way, and will not come whole or not soon.
    """
    if not message.body_file:
        return inspect(message, engine)
    with Path(message.body_file).open("rb") as held:
        if message.body_grows:
            growing = Growing(held.fileno(), message.body_file_bytes)
            seen = inspect_long(replace(message, body_grows=False), growing, engine)
            growing.finish()
            return seen
        if message.body_file_bytes <= engine.limits.long_bytes:
            return inspect(replace(message, body=held.read(message.body_file_bytes)), engine)
        # Closed by going out of sight: readers that were stopped half-way still hold views of it.
        body = mmap.mmap(held.fileno(), message.body_file_bytes, access=mmap.ACCESS_READ)
    return inspect_long(message, body, engine)


def limits_of(settings: Settings) -> Limits:
    return Limits(
        body_bytes=settings.body_bytes, websocket_bytes=settings.websocket_bytes, grpc_bytes=settings.grpc_bytes
    )
