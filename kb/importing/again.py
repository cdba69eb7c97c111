"""Pictures for articles that came without them: the folder is imported again once it has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from kb.files import remember
from kb.importing import links
from kb.importing.pictures import ALT, Pictures, shown_in
from kb.importing.records import Record
from kb.markdown_blocks import to_blocks
from kb.models import ArticlePage
from links.models import ImportedKey

_KEPT = re.compile(rf"!\[([^\[\]]+)\]\({re.escape(settings.MEDIA_URL)}")
# A link or picture, the inner of two first; and where a definition leads.
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_DEFINITION = re.compile(r"^( {0,3}\[[^\[\]\n]+\]:).*$", re.MULTILINE)
_CHANGED = ("body", "body_html", "body_text", "contents", "reading_minutes", "renderer_version")


def lacks_pictures(rows: Sequence[tuple[str, Record]], *, system: str) -> list[tuple[str, Record]]:
    """Those of ROWS, each with its key, whose article shows less than the record does."""
    pages = _pages([key for key, _record in rows], system)
    return [
        (key, record)
        for key, record in rows
        if key in pages and _missing(pages[key].body.get_prep_value(), record)
    ]


def illustrate(
    rows: Sequence[tuple[str, Record]], pictures: Pictures, *, system: str
) -> tuple[int, list[str]]:
    """How many got their pictures; and why others did not. What an editor wrote stays."""
    notes: list[str] = []
    done: list[links.Pointing] = []
    pages = _pages([key for key, _record in rows], system)
    for _key, record in rows:
        notes += pictures.take(record)
    with transaction.atomic():
        for key, record in rows:
            page, now = pages[key], pictures.blocks(record, to_blocks)
            before = page.body.get_prep_value()
            if not _missing(before, record):
                continue
            if _is_edited(page) or _words(before) != _words(now):
                notes.append(
                    f"{record.where}: its pictures were not added, for its article says something else"
                )
                continue
            page.body = now
            page.draw(record.language)
            ArticlePage.objects.filter(pk=page.pk).update(
                **{name: getattr(page, name) for name in _CHANGED}
            )
            remember(page)
            done.append(links.Pointing(key, record.language, record.where))
        # The texts name other articles by key again.
        notes += links.resolve(done, system=system)
    return len(done), notes


def _pages(keys: Sequence[str], system: str) -> dict[str, ArticlePage]:
    rows = ImportedKey.objects.filter(system=system, kind=links.KIND, key__in=keys)
    known = dict(rows.values_list("object_id", "key"))
    return {known[page.pk]: page for page in ArticlePage.objects.filter(pk__in=known)}


def _missing(blocks: Sequence[Any], record: Record) -> bool:
    there = Counter(alt[:ALT] for text in _texts(blocks) for alt in _KEPT.findall(text))
    there.update(str(b["value"]["alt"]) for b in blocks if b["type"] == "picture")
    return bool(Counter(alt[:ALT] for alt in shown_in(record.body)) - there)


def _is_edited(page: ArticlePage) -> bool:
    """The import makes one revision; each saving in the editing area makes one more."""
    return bool(page.has_unpublished_changes or page.revisions.count() > 1)


def _words(blocks: Sequence[Any]) -> str:
    """What the blocks say, whether their pictures are there or only the words of these."""
    text = _DEFINITION.sub(r"\1", "\n".join(_texts(blocks)))
    count = 1
    while count:
        text, count = _LINK.subn(r"\1", text)
    return "".join(character for character in text.casefold() if character.isalnum())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        # PostgreSQL keeps names in an order of its own.
        for name, each in sorted(value.items()):
            # No text of the article, or none where the picture is missing.
            if name not in {"id", "type", "caption"}:
                yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
