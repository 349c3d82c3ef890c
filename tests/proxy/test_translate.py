from __future__ import annotations

from mitmproxy import http
from mitmproxy.test import tflow
from mitmproxy.websocket import WebSocketData, WebSocketMessage
from wsproto.frame_protocol import Opcode

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.location import Location
from dlp_proxy.proxy.devices import DeviceMap, devices_of
from dlp_proxy.proxy.identity import AddressBook
from dlp_proxy.proxy.known import Known
from dlp_proxy.proxy.passage import passage_of
from dlp_proxy.proxy.translate import Translator


def flow() -> http.HTTPFlow:
    made = tflow.tflow()
    made.client_conn.peername = ("10.0.0.7", 50000)
    made.request = http.Request.make("POST", "https://MAIL.Example.:8443/a?q=1", b"body")
    made.request.headers["X-A"] = "1"
    made.request.headers["Host"] = "mail.example:8443"
    return made


TRANSLATOR = Translator(AddressBook(Known(devices=DeviceMap(devices_of({"10.0.0.7": "li.wei"})))))


def test_a_request_becomes_a_message() -> None:
    message = TRANSLATOR.request(flow(), "U")
    assert (message.uid, message.channel, message.method, message.target, message.body) == (
        "U",
        "http",
        "POST",
        "/a?q=1",
        b"body",
    )
    assert (message.destination.scheme, message.destination.host, message.destination.port) == (
        "https",
        "mail.example",
        8443,
    )
    assert (message.principal.user, message.client_port, message.header("x-a")) == ("li.wei", 50000, "1")


def test_the_destination_is_where_it_is_connected_to_and_no_header() -> None:
    made = flow()
    made.request.headers["Host"] = "elsewhere.example"
    assert TRANSLATOR.request(made, "U").destination.host == "mail.example"


def test_an_address_has_one_spelling() -> None:
    made = flow()
    made.request.data.host = "0x7f.1"
    assert TRANSLATOR.request(made, "U").destination.host == "127.0.0.1"


def test_bytes_in_a_path_are_kept_as_percent_codes() -> None:
    made = flow()
    made.request.data.path = "/张?名=三".encode("gb18030")
    assert TRANSLATOR.request(made, "U").target == "/%D5%C5?%C3%FB=%C8%FD"


def test_trailers_and_the_authority_are_read_too() -> None:
    made = flow()
    made.request.http_version = "HTTP/2.0"
    made.request.data.authority = b"13800138000.mail.example"
    made.request.trailers = http.Headers([(b"x-late", b"13800138000")])
    headers = TRANSLATOR.request(made, "U").headers
    assert (headers[0], headers[-1]) == ((b":authority", b"13800138000.mail.example"), (b"x-late", b"13800138000"))


def test_with_a_gap_there_is_no_body() -> None:
    made = flow()
    passage_of(made).not_held = "too long"
    message = TRANSLATOR.request(made, "U")
    assert (message.body, message.gaps) == (b"", (Gap("too-large", Location("body"), "too long"),))


def test_a_websocket_message_has_its_channel_and_no_headers() -> None:
    made = flow()
    made.websocket = WebSocketData([WebSocketMessage(Opcode.TEXT, from_client=True, content=b"text")])
    message = TRANSLATOR.websocket(made, "U")
    assert (message.channel, message.destination.scheme, message.body, message.headers) == (
        "websocket",
        "wss",
        b"text",
        (),
    )
