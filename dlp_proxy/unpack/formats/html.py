"""HTML (WHATWG), whole pages and fragments: shown text with its tables, hidden text, attributes, comments, scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dlp_proxy.model.message import Part
from dlp_proxy.unpack.budget import Budget
from dlp_proxy.unpack.content import Content
from dlp_proxy.unpack.documents.html_text import HtmlText
from dlp_proxy.unpack.documents.xml_events import root
from dlp_proxy.unpack.values import set_apart

NAME: Final = "html"

_BEGINNING: Final = re.compile(
    r"\s{0,200}<(?:!doctype\s+html|!--|(?:html|head|body|div|p|br|table|thead|tbody|tr|td|th|ul|ol|li|dl|span|a|h[1-6]"
    r"|script|style|meta|title|form|input|select|img|b|i|u|em|strong|font|center|section|article|main|header|footer|nav"
    r"|pre|textarea|blockquote|hr|label|button|iframe|link|base)(?=[\s>/]))",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<[A-Za-z!/][^<>]{0,500}>")
_NAMES: Final = re.compile(r"<([A-Za-z][^\s<>/]{0,60})")
_SURE: Final = ("<!doctype", "<html", "<head", "<body")
_KNOWN: Final = frozenset({
    "html", "head", "body", "title", "meta", "link", "style", "script", "base", "div", "p", "br", "hr", "span", "a",
    "b", "i", "u", "s", "em", "strong", "small", "big", "sub", "sup", "font", "center", "table", "caption",
    "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2",
    "h3", "h4", "h5", "h6", "form", "input", "select", "option", "optgroup", "textarea", "button", "label",
    "fieldset", "legend", "img", "picture", "source", "figure", "figcaption", "iframe", "video", "audio", "canvas",
    "svg", "path", "g", "section", "article", "main", "header", "footer", "nav", "aside", "details", "summary",
    "pre", "code", "kbd", "samp", "var", "tt", "blockquote", "q", "cite", "abbr", "address", "ins", "del", "mark",
    "time", "data", "output", "template", "noscript", "ruby", "rt", "rp", "wbr", "nobr", "o:p",
})  # fmt: skip
_HEAD: Final = 16_384
_ROOTS: Final = frozenset({"html", "xml"})
_DOCUMENT: Final = re.compile(r"\s*[\[{]")


def accepts(content: Content) -> bool:
    """A tag of HTML at the beginning; anywhere when the sender says that it is HTML."""
    if b"<" not in content.data[:_HEAD] or content.text is None:
        return False
    head = content.text[:_HEAD]
    if found := _BEGINNING.match(head):
        return found[0].lstrip()[:9].lower() in _SURE or _is_mostly_html(head)
    if root(content.data).lower() in _ROOTS:
        return True
    return content.says("html") and _TAG.search(head) is not None


def _is_mostly_html(head: str) -> bool:
    """Tell HTML from XML whose first element has a name that HTML knows too."""
    names = _NAMES.findall(head)
    return sum(name.lower() in _KNOWN for name in names) * 2 > len(names)


def read(content: Content, _budget: Budget) -> Iterator[Part | Content]:
    page = HtmlText(content.text or "")
    yield from page.read().parts(content.location)
    documents = [("script", code) for code in page.code if _DOCUMENT.match(code)]
    others = [code for code in page.code if not _DOCUMENT.match(code)]
    yield from set_apart([*documents, *(("text with line ends", text) for text in page.texts)], content.location)
    if others:
        yield Part(content.location / "scripts and styles", "\n\n".join(others))
