"""The report says the truth of the story, runs nothing, and shows nobody's number."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from dlp_proxy.incidents import transfers
from dlp_proxy.incidents.regrouping import group_all
from dlp_proxy.reporting.why_zh import KINDS
from dlp_proxy.reporting.words import SAYINGS, Words
from dlp_proxy.stores.sqlite.read import SqliteReader
from dlp_proxy.stores.state_dir import StateDir
from tests.cli.commands import Done, dlp_proxy, dlp_proxy_here
from tests.reporting.leaks import leaks
from tests.reporting.store import CANARY, Told, uid
from tests.story.world import make_world
from tests.story.written import write

_VOID: Final = {"meta", "br"}


def report(told: Told, *words: str | Path) -> Done:
    return dlp_proxy_here("incident", "report", *words, "--state", told.state.path)


class Page(HTMLParser):
    """Elements and attributes of a page that is well-formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def count(self, name: str) -> int:
        return sum(tag == name for tag, _ in self.elements)


def page_of(told: Told, tmp_path: Path, *words: str) -> str:
    done = report(told, told.case, "--html", tmp_path / "r.html", *words)
    assert (done.code, done.err) == (0, "")
    return (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_first_sentence_and_the_three_numbers_are_the_truth(told: Told, tmp_path: Path) -> None:
    text = page_of(told, tmp_path, "--audience", "legal", "--reason", "case 7")
    assert "li, wu tried to send 338 records of 300 customers to mail.example, pan.example, pan.example&lt;img" in text
    assert "between 2026-03-02 09:00:00 UTC and 2026-03-06 09:05:00 UTC; 25 left" in text
    assert "Left for certain: 25. May have left: 4 more, so between 25 and 29" in text
    assert "Stopped: 271. Not known: 1 transfers not wholly read" in text
    assert "The numbers are a lower bound" in text


def test_json_has_the_same_numbers(told: Told) -> None:
    done = report(told, told.case, "--json")
    facts = json.loads(done.out)
    customers = facts["scope"]["customers"]
    assert [customers[one] for one in ("left", "possible", "blocked", "records", "transfers")] == [25, 4, 271, 338, 6]
    assert [(one["left"], one["possible"], one["blocked"]) for one in facts["edges"]] == [
        (20, 0, 280), (7, 0, 0), (0, 4, 0), (2, 0, 0)
    ]  # fmt: skip
    assert facts["policies"] == ["sha256:" + "ab" * 32]


def test_an_event_and_an_incident_can_be_reported_too(told: Told) -> None:
    event = json.loads(report(told, uid(2), "--json").out)
    assert event["headline"].endswith("to pan.example, at 2026-03-03 09:02:00 UTC; 0 left")
    incident = json.loads(report(told, told.incident, "--json").out)
    assert incident["incidents"][0]["id"] == told.incident
    assert report(told, "case-9", "--json").code == 1


def test_a_member_that_retention_has_deleted_hides_no_other(told: Told, tmp_path: Path) -> None:
    for words in (("hold", told.incident, "--reason", "x"), ("purge", "--older-than", "1")):
        assert dlp_proxy_here("incident", *words, "--state", told.state.path).code == 0
    facts = json.loads(report(told, told.case, "--json").out)
    assert facts["lost_members"] == [uid(0), uid(3), uid(4), uid(5)]
    assert facts["scope"]["customers"]["left"] == 15
    text = page_of(told, tmp_path)
    assert "Members of the case that are not there any more" in text
    assert "The numbers are a lower bound" in text


def test_nothing_in_the_page_runs_or_is_fetched(told: Told, tmp_path: Path) -> None:
    page = Page(page_of(told, tmp_path))
    policy = next(a["content"] or "" for t, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'", policy
    )
    assert {tag for tag, _ in page.elements} & {"script", "img", "iframe", "object", "link", "a", "form"} == set()
    names = {name for _, attributes in page.elements for name in attributes}
    assert {name for name in names if name.startswith("on") or name in {"style", "href", "src"}} == set()


def test_every_plot_says_what_it_is_and_has_its_table(told: Told, tmp_path: Path) -> None:
    page = Page(page_of(told, tmp_path))
    assert page.count("svg") == 3
    plots = [attributes for tag, attributes in page.elements if tag == "svg"]
    named = {a["id"] for t, a in page.elements if t in {"title", "desc"} and a}
    assert all(one["role"] == "img" and set((one["aria-labelledby"] or "").split()) <= named for one in plots)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    figures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert [("<table>" in one, one.count("<title ")) for one in figures] == [(True, 1)] * 3
    assert page.elements[0] == ("html", {"lang": "en"})


def test_analysts_read_pseudonyms_and_names_need_a_reason(told: Told, tmp_path: Path) -> None:
    facts = report(told, told.case, "--json").out
    assert [text for text in (page_of(told, tmp_path), facts) if re.search(r"\b(wu|li)\b(?!\.na)", text)] == []
    refused = report(told, told.case, "--html", tmp_path / "x.html", "--audience", "police")
    assert refused.code == 2
    assert "--reason" in refused.err
    assert "wu" in page_of(told, tmp_path, "--audience", "police", "--reason", "2026-113")
    entries = json.loads(report(told, told.case, "--json", "--audience", "police", "--reason", "again").out)
    assert entries["people"][1]["known_by"] == [{"method": "device-map", "strength": "weak", "shared": False}]
    text = page_of(told, tmp_path)
    assert "2026-113" in text
    assert "<td>resolve</td>" in text
    assert "<td>export report</td>" in text


def test_chinese_says_the_same(told: Told, tmp_path: Path) -> None:
    text = page_of(told, tmp_path, "--lang", "zh")
    assert 'lang="zh-CN"' in text
    assert "确认外泄：25 名；可能外泄：另 4 名，即已观察到的范围为 25 至 29 名；已拦截：271 名" in text
    assert "2026-03-02 17:00:00 (UTC+8)" in text


def test_the_authority_gets_what_article_57_asks_for(told: Told, tmp_path: Path) -> None:
    text = page_of(told, tmp_path, "--lang", "zh", "--audience", "authority")
    assert "《个人信息保护法》第五十七条" in text
    assert re.search(r"\bwu\b", text) is None


def test_both_languages_have_every_saying_with_the_same_places() -> None:
    place = re.compile(r"\{(\w+)\}")
    wrong = [key for key, (en, zh) in SAYINGS.items() if set(place.findall(en)) != set(place.findall(zh)) or not en]
    assert wrong == []
    assert len(SAYINGS) > 70


def test_every_reason_why_it_is_only_possible_is_said_in_chinese_too() -> None:
    assert [why for why in transfers._WHY.values() if Words("zh").reason(why) == why] == []
    assert len(transfers._WHY) > 5


def test_every_reason_for_grouping_is_said_in_chinese_with_the_same_numbers(tmp_path: Path) -> None:
    world = make_world(staff=60, days=40, seed=3)
    state = StateDir(tmp_path / "state")
    write(world, state)
    with SqliteReader(state.events) as reader:
        found = group_all(reader.connection, ()).found
    assert {one.kind for one in found} == KINDS.keys() - {"ring"}
    said = {words for one in found for words in (one.because, *(term for _, term in one.terms))}
    assert len(said) > 20
    for words in said:
        chinese = Words("zh").because(words)
        assert sorted(re.findall(r"\d+", chinese)) == sorted(re.findall(r"\d+", words.replace("95 of 100", "95")))
        left = re.sub(r"acc_\w+|[\w.-]+\.example|bulk-orders|sales|service|logistics", "", chinese)
        assert not re.search(r"[A-Za-z]", left), chinese


def test_the_same_checkpoint_gives_the_same_page_whatever_the_process(told: Told, tmp_path: Path) -> None:
    first = page_of(told, tmp_path)
    size = re.search(r"checkpoint (\d+) of", first)
    assert size is not None
    words = ("incident", "report", told.case, "--as-of", size[1], "--state", told.state.path, "--html")
    done = dlp_proxy(*words, tmp_path / "s.html", PYTHONHASHSEED="7", TZ="Asia/Shanghai", LC_ALL="C")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "s.html").read_text(encoding="utf-8") == first


def test_no_number_and_no_trick_is_in_the_page(told: Told, tmp_path: Path) -> None:
    text = page_of(told, tmp_path, "--audience", "police", "--reason", "x")
    assert leaks(text.encode(), CANARY) == []
    assert not set(text) & {"\x1b", "\u202e", "\u2066"}
    assert "<img" not in text
