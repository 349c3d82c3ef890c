from __future__ import annotations

import base64
import zlib
from urllib.parse import quote

from tests.unpack.customers import SOME
from tests.unpack.samples import gaps_of, text_of, unpack_body

CELLS = "".join(f'<mxCell id="{place}" value="{one.phone} {one.address}"/>' for place, one in enumerate(SOME))


def diagram(*pages: str, cut: int = 0) -> bytes:
    made = []
    for page in pages:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(quote(page).encode()) + packer.flush()
        made.append(f'<diagram id="a" name="第一页">{base64.b64encode(packed[: len(packed) - cut]).decode()}</diagram>')
    return f'<mxfile host="app">{"".join(made)}<note>beside</note></mxfile>'.encode()


def test_packed_pages_are_read() -> None:
    unpacked = unpack_body(diagram(f"<mxGraphModel><root>{CELLS}</root></mxGraphModel>", "<mxGraphModel/>"))
    assert unpacked.content == "drawio"
    assert all(f"{one.phone} {one.address}" in text_of(unpacked) for one in SOME)
    assert "beside" in text_of(unpacked)
    assert gaps_of(unpacked) == []


def test_a_cut_page_shows_what_it_has() -> None:
    unpacked = unpack_body(diagram(f"<mxGraphModel><root>{CELLS}</root></mxGraphModel>", cut=30))
    assert SOME[0].phone in text_of(unpacked)
    assert ("malformed", "body > 第一页") in gaps_of(unpacked)
