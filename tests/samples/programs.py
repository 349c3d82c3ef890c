"""Customers as programs and databases write them: JSON in its shapes, dumps, source code, settings."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

from tests.samples.customers import ENGLISH, HEADER, Customer
from tests.samples.sample import Files
from tests.samples.tables import table


def files(some: list[Customer]) -> Files:
    yield from _json(some)
    yield from _sql(some)
    yield from _code(some)
    yield from _settings(some)
    yield from _xml(some)
    yield from _web(some)


def _json(some: list[Customer]) -> Files:
    rows = [one.english for one in some]
    yield "array.json", json.dumps(rows, ensure_ascii=False).encode()
    yield "escaped.json", json.dumps(rows).encode()
    yield "pretty-chinese-keys.json", json.dumps([one.chinese for one in some], ensure_ascii=False, indent=2).encode()
    yield "gbk.json", json.dumps(rows, ensure_ascii=False).encode("gbk")
    yield "nested.json", json.dumps(
        {"code": 0, "data": {"list": [{"orderNo": one.order, "receiver": {"name": one.name, "mobile": one.phone,
            "address": {"full": one.address}}} for one in some]}}
    ).encode()  # fmt: skip
    yield (
        "by-id.json",
        json.dumps({one.order: {"n": one.name, "p": one.phone, "a": one.address} for one in some}).encode(),
    )
    yield (
        "column-major.json",
        json.dumps({name: [one.english[name] for one in some] for name in ENGLISH}, ensure_ascii=False).encode(),
    )
    yield "split-orient.json", json.dumps({"columns": ENGLISH, "data": [one.cells for one in some]}).encode()
    yield "arrays.json", json.dumps([one.cells for one in some]).encode()
    yield "numbers.json", json.dumps([{**one.english, "phone": int(one.phone)} for one in some]).encode()
    yield "lines.ndjson", "\n".join(json.dumps(row) for row in rows).encode()
    yield (
        "mongoexport.json",
        "\n".join(
            json.dumps({"_id": {"$oid": f"65a4{n:020x}"}, **row, "ts": {"$date": "2026-01-15T10:00:00Z"}})
            for n, row in enumerate(rows)
        ).encode(),
    )
    yield (
        "elastic-bulk.ndjson",
        "".join(
            json.dumps({"index": {"_index": "orders", "_id": row["order_no"]}}) + "\n" + json.dumps(row) + "\n"
            for row in rows
        ).encode(),
    )
    yield "string-in-string.json", json.dumps({"payload": json.dumps({"items": json.dumps(rows)})}).encode()
    yield "csv-in.json", json.dumps({"name": "a.csv", "content": table(some)}).encode()
    yield "callback.js", f"/**/jQuery123_456({json.dumps(rows)});".encode()
    yield "feature.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [116.4, 39.9]}, "properties": row} for row in rows
    ]}).encode()  # fmt: skip
    yield "notebook.ipynb", json.dumps({"nbformat": 4, "metadata": {}, "cells": [
        {"cell_type": "code", "source": ["df"], "outputs": [{"output_type": "stream", "text": [line + "\n" for line in table(some, "\t").splitlines()]}]}
    ]}).encode()  # fmt: skip
    yield "comments.jsonc", ("// export\n" + json.dumps(rows, indent=1).replace("\n", " // x\n", 3)).encode()
    yield "har.har", json.dumps({"log": {"entries": [{"response": {"content": {"text": json.dumps(rows)}}}]}}).encode()
    yield "base64-field.json", json.dumps({"file": base64.b64encode(table(some).encode("gbk")).decode()}).encode()
    yield "broken-at-end.json", json.dumps(rows).encode()[:-1]


def _sql(some: list[Customer]) -> Files:
    names = ", ".join(ENGLISH)
    values = ["(" + ", ".join(f"'{cell}'" for cell in one.cells) + ")" for one in some]
    yield "inserts.sql", "".join(f"INSERT INTO orders ({names}) VALUES {row};\n" for row in values).encode()
    yield "mysqldump.sql", ("-- MySQL dump 10.13\nLOCK TABLES `orders` WRITE;\nINSERT INTO `orders` VALUES "
        + ",".join(values) + ";\nUNLOCK TABLES;\n").encode()  # fmt: skip
    yield "sqlserver.sql", ("SET IDENTITY_INSERT [dbo].[Orders] ON\nGO\n" + "".join(
        "INSERT [dbo].[Orders] ([OrderNo], [Name], [Phone], [Address], [Email]) VALUES ("
        + ", ".join(f"N'{cell}'" for cell in one.cells) + ")\nGO\n" for one in some)).encode("utf-16")  # fmt: skip
    yield "pgdump.sql", (f"COPY public.orders ({names}) FROM stdin;\n"
        + "".join("\t".join(one.cells) + "\n" for one in some) + "\\.\n").encode()  # fmt: skip
    yield "oracle.ctl", ("LOAD DATA INFILE * INTO TABLE ORDERS FIELDS TERMINATED BY '|'\nBEGINDATA\n"
        + "".join("|".join(one.cells) + "\n" for one in some)).encode("gbk")  # fmt: skip
    yield (
        "updates.sql",
        "".join(
            f"UPDATE t SET phone='{one.phone}', addr='{one.address}', name='{one.name}' WHERE no='{one.order}';\n"
            for one in some
        ).encode(),
    )
    yield (
        "redis.aof",
        "".join(
            f"*4\r\n$4\r\nHSET\r\n$18\r\n{one.order}\r\n$5\r\nphone\r\n$11\r\n{one.phone}\r\n" for one in some
        ).encode(),
    )
    yield (
        "dump.ldif",
        "".join(
            f"dn: cn={one.order},ou=people\ncn:: {base64.b64encode(one.name.encode()).decode()}\nmobile: {one.phone}\nmail: {one.email}\n\n"
            for one in some
        ).encode(),
    )


def _code(some: list[Customer]) -> Files:
    yield "data.py", ("ORDERS = " + repr([one.english for one in some])).encode()
    yield "tuples.py", ("ROWS = [\n" + "".join(f"    {one.cells!r},\n" for one in some) + "]\n").encode()
    yield "module.js", ("export const orders = [\n" + "".join(
        "  { " + ", ".join(f"{k}: '{v}'" for k, v in one.english.items()) + " },\n" for one in some) + "];\n").encode()  # fmt: skip
    yield "array.php", ("<?php return [\n" + "".join(
        "  [" + ", ".join(f"'{k}' => '{v}'" for k, v in one.english.items()) + "],\n" for one in some) + "];").encode()  # fmt: skip
    yield "serialized.php.txt", _php(some).encode()
    yield "table.lua", ("return {\n" + "".join(
        "  { " + ", ".join(f'{k} = "{v}"' for k, v in one.english.items()) + " },\n" for one in some) + "}\n").encode()  # fmt: skip
    yield "data.rb", ("[\n" + "".join(
        "  {" + ", ".join(f':{k} => "{v}"' for k, v in one.english.items()) + "},\n" for one in some) + "]").encode()  # fmt: skip
    yield "data.go", ("var orders = []Order{\n" + "".join(
        "\t{" + ", ".join(f'{k.title()}: "{v}"' for k, v in one.english.items()) + "},\n" for one in some) + "}\n").encode()  # fmt: skip
    yield "Data.java", ("class Data { void a() {\n" + "".join(
        "  add(new Order(" + ", ".join(f'"{cell}"' for cell in one.cells) + "));\n" for one in some) + "}}").encode()  # fmt: skip
    yield "data.R", ("d <- data.frame(\n" + ",\n".join(
        f"{name}=c(" + ",".join(f'"{one.english[name]}"' for one in some) + ")" for name in ENGLISH) + ")").encode()  # fmt: skip
    yield "changes.patch", ("--- a/x.csv\n+++ b/x.csv\n@@ -0,0 +1,200 @@\n" + "".join(
        "+" + line + "\n" for line in table(some).splitlines())).encode()  # fmt: skip


def _php(some: Sequence[Customer]) -> str:
    rows = "".join(
        f"i:{n};a:5:{{" + "".join(f's:{len(k)}:"{k}";s:{len(v.encode())}:"{v}";' for k, v in one.english.items()) + "}"
        for n, one in enumerate(some)
    )
    return f"a:{len(some)}:{{{rows}}}"


def _settings(some: list[Customer]) -> Files:
    yield (
        "list.yaml",
        "".join("- " + "\n  ".join(f"{k}: '{v}'" for k, v in one.english.items()) + "\n" for one in some).encode(),
    )
    yield (
        "flow.yaml",
        "".join(f"- {{订单: {one.order}, 姓名: {one.name}, 电话: {one.phone}}}\n" for one in some).encode(),
    )
    yield (
        "tables.toml",
        "".join(
            "[[orders]]\n" + "".join(f'{k} = "{v}"\n' for k, v in one.english.items()) + "\n" for one in some
        ).encode(),
    )
    yield (
        "sections.ini",
        "".join(
            f"[{one.order}]\n" + "".join(f"{k}={v}\n" for k, v in one.english.items()) + "\n" for one in some
        ).encode("gbk"),
    )
    yield (
        "escaped.properties",
        "".join(
            f"order.{n}={one.order} " + one.name.encode("unicode_escape").decode() + f" {one.phone}\n"
            for n, one in enumerate(some)
        ).encode(),
    )
    yield (
        "numbered.env",
        "".join(f"{k.upper()}_{n}={v}\n" for n, one in enumerate(some) for k, v in one.english.items()).encode(),
    )


def _xml(some: list[Customer]) -> Files:
    elements = "".join(
        "<order>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in one.english.items()) + "</order>\n" for one in some
    )
    attributes = "".join(
        "<o " + " ".join(f"{k}={quoteattr(v)}" for k, v in one.english.items()) + "/>\n" for one in some
    )
    head = '<?xml version="1.0" encoding="{}"?>\n'
    yield "elements.xml", (head.format("UTF-8") + f"<orders>\n{elements}</orders>").encode()
    yield "elements-gbk.xml", (head.format("GBK") + f"<orders>\n{elements}</orders>").encode("gbk")
    yield "elements-utf16.xml", (head.format("UTF-16") + f"<orders>\n{elements}</orders>").encode("utf-16")
    yield "attributes.xml", (head.format("UTF-8") + f"<orders>\n{attributes}</orders>").encode()
    yield "cdata.xml", f"<r><![CDATA[{table(some)}]]></r>".encode()
    yield "one-line.xml", f"<orders>{elements}</orders>".replace("\n", "").encode()
    yield "soap.xml", ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f"<n:Orders xmlns:n='urn:x'>{elements}</n:Orders></s:Body></s:Envelope>").encode()  # fmt: skip
    yield "rss.xml", ("<rss version='2.0'><channel>" + "".join(
        f"<item><title>{one.order}</title><description>{one.name} {one.phone} {one.address}</description></item>" for one in some
    ) + "</channel></rss>").encode()  # fmt: skip
    yield "drawing.svg", ("<svg xmlns='http://www.w3.org/2000/svg'>" + "".join(
        f"<text x='0' y='{n * 14}'>{' '.join(one.cells)}</text>\n" for n, one in enumerate(some)) + "</svg>").encode()  # fmt: skip
    yield "places.kml", ("<kml><Document>" + "".join(
        f"<Placemark><name>{one.name}</name><description>{one.order} {one.phone}</description><address>{one.address}</address></Placemark>"
        for one in some) + "</Document></kml>").encode()  # fmt: skip
    rows = "".join("<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>\n"
        for row in [HEADER, *(one.cells for one in some)])  # fmt: skip
    yield "spreadsheetml-2003.xls", (head.format("UTF-8") + '<?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet></Workbook>').encode()  # fmt: skip
    yield "property-list.plist", ('<?xml version="1.0"?><plist version="1.0"><array>' + "".join(
        "<dict>" + "".join(f"<key>{k}</key><string>{v}</string>" for k, v in one.english.items()) + "</dict>" for one in some
    ) + "</array></plist>").encode()  # fmt: skip


def _web(some: list[Customer]) -> Files:
    rows = [one.english for one in some]
    yield "json-field.form", urlencode({"data": json.dumps(rows), "page": "1"}).encode()
    yield (
        "many-fields.form",
        urlencode([(f"o[{n}][{k}]", v) for n, row in enumerate(rows) for k, v in row.items()]).encode(),
    )
    yield (
        "gbk.form",
        "&".join(f"o{n}={quote(' '.join(one.cells), encoding='gbk')}" for n, one in enumerate(some)).encode(),
    )
    yield "file.multipart", ('--xX\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{table(some)}\r\n--xX--\r\n").encode()  # fmt: skip
    yield "one-a-part.multipart", ("".join(
        f'--xX\r\nContent-Disposition: form-data; name="o{n}"\r\n\r\n{" ".join(one.cells)}\r\n' for n, one in enumerate(some)
    ) + "--xX--\r\n").encode()  # fmt: skip
    yield (
        "access.log",
        "".join(
            f'10.0.0.{n % 250} - - [15/Jan/2026:10:00:00 +0800] "GET /q?no={one.order}&tel={one.phone}&n={quote(one.name)} HTTP/1.1" 200 12\n'
            for n, one in enumerate(some)
        ).encode(),
    )
    yield (
        "app.log",
        "".join(
            f"2026-01-15 10:00:{n % 60:02d},123 INFO [http-{n}] c.e.OrderService - create order {json.dumps(row)}\n"
            for n, row in enumerate(rows)
        ).encode(),
    )
    yield (
        "syslog.log",
        "".join(
            f'<134>Jan 15 10:00:00 web orders[77]: no={one.order} name={one.name} phone={one.phone} addr="{one.address}"\n'
            for one in some
        ).encode(),
    )
    yield (
        "curl.sh",
        "".join(
            f"curl -d 'no={one.order}&phone={one.phone}' -d 'name={one.name}' https://x.example/\n" for one in some
        ).encode(),
    )
