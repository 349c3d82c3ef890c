"""Logs for operators: JSON lines for machines, plain lines on a terminal, and never a customer's value."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from dlp_proxy.model.sensitive import Sensitive, scrub

_OURS: Final = frozenset({"event", "level", "timestamp", "uid", "digest", "seconds", "logger"})
"""Keys whose values are made by us; the rest may quote what a sender chose."""


def mask_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask whatever looks like a number of a person or a mail address, and keep one event on one line."""
    for key, value in event.items():
        if isinstance(value, Sensitive):
            event[key] = value.masked
        elif isinstance(value, str) and key not in _OURS:
            event[key] = _masked(value)
    return event


def failed(error: BaseException) -> str:
    """Return kind and place of an error that nobody foresaw: its words may quote what it was given."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" in {Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    return f"failed: {type(error).__name__}{place}"


def mask_libraries(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask what a library says, and reduce a failure to its kind and place: its words quote what it was given."""
    _, error, _ = event.pop("exc_info", None) or (None, None, None)
    if error is not None:
        event["event"] = failed(error)
    event["event"] = _masked(event["event"])
    return event


def _masked(text: str) -> str:
    return scrub("".join(char if char.isprintable() else " " for char in text))


def set_up_logs(*, terminal: bool | None = None) -> None:
    """Send structlog's and the standard library's logs to standard error, masked, in one form."""
    if terminal is None:
        terminal = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        mask_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    last: Processor = (
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, mask_libraries],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
