"""What only looks like a disguise stays quiet."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from random import Random

import pytest

from dlp_proxy.detect.detector_set import DetectorSet
from dlp_proxy.detect.disguise.encoded import long_run
from dlp_proxy.detect.disguise.hints import hints, hints_at
from dlp_proxy.detect.fold import fold
from dlp_proxy.model.finding import Confidence
from tests.detect.shapes import look, text_part

CHANCE = Random(7)
NOISE = CHANCE.randbytes(60_000)
TEXTS = {
    "odd numbers": "一三五七九，二四六八十。一三五休息，二四六上班。",
    "years": "二〇二六年一月三日，一九九八年至二〇一一年，二〇二六—二〇三〇年规划",
    "counting": "一二三四五六七八九十，零一二三四五六七八九",
    "a song": "一一二二三三四四，五五六六七七，一二三四五六七",
    "numbers counted up": "1 2 3 4 5 6 7 8 9 1 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",
    "lottery": "03 08 12 19 25 31 07\n1 3 5 8 13 21 34 55\n2-9-11-17-23-30",
    "a matrix": "0 1 1 0 1 0 0 1 1 0 1\n1 0 0 1 1 1 0 0 1 0 1\n1 3 2 1 0 4 1 2 2 0 3\n2 1 4 4 1 0 0 3 1 2 2",
    "bits": "0 1 1 0 1 0 0 1 1 0 1 1 0",
    "versions": "1.3.8.0 1.2.3.4.5.6.7.8.9.1.1 v1.3.8-0.1.3",
    "dates": "2026-01-15 2026/1/3 15.1.2026 1/3/2026 1-3-8",
    "scores": "1:0 3:2 2:2 0:1 1:1 3:0 2:1 0:0 1:3 8:0",
    "list marks": "①先付款 ②再发货 ③确认 ⑧⑨ 附注¹²³ x²+y³=10⁸",
    "hex": " ".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(200)),
    "uuids": "\n".join(str(__import__("uuid").UUID(bytes=NOISE[at : at + 16])) for at in range(0, 4000, 16)),
    "hex groups": "8624 85B8 85B7 85C8 85C5\n0043 2215 006B 0067 00B5\n5531 60B5 713B 7452 6005 739A",
    "a picture": base64.b64encode(NOISE).decode(),
    "a picture in lines": base64.encodebytes(NOISE).decode(),
    "a packed file": base64.urlsafe_b64encode(zlib.compress(NOISE)).decode(),
    "a token": ".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=")
        for one in ({"alg": "RS256", "typ": "JWT"}, {"sub": "u-18273645", "iat": 1769443200, "exp": 1769446800})
    ) + "." + base64.urlsafe_b64encode(NOISE[:256]).decode().rstrip("="),
    "a source map": '{"version":3,"mappings":"AAAA,SAASA,EAAT,CAAeC,EAAOC,IACtB,GAAID,CAAAE,IAAAC,QAASF,IACzBA,GAAMG"}',
    "integrity": '"integrity": "sha512-' + base64.b64encode(hashlib.sha512(b"x").digest()).decode() + '"',
    "minified": "var a=0o777,b=1e3,O0=l1,I1=[0,1,1,0],c={Il:1,lO:0};for(let i=0;i<10;i++){S5+=B8|Z2}",
    "alternatives": "(?:027|525|65)|130000000|3|02|31|60|89|13|80|01|38",
    "figures": "高度\t年份\t工资\n165\t1990\t8500\n172\t2001\t12000\n158\t1985\t9100",
    "prices": "SKU | 价格 | 数量\nA1 | 15800 | 126400\nA2 | 13900 | 125100",
    "a palette": "[31, 33, 38, 40, 41, 43, 48, 50, 58, 60, 70, 80]",
    "escaped prose": r"caf\u00e9 na\u00efve \n\tat Object.<anonymous> (C:\users\x61)",
    "links": "https://shop.example/a%20b?u=https%3A%2F%2Fx.example%2F%E8%AE%A2%E5%8D%95&t=1769443200",
    "equals": "a=20=30 b==FF=00 x=3D=3D id=E1=E2",
    "counting in words": "one two three four five six seven eight nine ten, "
    "zero one two three four five six seven eight nine; "
    "yi er san si wu liu qi ba jiu shi; one-two-three-four, five six seven eight",
    "rules of a table": "----- ----- ----- ----- ----- ----- ----- ----- ----- -----\n"
    "..... ..... ..... ..... ..... ..... ..... ..... ..... .....",
    "addresses of bitcoin": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy "
    "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
    "code in marks": "use `bad_decade_a` or `face_added`, then `feed_a_cafe` and a[`dead`] of `cab_fade_bad`",
    "styles": ".a:before{content:'\\201C'} .b{content:'\\00a0'} .c{background:url(x.png\\9)}",
    "constants": "INTERNATIONALIZATION_SUPPORT ABCDEFGHIJKLMNOPQRSTUVWXYZ234567 MFRGGZDFMZTWQ2LK",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_no_value(name: str) -> None:
    findings = look(text_part(TEXTS[name]))
    again = [one for one in findings if one.why[0].startswith("read as") and one.confidence >= Confidence.MEDIUM]
    assert [(one.detector, TEXTS[name][one.start : one.end]) for one in again] == []


def test_there_are_texts() -> None:
    assert len(TEXTS) == 35


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox jumps over the lazy dog; it weighs 12.5 kg and costs $1,250.00. " * 20,
        "今天天气很好，我们一起去公园散步，看到了许多花。三三两两的人坐在湖边，二〇二六年的春天来了。" * 20,
        '{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","ts":1769443200123,"dur":0.0421,"path":"/v1/items"}\n' * 20,
        'function f(e,t){return e.map(function(n){return n+t})}var x="#ff00aa",y=[0,1,2,3];' * 20,
    ],
    ids=["English", "Chinese", "telemetry", "JavaScript"],
)
def test_ordinary_text_is_not_even_looked_at(text: str) -> None:
    folded = fold(text).text
    assert hints(folded) == []
    assert hints_at(folded, DetectorSet((), fast=True).glance(folded).noticed or {}) == []
    assert not long_run(folded)
