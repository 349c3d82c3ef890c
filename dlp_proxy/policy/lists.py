"""Long lists beside the policies: files of words, values or hosts, one a line; and the program's own lists of hosts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from dlp_proxy.policy import values
from dlp_proxy.policy.checked import Checked, Given
from dlp_proxy.policy.problem import Place, Problems
from dlp_proxy.policy.words import nearest

LONGEST: Final = 100_000
"""Lines of one list."""


def missing(given: Given, fixtures: Collection[str], problems: Problems) -> bool:
    """Complain about a file that is not in the folder `fixtures`, and tell whether it is not."""
    if given.text in fixtures:
        return False
    near = nearest(given.text, fixtures)
    hint = f"did you mean `{near}`?" if near else "put it into the folder `fixtures` of the policies"
    problems.error("UNKNOWN-NAME", given.place, f"no fixture is named `{given.text}`", hint)
    return True


@dataclass(slots=True)
class Lists:
    """The lists that a set of policies names.

    Attributes:
        fixtures: every file of the folder ``fixtures``, by its path in it.
        used: those that are read as lists, so that what they say is a part of the policy.
    """

    fixtures: Mapping[str, bytes]
    used: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def check(self, file: Checked, problems: Problems) -> None:
        """Complain about lists of one file that are not there, cannot be read, or hold lines that mean nothing."""
        for block in file.walk():
            for key in ("words_from", "values_from", "hosts_from"):
                for given in block.all(key):
                    if not missing(given, self.fixtures, problems):
                        self._check(given, _host if key == "hosts_from" else str, problems)

    def lines(self, block: Checked, key: str) -> tuple[str, ...]:
        """Return what the lists under `key` hold; nothing of those with faults."""
        return tuple(line for given in block.all(key) for line in self.used.get(given.text, ()))

    def _check(self, given: Given, read: Callable[[str], str], problems: Problems) -> None:
        try:
            text = self.fixtures[given.text].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            place = Place(given.text, self.fixtures[given.text].count(b"\n", 0, error.start) + 1, 1)
            problems.error("TYPE", place, "this list is not UTF-8 text", "save it as UTF-8, one entry a line")
            return
        found: dict[str, None] = {}
        for number, line in _entries(text):
            try:
                found[read(line)] = None
            except values.BadValueError as bad:
                problems.error(bad.code, Place(given.text, number, 1, len(line)), bad.message, bad.hint)
        if not found:
            problems.error("EMPTY", given.place, f"the list `{given.text}` is empty", "write one entry a line")
        elif len(found) > LONGEST:
            message = f"the list `{given.text}` has {len(found)} entries; {LONGEST} are taken at most"
            problems.error("RANGE", given.place, message, "leave the rarer ones out, or look for a pattern")
        else:
            self.used[given.text] = tuple(found)


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line that is neither empty nor a remark."""
    for number, line in enumerate(text.splitlines(), 1):
        entry = line.strip()
        if entry and not entry.startswith("#"):
            yield number, entry


def _host(line: str) -> str:
    return values.host(line)
