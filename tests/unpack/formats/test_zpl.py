from __future__ import annotations

from tests.unpack.customers import COUNT, SOME, seen
from tests.unpack.samples import text_of, unpack_body


def label(name: str, phone: str, address: str, before: str = "", start: str = "^CI28") -> str:
    fields = "".join(
        f"^FO20,{at}^A0N,30,30{before}^FD{text}^FS"
        for at, text in zip((20, 60, 100), (name, phone, address), strict=True)
    )
    return f"^XA{start}{fields}^XZ\n"


def written(text: str, sign: str) -> str:
    return "".join(f"{sign}{byte:02X}" for byte in text.encode())


def test_each_label_is_a_unit() -> None:
    labels = "".join(label(one.name, one.phone, one.address) for one in SOME)
    assert seen(labels.encode()) == ("zpl", COUNT, [])
    assert seen(labels.encode("gb18030")) == ("zpl", COUNT, [])


def test_hexadecimal_digits_are_the_bytes_that_they_write() -> None:
    for sign in ("_", "\\", "#"):
        name = "^FH" if sign == "_" else f"^FH{sign}"
        labels = "".join(
            label(written(one.name, sign), written(one.phone, sign), written(one.address, sign), name) for one in SOME
        )
        assert seen(labels.encode()) == ("zpl", COUNT, [])


def test_lines_of_a_block_are_one_field_and_what_stands_before_the_labels_is_read() -> None:
    text = text_of(
        unpack_body(b"~DYE:x\nhello there\n^XA^FO1,1^FB400,3^FD1 Main St\\&Springfield^FS^FDQA,13800138000^FS^XZ")
    )
    assert "1 Main St Springfield" in text
    assert "\n13800138000" in text
    assert "hello there" in text


def test_a_sign_of_digits_before_what_is_none_is_a_sign() -> None:
    assert text_of(unpack_body(b"^XA^FH^FDa_zz b_41_^FS^XZ")) == "a_zz bA_\n"
