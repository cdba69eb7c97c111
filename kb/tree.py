"""The help centre's place in the page tree: one root a language, and sections below it."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from kb.models import HELP_SLUG, SectionPage, Visibility
from products.models import Product

P = TypeVar("P", bound=Page)
# Made once by uuid4: sections of one key are translations of each other.
_NAMESPACE = uuid.UUID("0a7d3c1e-54a2-4c55-9a57-2f4f0d2d8c11")


def family(name: str) -> uuid.UUID:
    """The translation key of all language versions of one thing."""
    return uuid.uuid5(_NAMESPACE, name)


def home_of(locale: Locale) -> Page:
    """The site's home page in a language, made where missing."""
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page.specific
    if root.locale_id == locale.pk:
        return root
    found = root.get_translation_or_none(locale)
    if found is None:
        found = root.copy_for_translation(locale)
        found.save_revision().publish()
    return found


def help_root(locale: Locale) -> SectionPage:
    """The help centre of a language: the page at /help/ (or /pl/help/)."""
    key = family("help")
    found: SectionPage | None = SectionPage.objects.filter(
        locale=locale, translation_key=key
    ).first()
    if found is not None:
        return found
    with translation.override(locale.language_code):
        title = _("Help centre")
    page = SectionPage(title=title, slug=HELP_SLUG, locale=locale, translation_key=key, live=True)
    return add_page(home_of(locale), page)


def ensure_section(
    parent: SectionPage,
    key: str,
    title: str,
    *,
    slug: str,
    lead: str = "",
    icon: str = "",
    product: Product | None = None,
    visibility: str = Visibility.PUBLIC,
) -> SectionPage:
    """The section of this key in the parent's language, made where missing."""
    found: SectionPage | None = SectionPage.objects.filter(
        locale_id=parent.locale_id, translation_key=family(key)
    ).first()
    if found is not None:
        return found
    page = SectionPage(
        title=title,
        slug=_free_slug(parent, slug),
        lead=lead,
        icon=icon,
        product=product,
        visibility=visibility,
        locale_id=parent.locale_id,
        translation_key=family(key),
    )
    return add_page(parent, page)


def add_page(parent: Page, page: P) -> P:
    """Adds a live page with its first revision."""
    # Treebeard computes the new path from what the object in memory says.
    parent.refresh_from_db()
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def _free_slug(parent: Page, slug: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
