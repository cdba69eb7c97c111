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
from kb.importing.again import illustrate, lacks_pictures
from kb.importing.bulk import Siblings, create_live
from kb.importing.links import KIND, Pointing, names_others, resolve
from kb.importing.pictures import Pictures
from kb.importing.records import BadRecord, Record
from kb.markdown_blocks import to_blocks
from kb.models import STRICTNESS, ArticlePage, SectionPage, Visibility
from kb.tasks import index_for_chooser
from kb.tree import ensure_section, family, help_root
from links.models import ImportedKey, type_of
from products.models import Product, tags_from
from search.models import Entry

BATCH = 250
# Drawing pictures takes long, and nobody else writes to SQLite meanwhile.
_DRAWN = 20
Place = tuple[int, tuple[str, ...]]


@dataclass
class Report:
    """What an import did; BAD holds one sentence a refused record, NOTES what was mended."""

    added: int = 0
    known: int = 0
    pictures: int = 0
    # Articles that were here without their pictures.
    illustrated: int = 0
    bad: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)


class Importer:
    """Holds what an import needs to remember: sections, free slugs, keys seen."""

    def __init__(self, *, system: str, section: str, dry_run: bool = False) -> None:
        self.system = system
        self.section = section
        self.dry_run = dry_run
        self.report = Report()
        self._pictures = Pictures(system=system, dry_run=dry_run)
        self._locales = {locale.language_code: locale for locale in Locale.objects.all()}
        self._products = {product.code: product for product in Product.objects.all()}
        self._known = set(
            ImportedKey.objects.filter(system=system, kind=KIND).values_list("key", flat=True)
        )
        self._sections: dict[Place, SectionPage] = {}
        # By section: two ways of naming one section must not number its children twice.
        self._siblings: dict[int, Siblings] = {}
        self._pointing: list[Pointing] = []
        # Known already: of this batch those that show pictures, of all those that lack some.
        self._pictured: list[tuple[str, Record]] = []
        self._bare: list[tuple[str, Record]] = []
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
            self._illustrate()
            if not self.dry_run:
                self.report.notes += resolve(self._pointing, system=self.system)
        return self.report

    def _illustrate(self) -> None:
        """Of articles that are here already; when all are here that their texts name."""
        for begin in range(0, len(self._bare), _DRAWN):
            some = self._bare[begin : begin + _DRAWN]
            if self.dry_run:
                for _key, record in some:
                    self.report.notes += self._pictures.take(record)
            else:
                count, notes = illustrate(some, self._pictures, system=self.system)
                self.report.illustrated += count
                self.report.notes += notes
        self.report.pictures = self._pictures.added

    def _batch(self, batch: list[Record | BadRecord]) -> None:
        good: list[tuple[str, Record]] = []
        self._pictured.clear()
        for row in batch:
            try:
                accepted = self._accept(row)
            except BadRecord as error:
                self.report.bad.append(str(error))
                continue
            if accepted is not None:
                good.append(accepted)
        self._bare += lacks_pictures(self._pictured, system=self.system)
        for _key, record in good:
            self.report.notes += self._pictures.take(record)
        self.report.pictures = self._pictures.added
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
        if row.related or names_others(row.body):
            # Also of a known one: an import may have been killed before it came to this.
            related = tuple(map(str, row.related))
            self._pointing.append(Pointing(key, row.language, row.where, related))
        if key in self._known:
            self.report.known += 1
            if row.pictures:
                self._pictured.append((key, row))
            return None
        self._known.add(key)
        self.report.notes += row.notes
        return key, row

    def _create(self, rows: list[tuple[str, Record]]) -> None:
        made = [
            (page, key, record)
            for key, record in rows
            if (page := self._drawn(key, record)) is not None
        ]
        # Only now: while the pages were drawn, new sections took places beside them. And for
        # each batch anew: editors work while an import runs.
        self._siblings.clear()
        for page, _key, record in made:
            siblings = self._beside(self._place(record))
            siblings.place(page, slugify(record.slug or record.title, "article"))
        create_live(
            [page for page, _key, _record in made],
            [self._tag_ids(record) for _page, _key, record in made],
        )
        for siblings in self._siblings.values():
            siblings.finish()
        article = type_of(ArticlePage)
        ImportedKey.objects.bulk_create(
            ImportedKey(
                system=self.system, kind=KIND, key=key, content_type=article, object_id=page.pk
            )
            for page, key, _record in made
        )
        if made:
            # In the batch's own transaction: a killed import leaves no page unfindable.
            pks = [page.pk for page, _key, _record in made]
            index_for_chooser.enqueue(min(pks), max(pks))

    def _drawn(self, key: str, record: Record) -> ArticlePage | None:
        """The page of a record, not yet in its place; one bad record must not cost the batch."""
        try:
            section = self._place(record)
            if record.tags:
                with transaction.atomic():
                    self._tag_ids(record)
            return self._page(record, section)
        except Exception as error:  # noqa: BLE001 (whatever is wrong with it, it is named and skipped)
            self.report.bad.append(f"{record.where}: {str(error) or type(error).__name__}")
            self.report.added -= 1
            self.report.languages[record.language] -= 1
            self._known.discard(key)
            return None

    def _place(self, record: Record) -> SectionPage:
        locale = self._locales[record.language.lower()]
        path = record.section or (self.section,)
        name = (locale.pk, path)
        if name not in self._sections:
            with transaction.atomic():
                self._sections[name] = self._section(locale, path)
        return self._sections[name]

    def _beside(self, section: SectionPage) -> Siblings:
        if section.pk not in self._siblings:
            self._siblings[section.pk] = Siblings(section)
        return self._siblings[section.pk]

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

    def _page(self, record: Record, parent: SectionPage) -> ArticlePage:
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
        page.body = self._pictures.blocks(record, to_blocks)
        page.draw(record.language)
        return page

    def _tag_ids(self, record: Record) -> list[int]:
        names = tuple(record.tags)
        if not names:
            return []
        if names not in self._tags:
            self._tags[names] = [tag.pk for tag in tags_from(list(names))]
        return self._tags[names]


def stricter(one: str, other: str) -> str:
    return max(one, other, key=lambda value: STRICTNESS[Visibility(value)])


def finish(report: Report, *, with_search: bool = True) -> None:
    """After the last batch: counts, then one rebuild of the articles in search, where needed."""
    recount_sections()
    articles = ArticlePage.objects.filter(live=True).count()
    # A run that was killed after its last batch left articles that search does not know.
    missing = Entry.objects.filter(kind=KIND).count() != articles
    if with_search and (report.added or report.illustrated or missing):
        search.rebuild([KIND])
