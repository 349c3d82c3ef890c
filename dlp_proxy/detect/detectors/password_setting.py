"""Passwords and secrets written as settings: a name that says so, a mark, and a value that looks random."""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Ignore, Near, Pattern
from dlp_proxy.model.finding import Confidence

_NAME: Final = (
    r"(?:pass(?:word|wd|phrase|code)|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|(?:api|access|auth|private|client"
    r"|app)[_-]?(?:key|token|secret)"
    r"|(?<!(?:csrf|xsrf|next|page|continuation|sync|cursor)[_-]?)token|credential|密码|口令|密碼|密钥|密鑰|登录密码)"
)
_MARK: Final = r"[\"'`\])]{0,3}\s{0,3}(?::=|=>|[:=：]|is\s|是|为)\s{0,3}"

DETECTOR: Final = DetectorSpec(
    name="std/password-setting",
    kind="credential",
    description="password = something random-looking, in a config file, source code or a message.",
    patterns=(
        # In quotes: whatever stands there. Bare: what settings files and messages allow, and never code.
        Pattern(rf"{_NAME}{_MARK}(?P<quote>[\"'`])(?P<value>[^\s\"'`]{{8,128}}+)(?P=quote)", "in-quotes"),
        Pattern(
            rf"{_NAME}{_MARK}(?P<value>(?=[^\s]{{0,60}}[0-9])(?=[^\s]{{0,60}}[A-Za-z])[A-Za-z0-9!@#$%^&*+/=_.~?-]{{8,128}}+)"
            r"(?![(\[\{<\"'`]|\.[A-Za-z])",
            "bare",
        ),
        Pattern(
            r"(?:mysql|postgres(?:ql)?|mongodb(?:\+srv)?|redis|rediss|amqps?|mssql|oracle|ftp|sftp|ssh|https?|ldaps?"
            r"|smtps?)"
            r"://[^\s:/@\"'<>]{0,64}:(?P<value>[^\s:/@\"'<>]{6,100})@[A-Za-z0-9\[]",
            "in-an-address",
        ),
    ),
    boundary="none",
    entropy=2.75,
    normalise=(),
    ignore=Ignore(
        patterns=(
            # Placeholders, and references to where the value really is.
            r"[$%#]?[{(\[<].*", r".*[})\]>]", r"\$[A-Za-z_].*", r"%[A-Za-z_]+%", r"\*+", r"[xX.•_-]+",
            r"(?:change|replace)[_-]?(?:me|this|it).*",
            r"(?:your|my|the|some|any|insert|enter|test|fake|dummy|example|sample|default)[_-].*",
            r".*(?:example|placeholder|redacted|changeme|dummy|undefined|required|optional|xxxx).*",
            r"[a-z_.-]*(?:password|passwd|secret|token)[a-z_.-]*[0-9]?",
            r"(?:process|os|config|settings|self|this|ctx|env|args|options|request|req|data|params)\..*",
            r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+",
            # Names and words rather than values: snake_case, dotted.paths, camelCase, kebab-words, words of a message.
            r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+",
            r"[a-z]+(?:[_.-][a-z]+)+", r"[A-Za-z]+", r"(?:[A-Za-z]:)?[./\\].*", r"https?:.*", r"[0-9.,:+-]+",
            r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", r"(?:sha\d{1,3}|md5)[:=-].*",
            r"true|false|null|none|[a-z]+\(.*",
        )
    ),
    near=(
        Near(("max_tokens", "next_token", "page_token", "token_type", "csrf", "xsrf", "cursor", "tokenizer"),
            "field-name", Confidence.LOW),
    ),
    sample="password = 9fK2-xQ7!{n:6}",
    examples=Examples(
        match=("password = 9fK2-xQ7!mZp4", "api_key: 'sk9Qw2Er7Ty4Ui8O'", "密码：Hn7#kq2P!x",
            "postgres://app:9fK2xQ7mZp4@db.corp.example/x"),
        no_match=("password: ${DB_PASSWORD}", "password = ********", "token: changeme123",
            "password = getpass.getpass()"),
    ),
)  # fmt: skip
