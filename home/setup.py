"""What a new installation needs before its first page: words, tables, page tree, sample content."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import polib
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from wagtail.models import Locale, Page, Site

from accounts.models import User
from home.loading import articles, cases, forum, ideas, links, people, searching
from home.loading.base import Book
from home.models import HomePage
from kb.rights import ensure_rights
from search import rebuild

EMPTY_DATABASE = Path(__file__).resolve().parent / "empty.sqlite3.gz"


def refuse_demo_people_in_production() -> None:
    """Raises ImproperlyConfigured while anybody could be signed in as a sample person."""
    if settings.IS_PRODUCTION and User.objects.filter(is_demo=True).exists():
        raise ImproperlyConfigured("A demo person exists: this database cannot go into production.")


def compile_messages() -> None:
    """Makes .mo files beside the .po files that changed; needs no gettext programs."""
    for source in sorted(Path(settings.BASE_DIR).glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


def unpack_empty_database() -> None:
    """A migrated empty SQLite file saves ten seconds of the first start; migrate checks it."""
    config = settings.DATABASES["default"]
    if not config["ENGINE"].endswith("sqlite3") or not EMPTY_DATABASE.exists():
        return
    target = Path(config["NAME"])
    if target.exists():
        return
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(EMPTY_DATABASE) as packed, target.open("wb") as file:
        shutil.copyfileobj(packed, file)


@transaction.atomic
def ensure_site() -> None:
    """The locales, one home page a language, and the site that points to the English one."""
    english = Locale.objects.get_or_create(language_code="en")[0]
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    home = HomePage.objects.filter(locale=english).first()
    if home is None:
        # Wagtail's own migrations leave a welcome page.
        Page.objects.filter(depth=2, slug="home").exclude(pk__in=HomePage.objects.all()).delete()
        root.refresh_from_db()
        home = HomePage(title="Peerdesk", slug="home", locale=english)
        root.add_child(instance=home)
    ensure_rights(root)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": settings.SITE_NAME},
    )


def load_sample(say: Callable[[str], object]) -> None:
    """Loads what is not there yet; each part is one transaction, the search is built at the end."""
    book = Book()
    parts: list[tuple[str, Callable[[], None]]] = [
        ("products", people.load_products),
        ("organisations", lambda: people.load_organisations(book)),
        ("people", lambda: people.load_people(book)),
        ("articles", lambda: articles.load(book)),
        ("questions", lambda: forum.load(book)),
        ("ideas", lambda: ideas.load(book)),
        ("cases", lambda: cases.load(book)),
        ("links", lambda: links.load(book)),
        ("search", lambda: searching.load(book)),
    ]
    for _label, part in parts:
        with transaction.atomic():
            part()
    rebuild()
    say("Sample content loaded.")
