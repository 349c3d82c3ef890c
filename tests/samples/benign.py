"""Files that people send all day and that hold no customers: all of them must pass."""

from __future__ import annotations

import csv
import gzip
import importlib
import inspect
import io
import json
import math
import random
import sqlite3
import struct
import tarfile
import uuid
import wave
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import openpyxl
import pyarrow as pa
import reportlab
from docx import Document
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pyarrow import parquet
from reportlab.pdfgen import canvas
from tests.samples.pictures import FONT
from tests.samples.sample import Files, Sample

_WORDS: Final = [
    "the",
    "report",
    "of",
    "this",
    "quarter",
    "says",
    "that",
    "revenue",
    "grew",
    "while",
    "costs",
    "stayed",
    "level",
    "and",
    "the",
    "team",
    "shipped",
    "what",
    "it",
    "planned",
    "after",
    "a",
    "review",
    "with",
    "partners",
    "who",
    "asked",
    "for",
    "more",
    "tests",
    "and",
    "fewer",
    "meetings",
]
_HAN: Final = "我们本季度完成了系统升级并优化了流程下一步将继续提高质量减少成本加强培训与沟通确保项目按时上线"
_GOODS: Final = ("螺丝", "轴承", "电缆", "开关", "水泵", "阀门", "灯具", "插座", "电机", "风扇")


def samples() -> Iterator[Sample]:
    for name, data in files():
        yield Sample(f"benign/{name}", data, "allowed")


def files() -> Files:
    chance = random.Random(7)
    yield from _code(chance)
    yield from _logs(chance)
    yield from _tables(chance)
    yield from _texts(chance)
    yield from _json(chance)
    yield from _binary(chance)
    yield from _pictures(chance)
    yield from _documents(chance)


def _code(chance: random.Random) -> Files:
    yield "argparse.py", inspect.getsource(importlib.import_module("argparse")).encode()
    yield "json-decoder.py", inspect.getsource(importlib.import_module("json.decoder")).encode()
    yield "socket-constants.py", inspect.getsource(importlib.import_module("socket")).encode()
    yield "app.min.js", _minified(chance).encode()
    yield (
        "app.js.map",
        json.dumps({"version": 3, "mappings": ";".join("AAAA,SAASA" + _word(chance, 6) for _ in range(5000))}).encode(),
    )
    yield (
        "style.css",
        "".join(f".c{n}{{margin:{n % 20}px;color:#{chance.randrange(1 << 24):06x}}}\n" for n in range(2000)).encode(),
    )
    yield "Makefile", b"all:\n\tcc -O2 -o x main.c\n\nclean:\n\trm -f x *.o\n"
    yield "Dockerfile", b"FROM debian:12\nRUN apt-get update && apt-get install -y curl\nEXPOSE 8080\n"
    yield (
        "ci.yaml",
        b"jobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n        timeout-minutes: 15\n",
    )
    yield "package-lock.json", json.dumps({"packages": {f"node_modules/{_word(chance, 8)}": {"version": f"{n % 9}.{n % 30}.{n % 7}",
        "integrity": "sha512-" + _base64(chance, 64)} for n in range(300)}}).encode()  # fmt: skip
    yield (
        "go.sum",
        "".join(
            f"example.com/{_word(chance, 9)} v{n % 5}.{n % 40}.0 h1:{_base64(chance, 32)}\n" for n in range(300)
        ).encode(),
    )
    yield (
        "change.patch",
        (
            "--- a/x.py\n+++ b/x.py\n@@ -1,4 +1,4 @@\n" + "".join(f"-x = {n}\n+x = {n * 3}\n" for n in range(400))
        ).encode(),
    )
    yield (
        "schema.sql",
        b"CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(80), phone CHAR(11), address TEXT);\n" * 20,
    )
    yield (
        "statistics.sql",
        "".join(
            f"INSERT INTO daily VALUES ('2026-01-{n % 28 + 1:02d}', {chance.randrange(10**6)}, {chance.random():.6f});\n"
            for n in range(900)
        ).encode(),
    )
    yield (
        "unit-tests.py",
        "".join(f"def test_{n}():\n    assert parse('{n:08d}') == {n}\n\n" for n in range(300)).encode(),
    )


def _minified(chance: random.Random) -> str:
    return "".join(
        f"function {_word(chance, 2)}(a,b){{return a.{_word(chance, 4)}(b,{chance.randrange(10 ** chance.randrange(2, 12))})}}"
        for _ in range(2500)
    )


def _logs(chance: random.Random) -> Files:
    yield (
        "access.log",
        "".join(
            f'10.{n % 250}.{n % 13}.7 - - [15/Jan/2026:10:{n % 60:02d}:11 +0800] "GET /static/{_word(chance, 6)}.js HTTP/1.1" 200 {chance.randrange(10**6)}\n'
            for n in range(2000)
        ).encode(),
    )
    yield (
        "application.log",
        "".join(
            f"2026-01-15 10:{n % 60:02d}:{n % 60:02d}.{n % 1000:03d} INFO [worker-{n % 8}] request {_hex(chance, 32)} took {chance.randrange(900)} ms\n"
            for n in range(2000)
        ).encode(),
    )
    yield (
        "kernel.log",
        "".join(
            f"[{n * 1.37:12.6f}] usb 1-{n % 4}: new device number {n} using xhci_hcd\n" for n in range(900)
        ).encode(),
    )
    yield (
        "stack-trace.txt",
        "".join(
            f"\tat com.example.Service{n}.handle(Service{n}.java:{chance.randrange(900)})\n" for n in range(400)
        ).encode(),
    )
    yield (
        "telemetry.ndjson",
        "".join(
            json.dumps(
                {
                    "ts": 1768442400000 + n * 997,
                    "id": _hex(chance, 16),
                    "lat": chance.uniform(-90, 90),
                    "v": chance.random(),
                }
            )
            + "\n"
            for n in range(1500)
        ).encode(),
    )
    yield (
        "metrics.prom",
        "".join(
            f'http_requests_total{{code="{200 + n % 5}",pod="web-{n}"}} {chance.randrange(10**11)} {1768442400000 + n}\n'
            for n in range(900)
        ).encode(),
    )
    yield (
        "tcpdump.txt",
        "".join(
            f"10:00:{n % 60:02d}.{chance.randrange(10**6):06d} IP 10.0.0.{n % 250}.{chance.randrange(65535)} > 10.1.0.9.443: Flags [.], ack {chance.randrange(10**10)}\n"
            for n in range(900)
        ).encode(),
    )
    yield "trace.strace", "".join(f'read({n % 90}, "\\177ELF\\2\\1\\1"..., 832) = {n}\n' for n in range(800)).encode()


def _tables(chance: random.Random) -> Files:
    yield "statistics.csv", _csv(["日期", "访问量", "转化率", "金额"], [
        [f"2026-01-{n % 28 + 1:02d}", chance.randrange(10**6), f"{chance.random():.4f}", f"{chance.uniform(0, 10**7):.2f}"] for n in range(900)
    ])  # fmt: skip
    yield "price-list.csv", _csv(["货号", "品名", "规格", "单价", "库存"], [
        [f"{n:06d}", chance.choice(_GOODS), f"M{n % 30}x{n % 90}", f"{chance.uniform(1, 900):.2f}", chance.randrange(10**5)] for n in range(900)
    ]).decode().encode("gbk")  # fmt: skip
    yield "barcodes.csv", _csv(["EAN", "sku"], [[_ean(chance), _word(chance, 6)] for _ in range(900)])
    yield "uuids.txt", "".join(f"{uuid.UUID(int=chance.getrandbits(128))}\n" for _ in range(2000)).encode()
    yield "order-numbers-only.txt", "".join(f"{10**11 + chance.randrange(10**11)}\n" for _ in range(900)).encode()
    yield "timestamps.csv", _csv(["t", "v"], [[1768442400000 + n * 13, n] for n in range(2000)])
    yield (
        "coordinates.csv",
        _csv(
            ["lat", "lon"], [[f"{chance.uniform(20, 50):.7f}", f"{chance.uniform(80, 130):.7f}"] for _ in range(1500)]
        ),
    )
    yield (
        "matrix.tsv",
        "\n".join("\t".join(f"{chance.gauss(0, 1):.8f}" for _ in range(40)) for _ in range(300)).encode(),
    )
    yield "inventory.tsv", "\n".join(f"{_word(chance, 5)}\t{_hex(chance, 12)}\t{n}" for n in range(900)).encode()
    yield (
        "exam-results.csv",
        _csv(
            ["学号", "语文", "数学"],
            [[f"2026{n:06d}", chance.randrange(100), chance.randrange(100)] for n in range(400)],
        ),
    )
    yield (
        "sensor.csv",
        _csv(["time", "temp"], [[f"10:{n % 60:02d}", f"{20 + math.sin(n / 50):.3f}"] for n in range(2000)]),
    )


def _texts(chance: random.Random) -> Files:
    yield (
        "LICENSE",
        (Path(reportlab.__file__).parent / "license.txt").read_bytes()
        if (Path(reportlab.__file__).parent / "license.txt").exists()
        else b"MIT License\n\nPermission is hereby granted, free of charge\n",
    )
    yield (
        "CHANGELOG.md",
        "".join(
            f"## {n // 10}.{n % 10}.0\n\n- Fixed #{1000 + n}: {' '.join(chance.choices(_WORDS, k=9))}\n\n"
            for n in range(150)
        ).encode(),
    )
    yield "README.md", ("# Tool\n\nInstall it with `make`.\n\n" + " ".join(chance.choices(_WORDS, k=600))).encode()
    yield "report-en.txt", "\n\n".join(" ".join(chance.choices(_WORDS, k=90)) for _ in range(60)).encode()
    yield "report-zh.txt", "\n".join("".join(chance.choices(_HAN, k=70)) + "。" for _ in range(200)).encode("gbk")
    yield "contact-page.html", ("<html><body><h1>联系我们</h1><p>公司地址：北京市朝阳区建国路88号</p><p>总机：010-85123476</p>"
        "<p>客服热线：400-810-8888</p><p>邮箱：info@corp.example</p></body></html>").encode()  # fmt: skip
    yield "signature.eml", (b"From: li.na@corp.example\r\nTo: a@partner.example\r\nSubject: meeting\r\n\r\nSee you on Friday.\r\n\r\n-- \r\n"
        b"Li Na\r\nCorp Ltd, 88 Jianguo Road\r\nTel 010-85123476 Mobile 13911112222\r\n")  # fmt: skip
    yield "one-order.txt", "您好，订单 SO-20260115-004217 的收货电话是 13800138000，谢谢。".encode()
    yield "empty.txt", b""
    yield "one-line.txt", b"ok\n"
    yield "novel.txt", "\n".join("　　" + "".join(chance.choices(_HAN, k=120)) + "。" for _ in range(150)).encode()
    yield "hashes.sha256", "".join(f"{_hex(chance, 64)}  dist/{_word(chance, 7)}.tar.gz\n" for _ in range(400)).encode()
    yield "words.txt", "\n".join(_word(chance, chance.randrange(3, 12)) for _ in range(4000)).encode()
    yield "key.pub", b"ssh-rsa " + _base64(chance, 396).encode() + b" li.na@corp.example\n"
    yield "timetable.ics", ("BEGIN:VCALENDAR\r\n" + "".join(
        f"BEGIN:VEVENT\r\nUID:{_hex(chance, 20)}\r\nDTSTART:202601{n % 28 + 1:02d}T090000Z\r\nSUMMARY:Stand-up\r\nEND:VEVENT\r\n" for n in range(90)
    ) + "END:VCALENDAR\r\n").encode()  # fmt: skip


def _json(chance: random.Random) -> Files:
    yield (
        "openapi.json",
        json.dumps(
            {
                "openapi": "3.1.0",
                "paths": {f"/v1/{_word(chance, 6)}": {"get": {"responses": {"200": {}}}} for _ in range(80)},
            }
        ).encode(),
    )
    yield (
        "analytics.json",
        json.dumps(
            [{"event": "click", "sid": _hex(chance, 24), "t": 1768442400 + n, "x": n, "y": n * 2} for n in range(900)]
        ).encode(),
    )
    yield (
        "geometry.geojson",
        json.dumps(
            {
                "type": "Polygon",
                "coordinates": [[[chance.uniform(100, 120), chance.uniform(20, 40)] for _ in range(900)]],
            }
        ).encode(),
    )
    yield "embeddings.json", json.dumps([[chance.gauss(0, 1) for _ in range(256)] for _ in range(20)]).encode()
    yield (
        "chat-request.json",
        json.dumps(
            {"model": "m", "messages": [{"role": "user", "content": "How do I sort a list of 20 items in Go?"}]}
        ).encode(),
    )
    yield "translations.json", json.dumps({f"key.{n}": "".join(chance.choices(_HAN, k=9)) for n in range(300)}).encode()
    yield "search.form", b"q=best+hotel+in+shanghai&page=2&lang=zh-CN&session=" + _hex(chance, 32).encode()


def _binary(chance: random.Random) -> Files:
    yield "random.bin", chance.randbytes(50_000)
    yield "program", b"\x7fELF\x02\x01\x01" + bytes(9) + chance.randbytes(40_000)
    fonts = Path(reportlab.__file__).parent / "fonts"
    yield "font.ttf", (fonts / "Vera.ttf").read_bytes()
    yield "cache.pyc", b"\xf3\r\r\n" + bytes(12) + chance.randbytes(3000)
    sound = io.BytesIO()
    with wave.open(sound, "wb") as held:
        held.setparams((1, 2, 8000, 8000, "NONE", ""))
        held.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 9))) for n in range(8000)))
    yield "tone.wav", sound.getvalue()
    yield (
        "wheel-1.0-py3-none-any.whl",
        _zip({"pkg/a.py": inspect.getsource(inspect).encode(), "pkg-1.0.dist-info/RECORD": b"pkg/a.py,sha256=x,1\n"}),
    )
    yield (
        "sources.tar.gz",
        gzip.compress(_tar({"src/main.c": b"int main(void){return 0;}\n" * 90, "src/README": b"hello\n"}), mtime=0),
    )
    yield "logs.gz", gzip.compress(b"".join(b"line %d ok\n" % n for n in range(9000)), mtime=0)
    yield "app.sqlite", _sqlite(chance)
    yield "numbers.parquet", _parquet(chance)
    yield "blob.zz", zlib.compress(chance.randbytes(9000))


def _pictures(chance: random.Random) -> Files:
    noise = Image.frombytes("RGB", (64, 48), chance.randbytes(64 * 48 * 3)).resize(
        (1280, 960), Image.Resampling.BICUBIC
    )
    yield "photo.jpg", _saved(noise.filter(ImageFilter.GaussianBlur(3)), "JPEG")
    yield "photo.png", _saved(noise.resize((640, 480)), "PNG")
    yield "photo.webp", _saved(noise, "WEBP")
    chart = Image.new("RGB", (800, 500), "white")
    pen = ImageDraw.Draw(chart)
    for n in range(20):
        pen.rectangle((30 + n * 38, 480 - chance.randrange(400), 58 + n * 38, 480), fill="steelblue")
    yield "chart.png", _saved(chart, "PNG")
    yield "logo.gif", _saved(chart.resize((120, 80)).convert("P"), "GIF")
    yield "icon.ico", _saved(chart.resize((64, 64)), "ICO")
    yield "pixel.gif", b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    code = Image.new("RGB", (900, 500), "#1e1e1e")
    pen = ImageDraw.Draw(code)
    lines = inspect.getsource(csv.DictReader).splitlines()[:24]

    for n, line in enumerate(lines):
        pen.text((20, 20 + n * 19), line, fill="#d4d4d4", font=ImageFont.truetype(FONT, 14))
    yield "screenshot-of-code.png", _saved(code, "PNG")
    yield "drawing.svg", ("<svg xmlns='http://www.w3.org/2000/svg'>" + "".join(
        f"<path d='M{chance.random():.5f} {chance.random():.5f}L{chance.random():.5f} {chance.random():.5f}'/>" for _ in range(500)) + "</svg>").encode()  # fmt: skip


def _documents(chance: random.Random) -> Files:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for n in range(300):
        sheet.append([f"2026-01-{n % 28 + 1:02d}", chance.randrange(10**6), chance.random()])
    yield "budget.xlsx", _written(book.save)
    made = Document()
    for _ in range(40):
        made.add_paragraph(" ".join(chance.choices(_WORDS, k=40)))
    yield "minutes.docx", _written(made.save)
    yield "empty.docx", _written(Document().save)
    yield "empty.xlsx", _written(openpyxl.Workbook().save)
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, invariant=1)
    for n in range(40):
        paper.drawString(50, 800 - 18 * n, " ".join(chance.choices(_WORDS, k=10)))
    paper.save()
    yield "manual.pdf", buffer.getvalue()


def _csv(header: list[str], rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def _ean(chance: random.Random) -> str:
    digits = "69" + "".join(chance.choices("0123456789", k=10))
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def _word(chance: random.Random, size: int) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=size))


def _hex(chance: random.Random, size: int) -> str:
    return "".join(chance.choices("0123456789abcdef", k=size))


def _base64(chance: random.Random, size: int) -> str:
    return (
        "".join(chance.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", k=size * 4 // 3))
        + "=="
    )


def _zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as held:
        for name, data in members.items():
            held.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as held:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            held.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def _sqlite(chance: random.Random) -> bytes:
    held = sqlite3.connect(":memory:")
    held.execute("CREATE TABLE settings (name TEXT, value TEXT)")
    held.executemany("INSERT INTO settings VALUES (?, ?)", [(_word(chance, 7), _hex(chance, 12)) for _ in range(200)])
    held.commit()
    data = held.serialize()
    held.close()
    return data


def _parquet(chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"v": [chance.random() for _ in range(1000)], "n": list(range(1000))}), buffer)
    return buffer.getvalue()


def _saved(picture: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form)
    return buffer.getvalue()


def _written(save: object) -> bytes:
    buffer = io.BytesIO()
    save(buffer)  # type: ignore[operator]
    return buffer.getvalue()
