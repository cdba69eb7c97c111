"""Loads the sample help centre: sections, then articles by the importer everybody uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from wagtail.models import Locale

from home.loading.base import FOLDER, SYSTEM, Book, read
from kb.counts import recount_sections
from kb.importing.records import Record, front_matter
from kb.importing.run import Importer
from kb.models import SectionPage
from kb.tree import ensure_section, help_root
from products.models import Product

LANGUAGES = ("en", "pl")
_LINK = re.compile(r"\]\(article:([a-z0-9-]+)\)")


def load(book: Book) -> None:
    sections = read("sections")
    for language in LANGUAGES:
        _load_sections(sections, language)
    importer = Importer(system=SYSTEM, section="mail")
    report = importer.run(_records(book, {row["key"]: row for row in sections}))
    if report.bad:
        raise ValueError("; ".join(report.bad))
    recount_sections()


def _load_sections(rows: list[dict[str, Any]], language: str) -> None:
    locale = Locale.objects.get(language_code=language)
    made: dict[str | None, SectionPage] = {None: help_root(locale)}
    products = {product.code: product for product in Product.objects.all()}
    for row in rows:
        made[row["key"]] = ensure_section(
            made[row["parent"]],
            row["key"],
            row["title"][language],
            slug=row["slug"][language],
            lead=row["lead"][language],
            icon=row["icon"],
            product=products.get(row["product"]),
        )


def _records(book: Book, sections: dict[str, dict[str, Any]]) -> Iterator[Record]:
    files = sorted((FOLDER / "articles").rglob("*.md"))
    heads = [front_matter(path.read_text(encoding="utf-8")) for path in files]
    addresses = {(head["key"], head["lang"]): _address(head, sections) for head, _body in heads}
    for head, body in heads:
        published = book.clock.ago(head["published_days_ago"])
        yield Record(
            key=head["key"],
            language=head["lang"],
            title=head["title"],
            slug=head["slug"],
            summary=head["summary"],
            body=_with_links(body, head["lang"], addresses),
            section=(head["section"],),
            product=head["product"],
            tags=head["tags"] or [],
            visibility=head["visibility"],
            published_at=published,
            checked_on=(book.clock.now - timedelta(days=head["checked_days_ago"])).date(),
            related=head["related"] or [],
            where=head["key"],
        )


def _address(head: dict[str, Any], sections: dict[str, dict[str, Any]]) -> str:
    language = head["lang"]
    parts = [head["slug"]]
    key = head["section"]
    while key:
        parts.append(sections[key]["slug"][language])
        key = sections[key]["parent"]
    parts.append("help")
    if language != "en":
        parts.append(language)
    return "/" + "/".join(reversed(parts)) + "/"


def _with_links(body: str, language: str, addresses: dict[tuple[str, str], str]) -> str:
    return _LINK.sub(lambda match: f"]({addresses[(match.group(1), language)]})", body)
