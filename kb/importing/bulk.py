"""Creates many live articles at once: pages, revisions and tags in a few statements a batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.models import Page, Revision

from kb.files import remember_new
from kb.models import ArticlePage, SectionPage


class Siblings:
    """The next free path and slug below one section; asks the database once."""

    def __init__(self, parent: SectionPage) -> None:
        parent.refresh_from_db()
        self.parent = parent
        last = parent.get_last_child()
        self._number = Page._str2int(last.path[-Page.steplen :]) if last else 0
        self._slugs = set(parent.get_children().values_list("slug", flat=True))
        self.added = 0

    def place(self, page: ArticlePage, slug: str) -> None:
        """Gives PAGE its path, depth, slug and URL path as the next child."""
        self._number += 1
        self.added += 1
        page.path = Page._get_path(self.parent.path, self.parent.depth + 1, self._number)
        page.depth = self.parent.depth + 1
        page.numchild = 0
        page.slug = self._free(slug)
        page.url_path = f"{self.parent.url_path}{page.slug}/"

    def _free(self, slug: str) -> str:
        candidate, number = slug, 2
        while candidate in self._slugs:
            candidate, number = f"{slug}-{number}", number + 1
        self._slugs.add(candidate)
        return candidate

    def finish(self) -> None:
        """Tells the section how many children it has now."""
        if self.added:
            Page.objects.filter(pk=self.parent.pk).update(
                numchild=self.parent.numchild + self.added
            )
            self.parent.numchild += self.added
            self.added = 0


@transaction.atomic
def create_live(pages: Sequence[ArticlePage], tags: Sequence[Sequence[int]]) -> None:
    """Inserts placed pages as published, each with its tags and one revision that says the same."""
    now = timezone.now()
    article_type = ContentType.objects.get_for_model(ArticlePage)
    for page in pages:
        page.content_type = article_type
        page.draft_title = page.title
        page.live, page.has_unpublished_changes = True, False
        page.first_published_at = page.first_published_at or now
        page.last_published_at = page.last_published_at or page.first_published_at
        page.latest_revision_created_at = page.last_published_at
    # Taken before the pages have keys: afterwards each would be asked for its relations.
    contents = [page.serializable_data() for page in pages]
    _insert_rows(pages)
    for page, content, its_tags in zip(pages, contents, tags, strict=True):
        content |= {"pk": page.pk, "tags": list(its_tags)}
    _revisions(pages, contents, article_type)
    _add_tags(pages, tags)
    remember_new(pages)


def _insert_rows(pages: Sequence[ArticlePage]) -> None:
    """Two plain inserts: Django's bulk_create refuses models with a parent table."""
    base = [_base_row(page) for page in pages]
    Page.objects.bulk_create(base)
    for page, row in zip(pages, base, strict=True):
        page.pk = page.page_ptr_id = row.pk
        page.id = row.pk
        page._state.adding = False
    fields = ArticlePage._meta.local_concrete_fields
    # SQLite takes a limited number of values a statement.
    step = max(1, (connection.features.max_query_params or 20_000) // len(fields))
    for begin in range(0, len(pages), step):
        query = InsertQuery(ArticlePage)
        query.insert_values(fields, list(pages[begin : begin + step]))
        query.get_compiler(using="default").execute_sql()


def _base_row(page: ArticlePage) -> Page:
    names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
    return Page(**{name: getattr(page, name) for name in names})


def _revisions(
    pages: Sequence[ArticlePage], contents: Sequence[dict[str, Any]], article_type: ContentType
) -> None:
    page_type = ContentType.objects.get_for_model(Page)
    Revision.objects.bulk_create(
        Revision(
            content_type=article_type,
            base_content_type=page_type,
            object_id=str(page.pk),
            object_str=page.title,
            created_at=page.last_published_at,
            content=as_json(content),
        )
        for page, content in zip(pages, contents, strict=True)
    )
    newest = Revision.objects.filter(
        base_content_type=page_type, object_id=Cast(OuterRef("pk"), CharField())
    ).values("pk")[:1]
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(
        live_revision=Subquery(newest), latest_revision=Subquery(newest)
    )


def as_json(content: dict[str, Any]) -> Any:
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))


def _add_tags(pages: Sequence[ArticlePage], tags: Sequence[Sequence[int]]) -> None:
    through = ArticlePage.tags.through
    through.objects.bulk_create(
        through(articlepage_id=page.pk, tag_id=tag)
        for page, its_tags in zip(pages, tags, strict=True)
        for tag in its_tags
    )
