from __future__ import annotations

from tests.unpack.customers import COUNT, NAMES, SOME, reasons, seen
from tests.unpack.samples import unpack_body

HEAD = 'TABLE\n0,1\n"Sheet1"\nVECTORS\n0,4\n""\nTUPLES\n0,61\n""\nDATA\n0,0\n""\n'


def dif() -> str:
    """Write a sheet whose phones are numbers."""
    lines = [HEAD, "-1,0\nBOT\n", *(f'1,0\n"{name}"\n' for name in NAMES)]
    for one in SOME:
        number, name, phone, address = one.cells
        lines += ["-1,0\nBOT\n", f'1,0\n"{number}"\n1,0\n"{name}"\n', f"0,{phone}\nV\n", f'1,0\n"{address} ""A"""\n']
    return "".join([*lines, "-1,0\nEOD\n"])


def test_rows_are_rows() -> None:
    for text in (dif(), dif().replace("\n", "\r\n")):
        assert seen(text.encode()) == ("dif", COUNT, [])
    part = unpack_body(dif().encode()).parts[0]
    assert part.columns == NAMES
    assert f'{SOME[0].address} "A"' in part.text


def test_a_cut_sheet_has_the_rows_up_to_there() -> None:
    assert seen(dif()[:-900].encode())[1] > COUNT - 20
    assert "failed" not in reasons(HEAD.encode())
