"""What follows from Wagtail's changes: stored visibility and counts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.images import get_image_model
from wagtail.models import Locale, Page
from wagtail.signals import page_published, page_unpublished, post_page_move, pre_page_move

from kb import locales, tasks
from kb.counts import recount_above, recount_sections
from kb.models import ArticleFile, ArticlePage, HelpPage, SectionPage
from kb.visibility import recompute, tighten


def connect() -> None:
    for model in (ArticlePage, SectionPage):
        name = model._meta.label
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"kb.deleted.{name}")
    for signal in (post_save, post_delete):
        signal.connect(locales.forget, sender=Locale, dispatch_uid="kb.locales")
    rendition = get_image_model().get_rendition_model()
    post_delete.connect(_picture_gone, sender=rendition, dispatch_uid="kb.picture_gone")
    page_published.connect(_published, dispatch_uid="kb.published")
    page_unpublished.connect(_published, dispatch_uid="kb.unpublished")
    pre_page_move.connect(_moving, dispatch_uid="kb.moving")
    post_page_move.connect(_moved, dispatch_uid="kb.moved")


def _deleted(sender: Any, instance: HelpPage, **kwargs: Any) -> None:
    recount_above(instance.path)


def _picture_gone(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A new file for a picture, or none: the stored texts name the address of the old one."""
    shown = ArticleFile.objects.filter(name=f"media/{instance.file.name}")
    for pk in shown.values_list("article_id", flat=True):
        tasks.renew_article.enqueue(pk)


def _is_help(page: Page) -> bool:
    return issubclass(page.specific_class or Page, HelpPage)


def _published(sender: Any, instance: Page, **kwargs: Any) -> None:
    # A scheduled unpublishing hands over, and saves, the plain page.
    if _is_help(instance):
        recount_above(instance.path)


def _moving(sender: Any, instance: Page, parent_page_after: Page, **kwargs: Any) -> None:
    """Before the move, which commits on its own: nothing may be public in a closed section."""
    if _is_help(instance):
        above = SectionPage.objects.filter(pk=parent_page_after.pk).first()
        if above is not None:
            tighten(instance.path, above.effective_visibility)


@transaction.atomic
def _moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    if _is_help(instance):
        recompute(instance.path)
        recount_sections()
