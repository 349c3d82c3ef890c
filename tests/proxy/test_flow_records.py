"""Records of flow files read by us and by mitmproxy: the same messages, and no other mistakes."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.flow import Flow
from mitmproxy.io import FlowWriter, tnetstring
from mitmproxy.test.tflow import tflow, ttcpflow, twebsocketflow
from mitmproxy.version import FLOW_FORMAT_VERSION

from dlp_proxy.model.message import Message
from dlp_proxy.proxy.flow_file import FlowFile, flow_file
from dlp_proxy.proxy.flow_records import fields, records, value

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.binary() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(PLAIN, max_size=4))
def test_values_are_read_as_mitmproxy_reads_them(values: list[object]) -> None:
    data = b"".join(tnetstring.dumps(one) for one in values)  # type: ignore[arg-type] # what it says it takes
    assert [value(data, place) for place in records(data)] == values


@given(st.binary(max_size=40))
def test_what_is_no_value_is_an_error_of_value_and_nothing_else(data: bytes) -> None:
    with suppress(ValueError):
        for place in records(data):
            value(data, place)


def test_a_name_without_a_value_is_an_error() -> None:
    data = b"4:1:a,}"
    with pytest.raises(ValueError, match="without a value"):
        fields(data, next(records(data)))


def parsed(data: bytes) -> list[object]:
    return [value(data, place) for place in records(data)]


@pytest.mark.parametrize("data", [b"5:ab,", b"2:ab", b"6:9:abc,]4:next,", b"8:1:a,7:b,}3:abc,"])
def test_what_breaks_off_is_an_error_also_inside_of_something_longer(data: bytes) -> None:
    with pytest.raises(ValueError, match="breaks off"):
        parsed(data)


def written(path: Path) -> list[int]:
    """Write flows of every kind; return how many messages are in each."""
    chance = random.Random(7)
    file = io.BytesIO()
    writer = FlowWriter(file)  # type: ignore[no-untyped-call]
    counts = []
    flow: Flow
    for number in range(60):
        match number % 6:
            case 0:
                flow = twebsocketflow()
            case 1:
                flow = ttcpflow()
            case _:
                flow = tflow(resp=chance.random() < 0.5, err=chance.random() < 0.2)
        if isinstance(flow, http.HTTPFlow) and flow.websocket is None:
            host = chance.choice(["A.Example.", "192.0.2.7", "::1", "münchen.example"])
            path_of = chance.choice(["/", "/a?b=%E8", "/\udcff"])
            flow.request = http.Request.make("PUT", f"http://{'x.example'}/", chance.randbytes(chance.randrange(300)))
            flow.request.host, flow.request.port = host, chance.choice([443, 8443])
            flow.request.scheme = chance.choice(["http", "https"])
            flow.request.data.path = path_of.encode("utf-8", "surrogateescape")
            flow.request.headers["X-Ä"] = "ö"
            flow.request.http_version = chance.choice(["HTTP/1.1", "HTTP/2.0"])
            flow.request.data.authority = b"other.example"
            if chance.random() < 0.2:
                flow.request.data.content = None
            if chance.random() < 0.3:
                flow.request.trailers = http.Headers([(b"after", b"wards")])
            if chance.random() < 0.3:
                flow.metadata["proxyauth"] = ("li.na", "secret")
            flow.metadata["dlp_proxy"] = "left by another"
            flow.request.timestamp_end = chance.choice([None, 1_700_000_000.25])
        writer.add(flow)
        counts.append(1 if isinstance(flow, http.HTTPFlow) and flow.websocket is None else 0)
    path.write_bytes(file.getvalue())
    return counts


def test_requests_are_the_same_whether_we_read_them_or_mitmproxy(tmp_path: Path) -> None:
    path = tmp_path / "all.flow"
    plain = sum(written(path))

    def read() -> list[Message]:
        file = flow_file(path, "someone")
        return [file.message(one) for one in file.held()]

    ours = read()
    with patch.object(FlowFile, "_is_plain", lambda *_: False):
        theirs = read()
    assert plain == 40
    assert [replace(one, time=0) for one in ours] == [replace(one, time=0) for one in theirs]
    assert [one.time for one in ours] == [one.time for one in theirs]


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "none.flow").write_bytes(b"")
    assert list(flow_file(tmp_path / "none.flow", "someone").held()) == []


def test_a_request_that_lacks_something_does_not_have_it_of_the_one_before(tmp_path: Path) -> None:
    flow = tflow()
    state = flow.get_state()
    state["type"] = "http"
    state["version"] = FLOW_FORMAT_VERSION
    whole = tnetstring.dumps(state)
    del state["request"]["host"]
    (tmp_path / "two.flow").write_bytes(whole + tnetstring.dumps(state))
    file = flow_file(tmp_path / "two.flow", "someone")
    first, second = file.held()
    assert file.message(first).destination.host == "address"
    with pytest.raises(ValueError, match="without all that one has"):
        file.message(second)
