"""Imports articles in batches: each batch one commit, a second run adds only what is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

import search
from common.text import slugify
from kb.counts import recount_sections
from kb.importing.bulk import Siblings, add_tags, create_live
from kb.importing.records import BadRecord, Record
from kb.markdown_blocks import to_blocks
from kb.models import STRICTNESS, ArticlePage, SectionPage, Visibility
from kb.tree import ensure_section, family, help_root
from links.models import ImportedKey, type_of
from products.models import Product, tags_from

BATCH = 250
KIND = "article"


@dataclass
class Report:
    """What an import did; BAD holds one sentence a refused record."""

    added: int = 0
    known: int = 0
    bad: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)


class Importer:
    """Holds what an import needs to remember: sections, free slugs, keys seen."""

    def __init__(self, *, system: str, section: str, dry_run: bool = False) -> None:
        self.system = system
        self.section = section
        self.dry_run = dry_run
        self.report = Report()
        self._locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self._products = {product.code: product for product in Product.objects.all()}
        self._known = set(
            ImportedKey.objects.filter(system=system, kind=KIND).values_list("key", flat=True)
        )
        self._siblings: dict[tuple[int, tuple[str, ...]], Siblings] = {}
        # Two different articles under one key and language are paired in order (architecture 4).
        self._seen: Counter[tuple[str, str]] = Counter()
        self._tags: dict[tuple[str, ...], list[int]] = {}

    def run(
        self, records: Iterable[Record | BadRecord], tick: Callable[[int], None] | None = None
    ) -> Report:
        rows = iter(records)
        with search.suspended():
            while batch := list(islice(rows, BATCH)):
                self._batch(batch)
                if tick:
                    tick(len(batch))
        return self.report

    def _batch(self, batch: list[Record | BadRecord]) -> None:
        good: list[tuple[str, Record]] = []
        for row in batch:
            try:
                accepted = self._accept(row)
            except BadRecord as error:
                self.report.bad.append(str(error))
                continue
            if accepted is not None:
                good.append(accepted)
        self.report.added += len(good)
        self.report.languages.update(record.language for _key, record in good)
        if good and not self.dry_run:
            with transaction.atomic():
                self._create(good)

    def _accept(self, row: Record | BadRecord) -> tuple[str, Record] | None:
        """The record under its own key, or None when it is here already."""
        if isinstance(row, BadRecord):
            raise row
        if row.language.lower() not in self._locales:
            raise BadRecord(f"{row.where}: the site has no language {row.language!r}")
        if row.product and row.product not in self._products:
            raise BadRecord(f"{row.where}: there is no product {row.product!r}")
        pair = (row.key, row.language)
        self._seen[pair] += 1
        if self._seen[pair] > 1:
            row.key = f"{row.key}--{self._seen[pair]}"
        key = f"{row.key}/{row.language}"
        if key in self._known:
            self.report.known += 1
            return None
        self._known.add(key)
        return key, row

    def _create(self, rows: list[tuple[str, Record]]) -> None:
        used: set[tuple[int, tuple[str, ...]]] = set()
        pages = []
        for _key, record in rows:
            siblings, name = self._place(record)
            used.add(name)
            pages.append(self._page(record, siblings))
        create_live(pages)
        for name in used:
            self._siblings[name].finish()
        add_tags(
            (page, self._tag_ids(record))
            for page, (_key, record) in zip(pages, rows, strict=True)
            if record.tags
        )
        article = type_of(ArticlePage)
        ImportedKey.objects.bulk_create(
            ImportedKey(
                system=self.system, kind=KIND, key=key, content_type=article, object_id=page.pk
            )
            for page, (key, _record) in zip(pages, rows, strict=True)
        )

    def _place(self, record: Record) -> tuple[Siblings, tuple[int, tuple[str, ...]]]:
        locale = self._locales[record.language.lower()]
        path = record.section or (self.section,)
        name = (locale.pk, path)
        if name not in self._siblings:
            self._siblings[name] = Siblings(self._section(locale, path))
        return self._siblings[name], name

    def _section(self, locale: Locale, path: tuple[str, ...]) -> SectionPage:
        parent = help_root(locale)
        for depth, part in enumerate(path, start=1):
            known = SectionPage.objects.filter(
                locale=locale, translation_key=family("/".join(path[:depth]))
            ).first()
            parent = known or ensure_section(
                parent,
                "/".join(path[:depth]),
                part.replace("-", " ").capitalize(),
                slug=slugify(part, "section"),
            )
        return parent

    def _page(self, record: Record, siblings: Siblings) -> ArticlePage:
        parent = siblings.parent
        page = ArticlePage(
            title=record.title,
            locale_id=parent.locale_id,
            translation_key=family(f"{self.system}/article/{record.key}"),
            summary=record.summary[:250],
            product=self._products.get(record.product) or parent.product,
            visibility=record.visibility,
            effective_visibility=stricter(record.visibility, parent.effective_visibility),
            checked_at=record.checked_on,
            first_published_at=record.published_at or timezone.now(),
        )
        if record.checked_on:
            page.last_published_at = datetime.combine(
                record.checked_on, datetime.min.time(), tzinfo=UTC
            )
            page.first_published_at = min(page.first_published_at, page.last_published_at)
        siblings.place(page, slugify(record.slug or record.title, "article"))
        page.body = to_blocks(record.body, key=record.key)
        page.draw(record.language)
        return page

    def _tag_ids(self, record: Record) -> list[int]:
        names = tuple(record.tags)
        if names not in self._tags:
            self._tags[names] = [tag.pk for tag in tags_from(list(names))]
        return self._tags[names]


def stricter(one: str, other: str) -> str:
    return max(one, other, key=lambda value: STRICTNESS[Visibility(value)])


def finish(report: Report) -> None:
    """After the last batch: counts on sections, then one rebuild of the articles in search."""
    recount_sections()
    if report.added:
        search.rebuild(["article"])
