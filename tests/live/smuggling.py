"""Faulty requests, as bytes: a second set beside `test_framing.py`, from the RFCs and published research.

Each hides a record behind a difference between two readers. All must be refused whole.
"""

from __future__ import annotations

from typing import Final

from tests.live.harness import SITE
from tests.live.recorder import HIDDEN, SMUGGLED, request

CL: Final = "Content-Length: 5"
TE: Final = "Transfer-Encoding: chunked"
BODY: Final = b"hello" + SMUGGLED
END: Final = b"0\r\n\r\n" + SMUGGLED


def _lengths() -> dict[str, bytes]:
    values = {
        "semicolon": "5;",
        "trailing comma": "5,",
        "leading comma": ",5",
        "three in a list": "5,5,5",
        "list with zero": "0, 5",
        "vertical tab": "5\x0b",
        "form feed": "\x0c5",
        "NUL": "5\0",
        "no-break space": "5\xa0",
        "full-width digit": "５".encode().decode("latin-1"),
        "binary": "0b101",
        "octal": "0o5",
        "exponent": "5e0",
        "suffix": "5L",
        "quotes": '"5"',
        "apostrophe": "'5'",
        "minus zero": "-0",
        "plus zero": "+0",
        "two zeros": "00",
        "2 to the 64 and 5": str(2**64 + 5),
        "2 to the 63": str(2**63),
        "2 to the 32 and 5": str(2**32 + 5),
        "only spaces": "   ",
        "hash": "5#",
        "escaped NUL": "5%00",
        "escaped CR": "5%0d",
        "superscript": "\xb25",
        "tab between": "\t5\t6",
        "brackets": "(5)",
        "equals": "=5",
        "two points": "5..",
        "thousands": "1,000",
        "word behind": "5 bytes",
        "not a number": "NaN",
        "infinity": "Infinity",
    }
    return {f"length: {name}": request(f"Content-Length: {value}", body=BODY) for name, value in values.items()}


def _length_names() -> dict[str, bytes]:
    lines = {
        "NUL behind the name": "Content-Length\0: 5",
        "vertical tab behind the name": "Content-Length\x0b: 5",
        "no-break space behind the name": "Content-Length\xa0: 5",
        "vertical tab before the name": "\x0bContent-Length: 5",
        "form feed before the name": "\x0cContent-Length: 5",
        "NUL before the name": "\0Content-Length: 5",
        "BOM before the name": "\xef\xbb\xbfContent-Length: 5",
        "CR before the colon": "Content-Length\r: 5",
        "LF before the colon": "Content-Length\n: 5",
        "semicolon in the name": "Content-Length;: 5",
        "en dash": "Content–Length: 5".encode().decode("latin-1"),
        "equals for the colon": "Content-Length=5",
        "space for the dash": "Content Length: 5",
        "full-width C": "Ｃontent-Length: 5".encode().decode("latin-1"),
        "quoted name": '"Content-Length": 5',
        "name in brackets": "[Content-Length]: 5",
        "at sign": "@Content-Length: 5",
        "comma behind the name": "Content-Length,: 5",
        "dot for the dash": "Content.Length: 5",
        "two dashes": "Content--Length: 5",
        "no dash": "ContentLength: 5",
        "underscore behind": "Content-Length_: 5",
        "tilde for the dash": "Content~Length: 5",
    }
    return {f"length's name: {name}": request(line, body=BODY) for name, line in lines.items()}


def _lengths_twice() -> dict[str, bytes]:
    lines = {
        "other case": ["Content-Length: 5", "content-length: 50"],
        "other case, same value": ["Content-Length: 5", "CONTENT-LENGTH: 5"],
        "with zero": ["Content-Length: 0", "Content-Length: 5"],
        "with an empty one": ["Content-Length: 5", "Content-Length:"],
        "three": ["Content-Length: 5", "Content-Length: 5", "Content-Length: 5"],
        "far apart": ["Content-Length: 5", "X-A: b", "X-B: c", "Content-Length: 6"],
        "with an underscored one": ["Content-Length: 5", "content_length: 50"],
        "with a folded one": ["Content-Length: 5", "X-A: b\r\n\tContent-Length: 50"],
        "behind a bare CR": ["Content-Length: 5", "X-A: b\rContent-Length: 50"],
        "with TE in capitals": ["CONTENT-LENGTH: 5", "TRANSFER-ENCODING: CHUNKED"],
        "with TE before it": ["transfer-encoding: chunked", "content-length: 5"],
    }
    return {f"lengths: {name}": request(*some, body=END) for name, some in lines.items()}


def _codings() -> dict[str, bytes]:
    values = {
        "trailing comma": "chunked,",
        "leading comma": ",chunked",
        "semicolon": "chunked;",
        "identity first": "identity, chunked",
        "identity last": "chunked, identity",
        "chunk": "chunk",
        "chunkedx": "chunkedx",
        "x-chunked": "x-chunked",
        "cow": "cow",
        "apostrophes": "'chunked'",
        "two words": "x chunked",
        "twice with a space": "chunked chunked",
        "deflate": "deflate",
        "br": "br",
        "trailers": "trailers",
        "NUL inside": "chu\0nked",
        "CR inside": "chun\rked",
        "folded": "\r\n chunked",
        "folded inside": "chun\r\n ked",
        "LF before": "\n chunked",
        "NUL behind": "chunked\0",
        "no-break space behind": "chunked\xa0",
        "backspace": "chunked\x08x",
        "escape": "\x1bchunked",
        "long s": "chunſed".encode().decode("latin-1"),
        "Kelvin sign": "chun\u212aed".encode().decode("latin-1"),
        "brackets": "(chunked)",
        "equals": "chunked=1",
        "slash": "chunked/1",
        "star": "*",
        "gzip, gzip, chunked": "gzip, gzip, chunked",
        "compress": "x-compress, chunked",
    }
    made = {f"coding: {name}": request(f"Transfer-Encoding: {value}", body=END) for name, value in values.items()}
    both = {
        f"coding beside a length: {name}": request(f"Transfer-Encoding: {value}", CL, body=END)
        for name, value in values.items()
        if name in {"trailing comma", "chunk", "cow", "folded", "NUL behind", "identity last", "trailers"}
    }
    return made | both


def _coding_names() -> dict[str, bytes]:
    lines = {
        "LF before the colon": "Transfer-Encoding\n: chunked",
        "CR in the name": "Transfer\r-Encoding: chunked",
        "NUL behind the name": "Transfer-Encoding\0: chunked",
        "two CRs before it": "X-A: b\r\rTransfer-Encoding: chunked",
        "space first": " Transfer-Encoding: chunked",
        "LF and CR turned": "X-A: b\n\rTransfer-Encoding: chunked",
        "colon first": ":Transfer-Encoding: chunked",
        "two colons": "Transfer-Encoding:: chunked",
        "no-break space behind": "Transfer-Encoding\xa0: chunked",
        "underscore": "transfer_encoding: chunked",
        "dot": "Transfer.Encoding: chunked",
        "no dash": "TransferEncoding: chunked",
        "behind NEL": "X-A: b\x85Transfer-Encoding: chunked\x01",
        "behind a line separator": "X-A: \x1eTransfer-Encoding: chunked",
    }
    return {f"coding's name: {name}": request(line, CL, body=END) for name, line in lines.items()}


def _request_lines() -> dict[str, bytes]:
    lines = [
        "POST /in HTTP/1.1\0",
        "POST /in HTTP/1.1;",
        "POST /in HTTP/01.1",
        "POST /in HTTP/1.01",
        "POST /in HTTP/1.1.1",
        "POST /in HTTP/ 1.1",
        "POST /in HTTP/1.",
        "POST /in HTTP/.1",
        "POST /in HTTP/1,1",
        "POST /in HTTP/1",
        "POST /in HTTP/3.0",
        "POST /in HTTP/-1.1",
        "POST /in HTTP/+1.1",
        "POST /in HTTP/1.1 HTTP/1.1",
        "POST /in HTTP/1.0 HTTP/1.1",
        "POST /in HTTPS/1.1",
        "POST /in XHTTP/1.1",
        "POST /in H",
        "POST\x0b/in HTTP/1.1",
        "POST\xa0/in HTTP/1.1",
        "POST /in\tHTTP/1.1",
        "POST /in\x0cHTTP/1.1",
        "POST /in\xa0HTTP/1.1",
        "POST /in HTTP/1.1\r",
        "POST /in\r HTTP/1.1",
        "POST  HTTP/1.1",
        "POST HTTP/1.1",
        "POST/in HTTP/1.1",
        "POST",
        "/in HTTP/1.1",
        "PO\0ST /in HTTP/1.1",
        "P:ST /in HTTP/1.1",
        "PÖST /in HTTP/1.1".encode().decode("latin-1"),
        "POST\\ /in HTTP/1.1",
        '"POST" /in HTTP/1.1',
        "POST \\in HTTP/1.1",
        "POST ?x=1 HTTP/1.1",
        "POST #x HTTP/1.1",
        "POST * HTTP/1.1",
        "POST *x HTTP/1.1",
        "OPTIONS *x HTTP/1.1",
        "POST http:/in HTTP/1.1",
        "POST http:in HTTP/1.1",
        "POST //\x01/in HTTP/1.1",
        "POST /in?a\x7fb HTTP/1.1",
        "POST /in?a b HTTP/1.1",
        "POST @/in HTTP/1.1",
        "POST .in HTTP/1.1",
        "POST /in?x#y HTTP/1.1",
        f"POST {SITE}/in HTTP/1.1",
        f"POST {SITE}:443 HTTP/1.1",
        f"POST https://{SITE}:443/in HTTP/1.1",
        "POST https:///in HTTP/1.1",
        f"POST HTTPS://{SITE}/in HTTP/1.1",
        f"POST ws://{SITE}/in HTTP/1.1",
        "POST file:///etc/passwd HTTP/1.1",
        "POST javascript:x HTTP/1.1",
        f"CONNECT {SITE}:80 HTTP/1.1",
        "CONNECT /in HTTP/1.1",
        "TRACE /in HTTP/1.1",
        "PRI * HTTP/2.0",
        "PRI /in HTTP/1.1",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ /in HTTP/1.1",
    ]
    return {f"line: {line!r}": request(CL, line=line, body=BODY) for line in lines}


def _hosts() -> dict[str, bytes]:
    values = [
        f"{SITE}\0",
        f"{SITE}#x",
        f"{SITE}?x",
        f"{SITE}\\x",
        f"{SITE}%00",
        f"{SITE}%2eother.example",
        f"{SITE}:80:443",
        f"{SITE}:-1",
        f"{SITE}:+443",
        f"{SITE}:99999",
        f"{SITE}:443x",
        f"{SITE}:4 43",
        f"{SITE}:8080",
        f"{SITE}:443@other.example",
        f"https://{SITE}",
        f"{SITE};x",
        f"({SITE})",
        f'"{SITE}"',
        f"{SITE}\x0bx",
        f"{SITE}\xa0",
        f"{SITE}\tother.example",
        f"[{SITE}]",
        "[::1",
        "[::1]",
        "127.0.0.1",
        "localhost",
        "other.example",
        f"other.{SITE}",
        f"x{SITE}",
        f"{SITE}.other.example",
        f"{SITE}..",
        ".",
        ":443",
        "@",
        "*",
        "-",
        "\xff",
    ]
    made = {f"Host: {value!r}": request(CL, host=f"Host: {value}", body=BODY) for value in values}
    more = {
        "in two cases": request("HOST: other.example", CL, body=BODY),
        "three times": request(f"Host: {SITE}", f"host: {SITE}", CL, body=BODY),
        "folded": request(CL, host=f"Host: {SITE}\r\n other.example", body=BODY),
        "folded before": request(CL, host=f"Host:\r\n {SITE}", body=BODY),
        "NUL behind the name": request(CL, host=f"Host\0: {SITE}", body=BODY),
        "tab behind the name": request(CL, host=f"Host\t: {SITE}", body=BODY),
        "space first": request(CL, host=f" Host: {SITE}", body=BODY),
        "second with a space": request("Host : other.example", CL, body=BODY),
        "second with a space first": request(" Host: other.example", CL, body=BODY),
        "in HTTP/1.0, twice": request("Host: other.example", CL, line="POST /in HTTP/1.0", body=BODY),
    }
    return made | {f"Host: {name}": one for name, one in more.items()}


def _chunks() -> dict[str, bytes]:
    bodies = {
        "extension without a value": b"5;\r\nhello\r\n0\r\n\r\n",
        "space and extension": b"5 ;x\r\nhello\r\n0\r\n\r\n",
        "quoted line end in an extension": b'5;x="\r\nhello\r\n0\r\n\r\n',
        "bare LF in an extension": b"5;x\nhello\r\n0\r\n\r\n",
        "CR in an extension": b"5;x\rhello\r\n0\r\n\r\n",
        "long extension": b"5;" + b"x" * 70_000 + b"\r\nhello\r\n0\r\n\r\n",
        "tab behind the size": b"5\t\r\nhello\r\n0\r\n\r\n",
        "NUL behind the size": b"5\0\r\nhello\r\n0\r\n\r\n",
        "letter behind the size": b"5g\r\nhello\r\n0\r\n\r\n",
        "h behind the size": b"5h\r\nhello\r\n0\r\n\r\n",
        "comma behind the size": b"5,5\r\nhello\r\n0\r\n\r\n",
        "dot behind the size": b"5.\r\nhello\r\n0\r\n\r\n",
        "two sizes": b"5 5\r\nhello\r\n0\r\n\r\n",
        "full-width size": "５".encode() + b"\r\nhello\r\n0\r\n\r\n",
        "two CRs": b"5\r\r\nhello\r\n0\r\n\r\n",
        "LF CR": b"5\n\r\nhello\r\n0\r\n\r\n",
        "all ones": b"ffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        "sign bit": b"8000000000000000\r\nhello\r\n0\r\n\r\n",
        "2 to the 32 and 5": b"0000000100000005\r\nhello\r\n0\r\n\r\n",
        "2 to the 64 and 5": b"10000000000000005\r\nhello\r\n0\r\n\r\n",
        "many zeros": b"0" * 400 + b"5\r\nhello\r\n0\r\n\r\n",
        "minus zero": b"5\r\nhello\r\n-0\r\n\r\n",
        "plus zero": b"5\r\nhello\r\n+0\r\n\r\n",
        "extension on zero": b"5\r\nhello\r\n0;x\r\n\r\n",
        "space on zero": b"5\r\nhello\r\n0 \r\n\r\n",
        "size longer than the chunk": b"9\r\nhello\r\n0\r\n\r\n",
        "size shorter than the chunk": b"3\r\nhello\r\n0\r\n\r\n",
        "no size": b"hello\r\n0\r\n\r\n",
        "LF before the size": b"\n5\r\nhello\r\n0\r\n\r\n",
        "CR behind the chunk": b"5\r\nhello\r0\r\n\r\n",
        "nothing behind the chunk": b"5\r\nhello0\r\n\r\n",
        "space behind the chunk": b"5\r\nhello \r\n0\r\n\r\n",
        "last line in LF": b"5\r\nhello\r\n0\r\n\n",
        "zero in LF": b"5\r\nhello\r\n0\n\r\n",
        "zero in CR": b"5\r\nhello\r\n0\rX\r\n",
        "request for trailers": b"0\r\nPOST /x HTTP/1.1\r\nHost: x\r\n\r\n",
        "TE in trailers": b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "Host in trailers": b"0\r\nHost: other.example\r\n\r\n",
        "authorization in trailers": b"0\r\nAuthorization: x\r\n\r\n",
        "content type in trailers": b"0\r\nContent-Type: x\r\n\r\n",
        "encoding in trailers": b"0\r\nContent-Encoding: gzip\r\n\r\n",
        "cookie in trailers": b"0\r\nCookie: a=b\r\n\r\n",
        "NUL in trailers": b"0\r\nX-A: b\0c\r\n\r\n",
        "space before a trailer's colon": b"0\r\nX-A : b\r\n\r\n",
        "space before a trailer": b"0\r\n X-A: b\r\n\r\n",
        "trailer without a name": b"0\r\n: b\r\n\r\n",
        "CR in a trailer": b"0\r\nX-A: b\rc\r\n\r\n",
        "underscored length in trailers": b"0\r\nContent_Length: 5\r\n\r\n",
        "endless trailers": b"0\r\n" + b"X-A: " + b"b" * 70_000 + b"\r\n\r\n",
    }
    return {f"chunks: {name}": request(TE, body=body + SMUGGLED) for name, body in bodies.items()}


def _fields() -> dict[str, bytes]:
    lines = {
        "Expect twice": ["Expect: 100-continue", "Expect: 100-continue"],
        "Expect with a list": ["Expect: 100-continue, x"],
        "Expect empty": ["Expect:"],
        "Expect with a parameter": ["Expect: 100-continue;x=1"],
        "Connection names Cookie": ["Connection: cookie"],
        "Connection names Expect": ["Connection: expect, close"],
        "Connection names the length behind another": ["Connection: close", "Connection: content-length"],
        "Connection names TE in quotes": ['Connection: "content-length"'],
        "Upgrade twice": ["Upgrade: websocket", "Upgrade: h2c", "Connection: upgrade"],
        "Upgrade to h2c": ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__"],
        "Upgrade to H2C": ["Upgrade: H2C", "Connection: upgrade"],
        "Upgrade to h2c in a list": ["Upgrade: websocket, h2c", "Connection: upgrade"],
        "Upgrade to TLS": ["Upgrade: TLS/1.2", "Connection: upgrade"],
        "Upgrade to another version": ["Upgrade: HTTP/2.0", "Connection: upgrade"],
        "Upgrade to another protocol": ["Upgrade: raw", "Connection: upgrade"],
        "HTTP2-Settings alone": ["HTTP2-Settings: AAMAAABkAAQAAP__"],
        "WebSocket by POST": ["Upgrade: websocket", "Connection: upgrade", "Sec-WebSocket-Version: 13"],
        "two content types": ["Content-Type: a/b", "CONTENT-TYPE: a/b"],
        "an empty line with a space": ["X-A: b\r\n \r\nX-B: c"],
        "control character 0x1f": ["X-A: b\x1f"],
        "a name of 300 letters": [f"{'X' * 300}: b"],
        "a name with a slash": ["X/A: b"],
        "a name with an at sign": ["X@A: b"],
        "a name in quotes": ['"X": b'],
        "a name with a backslash": ["X\\A: b"],
        "a name with braces": ["{X}: b"],
        "a first line repeated": ["POST /x HTTP/1.1"],
        "nothing but a colon": [":"],
        "nothing but a space": [" "],
    }
    return {f"fields: {name}": request(*some, CL, body=BODY) for name, some in lines.items()}


def _odd() -> dict[str, bytes]:
    plain = request(CL, body=BODY)
    return {
        "HTTP/0.9": b"GET /" + HIDDEN + b"\r\n\r\n",
        "HTTP/0.9 in LF": b"GET /" + HIDDEN + b"\n",
        "a TLS hello inside": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + HIDDEN,
        "an SSH banner": b"SSH-2.0-OpenSSH_9.9\r\n" + HIDDEN,
        "SMTP": b"EHLO x\r\nMAIL FROM:<" + HIDDEN + b"@x>\r\n",
        "a BOM first": b"\xef\xbb\xbf" + plain,
        "NUL first": b"\0" + plain,
        "a space first": b" " + plain,
        "a tab first": b"\t" + plain,
        "LF first": b"\n" + plain,
        "CR first": b"\r" + plain,
        "many CRLFs first": b"\r\n" * 20 + plain,
        "bare CR for every line": plain.replace(b"\r\n", b"\r"),
        "LF CR for every line": plain.replace(b"\r\n", b"\n\r"),
        "CR CR LF for every line": plain.replace(b"\r\n", b"\r\r\n"),
        "line separators of Unicode": plain.replace(b"\r\n", "\u2028".encode()),
        "UTF-16": plain.decode().encode("utf-16-le"),
        "a head without end": b"POST /in HTTP/1.1\r\nHost: " + SITE.encode() + b"\r\nX: " + b"a" * 400_000 + HIDDEN,
        "two thousand fields": request(*(f"X-{n}: b" for n in range(2000)), CL, body=BODY),
        "fields without end": b"POST /in HTTP/1.1\r\n" + b"X-A: b\r\n" * 60_000 + HIDDEN,
        "a target of 400 KB": b"GET /" + b"a" * 400_000 + HIDDEN + b" HTTP/1.1\r\n\r\n",
        "TRACE with a body": request(CL, line="TRACE /in HTTP/1.1", body=BODY),
        "a proxy's preface": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + plain,
        "a preface of HTTP/2 over HTTP/1": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
        "TE in HTTP/1.0 kept alive": request(TE, "Connection: keep-alive", line="POST /in HTTP/1.0", body=END),
        "TE and length in HTTP/1.0": request(TE, CL, line="POST /in HTTP/1.0", body=END),
    }


REFUSED: Final[dict[str, bytes]] = {
    **_lengths(),
    **_length_names(),
    **_lengths_twice(),
    **_codings(),
    **_coding_names(),
    **_request_lines(),
    **_hosts(),
    **_chunks(),
    **_fields(),
    **_odd(),
}
