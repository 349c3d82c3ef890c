"""What the playground's page asks: what is wrong with these texts, and what would they do with this request."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import click

from dlp_proxy.cli.authors.candidates import candidates_of
from dlp_proxy.cli.authors.folder import engine_for_tests
from dlp_proxy.cli.authors.har import messages_of_har
from dlp_proxy.cli.authors.requests import message_of, of_curl
from dlp_proxy.model.message import Message
from dlp_proxy.pipeline import examine
from dlp_proxy.policy.casework import messages_of
from dlp_proxy.policy.load import load
from dlp_proxy.policy.policy import Policy
from dlp_proxy.policy.reasons import trace
from dlp_proxy.policy.reports import plain
from dlp_proxy.stores.policy_dir import PolicyFiles
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import today

_MOST_MESSAGES: Final = 200
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the page has it.

    Attributes:
        kind: ``fields``, ``pasted`` (a curl command line or a HAR), or ``test``.
        pasted: the curl command line or the HAR; for a test its place, ``path:line``.
        moment: seconds since the epoch; 0 for now.
    """

    kind: str
    user: str = "someone"
    groups: tuple[str, ...] = ()
    moment: float = 0.0
    method: str = ""
    url: str = ""
    content: str = ""
    body: str = ""
    pasted: str = ""


def asked_of(given: Mapping[str, Any]) -> Asked:
    """Return what a page asked.

    Raises:
        ValueError: it is not of its shape.
    """
    kinds: dict[str, tuple[type, ...]] = {"moment": (int, float), "groups": (list,)}
    for key, value in given.items():
        if key not in Asked.__slots__ or not isinstance(value, kinds.get(key, (str,))):
            raise ValueError(f"{key} is not as the page sends it")
    groups = tuple(str(one) for one in given.get("groups", ()) if str(one))
    asked = Asked(**{**given, "groups": groups})
    if asked.kind not in {"fields", "pasted", "test"} or (asked.method and asked.method not in _METHODS):
        raise ValueError("the page asks for what there is not")
    return replace(asked, user=asked.user or "someone")


def answer(files: PolicyFiles, asked: Asked) -> dict[str, Any]:
    """Return problems of the texts, the tests in them, and for each message of the request its trace and verdict."""
    loaded = load(files.texts, today(), files.fixtures, languages=files.pack.languages)
    said: dict[str, Any] = {
        "problems": [plain(one) for one in loaded.problems],
        "tests": [],
        "answers": [],
        "refused": "",
    }
    if loaded.policy is None:
        return said
    said["digest"] = loaded.policy.digest
    said["tests"] = [{"name": one.name, "at": f"{one.place.path}:{one.place.line}"} for one in loaded.policy.tests]
    try:
        said["answers"] = list(_answers(loaded.policy, _messages(loaded.policy, asked)))
    except click.UsageError as error:
        said["refused"] = error.message
    except ValueError as error:
        said["refused"] = str(error)
    return said


def _messages(policy: Policy, asked: Asked) -> Iterator[Message]:
    when = asked.moment or time.time()
    if asked.kind == "test":
        for test in policy.tests:
            if f"{test.place.path}:{test.place.line}" == asked.pasted:
                yield from (message for _, message, _ in messages_of(policy, test))
        return
    if asked.kind == "fields":
        if not asked.url.strip():
            return
        body = asked.body.encode("utf-8", "surrogateescape")
        headers = [("content-type", asked.content)] if asked.content else []
        some: Iterable[Message] = [
            message_of(asked.url.strip(), asked.user, asked.method or ("POST" if body else "GET"), headers, body, when)
        ]
    elif not asked.pasted.strip():
        return
    elif asked.pasted.lstrip().startswith("curl"):
        some = [of_curl(asked.pasted.strip(), asked.user, when, _no_files)]
    elif asked.pasted.lstrip().startswith("{"):
        some = messages_of_har(asked.pasted, asked.user, when)
    else:
        raise click.UsageError("this is neither a curl command line nor a HAR: they begin with `curl` and `{`")
    yield from (replace(one, principal=replace(one.principal, groups=asked.groups)) for one in some)


def _no_files(path: str) -> bytes:
    raise click.UsageError(f"the command line sends the file {path}; this page reads none: paste what is in it")


def _answers(policy: Policy, messages: Iterator[Message]) -> Iterator[dict[str, Any]]:
    engine, windows = engine_for_tests(policy), Windows()
    for message in islice(messages, _MOST_MESSAGES):
        judged = examine(message, engine, windows)
        yield {
            "action": judged.verdict.action.word,
            "would": judged.verdict.would.word,
            "rules": [
                {"rule": one.rule, "action": one.effective.word, "count": one.count} for one in judged.verdict.reasons
            ],
            "trace": [
                *trace(policy, message, judged.inspection, judged.matches, judged.verdict),
                *candidates_of(message, engine),
            ],
        }
