"""Sixty orders, however a person or a program may lay them out, are sixty customers."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Final
from urllib.parse import quote

import pytest

from dlp_proxy.cli.demo_traffic import orders
from dlp_proxy.model.message import Destination, Message, Principal
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.windows.windows import Windows
from tests.pipeline.test_scenarios import make_engine

SIXTY: Final = orders(60, seed=5)
LINES: Final = "\n".join(" ".join(one.cells) for one in SIXTY)
TABBED: Final = "\n".join("\t".join(one.cells) for one in SIXTY)


def xlsx() -> bytes:
    """Return the part of a workbook in which its texts lie, as spreadsheet programs write it."""
    content = io.BytesIO()
    strings = "".join(f"<si><t>{cell}</t></si>" for one in SIXTY for cell in one.cells)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
    return content.getvalue()


LAYOUTS: Final[dict[str, str | bytes]] = {
    "lines in a JSON string": json.dumps({"text": LINES}),
    "a pasted table in a prompt": json.dumps({"messages": [{"role": "user", "content": f"summarise:\n{TABBED}"}]}),
    "a text field of a form": f"a=1&t={quote(LINES)}",
    "rows as JSON arrays": json.dumps([list(one.cells) for one in SIXTY]),
    "columns as JSON arrays": json.dumps({"o": [one.number for one in SIXTY], "p": [one.phone for one in SIXTY]}),
    "numbers as JSON names": json.dumps({one.number: one.phone for one in SIXTY}),
    "objects in objects": json.dumps([{"id": one.number, "to": {"tel": one.phone}} for one in SIXTY]),
    "an HTML table": "".join(f"<tr><td>{one.number}</td><td>{one.phone}</td></tr>" for one in SIXTY),
    "XML": "".join(f'<o id="{one.number}"><tel>{one.phone}</tel></o>' for one in SIXTY),
    "all on one line": " ".join(" ".join(one.cells) for one in SIXTY),
    "blocks with labels": "\n\n".join(f"订单号：{one.number}\n电话：{one.phone}\n地址：{one.address}" for one in SIXTY),
    "grouped telephones": "\n".join(f"{one.number} {one.phone[:3]}-{one.phone[3:7]}-{one.phone[7:]}" for one in SIXTY),
    "no order numbers": "\n".join(f"{one.name},{one.phone},{one.address}" for one in SIXTY),
    "semicolons": "订单号;收货人;手机;地址\n" + "\n".join(";".join(one.cells) for one in SIXTY),
    "an SQL dump": "INSERT INTO t VALUES " + ",".join(f"('{one.number}','{one.phone}')" for one in SIXTY),
    "full-width characters": LINES.translate({code: code + 0xFEE0 for code in range(33, 127)}),
    "Big5": "\n".join(f"{one.number} 電話 {one.phone} 臺北市信義區市府路1號" for one in SIXTY).encode("big5"),
    "UTF-7": LINES.encode("utf-7"),
    "a workbook": xlsx(),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_sixty_are_counted_sixty(engine: Engine, layout: str) -> None:
    content = LAYOUTS[layout]
    message = Message(
        uid="t",
        time=1.0,
        channel="http",
        principal=Principal("li@corp.example", "declared", "none"),
        destination=Destination("https", "pan.example", 443),
        method="POST",
        target="/",
        body=content if isinstance(content, bytes) else content.encode(),
    )
    verdict = examine(message, engine, Windows()).verdict
    assert (verdict.action.word, verdict.reasons[0].rule, verdict.reasons[0].count) == ("block", "bulk-orders-out", 60)
