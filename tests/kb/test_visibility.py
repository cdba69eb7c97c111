"""Who reads what: the strictest of an article and its sections, everywhere (KB-05)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone, translation
from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from jobs.testing import drain
from kb.integrity import checks
from kb.models import ArticlePage, RelatedArticle, SectionPage
from kb.related import related
from kb.tasks import publish_scheduled
from search.query import find
from tests.cast import Cast
from tests.kb.factories import make_article, make_section, republish

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
READERS = {
    "public": {None, "mia", "bob", "alice", "della", "carol", "dana", "ed", "root"},
    "customers": {"bob", "alice", "della", "carol", "dana", "ed", "root"},
    "staff": {"dana", "ed", "root"},
}


def stored(page: Any) -> str:
    return type(page).objects.get(pk=page.pk).effective_visibility


def found(text: str, viewer: Any = None) -> list[str]:
    return [hit.title for hit in find(text, viewer=viewer or AnonymousUser()).hits]


def integrity() -> list[str]:
    return [line for _name, lines in checks() for line in lines]


@pytest.mark.parametrize("visibility", ["public", "customers", "staff"])
def test_page_and_search_admit_the_same_people_kb_05(
    mail: SectionPage, cast: Cast, sign_in: SignIn, visibility: str
) -> None:
    article = make_article(mail, "Zebra crossing", visibility=visibility)
    for name in READERS["public"]:
        person = cast.everyone[name] if name else None
        may = name in READERS[visibility]
        answer = sign_in(person).get(article.url)
        assert answer.status_code == (200 if may else 404), name
        assert found("zebra", person) == (["Zebra crossing"] if may else []), name
        listed = sign_in(person).get(mail.url).content.decode()
        assert ("Zebra crossing" in listed) == may, name


def test_forbidden_and_missing_look_the_same(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail, "Zebra crossing", visibility="staff")
    hidden = sign_in().get(article.url).content.decode().replace("zebra-crossing", "SLUG")
    missing = (
        sign_in()
        .get(f"{mail.url}giraffe-parking/")
        .content.decode()
        .replace("giraffe-parking", "SLUG")
    )
    hidden = hidden.replace("zebra crossing", "WORDS")
    assert hidden == missing.replace("giraffe parking", "WORDS")


def test_a_section_closes_what_is_in_it_and_opens_it_again_kb_05(mail: SectionPage) -> None:
    inner = make_section(mail, "Inner")
    article = make_article(inner, "Zebra crossing")
    republish(mail, visibility="staff")
    assert (stored(inner), stored(article)) == ("staff", "staff")
    assert found("zebra") == []
    republish(mail, visibility="public")
    assert (stored(inner), stored(article)) == ("public", "public")
    assert found("zebra") == ["Zebra crossing"]
    assert integrity() == []


def test_a_draft_of_a_section_closes_nothing_yet(mail: SectionPage) -> None:
    article = make_article(mail)
    draft = SectionPage.objects.get(pk=mail.pk)
    draft.visibility = "staff"
    draft.save_revision()
    assert stored(article) == "public"


def test_an_article_in_a_closed_section_is_born_closed(help_centre: SectionPage) -> None:
    closed = make_section(help_centre, "Closed", visibility="staff")
    article = make_article(closed, "Zebra crossing")
    assert stored(article) == "staff"
    assert found("zebra") == []


def test_moving_takes_over_the_new_section_both_ways(
    help_centre: SectionPage, mail: SectionPage, cast: Cast
) -> None:
    closed = make_section(help_centre, "Closed", visibility="customers")
    inner = make_section(mail, "Inner")
    article = make_article(inner, "Zebra crossing")
    MovePageAction(Page.objects.get(pk=inner.pk), closed, pos="last-child").execute()
    assert stored(article) == "customers"
    assert found("zebra") == []
    assert found("zebra", cast.bob) == ["Zebra crossing"]
    mail = SectionPage.objects.get(pk=mail.pk)
    MovePageAction(Page.objects.get(pk=inner.pk), mail, pos="last-child").execute()
    assert stored(article) == "public"
    assert found("zebra") == ["Zebra crossing"]
    assert integrity() == []


def test_a_move_never_opens_before_it_is_done(
    help_centre: SectionPage, mail: SectionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = make_section(help_centre, "Closed", visibility="staff")
    article = make_article(mail)

    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("kb.signals.recompute", broken)
    with pytest.raises(RuntimeError):
        MovePageAction(Page.objects.get(pk=article.pk), closed, pos="last-child").execute()
    assert stored(article) == "staff"


def test_crumbs_and_tree_do_not_name_what_the_reader_may_not_see(
    mail: SectionPage, sign_in: SignIn
) -> None:
    inner = make_section(mail, "Secret plans")
    article = make_article(inner)
    inner.unpublish()
    page = sign_in().get(article.url).content.decode()
    assert "Secret plans" not in page


def test_related_never_shows_drafts_closed_archived_or_itself_s_42(
    mail: SectionPage, cast: Cast
) -> None:
    article = make_article(mail, "Zebra crossing")
    others = [
        make_article(mail, "Zebra closed", visibility="staff"),
        make_article(mail, "Zebra archived", is_archived=True),
        make_article(mail, "Zebra gone"),
        article,
    ]
    for other in others:
        RelatedArticle.objects.create(page=article, article=other)
    others[2].unpublish()
    assert related(article, AnonymousUser()) == []
    assert [row.title for row in related(article, cast.ed)] == ["Zebra closed"]


def test_related_starts_with_the_picked_ones_kb_03(mail: SectionPage) -> None:
    article = make_article(mail, "Zebra crossing", "## Zebra\n\nStripes on the road.")
    make_article(mail, "Zebra crossing again", "## Zebra\n\nStripes on the road.")
    picked = make_article(mail, "Something else", "Nothing alike.")
    RelatedArticle.objects.create(page=article, article=picked)
    titles = [row.title for row in related(article, AnonymousUser())]
    assert titles[0] == "Something else"
    assert "Zebra crossing again" in titles


def test_related_of_a_translation_are_the_translations_kb_03(
    mail: SectionPage, polish: SectionPage
) -> None:
    picked = make_article(mail, "Picked")
    make_article(polish, "Wybrany", translation_key=picked.translation_key)
    article = make_article(polish, "Artykuł")
    RelatedArticle.objects.create(page=article, article=picked)
    with translation.override("pl"):
        assert [row.title for row in related(article, AnonymousUser())] == ["Wybrany"]


def test_counts_of_sections_hold_public_articles_only(mail: SectionPage) -> None:
    make_article(mail, "One")
    make_article(mail, "Closed", visibility="staff")
    gone = make_article(mail, "Gone")
    archived = make_article(mail, "Old")
    gone.unpublish()
    republish(archived, is_archived=True)
    assert SectionPage.objects.get(pk=mail.pk).article_count == 1
    ArticlePage.objects.get(title="One").delete()
    assert SectionPage.objects.get(pk=mail.pk).article_count == 0
    assert integrity() == []


def test_unpublishing_and_deleting_leave_search_at_once(mail: SectionPage) -> None:
    first, second = make_article(mail, "Zebra one"), make_article(mail, "Zebra two")
    first.unpublish()
    assert found("zebra") == ["Zebra two"]
    second.delete()
    assert found("zebra") == []


def test_schedules_publish_and_expire_and_search_follows_kb_06(
    mail: SectionPage, sign_in: SignIn
) -> None:
    soon = make_article(mail, "Zebra soon")
    soon.unpublish()
    soon.go_live_at = timezone.now() + timedelta(seconds=30)
    soon.save_revision().publish()
    ending = make_article(mail, "Zebra ending")
    republish(ending, expire_at=timezone.now() + timedelta(hours=1))
    assert sign_in().get(soon.url).status_code == 404
    assert found("zebra") == ["Zebra ending"]
    past = timezone.now() - timedelta(seconds=1)
    revision = soon.revisions.get(approved_go_live_at__isnull=False)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save()
    Page.objects.filter(pk=ending.pk).update(expire_at=past)
    publish_scheduled.enqueue()
    drain()
    assert sign_in().get(soon.url).status_code == 200
    assert sign_in().get(ending.url).status_code == 404
    assert found("zebra") == ["Zebra soon"]


def test_wagtails_own_privacy_is_off() -> None:
    assert ArticlePage.private_page_options == SectionPage.private_page_options == []


def test_the_sitemap_names_public_pages_with_their_languages_ml_06(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra")
    make_article(
        polish, "Zebra po polsku", slug="zebra-pl", translation_key=article.translation_key
    )
    make_article(mail, "Hidden zebra", visibility="customers")
    index = sign_in().get("/sitemap.xml").content.decode()
    assert "http://127.0.0.1:8000/sitemap-articles.xml" in index
    body = sign_in().get("/sitemap-articles.xml").content.decode()
    assert "<loc>http://127.0.0.1:8000/help/mail/zebra/</loc>" in body
    assert 'hreflang="pl" href="http://127.0.0.1:8000/pl/help/zebra-pl/"' in body
    assert "hidden-zebra" not in body
    assert "/help/mail/" in sign_in().get("/sitemap-sections.xml").content.decode()
    assert sign_in().get("/sitemap-nothing.xml").status_code == 404
