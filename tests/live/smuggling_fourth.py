"""A fourth set: without a tunnel, over a seam of two protocols, and in pieces as the network brings them.

`PLAIN_REFUSED` goes to the proxy's port as it is, with what is hidden behind a CONNECT or in a target of two hosts.
`IN_PIECES` says the same as a request that is refused, a few bytes at a time. Sources: RFC 9110, 9112, 9113.
"""

from __future__ import annotations

from typing import Final

from tests.live.harness import SITE
from tests.live.recorder import HIDDEN, SMUGGLED, request
from tests.live.smuggling import BODY, CL, END, TE
from tests.live.smuggling_http2 import DATA, END_HEADERS, END_STREAM, POST, changed, data, frame, head

_LONG: Final = f"Content-Length: {len(HIDDEN)}"


def _plain() -> dict[str, bytes]:
    lines = {
        "a user before the host": f"POST http://x@{SITE}/in HTTP/1.1",
        "a user that looks like the host": f"POST http://{SITE}:80@other.example/in HTTP/1.1",
        "a backslash for the slash": f"POST http://{SITE}\\in HTTP/1.1",
        "three slashes": f"POST http:///{SITE}/in HTTP/1.1",
        "one slash": f"POST http:/{SITE}/in HTTP/1.1",
        "a tab in the host": f"POST http://{SITE}\t.other.example/in HTTP/1.1",
        "an escaped host": f"POST http://{SITE.replace('.', '%2e')}/in HTTP/1.1",
        "a fragment in the target": f"POST http://{SITE}/in#x HTTP/1.1",
        "a port that is a word": f"POST http://{SITE}:http/in HTTP/1.1",
        "a port too large": f"POST http://{SITE}:65616/in HTTP/1.1",
        "a host that is an open bracket": "POST http://[::1/in HTTP/1.1",
        "another scheme": f"POST gopher://{SITE}/in HTTP/1.1",
        "the scheme of a tunnel": f"POST ftp://{SITE}/in HTTP/1.1",
    }
    made = {name: request(_LONG, line=line, body=HIDDEN) for name, line in lines.items()}
    absolute = f"POST http://{SITE}/in HTTP/1.1"
    return made | {
        "a Host that is another": request(_LONG, line=absolute, host="Host: other.example", body=HIDDEN),
        "a Host with another port": request(_LONG, line=absolute, host=f"Host: {SITE}:8080", body=HIDDEN),
        "two Hosts, one right": request(_LONG, "Host: other.example", line=absolute, body=HIDDEN),
        "length and coding": request(CL, TE, line=absolute, body=END),
        "CONNECT with a length": request(_LONG, line=f"CONNECT {SITE}:443 HTTP/1.1", body=HIDDEN),
        "CONNECT with chunks": request(TE, line=f"CONNECT {SITE}:443 HTTP/1.1", body=b"0\r\n\r\n" + SMUGGLED),
        "CONNECT, and a request behind it in the clear": request(line=f"CONNECT {SITE}:443 HTTP/1.1") + SMUGGLED,
        "CONNECT of two targets": request(line=f"CONNECT {SITE}:443,other.example:443 HTTP/1.1") + SMUGGLED,
        "CONNECT without a port": request(line=f"CONNECT {SITE} HTTP/1.1") + SMUGGLED,
        "CONNECT to port 0": request(line=f"CONNECT {SITE}:0 HTTP/1.1") + SMUGGLED,
    }


PLAIN_REFUSED: Final[dict[str, bytes]] = _plain()

REFUSED: Final[dict[str, bytes]] = {
    "a coding with a weight and a space": request("Transfer-Encoding: chunked ; q=1", body=END),
    "a coding in two fields that are one list": request("Transfer-Encoding: identity", TE, body=END),
    "a length in a list over two fields": request("Content-Length: 5, 5", CL, body=BODY),
    "Expect and both framings": request("Expect: 100-continue", TE, CL, body=END),
    "Expect with a tab": request("Expect: 100-continue\t,", CL, body=BODY),
    "a chunk size in sixteen digits": request(TE, body=b"0000000000000005\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "an extension of a megabyte": request(TE, body=b"5;" + b"a" * 1_000_000 + b"\r\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "an extension in backslashes": request(TE, body=b'5;a="\\"\r\nhello\r\n0\r\n\r\n' + SMUGGLED),
    "a trailer that is Connection": request(TE, body=b"0\r\nConnection: close\r\n\r\n" + SMUGGLED),
    "a trailer that looks like a length": request(TE, body=b"0\r\nContent_Length: 5\r\n\r\n" + SMUGGLED),
    "a first field that is folded": request(host=f" Host: {SITE}", body=b"") + SMUGGLED,
}

HTTP2_REFUSED: Final[dict[str, bytes]] = {
    "a length with a plus": head([*POST, ("content-length", f"+{len(HIDDEN)}")]) + data(),
    "a length with zeros before": head([*POST, ("content-length", f"00{len(HIDDEN)}")]) + data(),
    "a length twice, the same": head([*POST, *[("content-length", str(len(HIDDEN)))] * 2]) + data(),
    "lengths that differ": head([*POST, ("content-length", str(len(HIDDEN))), ("content-length", "0")]) + data(),
    "lengths in a list": head([*POST, ("content-length", f"{len(HIDDEN)}, {len(HIDDEN)}")]) + data(),
    "a length that is empty": head([*POST, ("content-length", "")]) + data(),
    "an authority of two hosts": head(changed(authority=f"{SITE},other.example")) + data(),
    "an empty path": head(changed(path="")) + data(),
    "a scheme with a line": head(changed(scheme="https\r\nx: y")) + data(),
    "a method with a line": head(changed(method="POST /x HTTP/1.1\r\nHost: x\r\n\r\nGET")) + data(),
    "padding that is all, on a frame that ends": head(POST) + frame(DATA, 0x8 | END_STREAM, 1, b"\x05hell"),
    "trailers that end a length too short": head([*POST, ("content-length", "5")])
    + data(1, 0)
    + head([("x-sum", "1")], flags=END_HEADERS | END_STREAM),
}


IN_PIECES: Final[dict[str, bytes]] = {
    "both framings": request(CL, TE, body=END),
    "a length with a plus": request("Content-Length: +5", body=BODY),
    "a bare LF": request(CL, "X-A: b\nX-B: c", body=BODY),
    "a bare CR": request(CL, "X-A: b\rX-B: c", body=BODY),
    "a chunk size with a space": request(TE, body=b"5 \r\nhello\r\n0\r\n\r\n" + SMUGGLED),
    "a fold": request(CL, "X-A: b\r\n c", body=BODY),
}
