"""Accounts at destinations by the names that events give them, and who filled the same one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from dlp_proxy.model.event import ACCOUNT


def account_names(connection: sqlite3.Connection, tokens: Iterable[int]) -> dict[int, str]:
    """Return token -> name, what told it and its mask, as the first event says that holds it."""
    rows = connection.execute(
        "SELECT t.number, json_extract(r.json, '$.unmapped.dlp.request.account') FROM json_each(?) j"
        " JOIN token t ON t.number = j.value AND t.kind = ? JOIN record r"
        " ON r.event = (SELECT min(event) FROM posting WHERE token = t.number)",
        (json.dumps(sorted(set(tokens))), ACCOUNT),
    )
    return {token: account_in_words(json.loads(told)) for token, told in rows if told}


def account_in_words(told: dict[str, str]) -> str:
    """Return an account as it is shown: name, what told it, mask."""
    return f"{told['name']} ({told['by']} {told['masked']})"
