from __future__ import annotations

import plistlib

import pytest

from dlp_proxy.unpack.documents.xml_tree import XmlTree
from tests.unpack.cases import Case, load, run
from tests.unpack.customers import COUNT, SOME, rows, seen
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("case", load("xml", 13), ids=lambda case: case.name)
def test_xml(case: Case) -> None:
    run(case)


def test_keys_of_a_property_list_name_their_values() -> None:
    assert seen(plistlib.dumps({"orders": rows()})) == ("xml", COUNT, [])
    text = text_of(unpack_body(plistlib.dumps(rows()[0])))
    assert f"phone: {SOME[0].phone}\n" in text


def test_elements_called_key_without_values_are_elements() -> None:
    text = text_of(unpack_body(b"<?xml version='1.0'?><a><key>one</key><key>two</key><b>three</b><b>four</b></a>"))
    assert all(word in text for word in ("key", "one", "two", "three", "four"))


@pytest.mark.parametrize("count", [2, 4])
def test_elements_called_key_alone_are_a_list(count: int) -> None:
    keys = "".join(f"<key>13800138{number:03}</key>" for number in range(count))
    text = text_of(unpack_body(f"<?xml version='1.0'?><a>{keys}</a>".encode()))
    assert text.split() == ["key:", *(f"13800138{number:03}" for number in range(count))]


def test_what_is_said_to_programs_is_read() -> None:
    said = f"{SOME[0].phone},{SOME[0].address}"
    body = f'<?xml version="1.0"?><?xml-stylesheet href="13700137000"?><r><?rec {said}?><a>1</a></r>'
    text = text_of(unpack_body(body.encode()))
    assert said in text
    assert "13700137000" not in text


def test_elements_that_never_end_are_not_kept_by_the_million() -> None:
    tree = XmlTree(b"<a>" * 1_000_000, 10_000_000)
    tree.read()
    assert tree.too_deep
    assert tree.elements < 100_000
    unpacked = unpack_body(b"<?xml version='1.0'?>" + b"<a>" * 200_000 + b"13711223344")
    assert [gap.reason for gap in unpacked.gaps] == ["too-deep"]
    assert "13711223344" in text_of(unpacked)
