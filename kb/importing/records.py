"""Reads articles from JSON lines or a tree of Markdown files, one record at a time."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

import yaml

from common.markdown import MAX_LENGTH_STAFF
from common.text import clean_line, normalise_lines
from kb.importing.targets import Targets

TITLE_LENGTH = 255
# Room for the language and for the number of a second article under one key.
KEY_LENGTH = 180


class BadRecord(Exception):
    """A record that cannot become an article; the message says why."""


# With or without the mark that some editors put first.
_ENCODING = "utf-8-sig"
_HEADING = re.compile(
    r"\s*(?:#[ \t]+(?P<marked>[^\n]+?)(?:[ \t]+#+)?|(?P<lined>[^\n]+)\n=+)[ \t]*(?:\n|$)"
)
# What a record of a wrong shape leads to.
_FAULTS = (BadRecord, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass
class Record:
    """One article in one language, as it came from outside."""

    key: str
    language: str
    title: str
    body: str
    slug: str = ""
    summary: str = ""
    section: tuple[str, ...] = ()
    product: str = ""
    tags: list[str] = field(default_factory=list)
    visibility: str = "public"
    checked_on: date | None = None
    published_at: datetime | None = None
    related: list[str] = field(default_factory=list)
    # By their path in the tree, as the text names them.
    pictures: dict[str, Path] = field(default_factory=dict)
    where: str = ""
    notes: list[str] = field(default_factory=list)


def read(source: Path) -> Iterator[Record | BadRecord]:
    """Every record of a file or folder, with what is wrong in place of a bad one."""
    if source.is_dir():
        yield from _tree(source)
    else:
        yield from _lines(source)


def _opened(source: Path) -> IO[str]:
    # A byte that is no UTF-8 spoils its own record, not the file: it is found in _checked.
    if source.suffix == ".gz":
        return gzip.open(source, "rt", encoding=_ENCODING, errors="surrogateescape")
    return source.open(encoding=_ENCODING, errors="surrogateescape")


def _lines(source: Path) -> Iterator[Record | BadRecord]:
    number = 0
    try:
        with _opened(source) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield _line(line, f"line {number}")
    except (EOFError, OSError, zlib.error) as error:
        yield BadRecord(f"after line {number} the file cannot be read: {_reason(error)}")


def _line(line: str, where: str) -> Record | BadRecord:
    try:
        return _checked(_from_json(json.loads(line)), where)
    except _FAULTS as error:
        return BadRecord(f"{where}: {_reason(error)}")


def _tree(folder: Path) -> Iterator[Record | BadRecord]:
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.md"))}
    # First the keys of all: a file may point to one that is read later.
    keys = {name: key for name, path in files.items() if (key := _key(name, path))}
    # `mail.md` is meant where there is only mail.pl.md, too.
    keys = {f"{_names(name)[0]}.md": key for name, key in keys.items()} | keys
    for name in files:
        try:
            yield _checked(_from_markdown(name, folder, keys), name)
        except (*_FAULTS, OSError, yaml.YAMLError) as error:
            yield BadRecord(f"{name}: {_reason(error)}")


def _key(name: str, path: Path) -> str:
    """The key of a file, empty where the file is bad and comes to nothing."""
    try:
        head, _body = front_matter(path.read_text(encoding=_ENCODING))
    except (*_FAULTS, OSError, yaml.YAMLError):
        return ""
    return str(head.get("key") or _names(name)[0])


def _names(name: str) -> tuple[str, str]:
    """What `docs/mail.pl.md` says by itself: the key docs/mail and the language."""
    folder, slash, last = name.rpartition("/")
    stem, _dot, language = last.removesuffix(".md").partition(".")
    return f"{folder}{slash}{stem}", language or "en"


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the field {error} is missing"
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _from_json(row: dict[str, Any]) -> Record:
    """Field names as in the export: key, lang, title, body_md, date (mm/dd/yyyy or ISO)."""
    if not isinstance(row, dict):
        raise BadRecord("the record is not a list of fields")
    for name in ("title", "body_md"):
        if not isinstance(row[name], str):
            raise BadRecord(f"the field {name!r} is not text")
    when = _date(row.get("date") or "")
    return Record(
        key=str(row["key"]),
        language=str(row["lang"]),
        title=row["title"],
        body=row["body_md"],
        slug=row.get("slug") or "",
        summary=row.get("summary") or "",
        section=_section(row.get("section") or ()),
        product=row.get("product") or "",
        tags=list(row.get("tags") or []),
        visibility=row.get("visibility") or "public",
        checked_on=when,
        related=list(row.get("related") or []),
        published_at=datetime(when.year, when.month, when.day, tzinfo=UTC) if when else None,
    )


def _from_markdown(name: str, root: Path, keys: Mapping[str, str]) -> Record:
    """Front matter between --- lines, then Markdown; the folders are the sections."""
    head, body = front_matter((root / name).read_text(encoding=_ENCODING))
    key, language = _names(name)
    heading = _HEADING.match(body)
    row = {
        "key": key,
        "lang": language,
        "title": _heading(heading) if heading else key.rpartition("/")[2].replace("-", " "),
        "section": name.split("/")[:-1],
        **head,
    }
    targets = Targets(name, str(row["lang"]), keys, root)
    record = _from_json({**row, "body_md": targets.rewritten(body)})
    record.pictures = targets.pictures
    record.notes = [f"{name}: {note}" for note in targets.notes]
    return record


def _heading(match: re.Match[str]) -> str:
    return clean_line(match["marked"] or match["lined"])


def _without_title(body: str, title: str) -> str:
    """The page shows the title itself; the text need not begin with it again."""
    match = _HEADING.match(body)
    if match is None or _heading(match).casefold() != title.casefold():
        return body
    return body[match.end() :]


def _section(value: Any) -> tuple[str, ...]:
    """A list of sections from the top down, or one text with slashes."""
    parts = value.split("/") if isinstance(value, str) else value
    return tuple(clean_line(str(part))[:100] for part in parts if str(part).strip())


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The YAML head and the rest; an empty head where there is none."""
    if not text.startswith("---\n"):
        return {}, text
    head, found, body = text[3:].partition("\n---\n")
    if not found:
        raise BadRecord("the front matter is not closed")
    loaded = yaml.safe_load(head) or {}
    if not isinstance(loaded, dict):
        raise BadRecord("the front matter is not a list of fields")
    return loaded, body.lstrip("\n")


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if not text:
        return None
    for form in ("%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise BadRecord(f"{text!r} is not a date")


def _is_text(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadRecord("it is not UTF-8") from error


def _checked(record: Record, where: str) -> Record:
    record.where = where
    for text in (record.key, record.title, record.body, record.slug, record.summary):
        _is_text(text)
    record.summary = clean_line(record.summary)
    record.title = clean_line(record.title)[:TITLE_LENGTH]
    record.body = _without_title(normalise_lines(record.body), record.title).strip("\n")
    if not record.key.strip() or len(record.key) > KEY_LENGTH:
        raise BadRecord(f"the key is empty or longer than {KEY_LENGTH} characters")
    if not record.title:
        raise BadRecord("the title is empty")
    if not record.body.strip():
        raise BadRecord("the text is empty")
    if len(record.body) > MAX_LENGTH_STAFF:
        raise BadRecord(f"the text is longer than {MAX_LENGTH_STAFF} characters")
    if record.visibility not in {"public", "customers", "staff"}:
        raise BadRecord(f"{record.visibility!r} is no visibility")
    return record
