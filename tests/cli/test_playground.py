"""Who may talk to the playground, and what it writes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from dlp_proxy.cli.playground.server import Playground
from tests.cli.small_policy import SMALL

FIELDS = {"kind": "fields", "url": "https://drop.example/x", "body": "SO-00000001 SO-00000002 SO-00000003"}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Playground]:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "small.yaml").write_text(SMALL)
    running = Playground(folder)
    running.listen(0)
    yield running
    await running.stop()


async def ask(place: Playground, path: str, given: Any = None, **headers: str) -> HTTPResponse:
    origin = f"http://127.0.0.1:{place.port}"
    return await AsyncHTTPClient(force_instance=True).fetch(
        f"{origin}{path}",
        method="GET" if given is None else "POST",
        body=None if given is None else json.dumps(given),
        headers={"Host": f"127.0.0.1:{place.port}", **({} if given is None else {"Origin": origin}), **headers},
        raise_error=False,
    )


async def test_only_the_page_itself_is_answered(place: Playground) -> None:
    home = f"/{place.secret}/"
    good = await ask(place, home)
    assert good.code == 200
    policy = good.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert (await ask(place, "/")).code == 404
    assert (await ask(place, f"/{place.secret[:-1]}x/")).code == 404
    assert (await ask(place, f"/{place.secret[:-1]}x/files")).code == 404
    assert (await ask(place, home + "server.py")).code == 404
    assert (await ask(place, home, Host="evil.example")).code == 421
    assert (await ask(place, home, Host="127.0.0.1")).code == 421
    judged = {"files": {"a.yaml": SMALL}, "request": FIELDS}
    assert (await ask(place, f"{home}judge", judged)).code == 200
    assert (await ask(place, f"{home}judge", judged, Origin="http://evil.example")).code == 403
    assert (await ask(place, f"{home}judge", judged, Origin="")).code == 403
    assert (await ask(place, f"{home}judge", {"files": {"a": 1}, "request": FIELDS})).code == 400
    assert (await ask(place, f"{home}judge", {"files": {}, "request": {"kind": "file"}})).code == 400
    assert (await ask(place, f"{home}judge", [])).code == 400


async def test_texts_are_judged_as_the_page_has_them(place: Playground) -> None:
    said = json.loads(
        (await ask(place, f"/{place.secret}/judge", {"files": {"a.yaml": SMALL}, "request": FIELDS})).body
    )
    assert said["problems"] == []
    assert said["tests"] == [{"name": "three are stopped", "at": "a.yaml:34"}]
    (answer,) = said["answers"]
    assert answer["action"] == "block"
    assert "          limit 1: 3 of 3 in this request -> REACHED: block" in answer["trace"]
    assert answer["trace"][-1] == "  detector order-number         matched 3; found: 3 high"
    assert "SO-00000001" not in json.dumps(said)
    wrong = {"files": {"a.yaml": SMALL.replace("severity: high", "severity: hihg")}, "request": FIELDS}
    said = json.loads((await ask(place, f"/{place.secret}/judge", wrong)).body)
    (problem,) = said["problems"]
    assert (problem["code"], problem["line"], problem["column"], problem["fix"]) == ("BAD-VALUE", 18, 15, "high")
    assert said["answers"] == []


async def test_only_saving_writes_and_never_over_what_somebody_else_wrote(place: Playground, tmp_path: Path) -> None:
    file = place.folder / "small.yaml"
    save = f"/{place.secret}/save"
    other = SMALL.replace("at_least: 3", "at_least: 4")
    assert (await ask(place, save, {"file": str(file), "text": other, "was": SMALL})).code == 200
    assert file.read_text() == other
    late = await ask(place, save, {"file": str(file), "text": "x", "was": SMALL})
    assert late.code == 409
    assert b"changed by somebody else; nothing was written" in late.body
    outside = tmp_path / "outside.yaml"
    outside.write_text(SMALL)
    for path in (outside, place.folder / "../outside.yaml"):
        assert (await ask(place, save, {"file": str(path), "text": "x", "was": SMALL})).code == 404
    assert (file.read_text(), outside.read_text()) == (other, SMALL)


async def test_a_har_and_a_test_of_the_policies_are_requests_too(place: Playground) -> None:
    entry = {"request": {"method": "POST", "url": FIELDS["url"], "postData": {"text": "SO-00000001 SO-00000002"}}}
    other = {"request": {"method": "POST", "url": FIELDS["url"], "postData": {"text": "SO-0000003"}}}
    asked = {
        "kind": "pasted",
        "user": "li.na",
        "groups": ["sales"],
        "pasted": json.dumps({"log": {"entries": [entry, other]}}),
    }
    har = await said(place, asked)
    assert [one["action"] for one in har["answers"]] == ["counted", "allow"]
    assert "  from li.na  " in har["answers"][0]["trace"][0]
    tested = await said(place, {"kind": "test", "pasted": "a.yaml:34"})
    assert [one["action"] for one in tested["answers"]] == ["block"]
    file = await said(place, {"kind": "pasted", "pasted": "curl https://a.example -d @/etc/hostname"})
    assert file["refused"].startswith("the command line sends the file /etc/hostname; this page reads none")
    assert (await said(place, {"kind": "pasted", "pasted": "GET / HTTP/1.1"}))["refused"] != ""
    assert (await said(place, {"kind": "fields", "url": "no://where"}))["refused"] != ""


async def said(place: Playground, request: dict[str, Any]) -> Any:
    return json.loads(
        (await ask(place, f"/{place.secret}/judge", {"files": {"a.yaml": SMALL}, "request": request})).body
    )
