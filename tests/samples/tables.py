"""Tables in plain text: every charset, delimiter and frame that exports come in."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterable, Sequence

from tests.samples.customers import ENGLISH, HEADER, Customer, traditional
from tests.samples.sample import Files


def table(some: Sequence[Customer], mark: str = ",", header: Sequence[str] = HEADER, eol: str = "\r\n") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator=eol)
    if header:
        writer.writerow(header)
    writer.writerows(one.cells for one in some)
    return text.getvalue()


def files(some: list[Customer]) -> Files:
    plain = table(some)
    for charset in (
        "utf-8",
        "utf-8-sig",
        "gbk",
        "gb18030",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-7",
        "hz",
    ):
        yield f"orders-{charset}.csv", plain.encode(charset)
    yield "orders-big5.csv", traditional(plain).encode("big5hkscs")
    yield "semicolon-gbk.csv", table(some, ";").encode("gbk")
    yield "tab.tsv", table(some, "\t").encode()
    yield "tab-named.xls", table(some, "\t").encode("gbk")
    yield "tab-utf16.xls", table(some, "\t").encode("utf-16")
    yield "pipe.psv", table(some, "|").encode()
    yield "caret.txt", table(some, "^").encode()
    yield "soh.txt", table(some, "\x01").encode()
    yield "tilde-edi.txt", "~".join("*".join(("CUS", *one.cells)) for one in some).encode()
    yield "english.csv", table(some, header=ENGLISH).encode()
    yield "no-header.csv", table(some, header=()).encode()
    yield "no-header-no-name.bin", table(some, header=()).encode("gbk")
    yield "carriage-returns.csv", table(some, eol="\r").encode()
    yield "excel-sep.csv", ("sep=;\r\n" + table(some, ";")).encode("gbk")
    yield "title-rows.csv", ("2026年1月客户订单导出,,,,\r\n制表人：运营部,,,,\r\n,,,,\r\n" + plain).encode("gbk")
    yield "all-quoted.csv", "\r\n".join(",".join(f'"{cell}"' for cell in one.cells) for one in some).encode()
    yield (
        "excel-formula-text.csv",
        "\r\n".join(",".join(f'="{cell}"' for cell in one.cells) for one in some).encode("gbk"),
    )
    yield "leading-apostrophe.csv", "\r\n".join(",".join(f"'{cell}" for cell in one.cells) for one in some).encode()
    yield "wide.csv", _wide(some).encode()
    yield "fixed-width.txt", _fixed([HEADER, *(one.cells for one in some)]).encode("gbk")
    yield "touching.txt", _touching(some).encode("gbk")
    yield "mysql-client.txt", _framed([ENGLISH, *(one.cells for one in some)]).encode()
    yield "psql.txt", _psql(some).encode()
    yield "pandas.txt", _pandas(some).encode()
    yield "markdown.md", _markdown(some).encode()
    yield "table.rst", _rst(some).encode()
    yield "table.tex", _latex(some).encode()
    yield "table.org", "".join("| " + " | ".join(one.cells) + " |\n" for one in some).encode()
    yield "jira.txt", ("||" + "||".join(HEADER) + "||\n" + _lines("|", some)).encode()
    yield "mediawiki.txt", _mediawiki(some).encode()
    yield "asciidoc.adoc", ("|===\n" + "".join("|" + " |".join(one.cells) + "\n" for one in some) + "|===\n").encode()
    yield "table.html", page(_rows(some)).encode()
    yield "table-gbk.html", page(_rows(some), "gbk").encode("gbk")
    yield "named.xls", page(_rows(some), "gb2312").encode("gbk")
    yield "divs.html", page("".join(f"<div class=r>{_spans(one.cells)}</div>" for one in some)).encode()
    yield "script.html", page(f"<script>var data={json.dumps([one.english for one in some])};</script>").encode()
    yield "entities.html", page(_entities(_rows(some))).encode()
    yield "comment.html", page(f"<p>hello</p><!--\n{plain}\n-->").encode()
    yield (
        "attributes.html",
        page(
            "".join(
                f"<li data-order={one.order} data-phone={one.phone} title='{one.name} {one.address}'>x" for one in some
            )
        ).encode(),
    )
    yield (
        "column-major.csv",
        "\n".join(
            ",".join((name, *column))
            for name, column in zip(HEADER, zip(*(one.cells for one in some), strict=True), strict=True)
        ).encode(),
    )
    people = [(one.phone, one.address, one.name) for one in some]
    yield "no-order-caret.txt", "\n".join(f"{name}^{phone}^{address}" for phone, address, name in people).encode()
    yield "no-order-colons.txt", "\n".join(f"{name}::{phone}::{address}" for phone, address, name in people).encode()
    yield "x12.edi", "".join(f"ST*850*{n:04d}~N1*ST*{name}~N3*{address}~PER*BD*{name}*TE*{phone}~SE*4*{n:04d}~"
                             for n, (phone, address, name) in enumerate(people)).encode()  # fmt: skip
    yield "edifact.edi", "".join(f"UNH+{n}+ORDERS:D:96A:UN'NAD+BY+++{name}+{address}'COM+{phone}:TE'UNT+4+{n}'"
                                 for n, (phone, address, name) in enumerate(people)).encode()  # fmt: skip
    yield (
        "columns-below-each-other.txt",
        "\n\n".join(
            f"{name}\n" + "\n".join(column)
            for name, column in zip(HEADER[1:4], zip(*(one.cells[1:4] for one in some), strict=True), strict=True)
        ).encode(),
    )
    yield "list-of-names.html", page("".join(
        "<dl>" + "".join(f"<dt>{name}<dd>{cell}" for name, cell in one.english.items() if name != "order_no") + "</dl>"
        for one in some
    )).encode()  # fmt: skip
    yield (
        "one-a-block.txt",
        "\n\n".join("\n".join(f"{name}：{cell}" for name, cell in one.chinese.items()) for one in some).encode("gbk"),
    )


def page(inner: str, charset: str = "utf-8") -> str:
    return f"<html><head><meta charset={charset}><title>导出</title></head><body>{inner}</body></html>"


def _rows(some: Iterable[Customer]) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in one.cells) + "</tr>\n" for one in some)
    return "<table border=1><tr>" + "".join(f"<th>{name}</th>" for name in HEADER) + f"</tr>\n{rows}</table>"


def _spans(cells: Iterable[str]) -> str:
    return "".join(f"<span>{cell}</span>" for cell in cells)


def _entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" if sign.isdigit() or ord(sign) > 127 else sign for sign in text)


def _lines(mark: str, some: Iterable[Customer]) -> str:
    return "".join(mark + mark.join(one.cells) + mark + "\n" for one in some)


def _wide(some: Sequence[Customer]) -> str:
    rows = [("序号", "状态", *HEADER, "金额", "下单时间", "备注")]
    rows += [
        (str(n), "已发货", *one.cells, f"{n * 7 % 900}.50", f"2026-01-15 10:{n % 60:02d}:00", "")
        for n, one in enumerate(some, 1)
    ]
    return "\r\n".join(",".join(row) for row in rows)


def _touching(some: Sequence[Customer]) -> str:
    """Return records of one length as mainframes hand them on: nothing stands between most cells."""
    lines = [
        _pad(one.name, 10) + one.phone + f"{100000 + number:06}{one.order}" + _pad(one.address, 60) + f"{number:08}"
        for number, one in enumerate(some)
    ]
    return "\n".join([*lines, ""])


def _fixed(rows: Iterable[Sequence[str]]) -> str:
    return "".join("".join(_pad(cell, width) for cell, width in zip(row, (24, 12, 16, 56, 32), strict=True)).rstrip() + "\r\n"
        for row in rows)  # fmt: skip


def _pad(cell: str, width: int) -> str:
    return cell + " " * max(1, width - len(cell) - sum(ord(sign) > 127 for sign in cell))


def _framed(rows: Sequence[Sequence[str]]) -> str:
    rule = "+" + "+".join("-" * 30 for _ in ENGLISH) + "+\n"
    body = ["| " + " | ".join(f"{cell:<28}" for cell in row) + " |\n" for row in rows]
    return rule + body[0] + rule + "".join(body[1:]) + rule + f"{len(rows) - 1} rows in set (0.01 sec)\n"


def _psql(some: Sequence[Customer]) -> str:
    rule = "-+-".join("-" * 26 for _ in ENGLISH)
    rows = "".join(" " + " | ".join(f"{cell:<26}" for cell in one.cells) + "\n" for one in some)
    return " " + " | ".join(f"{name:^26}" for name in ENGLISH) + f"\n-{rule}\n{rows}({len(some)} rows)\n"


def _pandas(some: Sequence[Customer]) -> str:
    rows = [f"{'':>4} " + " ".join(f"{name:>24}" for name in ENGLISH)]
    rows += [f"{n:>4} " + " ".join(f"{cell:>24}" for cell in one.cells) for n, one in enumerate(some)]
    return "\n".join(rows)


def _markdown(some: Sequence[Customer]) -> str:
    rows = "".join("| " + " | ".join(one.cells) + " |\n" for one in some)
    return "# 客户\n\n| " + " | ".join(HEADER) + " |\n" + "|---" * len(HEADER) + f"|\n{rows}"


def _rst(some: Sequence[Customer]) -> str:
    rule = "  ".join("=" * 30 for _ in HEADER)
    rows = "\n".join("  ".join(f"{cell:<30}" for cell in row) for row in [HEADER, *(one.cells for one in some)])
    return f"{rule}\n{rows}\n{rule}\n"


def _latex(some: Sequence[Customer]) -> str:
    rows = " \\\\\n".join(" & ".join(one.cells) for one in some)
    return "\\begin{tabular}{lllll}\n" + " & ".join(HEADER) + " \\\\ \\hline\n" + rows + "\n\\end{tabular}\n"


def _mediawiki(some: Sequence[Customer]) -> str:
    return "{| class=wikitable\n! " + " !! ".join(HEADER) + "\n" + "".join(
        "|-\n| " + " || ".join(one.cells) + "\n" for one in some
    ) + "|}\n"  # fmt: skip
