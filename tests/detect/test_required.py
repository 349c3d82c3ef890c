from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from dlp_proxy.detect.required import required

CASES = {
    r"SO-\d{8}-\d{6}": ("so-",),
    r"gh[pousr]_[A-Za-z0-9]{36,255}": ("gho_", "ghp_", "ghr_", "ghs_", "ghu_"),
    r"-----BEGIN (?:RSA |EC )?PRIVATE KEY-----": ("-----begin",),
    r"(?:password|secret|api[_-]?key|密码)\s*=": ("api", "password", "secret", "密码"),
    r"token: abc": ("token",),
    r"x?yy": ("yy",),
    r"a{2,}bc": ("bc",),
    r"(?:foo|bar)+": ("bar", "foo"),
    r"(?:foo|\d+)": (),
    r"(?:foo)?\d": (),
    r"ab*c": (),
    r"(?:foo){e<=1}": (),
    r"foo\{": (),
    r"\p{Han}+foo": (),
    r"[[a-z]--[aeiou]]foo": (),
    r"\mfoo": (),
    r"(?=foo)\w+": (),
    r"(a)(?(1)foo|bar)": (),
    r"(?x) foo # comment": ("foo",),
    r"Straße": ("strasse",),
}


@pytest.mark.parametrize(("pattern", "words"), CASES.items())
def test_what_every_match_must_hold_is_read_off_the_pattern(pattern: str, words: tuple[str, ...]) -> None:
    assert required(pattern) == words


_ATOMS = ("ab", "c", "[de]", "[a-f]", r"\d", ".", "(?:ab|cd)", "(?:ab|c)?", "e+", "(?:fg)*", "(?:ghi){2}", "[^a]", "F")


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.sampled_from(_ATOMS), min_size=1, max_size=6),
    st.text("abcdefghiABCDEF1K\u017f\u212a", max_size=40),
)
def test_no_match_is_without_them(atoms: list[str], text: str) -> None:
    pattern = "".join(atoms)
    words = required(pattern)
    for match in regex.finditer(pattern, text, flags=regex.IGNORECASE):
        assert not words or any(word in match.group().casefold() for word in words)
