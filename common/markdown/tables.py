"""Tables with pipes."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\s*:?-+:?\s*")


def header_columns(header: str, delimiter: str) -> list[str]:
    """How each column is aligned ("" for not at all); empty when the two lines head no table."""
    if "|" not in header or "-" not in delimiter:
        return []
    marks = _cells(delimiter)
    if not all(_DELIMITER.fullmatch(mark) for mark in marks) or len(_cells(header)) != len(marks):
        return []
    return [_alignment(mark.strip()) for mark in marks]


def append_table(table: Element, rows: list[str], columns: list[str]) -> None:
    _append_row(SubElement(table, "thead"), "th", rows[0], columns)
    if len(rows) > 1:
        body = SubElement(table, "tbody")
        for row in rows[1:]:
            _append_row(body, "td", row, columns)


def _append_row(parent: Element, tag: str, row: str, columns: list[str]) -> None:
    line = SubElement(parent, "tr")
    cells = _cells(row)
    for index, align in enumerate(columns):
        cell = SubElement(line, tag)
        cell.text = cells[index].replace("\\|", "|") if index < len(cells) else ""
        if align:
            cell.set("align", align)


def _cells(row: str) -> list[str]:
    row = row.strip()
    row = row.removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip() for cell in _PIPE.split(row)]


def _alignment(mark: str) -> str:
    if mark.startswith(":"):
        return "center" if mark.endswith(":") else "left"
    return "right" if mark.endswith(":") else ""
