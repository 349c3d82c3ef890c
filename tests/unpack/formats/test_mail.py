from __future__ import annotations

from dataclasses import replace

import pytest

from dlp_proxy.model.limits import LIMITS
from tests.unpack.cases import Case, load, run
from tests.unpack.customers import reasons
from tests.unpack.samples import text_of, unpack_body


@pytest.mark.parametrize("case", load("mail", 7), ids=lambda case: case.name)
def test_mail(case: Case) -> None:
    run(case)


def test_a_mailbox_is_known_by_the_lines_above_its_mails() -> None:
    mail = b"From a@b.example Thu Jan 15 10:00:00 2026\nSubject: call 13800138000\n\nhello\n\n"
    unpacked = unpack_body(mail * 3)
    assert (unpacked.content, unpacked.formats["mail"]) == ("mail", 1)
    assert text_of(unpacked).count("call 13800138000") == 3


def test_more_mails_than_are_opened_are_a_gap() -> None:
    mail = b"From a@b.example Thu Jan 15 10:00:00 2026\nSubject: x\n\nhello\n\n"
    assert reasons(mail * 30, replace(LIMITS, members=20)) == ["too-large"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("From the desk of Li Wei, Shanghai office", id="no date"),
        pytest.param("From Li Wei at 10:00:00 in room 2026 upstairs", id="a time and a number of a room"),
        pytest.param("From 10:00:00 on, 2026", id="no sender"),
    ],
)
def test_a_letter_that_begins_with_from_is_no_mailbox(line: str) -> None:
    assert unpack_body(f"{line}\nNote: call 13800138000\n\nhello\n".encode()).content == "text"


FLOWED = (
    "王芳, 电话 13800 \r\n138000, 北京市朝阳 \r\n区建国路2号\r\n李四, 电话 13900 \r\n 139000\r\n"
    "> quoted 1 \r\n> 2\r\n-- \r\nme\r\n"
)


@pytest.mark.parametrize(
    ("label", "line"),
    [
        ("format=flowed; delsp=yes", "王芳, 电话 13800138000, 北京市朝阳区建国路2号"),
        ('FORMAT="Flowed"; DelSp="yes"', "王芳, 电话 13800138000, 北京市朝阳区建国路2号"),
        ("format=flowed", "王芳, 电话 13800 138000, 北京市朝阳 区建国路2号"),
        ("format=fixed", "王芳, 电话 13800 "),
    ],
)
def test_lines_that_were_broken_for_the_mail_are_whole(label: str, line: str) -> None:
    mail = f"From: a@b.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8; {label}\r\n\r\n{FLOWED}"
    text = text_of(unpack_body(mail.encode()))
    assert line in text.splitlines()
    if "yes" in label:
        assert "李四, 电话 13900139000" in text.splitlines()
        assert "> quoted 12" in text.splitlines() or ">quoted 12" in text.splitlines()
        assert "-- " in text.splitlines()
