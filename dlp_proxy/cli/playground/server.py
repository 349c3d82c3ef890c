"""The server of the playground: loopback only, behind a secret in its address, and it writes only what is saved.

Who may talk to it: the author's own browser. Other people of the machine do not know the secret; other pages in the
browser neither, and cannot reach it by a name of their own (DNS rebinding), since Host must be loopback's; and what
changes something must come from the page itself (Origin).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any, Final

import tornado.httpserver
import tornado.netutil
import tornado.web

from dlp_proxy.cli.playground.workbench import answer, asked_of
from dlp_proxy.stores.policy_dir import PolicyFiles, read_policies
from dlp_proxy.stores.ports import StoreError

_PAGES: Final = resources.files("dlp_proxy.cli.playground").joinpath("pages")
_KINDS: Final = {"index.html": "text/html", "page.css": "text/css", "page.js": "text/javascript"}
_LONGEST: Final = 32 * 1024 * 1024
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Playground:
    """Serves one policy folder to one author. `address` is what the browser is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secret = secrets.token_urlsafe(24)
        # One at a time: a page asks again at each key, and only its last question matters.
        self.hands = ThreadPoolExecutor(1, "playground")
        here = {"playground": self}
        routes = [(r"/([^/]+)/(files|judge|save)", _Answers, here), (r"/([^/]+)/([a-z.]*)", _Pages, here)]
        application = tornado.web.Application(routes, log_function=_no_log, default_handler_class=_Nothing)
        self._server = tornado.httpserver.HTTPServer(
            application, max_header_size=16 * 1024, max_body_size=_LONGEST, max_buffer_size=_LONGEST
        )
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.secret}/"

    def listen(self, port: int) -> None:
        """Bind on loopback and serve; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        sockets = tornado.netutil.bind_sockets(port, "127.0.0.1")
        self.port = sockets[0].getsockname()[1]
        self._server.add_sockets(sockets)

    async def stop(self) -> None:
        self._server.stop()
        await self._server.close_all_connections()
        self.hands.shutdown(wait=False, cancel_futures=True)


class _Handler(tornado.web.RequestHandler):
    playground: Playground | None = None

    def initialize(self, playground: Playground | None = None) -> None:
        self.playground = playground

    def prepare(self) -> None:
        place = self.playground
        if place is None or self.request.host not in {f"127.0.0.1:{place.port}", f"localhost:{place.port}"}:
            raise tornado.web.HTTPError(421 if place else 404)
        if not hmac.compare_digest(self.path_args[0].encode(), place.secret.encode()):
            raise tornado.web.HTTPError(404)
        if self.request.method != "GET" and self.request.headers.get("Origin") != f"http://{self.request.host}":
            raise tornado.web.HTTPError(403)

    def set_default_headers(self) -> None:
        for name, value in {
            "Server": "dlp_proxy",
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **more: Any) -> None:  # noqa: ANN401 - tornado's signature
        error = more.get("exc_info", (None, None))[1]
        said = isinstance(error, tornado.web.HTTPError) and error.log_message
        why = said % error.args if said else ""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{why or status_code}\n")

    def log_exception(self, *_: Any) -> None:  # noqa: ANN401 - the page shows what was refused; texts stay out of logs
        return

    @property
    def place(self) -> Playground:
        if self.playground is None:
            raise tornado.web.HTTPError(404)
        return self.playground


class _Nothing(_Handler):
    """Answers what has no route."""


class _Pages(_Handler):
    def get(self, _: str, name: str) -> None:
        name = name or "index.html"
        if name not in _KINDS:
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", f"{_KINDS[name]}; charset=utf-8")
        self.finish(_PAGES.joinpath(name).read_bytes())


class _Answers(_Handler):
    def get(self, _: str, what: str) -> None:
        if what != "files":
            raise tornado.web.HTTPError(405)
        try:
            files = read_policies(self.place.folder)
        except StoreError as error:
            raise tornado.web.HTTPError(409, "%s", error) from error
        self._say({"folder": str(self.place.folder), "files": dict(files.texts)})

    async def post(self, _: str, what: str) -> None:
        try:
            asked = json.loads(self.request.body)
            if what == "save":
                self._save(asked["file"], asked["text"], asked["was"])
            elif what == "judge":
                await self._judge(asked["files"], asked["request"])
            else:
                raise tornado.web.HTTPError(405)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise tornado.web.HTTPError(400, "%s", f"not as the page asks: {error}") from error

    async def _judge(self, texts: dict[str, str], request: dict[str, Any]) -> None:
        asked = asked_of(request)
        if not all(isinstance(one, str) for pair in texts.items() for one in pair):
            raise TypeError("a file is not text")
        try:
            beside = read_policies(self.place.folder)
        except StoreError:
            beside = PolicyFiles({}, {})
        loop = asyncio.get_running_loop()
        self._say(await loop.run_in_executor(self.place.hands, answer, replace(beside, texts=texts), asked))

    def _save(self, file: str, text: str, was: str) -> None:
        """Write one file of the folder, when it still is what the author began with."""
        try:
            known = read_policies(self.place.folder).texts
            if file not in known:
                raise tornado.web.HTTPError(404, "%s", f"{file} is no file of {self.place.folder}")
            if known[file] != was:
                raise tornado.web.HTTPError(409, "%s", f"{file} was changed by somebody else; nothing was written")
            Path(file).write_text(text, encoding="utf-8", newline="")
        except (OSError, StoreError) as error:
            raise tornado.web.HTTPError(409, "%s", f"{file} was not written: {error}") from error
        self._say({"saved": file})

    def _say(self, what: dict[str, Any]) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(json.dumps(what, ensure_ascii=False))


def _no_log(handler: tornado.web.RequestHandler) -> None:
    """A page that asks at each key needs no lines."""
