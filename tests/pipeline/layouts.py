"""Ways to lay out orders, in formats and in free text: each makes a body of some orders, one customer each."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import quote

from dlp_proxy.cli.demo_traffic import Order

type Layout = Callable[[Sequence[Order]], str | bytes]


def lines(some: Sequence[Order]) -> str:
    return "\n".join(" ".join(one.cells) for one in some)


def tabbed(some: Sequence[Order]) -> str:
    return "\n".join("\t".join(one.cells) for one in some)


def workbook(some: Sequence[Order]) -> bytes:
    """Return the part of a workbook in which its texts lie, as spreadsheet programs write it."""
    content = io.BytesIO()
    strings = "".join(f"<si><t>{cell}</t></si>" for one in some for cell in one.cells)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
    return content.getvalue()


FORMATS: Final[dict[str, Layout]] = {
    "lines in a JSON string": lambda some: json.dumps({"text": lines(some)}),
    "a pasted table in a prompt": lambda some: json.dumps(
        {"messages": [{"role": "user", "content": f"summarise:\n{tabbed(some)}"}]}
    ),
    "a text field of a form": lambda some: f"a=1&t={quote(lines(some))}",
    "rows as JSON arrays": lambda some: json.dumps([list(one.cells) for one in some]),
    "columns as JSON arrays": lambda some: json.dumps(
        {"o": [one.number for one in some], "p": [one.phone for one in some]}
    ),
    "numbers as JSON names": lambda some: json.dumps({one.number: one.phone for one in some}),
    "objects in objects": lambda some: json.dumps([{"id": one.number, "to": {"tel": one.phone}} for one in some]),
    "an HTML table": lambda some: "".join(f"<tr><td>{one.number}</td><td>{one.phone}</td></tr>" for one in some),
    "XML": lambda some: "".join(f'<o id="{one.number}"><tel>{one.phone}</tel></o>' for one in some),
    "all on one line": lambda some: " ".join(" ".join(one.cells) for one in some),
    "blocks with labels": lambda some: "\n\n".join(
        f"订单号：{one.number}\n电话：{one.phone}\n地址：{one.address}" for one in some
    ),
    "grouped telephones": lambda some: "\n".join(
        f"{one.number} {one.phone[:3]}-{one.phone[3:7]}-{one.phone[7:]}" for one in some
    ),
    "no order numbers": lambda some: "\n".join(f"{one.name},{one.phone},{one.address}" for one in some),
    "semicolons": lambda some: "订单号;收货人;手机;地址\n" + "\n".join(";".join(one.cells) for one in some),
    "an SQL dump": lambda some: "INSERT INTO t VALUES " + ",".join(f"('{one.number}','{one.phone}')" for one in some),
    "full-width characters": lambda some: lines(some).translate({code: code + 0xFEE0 for code in range(33, 127)}),
    "Big5": lambda some: "\n".join(f"{one.number} 電話 {one.phone} 臺北市信義區市府路1號" for one in some).encode(
        "big5"
    ),
    "UTF-7": lambda some: lines(some).encode("utf-7"),
    "a workbook": workbook,
}


def mail(one: Order) -> str:
    """Return a mail address of this customer."""
    return f"buyer{one.phone[3:]}@shop.example"


def filled(template: str, between: str = "\n", before: str = "", after: str = "") -> Layout:
    """Return a layout that writes `template` for each order, with `{n}` counting from 1."""

    def layout(some: Sequence[Order]) -> str:
        return before + between.join(_fill(template, one, n) for n, one in enumerate(some, 1)) + after

    return layout


def turned(*templates: str, between: str = "\n") -> Layout:
    """Return a layout that uses its templates in turn."""

    def layout(some: Sequence[Order]) -> str:
        return between.join(_fill(templates[n % len(templates)], one, n) for n, one in enumerate(some, 1))

    return layout


def wrapped(width: int, template: str, between: str) -> Layout:
    """Return a layout of running text in lines of `width` characters, as mails and PDFs break it."""

    def layout(some: Sequence[Order]) -> str:
        text = between.join(_fill(template, one, n) for n, one in enumerate(some, 1))
        return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))

    return layout


def quoted(inner: Layout, depth: int) -> Layout:
    """Return a layout of a mail thread: each answer quotes the mail before it."""

    def layout(some: Sequence[Order]) -> str:
        text = str(inner(some))
        for _ in range(depth):
            text = "好的，收到。\n\nOn Mon, 23 Nov 2026 wrote:\n" + "\n".join(f"> {line}" for line in text.split("\n"))
        return text

    return layout


def _fill(template: str, one: Order, n: int) -> str:
    return template.format(
        n=n, number=one.number, name=one.name, phone=one.phone, address=one.address, mail=mail(one), order=one
    )


FREE_TEXT: Final[dict[str, Layout]] = {
    "name, phone, address on three lines, nothing between": filled("{name}\n{phone}\n{address}"),
    "address, phone, name on three lines, nothing between": filled("{address}\n{phone}\n{name}"),
    "phone, address on two lines, nothing between": filled("{phone}\n{address}"),
    "address, phone on two lines, nothing between": filled("{address}\n{phone}"),
    "three lines and a blank one": filled("{name}\n{phone}\n{address}", "\n\n"),
    "blocks with a blank line inside": filled("{name}\n\n{phone}\n\n{address}", "\n\n\n"),
    "numbered lines": filled("{n}. {name} {phone} {address}"),
    "numbered with brackets, three lines": filled("（{n}）{address}\n{phone}\n{name}"),
    "numbered fields": filled("1、姓名：{name}\n2、电话：{phone}\n3、地址：{address}", "\n\n"),
    "a heading for each": filled("客户{n}：\n电话 {phone}\n地址 {address}"),
    "an English heading for each": filled("Customer #{n}\nEmail: {mail}\nPhone: +86 {phone}\nOrder: {number}"),
    "keys and values": filled("name: {name}\nphone: {phone}\nemail: {mail}\norder: {number}", "\n\n"),
    "keys and values, no blank line": filled("Order: {number}\nName: {name}\nTel: {phone}\nMail: {mail}"),
    "separated by rules": filled("订单 {number}\n{name} {phone}", "\n----------\n"),
    "separated by stars": filled("{phone}\n{mail}", "\n* * *\n"),
    "bullets": filled("- {name}\n  - {phone}\n  - {address}"),
    "a sentence each": filled("请把{number}发给{name}，电话{phone}，地址是{address}。", ""),
    "an English sentence each": filled("Please ship {number} to {name}, reach them on {phone} or {mail}.", " "),
    "fields in turning order": turned(
        "{name} {phone} {address}", "{address} {name} {phone}", "{phone} {address} {name}", "{name} {address} {phone}"
    ),
    "lines in turning order": turned("{name}\n{phone}\n{address}", "{address}\n{name}\n{phone}", between="\n\n"),
    "phone customers and mail customers": turned("{phone}\n{address}", "{mail}\n{address}", between="\n\n"),
    "phone customers and mail customers under headings": turned(
        "客户{n}\n{phone}\n{address}", "客户{n}\n{mail}\n{address}"
    ),
    "phone customers and mail customers, numbered": turned("{n}. {phone}\n{address}", "{n}. {mail}\n{address}"),
    "phone customers and mail customers between names": turned(
        "{name}\n{phone}\n{address}", "{name}\n{mail}\n{address}"
    ),
    "orders and contacts line by line": turned("{number} {phone}", "{phone} {address}"),
    "orders and contacts block by block": turned("{number}\n{phone}", "{phone}\n{address}", between="\n\n"),
    "a shop's number on every line": filled("{name} {phone} {address} 客服13900139000"),
    "a shop's number first on every line": filled("13900139000 {name} {phone} {address}"),
    "a signature below": filled("{name} {phone}\n{address}", "\n\n", after="\n\n--\n客服小李 4008-123-456"),
    "a quoted thread": quoted(filled("{name}\n{phone}\n{address}", "\n\n"), 3),
    "a quoted thread of lines": quoted(filled("{number} {name} {phone}"), 2),
    "chat with times": filled("[10:{n:02}] 小王: {name} {phone}\n[10:{n:02}] 小王: {address}"),
    "wrapped at 60": wrapped(60, "{number} {name} {phone}", "; "),
    "wrapped at 72": wrapped(72, "Order {number} for {name}, phone {phone}.", " "),
    "wrapped at 40": wrapped(40, "{phone} {address}", " "),
    "slashes": filled("{name}/{phone}/{address}", "；"),
    "Markdown": filled("| {number} | {name} | {phone} |", before="| 订单 | 收货人 | 手机 |\n|---|---|---|\n"),
    "tabs without a header": filled("{number}\t{name}\t{phone}\t{address}"),
    "an INI file": filled("[customer-{n}]\nphone = {phone}\nemail = {mail}"),
    "vCards": filled("BEGIN:VCARD\nVERSION:4.0\nFN:{name}\nTEL:{phone}\nEMAIL:{mail}\nEND:VCARD"),
    "YAML": filled("- order: {number}\n  buyer:\n    phone: '{phone}'\n    address: {address}"),
    "columns, one below the other": lambda some: "\n".join([one.number for one in some] + [one.phone for one in some]),
}
