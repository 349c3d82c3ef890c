"""What the engine says of a sample, beside what is expected."""

from __future__ import annotations

from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.model.verdict import Action
from dlp_proxy.pipeline import Engine, Judgement, examine
from dlp_proxy.windows.windows import Windows
from tests.samples.sample import Sample


def message(name: str, data: bytes) -> Message:
    headers = ((b"content-disposition", f'attachment; filename="{name.rpartition("/")[2]}"'.encode()),)
    to = Destination("https", "upload.example", 443)
    who = Principal("li.na@corp.example", "declared", "none")
    return Message("sample", 1768442400.0, "http", who, to, "POST", "/", headers, data)


def judged(sample: Sample, engine: Engine) -> Judgement:
    return examine(message(sample.name, sample.data), engine, Windows())


def wrong(sample: Sample, judgement: Judgement) -> str:
    """Return what is not as expected, in a few words; the empty text when all is."""
    verdict, gaps = judgement.verdict, sorted({gap.reason for gap in judgement.inspection.gaps})
    count = verdict.reasons[0].count if verdict.reasons else 0
    said = f"{verdict.action.word}, {count} customers, gaps {gaps}"
    if sample.expect == "blocked":
        right = verdict.action is Action.BLOCK and sample.least <= count <= sample.count
    elif sample.expect == "gap":
        right = sample.reason in gaps
    else:
        right = verdict.action <= Action.LOG
    return "" if right else said
