"""Reads threads of another forum from JSON lines and checks them before anything is written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from common.text import clean_line, normalise_lines
from forum.models import COLUMN_LENGTH

MAX_LINE = 20_000_000
MAX_BODY = 200_000
MAX_TAGS = 5
# In English: it stands in the place of a text of unknown language.
EMPTY_NOTE = "*This post was empty when it was imported.*"


class BadRecord(Exception):
    """Why a line cannot be imported."""


@dataclass(frozen=True)
class Post:
    key: str
    author: str
    body: str
    created_at: datetime
    helpful: int = 0
    unhelpful: int = 0
    is_solution: bool = False
    was_empty: bool = False


@dataclass(frozen=True)
class Thread:
    line: int
    title: str
    language: str
    product: str
    tags: list[str]
    votes: int
    post: Post
    answers: list[Post]

    @property
    def key(self) -> str:
        return self.post.key

    @property
    def empty_posts(self) -> int:
        return sum(post.was_empty for post in [self.post, *self.answers])


@dataclass
class Report:
    """What an import did, and what it left out and why."""

    questions: int = 0
    answers: int = 0
    people: int = 0
    known: int = 0
    bad: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def skip(self, line: int, reason: object) -> None:
        self.bad.append(f"line {line}: {reason}")


def read(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a file, packed or not; empty lines are passed over."""
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def thread_of(number: int, line: str) -> Thread:
    """The record of one line; raises BadRecord with the reason."""
    if len(line) > MAX_LINE:
        raise BadRecord("the line is too long")
    try:
        record = json.loads(line)
    except ValueError as error:
        raise BadRecord(f"no JSON ({error})") from None
    except RecursionError:
        raise BadRecord("nested too deeply") from None
    if not isinstance(record, dict):
        raise BadRecord("not an object")
    title = clean_line(_text(record, "title"))
    if not title:
        raise BadRecord("title is empty")
    answers = record.get("answers", [])
    if not isinstance(answers, list):
        raise BadRecord("answers is not a list")
    posts = [_post(answer) for answer in answers]
    if len({post.key for post in posts}) != len(posts):
        raise BadRecord("two answers have the same id")
    return Thread(
        line=number,
        title=title if len(title) <= COLUMN_LENGTH else f"{title[: COLUMN_LENGTH - 1]}…",
        language=language_of(_text(record, "locale", default="en")),
        product=clean_line(_text(record, "product", default=""))[:40],
        tags=_tags(record),
        votes=_count(record, "votes"),
        post=_post(record),
        answers=_one_solution(posts),
    )


def _post(record: Any) -> Post:
    if not isinstance(record, dict):
        raise BadRecord("an answer is not an object")
    key = clean_line(str(record.get("id") or ""))
    if not key or len(key) > 200:
        raise BadRecord("id is missing or too long")
    body = normalise_lines(_text(record, "body_md", default="")).strip()
    if len(body) > MAX_BODY:
        raise BadRecord(f"post {key} is longer than {MAX_BODY} characters")
    author = clean_line(_text(record, "author"))[:80]
    if not author:
        raise BadRecord(f"post {key} has no author")
    return Post(
        key=key,
        author=author,
        body=body or EMPTY_NOTE,
        created_at=_moment(record),
        helpful=_count(record, "helpful"),
        unhelpful=_count(record, "unhelpful"),
        is_solution=record.get("solution") is True,
        was_empty=not body,
    )


def _one_solution(posts: list[Post]) -> list[Post]:
    if sum(post.is_solution for post in posts) > 1:
        raise BadRecord("more than one answer is the solution")
    return posts


def _text(record: dict[str, Any], name: str, *, default: str | None = None) -> str:
    value = record.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadRecord(f"{name} is missing or no text")
    return value


def _count(record: dict[str, Any], name: str) -> int:
    value = record.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadRecord(f"{name} is no count")
    return value


def _tags(record: dict[str, Any]) -> list[str]:
    tags = record.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise BadRecord("tags is not a list of words")
    return tags[:MAX_TAGS]


def _moment(record: dict[str, Any]) -> datetime:
    text = _text(record, "created").strip()
    try:
        # "2023-01-01 09:26:18 +0000": ISO but for the blank before the zone.
        moment = datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-"))
    except ValueError:
        raise BadRecord(f"created is no date: {text[:40]}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def language_of(locale: str) -> str:
    """The site's own code where it has the language, else the plain BCP-47 language."""
    code = clean_line(locale).lower().replace("_", "-")[:12] or "en"
    known = dict(settings.LANGUAGES)
    return code if code in known else code.split("-")[0]
