"""What pages name exists, and what a user meets is on a page."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Final

import click
import pytest

from dlp_proxy.cli.main import COMMANDS
from tests.docs.pages import PAGES, ROOT, code_spans, fenced, read, rows, section, shown

_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_ROOMS: Final = r"(?:dlp_proxy|tests|scripts|policies|docs|requirements|\.ci)"
_OURS: Final = re.compile(rf"{_ROOMS}(?:/[\w.*-]+)+/?|[\w.-]+\.(?:md|toml)")
_COMMAND: Final = re.compile(r"(?:scripts/)?dlp-proxy((?: [a-z][a-z-]*)+|(?= --help))([^|&#\n]*)")
_PLACEHOLDERS: Final = {"NNNN-title.md"}


def _commands() -> Iterator[tuple[str, click.Command]]:
    for name, module, attribute, _ in COMMANDS:
        command = getattr(importlib.import_module(module), attribute)
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                one = command.get_command(context, below)
                assert one is not None, (name, below)
                yield f"{name} {below}", one
        else:
            yield name, command


COMMAND_TABLE: Final = dict(_commands())


def test_the_readme_is_short() -> None:
    assert len(read("README.md").splitlines()) <= 150


def test_the_readme_shows_the_two_commands_first() -> None:
    first = fenced(read("README.md"))[0]
    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["scripts/dlp-proxy demo", "scripts/test"]


def test_links_between_pages_lead_somewhere() -> None:
    followed = 0
    broken = []
    for page in PAGES:
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            if target.startswith("https://"):
                continue
            followed += 1
            if not (page.parent / target.partition("#")[0]).exists():
                broken.append(f"{shown(page)}: {target}")
    assert broken == []
    assert followed > 30


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = (one for one in _LINK.findall(page.read_text(encoding="utf-8")) if not one.startswith("https://"))
        waiting += [(page.parent / target).resolve() for target in targets]
    decisions = set((ROOT / "docs/adr").glob("[0-9]*.md"))  # their folder is reached; numbers are their order
    generated = {ROOT / "docs/benchmarks.md"}
    assert {shown(page) for page in set(PAGES) - reached - decisions - generated} == set()


def test_files_that_pages_name_exist() -> None:
    looked = 0
    missing = []
    for page in PAGES:
        for span in code_spans(page.read_text(encoding="utf-8")):
            word = span.split(" ")[0].rstrip(",")
            if not _OURS.fullmatch(word) or word in _PLACEHOLDERS:
                continue
            looked += 1
            if not any((*ROOT.glob(word.rstrip("/")), *page.parent.glob(word.rstrip("/")))):
                missing.append(f"{shown(page)}: {word}")
    assert missing == []
    assert looked > 150


def test_commands_that_pages_name_exist_with_their_options() -> None:
    looked = 0
    wrong = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for piece in [*code_spans(text), *(line for block in fenced(text) for line in block.splitlines())]:
            for words, after in _COMMAND.findall(piece):
                looked += 1
                wrong += [f"{shown(page)}: dlp-proxy{words}{after}: {what}" for what in _unknown(words, after)]
    assert wrong == []
    assert looked > 20


def _unknown(words: str, after: str) -> Iterator[str]:
    said = words.split()
    name = next((one for one in (" ".join(said[:2]), said[0]) if one in COMMAND_TABLE), "")
    if not name:
        yield "no such command"
        return
    command = COMMAND_TABLE[name]
    for word in said[2:]:  # a group below a group, as of `incident anchor`
        command = command.commands.get(word, command) if isinstance(command, click.Group) else command
    known = {option for one in command.params for option in one.opts} | {"--help"}
    yield from (option for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", after) if option not in known)


@pytest.mark.parametrize("name", COMMAND_TABLE)
def test_every_command_is_on_a_page(name: str) -> None:
    named = re.compile(rf"`{name}[` ]|dlp-proxy {name}\b")
    pages = [shown(page) for page in PAGES if named.search(page.read_text(encoding="utf-8"))]
    assert set(pages) - {"CHANGELOG.md"} != set()


def test_commands_were_found() -> None:
    assert len(COMMAND_TABLE) >= len(COMMANDS) > 7


def test_every_script_is_in_the_list_of_scripts() -> None:
    listed = {row[0].strip("`") for row in rows(section(read("CONTRIBUTING.md"), "## Set-up"))}
    scripts = {f"scripts/{path.name}" for path in (ROOT / "scripts").iterdir() if path.is_file()}
    assert scripts - listed - {"scripts/system-packages", "scripts/tool-from-package"} == set()
    assert listed - scripts == {".ci/run"}


def test_every_decision_has_a_number_of_its_own_and_begins_with_it() -> None:
    files = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in files]
    assert sorted(set(numbers)) == numbers
    heads = [re.match(r"# 0*(\d+)\b", path.read_text(encoding="utf-8")) for path in files]
    assert [int(head[1]) if head else 0 for head in heads] == [int(number) for number in numbers]
    assert len(files) >= 7


def test_every_decision_says_what_was_weighed_and_what_it_costs() -> None:
    for path in sorted((ROOT / "docs/adr").glob("000*.md")):
        heads = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == ["The question", "Weighed", "Decided", "Costs"], path.name


def test_the_changelog_has_our_sections() -> None:
    unreleased = section(read("CHANGELOG.md"), "## [Unreleased] - 0.1.0")
    heads = re.findall(r"^### (.+)$", unreleased, re.MULTILINE)
    assert {"Added", "Detection", "Policy format"} <= set(heads)
