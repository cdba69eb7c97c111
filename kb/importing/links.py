"""Links between imported articles, given by key: `[text](article:KEY#heading)` and `related`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction

from kb.importing.bulk import as_json
from kb.models import ArticlePage, RelatedArticle
from links.models import ImportedKey

KIND = "article"
_LINK = re.compile(
    r"(?P<before>\]\(|\]:[ \t]*)article:(?P<key>[^\s()#]+)(?:#(?P<heading>[^\s()]*))?(?=[\s)]|$)"
)
_BATCH = 200


@dataclass(frozen=True)
class Pointing:
    """An article that names others in its language."""

    key: str
    language: str
    where: str
    related: tuple[str, ...] = ()


def names_others(body: str) -> bool:
    return _LINK.search(body) is not None


def resolve(pointing: Sequence[Pointing], *, system: str) -> list[str]:
    """Puts addresses for keys, now that all articles are there; says which keys are unknown.

    Does nothing to an article where it has been done.
    """
    problems: list[str] = []
    if not pointing:
        return problems
    rows = ImportedKey.objects.filter(system=system, kind=KIND)
    known = dict(rows.values_list("key", "object_id"))
    done = set(RelatedArticle.objects.values_list("page_id", flat=True))
    for begin in range(0, len(pointing), _BATCH):
        with transaction.atomic():
            for item in pointing[begin : begin + _BATCH]:
                pk = known.get(item.key)
                page = ArticlePage.objects.filter(pk=pk).first()
                if page is None:
                    continue
                if page.pk not in done:
                    problems += _relate(page, item, known)
                problems += _link(page, item, known)
                _keep_in_revision(page.pk)
    return problems


def _keep_in_revision(pk: int) -> None:
    """The revision says what the page says, or the next edit would bring the old text back."""
    page = ArticlePage.objects.select_related("live_revision").get(pk=pk)
    revision = page.live_revision
    if revision is not None and not page.has_unpublished_changes:
        revision.content = as_json(page.serializable_data())
        revision.save(update_fields=["content"])


def _relate(page: ArticlePage, item: Pointing, known: Mapping[str, int]) -> list[str]:
    keys = [f"{key}/{item.language}" for key in item.related]
    RelatedArticle.objects.bulk_create(
        RelatedArticle(page_id=page.pk, article_id=known[key], sort_order=order)
        for order, key in enumerate(keys)
        if key in known
    )
    return [
        f"{item.where}: there is no article {key!r} to relate" for key in keys if key not in known
    ]


def _link(page: ArticlePage, item: Pointing, known: Mapping[str, int]) -> list[str]:
    blocks = page.body.get_prep_value()
    keys = {unquote(match["key"]) for text in _texts(blocks) for match in _LINK.finditer(text)}
    if not keys:
        return []
    unknown: list[str] = []
    articles = _articles(keys, item.language, known)

    def replaced(match: re.Match[str]) -> str:
        key = unquote(match["key"])
        article = articles.get(key)
        if article is None:
            unknown.append(f"{item.where}: there is no article {key!r} to link to")
            return f"{match['before']}/help/"
        return f"{match['before']}{article.url}{_anchor(article, match['heading'])}"

    page.body = [_rewritten(block, replaced) for block in blocks]
    page.draw(item.language)
    ArticlePage.objects.filter(pk=page.pk).update(
        body=page.body,
        body_html=page.body_html,
        body_text=page.body_text,
        contents=page.contents,
    )
    return unknown


def _articles(keys: set[str], language: str, known: Mapping[str, int]) -> dict[str, ArticlePage]:
    """Each in LANGUAGE, or else in the first language that has it."""
    languages = (language, *dict(settings.LANGUAGES))
    pks = {
        key: next((known[f"{key}/{code}"] for code in languages if f"{key}/{code}" in known), None)
        for key in keys
    }
    rows = ArticlePage.objects.filter(pk__in=[pk for pk in pks.values() if pk])
    found = {row.pk: row for row in rows.only("pk", "url_path", "locale_id", "contents")}
    return {key: found[pk] for key, pk in pks.items() if pk in found}


def _anchor(article: ArticlePage, heading: str | None) -> str:
    """Other systems make anchors of a heading's words; ours outlive a change of words."""
    wanted = _plain(unquote(heading or ""))
    for part in article.contents if wanted else ():
        if wanted in (_plain(part["text"]), _plain(part["anchor"])):
            return f"#{part['anchor']}"
    return ""


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)


def _rewritten(value: Any, replaced: Any) -> Any:
    """The same raw block with every link in its texts put right."""
    if isinstance(value, str):
        return _LINK.sub(replaced, value)
    if isinstance(value, Mapping):
        return {name: _rewritten(each, replaced) for name, each in value.items()}
    if isinstance(value, Iterable):
        return [_rewritten(each, replaced) for each in value]
    return value
