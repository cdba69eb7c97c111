"""Help articles, written by the importer that also takes real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wagtail.models import Locale

from home.loading.scale.site import Site
from kb.importing.records import TITLE_LENGTH, Record
from kb.importing.run import Importer, finish
from kb.models import ArticlePage

# Wagtail has room for 1.6 million pages below one section; people do not.
_IN_SECTION = 500
_RESTRICTED = {3: "customers", 7: "staff"}


def load(site: Site, count: int, tick: Callable[[int], None]) -> None:
    if not count:
        return
    first = ArticlePage.objects.count()
    importer = Importer(system="seed_load", section="load")
    report = importer.run(_records(site, first, count), tick)
    finish(report, with_search=False)


def _records(site: Site, first: int, count: int) -> Iterator[Record]:
    """In the languages that the help centre has."""
    known = set(Locale.objects.values_list("language_code", flat=True))
    for number in range(first, first + count):
        language = site.writer.language()
        yield _record(site, number, language if language in known else "en")


def _record(site: Site, number: int, language: str) -> Record:
    writer = site.writer
    parts = [writer.text("answer", language, 2).source]
    for _ in range(2 + writer.few(4, skew=1)):
        parts.append(f"## {writer.title('heading', language, 120)}")
        parts.append(writer.text("answer", language, 3 + writer.few(6)).source)
    return Record(
        key=f"load-{number}",
        language=language,
        title=writer.title("title", language, TITLE_LENGTH),
        body="\n\n".join(parts),
        section=("load", f"load-{number // _IN_SECTION}"),
        product=site.product_codes[number % len(site.product_codes)],
        tags=[site.tag_names[writer.few(len(site.tag_names) - 1, skew=2)]],
        visibility=_RESTRICTED.get(number % 20, "public"),
        published_at=site.moment(),
        where=f"article {number}",
    )
