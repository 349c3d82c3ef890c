"""The shipped policies count the customers in every kind of file exactly: sixty are sixty, and are blocked."""

from __future__ import annotations

import bz2
import gzip
import lzma
import pickle
import plistlib
from collections.abc import Callable

import cbor2
import msgpack
import pytest
import yaml

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.pipeline import Engine, examine
from dlp_proxy.stores.state_dir import passing_fingerprint
from dlp_proxy.windows.windows import Windows
from dlp_proxy.wiring.engine import engine_parts, make_engine
from tests.kept_gate import POLICIES, gated
from tests.unpack import archives, writers
from tests.unpack.customers import COUNT, CSV, SOME, nested, rows, with_numbers
from tests.unpack.samples import message

INSERT = "".join(f"INSERT INTO o (order_no, name, phone, address) VALUES {one.cells!r};\n" for one in SOME)
FIXED = "".join(f"{one.number:<20}{one.name:<8}{one.phone:<12}{one.address}\n" for one in SOME)
LOGFMT = "".join(
    f'level=info order_no={one.number} name={one.name} phone={one.phone} address="{one.address}"\n' for one in SOME
)
INI = "".join(
    f"[customer{number}]\nname={one.name}\nphone={one.phone}\naddress={one.address}\n"
    for number, one in enumerate(SOME)
)

FORMS: dict[str, Callable[[], bytes]] = {
    "sqlite": writers.sqlite,
    "sqlite log": lambda: writers.sqlite(log=True),
    "sqlite, table dropped": lambda: writers.sqlite(after="DROP TABLE orders"),
    "dbf": writers.dbf,
    "parquet": lambda: writers.parquet(rows()),
    "parquet, numbers": lambda: writers.parquet(with_numbers()),
    "parquet, nested": lambda: writers.parquet(nested()),
    "orc": lambda: writers.orc(with_numbers()),
    "feather": lambda: writers.feather(rows()),
    "avro": lambda: writers.avro(rows(), writers.FLAT, "deflate"),
    "avro, nested": lambda: writers.avro(nested(), writers.NESTED),
    "msgpack": lambda: msgpack.packb(with_numbers()),
    "cbor": lambda: cbor2.dumps({"orders": nested()}),
    "bson": lambda: b"".join(map(writers.bson, rows())),
    "plist": lambda: plistlib.dumps(nested(), fmt=plistlib.FMT_BINARY),
    "plist, xml": lambda: plistlib.dumps(rows()),
    "protobuf": lambda: b"".join(writers.field(1, one) for one in writers.messages(numbers=True)),
    "grpc": lambda: b"".join(map(writers.framed, writers.messages())),
    "grpc, packed": lambda: b"".join(writers.framed(gzip.compress(one), 1) for one in writers.messages()),
    "pickle": lambda: pickle.dumps(rows()),
    "pickle, protocol 0": lambda: pickle.dumps([one.cells for one in SOME], 0),
    "sql": INSERT.encode,
    "yaml": lambda: yaml.dump({"orders": nested()}).encode(),
    "fixed width": FIXED.encode,
    "fixed width, UTF-16": lambda: FIXED.encode("utf-16"),
    "logfmt": LOGFMT.encode,
    "ini": INI.encode,
    "tar": archives.tar,
    "tar.gz": lambda: gzip.compress(archives.tar()),
    "tar.bz2": lambda: bz2.compress(archives.tar()),
    "tar.xz": lambda: lzma.compress(archives.tar()),
    "7z": archives.seven_zip,
    "rar 4": archives.rar4,
    "rar 5": archives.rar5,
    "cab": archives.cab,
    "lha": archives.lha,
    "cpio": lambda: archives.by_libarchive("cpio"),
    "ar": lambda: archives.by_libarchive("ar_bsd"),
    "iso": lambda: archives.by_libarchive("iso9660"),
    "git push": lambda: archives.git_repository("push"),
    "git push, thin": lambda: archives.git_repository("thin"),
    "git bundle": lambda: archives.git_repository("bundle"),
    "gzip behind a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4 + gzip.compress(CSV),
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return make_engine(gated(engine_parts(POLICIES, passing_fingerprint(), LIMITS)))


@pytest.mark.parametrize("name", sorted(FORMS))
def test_customers_are_counted_exactly(name: str, engine: Engine) -> None:
    judged = examine(message(FORMS[name]()), engine, Windows())
    counts = {reason.rule.partition("/")[2] or reason.rule: reason.count for reason in judged.verdict.reasons}
    assert (judged.verdict.action.word, counts.get("bulk-orders-out")) == ("block", COUNT)


def test_no_form_is_forgotten() -> None:
    assert len(FORMS) == 43


def test_a_page_of_branches_with_faxes_and_one_mail_address_holds_nobody(engine: Engine) -> None:
    branches = (
        ("上海总部", "上海市徐汇区漕溪北路398号汇智大厦12层", "021-6486771"),
        ("北京分公司", "北京市朝阳区建国路88号3号楼1805室", "010-8589112"),
        ("广州分公司", "广州市天河区体育西路103号维多利广场A座2301", "020-3887901"),
        ("成都分公司", "成都市武侯区人民南路四段27号商鼎国际1栋908", "028-8556730"),
        ("武汉分公司", "武汉市江汉区新华路218号浦发银行大厦1502", "027-8549007"),
        ("西安分公司", "西安市雁塔区科技路33号高新国际商务中心1106", "029-8833021"),
    )
    each = (f"{name}\n\n地址：{place}\n电话：{number}1 传真：{number}2\n\n" for name, place, number in branches)
    page = f"联系我们\n\n全国服务热线：400-820-6688\n\n{''.join(each)}媒体联系：press@herun-home.example.cn"
    assert examine(message(page.encode()), engine, Windows()).records == 0
