"""Address cards and calendars (vCard 2.1 to 4.0, RFC 6350; iCalendar, RFC 5545): each card or event is a unit."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.finding import Gap
from dlp_proxy.model.message import Field, Part, Unit
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content, Mismatch
from dlp_proxy.unpack.lines import lines_of
from dlp_proxy.unpack.naming import whole
from dlp_proxy.unpack.percent import as_text

NAME: Final = "vcard"

_BEGIN: Final = re.compile(rb"\s{0,64}BEGIN:\s?V(?:CARD|CALENDAR)\b", re.IGNORECASE)
_FOLD: Final = re.compile(r"\r?\n[ \t]")
_SOFT: Final = re.compile(r"=\r?\n")
_ESCAPE: Final = re.compile(r"\\([nN,;:\\])")
_ADDRESS: Final = 7
_LABELS: Final = {
    "FN": "name", "N": "name", "TEL": "phone", "ADR": "address", "EMAIL": "email", "ORG": "company", "NOTE": "note",
}  # fmt: skip
_CJK: Final = re.compile(r"[\u3040-\u9fff]")
_PICTURE: Final = 64


def accepts(content: Content) -> bool:
    return _BEGIN.match(content.data) is not None and content.text is not None


def read(content: Content, budget: Budget) -> Iterator[Part | Gap | Content]:
    text = _FOLD.sub("", content.text or "")
    pieces: list[str] = []
    units: list[Unit] = []
    fields: list[Field] = []
    begun: list[int] = []
    pictures: list[bytes] = []
    at = 0
    for line in _lines(text, budget):
        if len(fields) + len(units) >= budget.limits.values:
            yield Gap("too-large", content.location, "cards of more fields than are laid out; read as plain text")
            raise Mismatch
        name, value = _property(line, pictures)
        if name == "BEGIN":
            begun.append(len(units))
            units.append(Unit(at, at, "object", f"{value.lower()} {len(units) + 1}"))
            continue
        if name == "END":
            if begun:
                place = begun.pop()
                units[place] = units[place]._replace(end=at)
            continue
        shown = f"{name}: {value}\n" if name else f"{value}\n"
        if value:
            fields.append(Field(at + len(shown) - len(value) - 1, at + len(shown) - 1, name))
            pieces.append(shown)
            at += len(shown)
    for place in begun:
        units[place] = units[place]._replace(end=at)
    if pieces:
        filled = tuple(unit for unit in units if unit.end > unit.start)
        yield Part(content.location, whole("".join(pieces)), filled, tuple(fields))
    for number, picture in enumerate(pictures, 1):
        yield content.inside(picture, f"picture {number}")


def _lines(text: str, budget: Budget) -> Iterator[str]:
    """Yield the properties, each on one line; those in quoted-printable go on with a soft line break."""
    pending = ""
    for line in lines_of(text, budget):
        joined = pending + line
        pending = ""
        if joined.endswith("=") and "QUOTED-PRINTABLE" in joined.upper():
            pending = joined[:-1]
        elif joined.strip():
            yield joined
    if pending:
        yield pending


def _property(line: str, pictures: list[bytes]) -> tuple[str, str]:
    head, mark, value = line.partition(":")
    if not mark:
        return "", line
    upper = head.upper()
    name = upper.partition(";")[0].rpartition(".")[2]
    if "QUOTED-PRINTABLE" in upper:
        value = as_text(binascii.a2b_qp(value.encode()))
    elif len(value) > _PICTURE and ("ENCODING=B" in upper or "ENCODING=BASE64" in upper):
        try:
            pictures.append(base64.b64decode("".join(value.split())))
        except ValueError:
            return _LABELS.get(name, name), value
        return name, ""
    if name in {"BEGIN", "END"}:
        return name, value.strip()
    parts = [_ESCAPE.sub(_escaped, part).strip() for part in re.split(r"(?<!\\);", value)]
    if name == "ADR" and len(parts) >= _ADDRESS:
        return "address", _address(parts)
    if name == "N":
        parts = parts[:3]
        joined = "".join(parts) if _CJK.search(value) else " ".join(reversed(parts))
        return "name", joined.strip()
    return _LABELS.get(name, name), "; ".join(filter(None, parts)).replace("\n", " ")


def _address(parts: list[str]) -> str:
    """Return the parts of an address as it is written: from the country down in Chinese, else from the street up."""
    box, extra, street, city, region, code, country = (part.replace("\n", " ") for part in parts[:_ADDRESS])
    if _CJK.search("".join(parts)):
        return f"{country}{region}{city}{street}{extra}{box} {code}".strip()
    return ", ".join(filter(None, [box, extra, street, city, f"{region} {code}".strip(), country]))


def _escaped(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
