"""Machine text full of digits in which there is no telephone number: logs, code, ids, measurements."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Final
from uuid import UUID

from tests.quality.case import Family
from tests.quality.chance import clock, day, digits, hexes, moment, number, word

_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def epoch(chance: Random) -> int:
    """Return a moment of 2001 to 2033 in seconds since 1970."""
    return chance.randint(1_000_000_000, 2_000_000_000)


def _timestamps(scale: int) -> Callable[[Random], str]:
    def make(chance: Random) -> str:
        value = epoch(chance) * scale + chance.randrange(scale)
        later = value + chance.randint(1, 900) * scale
        return chance.choice(
            (
                f'{{"ts": {value}, "event": "{word(chance)}", "took": {chance.randint(1, 900)}}}',
                f"{value} {word(chance)} {word(chance)} ok",
                f"start={value} end={later}",
                f"https://cdn.example/app.js?v={value}",
                f"[{value}] INFO {word(chance)}: done",
                f"createdAt: {value}\nupdatedAt: {later}",
                f"{value},{later},{number(chance, 2)}",
                f"session_{value}_{hexes(chance, 6)}",
                f"{value}",
                f"时间戳 {value}，请求已处理",
                f"max-age={number(chance, 5)}; exp={value}",
            )
        )

    return make


def _bytes(chance: Random) -> str:
    name = chance.choice(["eth0", "lo", "wlan0", "ens33", "docker0"])
    a, b = number(chance, chance.randint(8, 12)), number(chance, chance.randint(8, 12))
    return chance.choice(
        (
            f"{name}: RX bytes:{a} (1.9 GB)  TX bytes:{b} (210.4 MB)",
            f"bytes_in={a} bytes_out={b}",
            f"Content-Length: {a}",
            f'{{"rx": {a}, "tx": {b}, "drops": 0}}',
            f"  {name}: {a} {number(chance, 7)} 0 0 0 0 0 0 {b} {number(chance, 7)} 0 0 0 0 0 0",
            f"MemTotal: {number(chance, 8)} kB\nMemFree: {number(chance, 7)} kB",
            f'node_network_receive_bytes_total{{device="{name}"}} {a}',
            f"已发送 {a} 字节，已接收 {b} 字节",
        )
    )


def _floats(chance: Random) -> str:
    sign = chance.choice((", ", " ", "\n", ";", "\t"))
    form = chance.choice(("{:.4f}", "{:.8f}", "{:.15f}", "{:.3e}", "{:.6f}"))
    return chance.choice(("[{}]", "{}", "weights = ({})", '{{"v":[{}]}}')).format(
        sign.join(
            form.format(chance.uniform(-1, 1) * 10 ** chance.randint(-3, 3)) for _ in range(chance.randint(4, 40))
        )
    )


def _uuids(chance: Random) -> str:
    sign = chance.choice((", ", "\n", " "))
    return sign.join(str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(chance.randint(1, 12)))


def _hashes(chance: Random) -> str:
    return "\n".join(
        chance.choice(
            ("{h}  {f}.tar.gz", "sha256:{h}", "{h}", "commit {h}", '"integrity": "{h}"', 'ETag: "{h}"')
        ).format(h=hexes(chance, chance.choice((32, 40, 64, 7, 12))), f=word(chance))
        for _ in range(chance.randint(1, 6))
    )


def _hexdump(chance: Random) -> str:
    lines = []
    for row in range(chance.randint(2, 10)):
        groups = [hexes(chance, 4) for _ in range(8)]
        lines.append(
            chance.choice(
                (
                    f"{row * 16:08x}: {' '.join(groups)}  ....",
                    f"{row * 16:07x} {' '.join(groups)}",
                    "0x" + ", 0x".join(hexes(chance, 2) for _ in range(8)),
                )
            )
        )
    return "\n".join(lines)


def _versions(chance: Random) -> str:
    parts = ".".join(str(chance.randint(0, chance.choice((9, 30, 2000)))) for _ in range(chance.choice((3, 3, 4))))
    return chance.choice(
        (
            f"{word(chance)}=={parts}",
            f"v{parts}",
            f"Chrome/{chance.randint(80, 150)}.0.{number(chance, 4)}.{number(chance, 3)} Safari/537.36",
            f"升级到 {parts} 版本",
            f'"{word(chance)}": "^{parts}"',
            f"build {number(chance, 8)}.{number(chance, 2)}",
            f"linux-image-{parts}-{number(chance, 2)}-amd64",
            f"{parts}-rc.{chance.randint(1, 9)}+{day(chance).replace('-', '')}.{number(chance, 4)}",
        )
    )


def ipv4(chance: Random) -> str:
    return ".".join(str(chance.randint(0, 255)) for _ in range(4))


def _ips(chance: Random) -> str:
    return chance.choice(
        (
            f"{ipv4(chance)}:{chance.randint(1, 65535)} -> {ipv4(chance)}:{chance.randint(1, 65535)}",
            f"inet {ipv4(chance)}/24 brd {ipv4(chance)}",
            f"server {ipv4(chance)};",
            "\n".join(ipv4(chance) for _ in range(5)),
            f"ping {ipv4(chance)} 64 bytes time=0.{digits(chance, 3)} ms",
            f"服务器 {ipv4(chance)} 无法访问",
        )
    )


def _ipv6_mac(chance: Random) -> str:
    return chance.choice(
        (
            ":".join(hexes(chance, 4) for _ in range(8)),
            ":".join(digits(chance, 2) for _ in range(6)),
            "-".join(digits(chance, 2) for _ in range(6)),
            f"2001:db8:{hexes(chance, 4)}::{digits(chance, 4)}",
            f"link/ether {':'.join(hexes(chance, 2) for _ in range(6))}",
        )
    )


def _js_constants(chance: Random) -> str:
    return chance.choice(
        (
            f"const MAX = {2**53 - 1}, SEED = 0x{hexes(chance, 8)}, K = {number(chance, 10)};",
            f"var a=[{','.join(number(chance, chance.randint(5, 10)) for _ in range(8))}];",
            f"h = h * 16777619 ^ {number(chance, 10)} >>> 0;",
            f"Math.imul(t ^ t >>> 15, {number(chance, 10)})",
            f"setTimeout(f, {number(chance, 11)}); // {number(chance, 4)}-{number(chance, 4)}",
            "d=r(d,a,b,c,n[1],5,-165796510),c=r(c,d,a,b,n[6],9,-1069501632)",
            f"x1.8e{chance.randint(1, 9)},-{number(chance, 10)},{number(chance, 9)},1518500249,1859775393",
            f"crc = 0xEDB88320 ^ {number(chance, 11)};",
        )
    )


def _minified(chance: Random) -> str:
    pieces = (
        "!function(e,t){{e.{w}={n10}}}(this,{n4});",
        "e.exports={{{w}:{n3},{w}_{n2}:{n11}}};",
        "if(t>{n8}&&r<{n11}){{return n({n5},{n6})}}",
        "webpackJsonp([{n2},{n3}],{{{n4}:function(e){{e.d(t,{n9})}}}});",
        'a("{h}",{n7},[{n4},{n4},{n3}])',
        "path d=M{n3}.{n2} {n3}.{n2}l{n2}.{n3}-{n2}.{n3}c{n3}-{n4} {n4} {n3}-{n4}z",
        "s=s+({n10}&r)+{n9}|0;",
    )
    return "".join(
        chance.choice(pieces).format(
            w=word(chance), h=hexes(chance, 8), **{f"n{k}": number(chance, k) for k in range(2, 12)}
        )
        for _ in range(chance.randint(5, 30))
    )


def _json_ids(chance: Random) -> str:
    rows = [
        {
            chance.choice(("id", "uid", "object_id", "parentId", "seq")): int(
                number(chance, chance.choice((6, 8, 9, 10, 11, 12, 13, 16, 18, 19)))
            ),
            "type": word(chance),
            "ref": number(chance, chance.choice((8, 10, 12, 15))),
        }
        for _ in range(chance.randint(1, 5))
    ]
    return json.dumps(rows, indent=chance.choice((None, 2)))


def _snowflakes(chance: Random) -> str:
    value = number(chance, chance.choice((17, 18, 19)))
    return chance.choice(
        (
            f"https://social.example/{word(chance)}/status/{value}",
            f"<@{value}>",
            f"message_id: {value}",
            f'{{"id_str":"{value}"}}',
            f"雪花ID {value}",
        )
    )


def _url_ids(chance: Random) -> str:
    a = number(chance, chance.choice((7, 8, 9, 10, 11, 12)))
    return chance.choice(
        (
            f"https://shop.example/item/{a}.html",
            f"https://item.example/detail?id={a}&skuId={number(chance, 13)}",
            f"GET /api/v2/users/{a}/posts/{number(chance, 9)}",
            f"https://bbs.example/thread-{a}-1-1.html",
            f"https://img.example/{number(chance, 4)}/{number(chance, 8)}_{number(chance, 10)}_b.jpg",
            f"https://news.example/{day(chance).replace('-', '/')}/{a}.shtml",
            f"https://maps.example/?cid={number(chance, 19)}",
            f"fbid={number(chance, 15)}&set=a.{number(chance, 15)}",
        )
    )


def _coordinates(chance: Random) -> str:
    lat, lon = chance.uniform(-90, 90), chance.uniform(-180, 180)
    return chance.choice(
        (
            f"{lat:.6f}, {lon:.6f}",
            f'{{"lat": {lat:.7f}, "lng": {lon:.7f}}}',
            f"geo:{lat:.5f},{lon:.5f}",
            f"坐标({lon:.6f},{lat:.6f})",
            f"{abs(int(lat))}°{chance.randint(0, 59)}'{chance.uniform(0, 59):.2f}\"N {abs(int(lon))}°{chance.randint(0, 59)}'{chance.uniform(0, 59):.1f}\"E",
            f"POINT({lon:.8f} {lat:.8f})",
            f"{lon:.4f} {lat:.4f} {chance.uniform(0, 900):.1f}\n" * 4,
        )
    )


def _matrix(chance: Random) -> str:
    wide = chance.choice((3, 4, 5))
    return "\n".join(
        " ".join(number(chance, wide) for _ in range(chance.randint(3, 8))) for _ in range(chance.randint(2, 8))
    )


def _telemetry(chance: Random) -> str:
    rows = []
    for _ in range(chance.randint(1, 6)):
        rows.append(
            {
                "t": epoch(chance) * 1000 + chance.randrange(1000),
                "trace": hexes(chance, 32),
                "span": number(chance, 19),
                "heap": chance.randint(10**7, 10**11),
                "rtt": round(chance.uniform(0, 900), 3),
                "ids": [chance.randint(10**8, 10**12) for _ in range(3)],
                "screen": f"{chance.randint(300, 3000)}x{chance.randint(300, 3000)}",
                "ua": f"Mozilla/5.0 AppleWebKit/537.36 Chrome/{chance.randint(90, 140)}.0.{number(chance, 4)}.{number(chance, 3)}",
            }
        )
    return "\n".join(json.dumps(row) for row in rows)


def _log_lines(chance: Random) -> str:
    lines = (
        f'{ipv4(chance)} - - [{chance.randint(1, 28):02}/{chance.choice(_MONTHS)}/2025:{clock(chance)} +0800] "GET /{word(chance)}/{number(chance, 8)} HTTP/1.1" 200 {number(chance, 6)}',
        f"{moment(chance)} {word(chance)}[{number(chance, 5)}]: processed {number(chance, 9)} rows in {number(chance, 7)} us",
        f"I{digits(chance, 4)} {clock(chance)}.{digits(chance, 6)} {number(chance, 7)} {word(chance)}.go:{number(chance, 3)}] lag {number(chance, 10)}",
        f"[{number(chance, 5)}.{digits(chance, 6)}] usb 1-1: new device number {chance.randint(1, 40)}",
        f"{day(chance)} {clock(chance)},{digits(chance, 3)} DEBUG pool-{chance.randint(1, 9)}-thread-{chance.randint(1, 99)} txid={number(chance, 12)} offset={number(chance, 11)}",
        f"#{chance.randint(0, 30)} 0x{hexes(chance, 16)} in {word(chance)}_{word(chance)} ({word(chance)}.c:{number(chance, 4)})",
    )
    return "\n".join(chance.choice(lines) for _ in range(chance.randint(1, 8)))


def _csv_numbers(chance: Random) -> str:
    sign = chance.choice((",", ";", "\t"))
    widths = [chance.randint(1, 12) for _ in range(chance.randint(3, 8))]
    head = sign.join(word(chance) for _ in widths)
    return "\n".join(
        [head, *(sign.join(number(chance, wide) for wide in widths) for _ in range(chance.randint(2, 10)))]
    )


def _code(chance: Random) -> str:
    return chance.choice(
        (
            f"for i in range({number(chance, 8)}):\n    total += i * {number(chance, 9)} % {number(chance, 10)}",
            f"#define {word(chance).upper()} {number(chance, 10)}UL\n#define MASK 0x{hexes(chance, 8)}",
            f"static const uint64_t k[] = {{{number(chance, 18)}ULL, {number(chance, 19)}ULL, {number(chance, 19)}ULL}};",
            f"assert f({number(chance, 5)}, {number(chance, 11)}) == {number(chance, 14)}",
            f"INSERT INTO {word(chance)} VALUES ({number(chance, 7)}, '{word(chance)}', {number(chance, 11)}, NULL);",
            f"x = {number(chance, 3)}-{number(chance, 3)}-{number(chance, 4)}  # three terms",
            f"rand.seed({number(chance, 10)}); n = 1_{digits(chance, 3)}_{digits(chance, 3)}_{digits(chance, 3)}",
            f"mov eax, {number(chance, 9)}\nadd ebx, 0x{hexes(chance, 8)}\njmp {hexes(chance, 8)}",
            f".{word(chance)} {{ margin: {number(chance, 2)}px {number(chance, 3)}px; z-index: {number(chance, 10)}; color: #{digits(chance, 6)} }}",
        )
    )


def _git(chance: Random) -> str:
    return chance.choice(
        (
            f"diff --git a/x b/x\nindex {hexes(chance, 7)}..{hexes(chance, 7)} 100644\n@@ -{number(chance, 3)},{number(chance, 2)} +{number(chance, 4)},{number(chance, 2)} @@",
            f"commit {hexes(chance, 40)}\nDate:   {day(chance)} {clock(chance)} +0800",
            f" {number(chance, 3)} files changed, {number(chance, 5)} insertions(+), {number(chance, 4)} deletions(-)",
            f"{hexes(chance, 8)} ({word(chance)} {day(chance)} {clock(chance)} +0100 {number(chance, 4)}) return {number(chance, 9)}",
            f"remote: Counting objects: {number(chance, 6)}, done.\nReceiving objects: 100% ({number(chance, 6)}/{number(chance, 6)}), {number(chance, 3)}.{digits(chance, 2)} MiB",
        )
    )


def _listing(chance: Random) -> str:
    return "\n".join(
        f"-rw-r--r-- {chance.randint(1, 9)} root root {number(chance, chance.randint(3, 12))} {chance.choice(_MONTHS)} {chance.randint(1, 28):>2} {clock(chance)[:5]} {word(chance)}.{digits(chance, 3)}"
        for _ in range(chance.randint(2, 8))
    )


def _sockets(chance: Random) -> str:
    return "\n".join(
        f"tcp 0 {number(chance, 3)} {ipv4(chance)}:{chance.randint(1, 65535)} {ipv4(chance)}:{chance.randint(1, 65535)} ESTABLISHED {number(chance, 6)}/{word(chance)}"
        for _ in range(chance.randint(1, 6))
    )


def _licence_keys(chance: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    return chance.choice(("Key: {}", "序列号：{}", "{}", "activate with {}")).format(
        "-".join("".join(chance.choices(chance.choice((letters, "0123456789")), k=5)) for _ in range(5))
    )


def _base64(chance: Random) -> str:
    return base64.b64encode(chance.randbytes(chance.randint(20, 400))).decode()


def _svg(chance: Random) -> str:
    return (
        f'<path d="M{number(chance, 3)} {number(chance, 3)}'
        + "".join(
            f"{chance.choice('lcLCsSqQ')}{chance.uniform(-99, 99):.3f},{chance.uniform(-99, 99):.3f} {chance.uniform(-99, 99):.2f}-{chance.uniform(0, 99):.2f}"
            for _ in range(chance.randint(4, 20))
        )
        + 'z"/>'
    )


def _cookies(chance: Random) -> str:
    return chance.choice(
        (
            f"_ga=GA1.2.{number(chance, 9)}.{epoch(chance)}; _gid=GA1.2.{number(chance, 10)}.{epoch(chance)}",
            f"Hm_lvt_{hexes(chance, 32)}={epoch(chance)},{epoch(chance)}; JSESSIONID={hexes(chance, 32).upper()}",
            f"BIDUPSID={hexes(chance, 32).upper()}; PSTM={epoch(chance)}; BD_UPN={number(chance, 8)}",
            f"_fbp=fb.1.{epoch(chance)}{digits(chance, 3)}.{number(chance, 10)}",
        )
    )


def _wallets(chance: Random) -> str:
    return chance.choice(
        (
            f"0x{hexes(chance, 40)}",
            f"tx 0x{hexes(chance, 64)} block {number(chance, 8)} nonce {number(chance, 10)}",
            f"bc1q{hexes(chance, 38)}",
            f"value: {number(chance, 18)} wei",
        )
    )


def _genes(chance: Random) -> str:
    return chance.choice(
        (
            f"ENSG{digits(chance, 11)}",
            f"chr{chance.randint(1, 22)}:{number(chance, 8)}-{number(chance, 8)}",
            f"rs{number(chance, 9)} NM_{digits(chance, 9)}.3",
            f"GSM{number(chance, 7)}, PMID: {number(chance, 8)}",
            f"chr7\t{number(chance, 9)}\t{number(chance, 9)}\t+",
        )
    )


def _metrics(chance: Random) -> str:
    return "\n".join(
        f'{word(chance)}_{word(chance)}_total{{job="{word(chance)}",code="{chance.choice((200, 404, 500))}"}} {number(chance, chance.randint(6, 12))} {epoch(chance)}{digits(chance, 3)}'
        for _ in range(chance.randint(1, 8))
    )


def _bits(chance: Random) -> str:
    return " ".join("".join(chance.choices("01", k=chance.choice((8, 11, 16)))) for _ in range(chance.randint(3, 12)))


def _arrays(chance: Random) -> str:
    wide = chance.choice((8, 9, 10, 11, 12))
    return f'{{"{word(chance)}": [{", ".join(number(chance, wide) for _ in range(chance.randint(3, 30)))}]}}'


MAKERS: Final[dict[str, Callable[[Random], str]]] = {
    "timestamps-s": _timestamps(1),
    "timestamps-ms": _timestamps(10**3),
    "timestamps-us": _timestamps(10**6),
    "timestamps-ns": _timestamps(10**9),
    "byte-counters": _bytes,
    "float-runs": _floats,
    "uuids": _uuids,
    "hashes": _hashes,
    "hexdumps": _hexdump,
    "versions": _versions,
    "ipv4": _ips,
    "ipv6-mac": _ipv6_mac,
    "js-constants": _js_constants,
    "minified-js": _minified,
    "json-ids": _json_ids,
    "snowflakes": _snowflakes,
    "url-ids": _url_ids,
    "coordinates": _coordinates,
    "matrices": _matrix,
    "telemetry-json": _telemetry,
    "log-lines": _log_lines,
    "csv-of-numbers": _csv_numbers,
    "code": _code,
    "git-output": _git,
    "file-listings": _listing,
    "sockets": _sockets,
    "licence-keys": _licence_keys,
    "base64": _base64,
    "svg-paths": _svg,
    "cookies": _cookies,
    "wallets": _wallets,
    "genes": _genes,
    "metrics": _metrics,
    "bits": _bits,
    "arrays-of-integers": _arrays,
}
FAMILIES: Final = tuple(Family(f"phone/not/{name}", make, ("phone",), 0.05) for name, make in MAKERS.items())
