from __future__ import annotations

import random

import pytest

from dlp_proxy.unpack.charset import decode

SIMPLIFIED = (
    "您好，订单已发货，请注意查收。收货人：张伟，电话13800138000，地址：广东省深圳市南山区科技园路88号。",
    "广东省深圳市南山区科技园路",
    "客户投诉说包装破损，要求赔偿，请尽快联系对方处理并回复。",
    "王小明,上海市浦东新区世纪大道100号",
    "本合同由甲乙双方在平等自愿的基础上签订，任何一方不得擅自变更。",
    "会议纪要：下周三上午十点在二楼会议室讨论新产品的价格和渠道政策。",
    "姓名,电话,地址",
)
TRADITIONAL = (
    "您好，訂單已出貨，請注意查收。收件人：陳大文，電話0912345678，地址：臺北市信義區市府路1號。",
    "高雄市前鎮區中華五路789號",
    "客戶反映包裝破損，要求賠償，請儘快與對方聯絡並回覆處理結果。",
    "本公司將於下星期三上午十點在二樓會議室討論新產品的價格與銷售通路。",
    "姓名,電話,地址",
)


@pytest.mark.parametrize("text", SIMPLIFIED + TRADITIONAL)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_chinese_reads_in_every_charset_that_has_it(text: str, charset: str) -> None:
    decoded = decode(text.encode(charset))
    assert decoded is not None
    assert decoded[0] == text


@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_chinese_reads_in_big5(text: str) -> None:
    assert decode(text.encode("big5")) == (text, "big5hkscs")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["name,phone\nZhang,13800138000\n", SIMPLIFIED[0], SIMPLIFIED[3]])
def test_wide_charsets_read_without_a_mark(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == (text, charset)


def test_an_odd_last_byte_does_not_hide_utf_16() -> None:
    decoded = decode("phone 13800138000".encode("utf-16-le") + b"x")
    assert decoded is not None
    assert "13800138000" in decoded[0]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
def test_one_damaged_byte_does_not_hide_the_rest(charset: str) -> None:
    raw = bytearray((TRADITIONAL[0] * 5).encode(charset))
    raw[101] = 0xFF
    decoded = decode(bytes(raw))
    assert decoded is not None
    assert TRADITIONAL[0] in decoded[0]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_lying_mark_does_not_hide_plain_text(mark: bytes) -> None:
    for plain in (b"phone 13800138000 and so on", b"phone 13800138000 and on", b"phone 13800138000 and "):
        decoded = decode(mark + plain)
        assert decoded is not None
        assert "13800138000" in decoded[0]


def test_a_lying_mark_of_utf_8_does_not_hide_gb18030() -> None:
    decoded = decode(b"\xef\xbb\xbf" + SIMPLIFIED[0].encode("gb18030"))
    assert decoded is not None
    assert SIMPLIFIED[0][3:] in decoded[0]


def test_western_text_is_latin_1() -> None:
    assert decode("Café Zürich, tél. 0441234567, à bientôt".encode("latin-1")) == (
        "Café Zürich, tél. 0441234567, à bientôt",
        "latin-1",
    )


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 8,
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0",
        random.Random(1).randbytes(4000),
        b"\0" * 100,
    ],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    assert decode(data) is None


def test_a_mixed_set_of_texts_is_told_apart() -> None:
    rng = random.Random(7)
    cases = [
        (text[start : start + 14], charset)
        for text, charset in ((t, "gb18030") for t in SIMPLIFIED)
        for start in (0, 3, 6)
    ]
    cases += [(text[start : start + 14], "big5") for text in TRADITIONAL for start in (0, 3, 6)]
    rng.shuffle(cases)
    wrong = [case for case in cases if len(case[0]) > 6 and (decode(case[0].encode(case[1])) or ("", ""))[0] != case[0]]
    assert len(cases) == 36
    assert wrong == []


@pytest.mark.parametrize("name", ["utf-7", "hz"])
def test_charsets_that_shift_within_ascii_are_read(name: str) -> None:
    text = "收货人 王伟 13800138000 收货地址 北京市朝阳区建国路88号"
    assert decode(text.encode(name)) == (text, name)
    assert decode(b"a,b,c\n" * 2000 + text.encode(name)) == ("a,b,c\n" * 2000 + text, name)


@pytest.mark.parametrize(
    "plain",
    ["a+b+c=d&name=x+y+zzz", "q=1+2+3+abc+def", "~{not shifted}", "aGVsbG8+d29ybGQ+Zm9v" * 20, "1+1", "C++ and +44"],
)
def test_a_plus_alone_shifts_nothing(plain: str) -> None:
    assert decode(plain.encode()) == (plain, "utf-8")


@pytest.mark.parametrize("charset", ["latin-1", "cp1252"])
def test_utf_8_that_was_taken_for_latin_is_read(charset: str) -> None:
    text = "客户,电话,地址\n" + "王小明,13800138000,上海市浦东新区世纪大道一百号\n" * 5
    raw = "".join(sign for sign in text if sign.encode().decode(charset, "ignore").encode(charset) == sign.encode())
    assert decode(raw.encode().decode(charset).encode()) == (raw, "utf-8")


@pytest.mark.parametrize("text", ["Müller, Straße 5, café, Ærø", "prix: 5 € à côté", "½ × ¾ ± ©", "naïve\n" * 3000])
def test_latin_letters_stay_as_they_are(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


def test_lines_of_two_charsets_are_read_each_in_its_own() -> None:
    lines = [f"王小明{number},1380013{number:04},上海市浦东新区世纪大道{number}号" for number in range(40)]
    data = b"\n".join(line.encode("gb18030" if at % 2 else "utf-8") for at, line in enumerate(lines))
    assert decode(data) == ("\n".join(lines), "utf-8")


def test_the_escapes_of_iso_2022_are_read() -> None:
    text = "姓名,电话\n王小明,13800138000\n李四,13900139000\n"
    assert decode(text.encode("iso2022_jp_2")) == (text, "iso2022_jp_2")


def test_lines_that_a_shell_appended_in_utf_16_are_read() -> None:
    before, wide, behind = "2026-01-03 仓库盘点\r\n", "姓名,电话\r\n王小明,13800138000\r\n", "会议纪要\r\n"
    for mark in (b"", b"\xff\xfe"):
        data = (before * 9).encode() + mark + (wide * 9).encode("utf-16-le") + behind.encode()
        assert decode(data) == (before * 9 + wide * 9 + behind, "utf-8")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("山田太郎様\n〒160-0023 東京都新宿区西新宿6-13-1\nご注文ありがとうございます\n", ("euc_jp", "cp932")),
        ("小林 美咲,大阪府大阪市北区梅田8-2-16\n高橋 健太,北海道札幌市中央区大通西2-18\n", ("euc_jp", "cp932")),
        ("김민수\n서울특별시 강남구 테헤란로 407\n010-1234-5678 주문해 주셔서 감사합니다\n", ("cp949", "euc_kr")),
        ("Попов Александр, Екатеринбург, улица Малышева, дом 100\n", ("cp1251", "koi8_r", "cp866", "iso8859_5")),
        ("王伟\n北京市朝阳区建国路88号\n订单已发货，请注意查收\n", ("gb18030",)),
        ("王小明\n台北市信義區忠孝東路五段7號\n訂單已出貨，請留意\n", ("big5hkscs",)),
        ("L'élève a été reçu à l'école près de la forêt, où il était déjà allé.\n", ("latin-1",)),
        ("Größe über Straße für München, schöne Grüße; Fußgängerzone Köln\n", ("latin-1",)),
        ("Señor Muñoz vivió en Málaga; ¿dónde está el año que pasó?\n", ("latin-1",)),
    ],
)  # fmt: skip
def test_charsets_of_languages_are_told_apart(text: str, names: tuple[str, ...]) -> None:
    for name in names:
        decoded = decode(text.encode(name))
        assert decoded is not None
        assert decoded[0] == text, name


@pytest.mark.parametrize(
    "data", [b"\xc1" * 9000 + b"\x81ax", b"\xc1\xc3" * 500, b"plain text " * 3000 + b"caf\xe9" + b" more text" * 3000]
)
def test_a_byte_again_and_again_is_no_text_of_cyrillic(data: bytes) -> None:
    assert (decode(data) or ("", ""))[1] not in {"cp1251", "koi8_r", "cp866", "iso8859_5", "euc_jp", "cp932", "cp949"}


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("other", ["ascii", "utf-8", "gb18030"])
def test_a_text_of_another_charset_behind_one_in_utf_16_is_read(name: str, other: str) -> None:
    first = "order_no,phone\n1,2\n订单号,手机\n" * 5
    for then in ("id,phone\n" + "7,13800138000\n" * 40, "id,phone\n" + "7,13800138000,Oak Street\n" * 40):
        text, _ = decode(first.encode(name) + then.encode(other)) or ("", "")
        assert text == first + then


def test_chinese_at_the_end_of_utf_16_stays_what_it_is() -> None:
    for name in ("utf-16", "utf-16-le", "utf-16-be"):
        text = "id,address\n1,广东省深圳市南山区科技园路八十八号腾讯大厦请送到前台交给收货人本人签收谢谢" * 3
        assert (decode(text.encode(name)) or ("", ""))[0] == text
