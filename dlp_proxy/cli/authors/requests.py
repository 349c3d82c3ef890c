"""A request as authors have it at hand: a curl command line, or words -> a `Message`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import click

from dlp_proxy.model.message import Destination, Message, Principal

_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_TAKES_A_WORD: Final = frozenset({
    "-A", "--user-agent", "-b", "--cookie", "-e", "--referer", "-o", "--output", "-u", "--user", "-x", "--proxy",
    "-m", "--max-time", "--connect-timeout", "--cacert", "--cert", "--key", "--resolve", "-c", "--cookie-jar", "-w",
    "--write-out", "--retry", "--interface", "-r", "--range", "-E", "-K", "--config", "--ciphers", "--proxy-user",
    "-U", "--http-version",
})  # fmt: skip
"""Options of curl 8 whose word says nothing about what is sent, or a header that is added below."""

_HEADERS: Final = {"-A": "user-agent", "--user-agent": "user-agent", "-b": "cookie", "--cookie": "cookie",
                   "-e": "referer", "--referer": "referer"}  # fmt: skip
_DATA: Final = frozenset({"-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json"})


def message_of(
    url: str, user: str, method: str, headers: list[tuple[str, str]], body: bytes, when: float, number: int = 1
) -> Message:
    """Return a message.

    Raises:
        click.UsageError: `url` is not an address.
    """
    parts = urlsplit(url if "://" in url else f"http://{url}")
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise click.UsageError(f"{url} is not an address like https://pan.example/upload")
    fields = [("host", parts.netloc.rpartition("@")[2]), *headers]
    return Message(
        uid=f"explained-{number}",
        time=when,
        channel="websocket" if parts.scheme in {"ws", "wss"} else "http",
        principal=Principal(user, "declared", "none"),
        destination=Destination(parts.scheme, parts.hostname.rstrip("."), port or _PORTS[parts.scheme]),
        method=method,
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        headers=tuple((name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in fields),
        body=body,
    )


def read_file(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise click.UsageError(f"cannot read {path}, which the curl command line sends: {error.strerror}") from error


def of_curl(line: str, user: str, when: float, read: Callable[[str], bytes] = read_file) -> Message:
    """Return the message that a curl command line would send, as "copy as cURL" of browsers gives it.

    Args:
        read: gives the files that the command line names.

    Raises:
        click.UsageError: it has no address, or a word that is not understood.
    """
    try:
        words = shlex.split(line.replace("\\\n", " "))[1:]
    except ValueError as error:
        raise click.UsageError(f"the curl command line cannot be read: {error}") from error
    curl = _Curl(read)
    while words:
        curl.take(words.pop(0), words)
    if not curl.url:
        raise click.UsageError("the curl command line names no address")
    url = curl.url
    if curl.as_query and curl.data:
        url += ("&" if "?" in url else "?") + b"&".join(curl.data).decode("utf-8", "surrogateescape")
        curl.data = []
    body, kind = curl.body()
    headers = curl.headers
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers = [*headers, ("content-type", kind)]
    return message_of(url, user, curl.method or ("POST" if body else "GET"), headers, body, when)


class _Curl:
    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self.url = ""
        self.method = ""
        self.headers: list[tuple[str, str]] = []
        self.data: list[bytes] = []
        self.forms: list[tuple[str, str, bytes]] = []
        self.json = self.as_query = False

    def take(self, word: str, rest: list[str]) -> None:  # noqa: C901, PLR0912 (a row for each option)
        if word.startswith("--") and "=" in word:
            word, _, value = word.partition("=")
            rest.insert(0, value)
        elif word[:1] == "-" and word[1:2] in set("XHdFATboeum") and len(word) > 2 and word[1] != "-":
            rest.insert(0, word[2:])
            word = word[:2]
        if word in {"-X", "--request"}:
            self.method = _next(word, rest).upper()
        elif word in {"-H", "--header"}:
            name, _, value = _next(word, rest).partition(":")
            self.headers.append((name.strip(), value.strip()))
        elif word in _DATA:
            self.data.append(self._data(word, _next(word, rest)))
            self.json = self.json or word == "--json"
        elif word in {"-F", "--form", "--form-string"}:
            self.forms.append(self._form(_next(word, rest)))
        elif word in {"-T", "--upload-file"}:
            self.data.append(self._read(_next(word, rest)))
            self.method = self.method or "PUT"
        elif word in {"-G", "--get"}:
            self.as_query, self.method = True, "GET"
        elif word in {"-I", "--head"}:
            self.method = "HEAD"
        elif word == "--url":
            self.url = _next(word, rest)
        elif word in _TAKES_A_WORD:
            value = _next(word, rest)
            if word in _HEADERS:
                self.headers.append((_HEADERS[word], value))
        elif not word.startswith("-"):
            self.url = self.url or word

    def body(self) -> tuple[bytes, str]:
        if self.forms:
            mark = "dlp-proxy-explain"
            parts = [
                f'--{mark}\r\nContent-Disposition: form-data; name="{name}"'.encode()
                + (f'; filename="{file}"'.encode() if file else b"")
                + b"\r\n\r\n"
                + content
                + b"\r\n"
                for name, file, content in self.forms
            ]
            return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
        kind = "application/json" if self.json else "application/x-www-form-urlencoded"
        return b"&".join(self.data), kind if self.data else ""

    def _data(self, word: str, value: str) -> bytes:
        if value.startswith("@") and word not in {"--data-raw", "--data-urlencode"}:
            read = self._read(value[1:])
            return read if word == "--data-binary" else read.replace(b"\r", b"").replace(b"\n", b"")
        return value.encode("utf-8", "surrogateescape")

    def _form(self, value: str) -> tuple[str, str, bytes]:
        name, _, content = value.partition("=")
        if content.startswith(("@", "<")):
            path = content[1:].split(";")[0]
            return name, Path(path).name if content[0] == "@" else "", self._read(path)
        return name, "", content.encode()


def _next(word: str, rest: list[str]) -> str:
    if not rest:
        raise click.UsageError(f"{word} of the curl command line has nothing behind it")
    return rest.pop(0)
