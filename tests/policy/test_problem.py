from __future__ import annotations

from dlp_proxy.policy.problem import Place, Problem, Problems, render_text


def problem(line: int, column: int, width: int, message: str = "wrong") -> Problem:
    return Problem("error", "CODE", "a.yaml", line, column, width, message, "help yourself")


def test_carets_stand_under_the_fault() -> None:
    assert render_text(problem(2, 4, 3), "x\na: bad\n") == (
        "a.yaml:2:4: error[CODE]: wrong\n  |\n2 | a: bad\n  |    ^^^\n  = help: help yourself"
    )


def test_wide_characters_take_two_cells() -> None:
    assert render_text(problem(1, 4, 2), "订单: 错误").split("\n")[3] == "  |      " + "^^^"


def test_a_line_number_of_two_digits_moves_the_gutter() -> None:
    text = "\n" * 11 + "a: bad"
    assert render_text(problem(12, 4, 3), text).split("\n")[1:4] == ["   |", "12 | a: bad", "   |    ^^^"]


def test_a_place_outside_of_the_text_has_no_excerpt() -> None:
    assert render_text(problem(9, 1, 1), "a: b") == "a.yaml:9:1: error[CODE]: wrong\n  = help: help yourself"


def test_control_characters_never_reach_the_terminal() -> None:
    assert "\x1b" not in render_text(problem(1, 1, 1, "`\x1b[2J` is wrong"), "\x1b[2J")


def test_long_lines_are_cut_around_the_fault() -> None:
    lines = render_text(problem(1, 5001, 3), "x" * 5000 + "bad" + "y" * 5000).split("\n")
    assert max(map(len, lines)) < 400
    assert lines[2][lines[3].index("^") :].startswith("bad")


def test_one_place_and_message_is_told_once_and_all_are_sorted() -> None:
    problems = Problems()
    problems.warning("B", Place("a", 2, 1), "later")
    problems.error("A", Place("a", 1, 1), "first")
    problems.error("A", Place("a", 1, 1), "first")
    assert [one.code for one in problems.sorted()] == ["A", "B"]
    assert problems.failed
    assert problems.count == 2


def test_warnings_alone_are_no_failure() -> None:
    problems = Problems()
    problems.warning("B", Place("a", 2, 1), "later")
    assert not problems.failed
