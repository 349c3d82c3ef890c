"""What is under way when the proxy is told to stop, and is let end."""

from __future__ import annotations

from dlp_proxy.model.message import Principal
from dlp_proxy.proxy.bypass import Bypassed
from dlp_proxy.proxy.bypass_file import BypassEntry
from dlp_proxy.proxy.under_way import UnderWay


def test_what_is_passed_on_unopened_is_let_end_like_any_transfer() -> None:
    entry = BypassEntry("a.example", 443, "li", "pins", "2099-01-01", 4e9)
    one, other = (Bypassed(entry, Principal("li", "address", "none"), "a.example", 443, 1, "client") for _ in range(2))
    under_way = UnderWay()
    assert under_way.idle("client", grace=False)
    under_way.bypass_begins(one)
    under_way.bypass_begins(other)
    under_way.bypass_ends(one)
    assert not under_way.idle("client", grace=False)
    under_way.bypass_ends(other)
    assert under_way.idle("client", grace=False)
