"""The walk over a whole message."""

from __future__ import annotations

from dlp_proxy.model.limits import LIMITS
from dlp_proxy.unpack.unpack import unpack
from tests.unpack.samples import TABLE, message, unpack_body, zipped


def test_a_location_reads_from_the_form_field_down_to_the_file() -> None:
    body = (
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="orders.zip"\r\n\r\n'
        + zipped({"orders.csv": TABLE.encode()})
        + b"\r\n--B--\r\n"
    )
    unpacked = unpack_body(body, "multipart/form-data; boundary=B")
    table = next(part for part in unpacked.parts if part.units)
    assert str(table.location) == 'body > form field "file" > orders.zip > orders.csv'
    assert [unit.label for unit in table.units] == ["row 2", "row 3"]
    assert unpacked.filenames == ("orders.zip", "orders.csv")
    assert unpacked.content == "multipart"


def test_an_empty_message_has_no_parts_and_no_gaps() -> None:
    unpacked = unpack(message(), LIMITS)
    assert (unpacked.parts, unpacked.gaps, unpacked.content, unpacked.expanded_bytes) == ((), (), "", 0)
