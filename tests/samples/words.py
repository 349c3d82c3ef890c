"""Customers in running text and in what people's programs for mail, contacts and talk export."""

from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage
from email.mime.text import MIMEText
from email.policy import SMTP

from tests.samples.customers import Customer, traditional
from tests.samples.sample import Files
from tests.samples.tables import page, table


def files(some: list[Customer]) -> Files:
    yield (
        "wechat.txt",
        "".join(
            f"2026-01-15 10:{n % 60:02d}:11 小李\n{one.order} {one.name} {one.phone} {one.address}\n\n"
            for n, one in enumerate(some)
        ).encode(),
    )
    yield (
        "wechat-parcel.txt",
        "".join(
            f"收货人: {one.name}\n手机号码: {one.phone}\n所在地区: {one.address[:6]}\n详细地址: {one.address}\n\n"
            for one in some
        ).encode(),
    )
    yield (
        "prose.txt",
        "".join(
            f"客户{one.name}的订单{one.order}已经发往{one.address}，联系电话{one.phone}。" for one in some
        ).encode(),
    )
    yield (
        "prose-gbk.txt",
        "\r\n".join(
            f"请尽快联系{one.name}（{one.phone}），订单号{one.order}，地址：{one.address}。" for one in some
        ).encode("gbk"),
    )
    yield "prose-traditional-big5.txt", traditional("\r\n".join(
        f"請聯絡{one.name}，電話{one.phone}，訂單{one.order}，地址{one.address}。" for one in some
    )).encode("big5hkscs")  # fmt: skip
    yield (
        "english.txt",
        "\n".join(
            f"Order {one.order}: call {one.name} at {one.phone} or write to {one.email}." for one in some
        ).encode(),
    )
    yield (
        "numbered.txt",
        "\n".join(f"{n}. {one.name} {one.phone} {one.address}" for n, one in enumerate(some, 1)).encode(),
    )
    yield (
        "spaced-phones.txt",
        "\n".join(f"{one.order} {one.name} {one.phone[:3]} {one.phone[3:7]} {one.phone[7:]}" for one in some).encode(),
    )
    yield "country-code.txt", "\n".join(f"{one.order} {one.name} +86-{one.phone}" for one in some).encode()
    yield (
        "subtitles.srt",
        "".join(
            f"{n}\n00:00:{n % 60:02d},000 --> 00:00:{n % 60:02d},900\n{' '.join(one.cells)}\n\n"
            for n, one in enumerate(some, 1)
        ).encode(),
    )
    yield (
        "contacts-3.vcf",
        "".join(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{one.name}\r\nTEL;TYPE=CELL:{one.phone}\r\nADR:;;{one.address};;;;\r\n"
            f"EMAIL:{one.email}\r\nEND:VCARD\r\n"
            for one in some
        ).encode(),
    )
    yield (
        "contacts-2.1-gbk.vcf",
        "".join(
            "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:"
            + quopri.encodestring(one.name.encode("gbk"), quotetabs=True).decode().strip()
            + f"\r\nTEL;CELL:{one.phone}\r\nEMAIL:{one.email}\r\nEND:VCARD\r\n"
            for one in some
        ).encode(),
    )
    yield "calendar.ics", ("BEGIN:VCALENDAR\r\n" + "".join(
        f"BEGIN:VEVENT\r\nSUMMARY:回访 {one.name} {one.phone}\r\nDESCRIPTION:{one.order}\\, {one.address}\r\nEND:VEVENT\r\n"
        for one in some) + "END:VCALENDAR\r\n").encode()  # fmt: skip
    yield from _mail(some)


def _mail(some: list[Customer]) -> Files:
    lines = "\n".join(" ".join(one.cells) for one in some)
    for name, charset, coding in (
        ("base64", "utf-8", "base64"),
        ("qp-gb2312", "gbk", "quoted-printable"),
        ("8bit", "utf-8", "8bit"),
    ):
        one = EmailMessage(policy=SMTP)
        one["Subject"], one["From"], one["To"] = "客户名单", "a@corp.example", "b@qq.example"
        one.set_content(lines, charset=charset, cte=coding)
        yield f"{name}.eml", one.as_bytes()
    html = EmailMessage(policy=SMTP)
    html["Subject"] = "list"
    html.set_content("see below")
    html.add_alternative(page("".join(f"<p>{' '.join(c.cells)}</p>" for c in some)), subtype="html", cte="base64")
    yield "html-alternative.eml", html.as_bytes()
    attached = EmailMessage(policy=SMTP)
    attached["Subject"] = "订单"
    attached.set_content("见附件")
    attached.add_attachment(
        table(some).encode("gbk"), maintype="application", subtype="octet-stream", filename="客户.csv"
    )
    yield "attachment.eml", attached.as_bytes()
    outer = EmailMessage(policy=SMTP)
    outer["Subject"] = "Fwd"
    outer.set_content("forwarded")
    outer.add_attachment(attached)
    yield "forwarded.eml", outer.as_bytes()
    yield (
        "each-one.mbox",
        b"".join(
            b"From a@corp.example Thu Jan 15 10:00:00 2026\n"
            + MIMEText(" ".join(c.cells), "plain", "utf-8").as_bytes()
            + b"\n\n"
            for c in some
        ),
    )
    yield (
        "subjects.mbox",
        b"".join(
            b"From x\nSubject: =?UTF-8?B?"
            + base64.b64encode(f"{c.order} {c.name} {c.phone}".encode())
            + b"?=\n\nhi\n\n"
            for c in some
        ),
    )
    yield "page.mhtml", (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"-X\"\r\n\r\n---X\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + quopri.encodestring(page("".join(f"<p>{' '.join(c.cells)}</p>" for c in some)).encode()) + b"\r\n---X--\r\n")  # fmt: skip
