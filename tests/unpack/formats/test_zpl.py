from __future__ import annotations

from tests.unpack.customers import COUNT, SOME, seen
from tests.unpack.samples import gaps_of, text_of, tight, unpack_body


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


def test_what_stands_behind_a_label_or_a_field_or_in_a_command_is_read() -> None:
    for data in (
        b"^XA^FDx^FS^XZ\nphone 13800138000\n",
        b"^XA^FDx^FSphone 13800138000^XZ",
        b"^XA^FDx^FS^QQ" + b"a long text that no command has, and a phone in it: 13800138000, and so on^XZ",
    ):
        assert "13800138000" in text_of(unpack_body(data))


def test_more_fields_than_are_laid_out_are_a_gap_and_plain_text() -> None:
    unpacked = unpack_body(b"^XA" + b"^FD13800138000^FS" * 300 + b"^XZ", limits=tight(values=200))
    assert ("too-large", "body") in gaps_of(unpacked)
    assert text_of(unpacked).count("13800138000") == 300


def test_a_picture_on_a_label_is_quiet() -> None:
    data = b"^XA^GFA,800,800,10," + b"00FF81" * 200 + b"^FS~DGR:LOGO.GRF,800,10," + b"0,::gI0FFjK0" * 60 + b"^FDx^FS^XZ"
    assert text_of(unpack_body(data)) == "x\n"


def test_what_stands_where_a_picture_belongs_and_is_none_is_read() -> None:
    for said in (b"13800138000", b"call 13800138000", b"10,10,1," + b"13800138000".hex().encode()):
        assert said in text_of(unpack_body(b"^XA^FDx^FS^GFA," + said + b"^XZ")).encode()
