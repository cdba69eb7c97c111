"""Loads the sample synonyms and pinned results."""

from __future__ import annotations

from home.loading.base import SYSTEM, Book, read
from kb.models import ArticlePage
from kb.tree import family
from search.models_editing import Pin, SynonymGroup


def load(book: Book) -> None:
    rows = read("search")
    for row in rows["synonyms"]:
        key = f"{row['language']}:{row['words'][0]}"
        if book.has("synonyms", key):
            continue
        group = SynonymGroup(words="\n".join(row["words"]), language=row["language"])
        group.full_clean()
        group.save()
        book.keep("synonyms", key, group)
    for row in rows["pins"]:
        key = f"{row['language']}:{row['article']}"
        if book.has("pin", key):
            continue
        page = ArticlePage.objects.get(
            translation_key=family(f"{SYSTEM}/article/{row['article']}"),
            locale__language_code=row["language"],
        )
        pin = Pin(
            queries="\n".join(row["queries"]),
            language=row["language"],
            kind="article",
            object_id=str(page.pk),
        )
        pin.full_clean()
        pin.save()
        book.keep("pin", key, pin)
