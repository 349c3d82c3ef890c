"""The proxy must never become the next leak: one customer that nobody else has, sent in every way, is searched for."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from dlp_proxy.cli.demo_traffic import as_csv, as_json, as_zip, orders
from tests.cli.commands import dlp_proxy_here as dlp_proxy
from tests.live.harness import Answer, Certificates, OriginThread, curl, wait_until
from tests.live.system import System, start_system

pytestmark = pytest.mark.live

PHONE = "15907316428"
ORDER = "SO-20260119-730164"
ADDRESS = "长沙市岳麓区桃子湖路731号"
EMAIL = "canary.taozihu@shop.example"
IDENTITY = "430104199003071018"
CANARY = (PHONE, ORDER, ADDRESS, EMAIL, IDENTITY)
LINE = " ".join(CANARY)


def spellings(value: str) -> Iterator[bytes]:
    """Yield a value as it may lie in a file: in charsets, escaped, encoded, in another case, in groups."""
    for text in {value, value.lower(), value.upper(), value.replace("-", "")}:
        for charset in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
            yield text.encode(charset)
        yield json.dumps(text)[1:-1].encode()
        yield quote(text).encode()
        yield text.encode().hex().encode()
        for shift in range(3):
            # The middle of the base64 of a value, at each of the three places it can start.
            coded = base64.b64encode(b"\0" * shift + text.encode())
            yield coded[4 : len(coded) // 4 * 4 - 4]
    if value == PHONE:
        yield b"159 0731 6428"
        yield b"159-0731-6428"


def send_everything(system: System, folder: Path) -> list[Answer]:
    """Send the canary in every place and layout, in amounts that pass and that are stopped."""
    (folder / "one.txt").write_text(LINE)
    many = orders(60, seed=99)
    csv = as_csv(many) + LINE.replace(" ", ",").encode("gb18030")
    (folder / f"{PHONE}_{ORDER}.csv").write_bytes(csv)
    (folder / "orders.zip").write_bytes(as_zip(many) + LINE.encode())
    ways: list[tuple[str, tuple[str, ...], bytes | None]] = [
        ("/plain", ("--data-binary", "@-"), LINE.encode()),
        ("/bulk", ("--data-binary", "@-"), csv),
        ("/json", ("--data-binary", "@-"), as_json(many)[:-1] + json.dumps(LINE).join((',"more":', "}")).encode()),
        (
            "/broken",
            ("--data-binary", "@-", "--header", "Content-Type: application/json"),
            f'{{"{LINE}": "{LINE}'.encode(),
        ),
        ("/label", ("--data-binary", "@-", "--header", f"Content-Type: text/plain; name={PHONE}"), csv),
        ("/form", ("-F", f"file=@{folder / f'{PHONE}_{ORDER}.csv'}", "-F", f"{PHONE}={LINE}"), None),
        ("/named", ("-F", f"file=@{folder / 'one.txt'};filename={ADDRESS} {PHONE}.txt"), None),
        ("/zip", ("--data-binary", f"@{folder / 'orders.zip'}"), None),
        (f"/q?phone={PHONE}&order={ORDER}&to={quote(ADDRESS)}&mail={EMAIL}&id={IDENTITY}", (), None),
        (f"/{PHONE}/{ORDER}/{quote(ADDRESS)}/{EMAIL}", (), None),
        ("/headers", ("--header", f"X-Note: {PHONE} {ORDER} {EMAIL}", "--cookie", f"c={PHONE}_{ORDER}"), None),
        ("/truncated", ("--data-binary", "@-"), as_zip(many)[:-40] + LINE.encode()),
    ]
    return [
        curl(system, f"https://transfer.example{path}", "--interface", "127.0.1.1", *words, stdin=body)
        for path, words, body in ways
    ]


def test_a_customer_is_nowhere_but_in_what_was_sent(
    tmp_path: Path, certificates: Certificates, world: OriginThread
) -> None:
    system = start_system(tmp_path / "proxy", certificates.ca, world)
    answers = send_everything(system, tmp_path)
    assert wait_until(lambda: all(kept.outcome for kept in system.events()))
    anchor = dlp_proxy("incident", "anchor", "export", "--state", system.state)
    verified = [
        dlp_proxy("incident", "verify", "--log", "--state", system.state, *words) for words in ((), ("--json",))
    ]
    assert [done.code for done in verified] == [2, 2]
    shown = [done.out + done.err for done in (anchor, *verified)]
    shown += [dlp_proxy("incident", "list", "--state", system.state, *words).out for words in ((), ("--json",))]
    for number, kept in enumerate(system.events()):
        for words in ((), ("--json",)) if number % 4 == 0 else ((),):
            shown.append(dlp_proxy("incident", "show", kept.event.uid, "--state", system.state, *words).out)
    shown += [str(system.ask(path)) for path in ("/readyz", "/metrics")]
    assert {answer.code for answer in answers} == {200, 403}
    assert len(system.events()) == len(answers)
    # What SQLite has not yet written back is gone after a stop, so it is read before.
    waiting = {str(path): path.read_bytes() for path in system.state.glob("events.db*")}
    assert any(len(content) for name, content in waiting.items() if name.endswith("-wal"))
    system.stop()
    places = {f"{name} before": content for name, content in waiting.items()} | {
        str(path): path.read_bytes() for path in (tmp_path / "proxy").rglob("*") if path.is_file()
    }
    # What the destination answers is its own: it echoes. Ours are the pages of what was stopped.
    ours = [answer.body + repr(answer.headers).encode() for answer in answers if answer.code == 403]
    places |= {f"page {number}": content for number, content in enumerate(ours)}
    places |= {f"shown {number}": text.encode() for number, text in enumerate(shown)}
    leaks = {
        (place, spelling)
        for place, content in places.items()
        if "outside" not in place and "curl-" not in place
        for value in CANARY
        for spelling in spellings(value)
        if len(spelling) >= 8 and spelling in content
    }
    assert leaks == set()
    assert any(name.endswith("events.db") for name in places)
    assert any(name.endswith("stderr.txt") for name in places)


def test_the_search_would_find_it() -> None:
    assert any(one in json.dumps({"a": f"x {ADDRESS}"}).encode() for one in spellings(ADDRESS))
    assert any(one in base64.b64encode(f"say {PHONE} there".encode()) for one in spellings(PHONE))
    assert any(one in ORDER.encode("utf-16") for one in spellings(ORDER))
