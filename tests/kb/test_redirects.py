"""Old addresses keep working, in every language, for those who may read (KB-04)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.actions.move_page import MovePageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from kb.models import SectionPage
from tests.cast import Cast
from tests.kb.factories import make_article, make_section, republish

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
Rename = Callable[..., Any]


@pytest.fixture
def rename(django_capture_on_commit_callbacks: Any) -> Callable[..., Any]:
    """Publishes with a new slug; Wagtail makes redirects when that is committed."""

    def make(page: Any, **fields: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return republish(page, **fields)

    return make


def leads_to(client: Client, url: str) -> tuple[int, str]:
    answer = client.get(url)
    return answer.status_code, answer.get("Location", "")


@pytest.mark.parametrize("old", ["/help/mail/one/", "/help/mail/one", "/help/mail/one/?utm=x"])
def test_a_renamed_article_is_found_under_its_old_address_kb_04(
    mail: SectionPage, sign_in: SignIn, rename: Rename, old: str
) -> None:
    article = make_article(mail, "One", slug="one")
    rename(article, slug="two")
    assert leads_to(sign_in(), old) == (301, "/help/mail/two/")


def test_ten_renamings_are_one_step_kb_04(
    mail: SectionPage, sign_in: SignIn, rename: Rename
) -> None:
    article = make_article(mail, "One", slug="name-0")
    for number in range(1, 11):
        rename(article, slug=f"name-{number}")
    assert leads_to(sign_in(), "/help/mail/name-0/") == (301, "/help/mail/name-10/")
    assert leads_to(sign_in(), "/help/mail/name-5/") == (301, "/help/mail/name-10/")


def test_a_name_taken_back_makes_no_circle_kb_04(
    mail: SectionPage, sign_in: SignIn, rename: Rename
) -> None:
    article = make_article(mail, "One", slug="one")
    rename(article, slug="two")
    rename(article, slug="one")
    assert sign_in().get("/help/mail/one/").status_code == 200
    assert leads_to(sign_in(), "/help/mail/two/") == (301, "/help/mail/one/")
    type(article).objects.get(pk=article.pk).unpublish()
    assert sign_in().get("/help/mail/one/").status_code == 404


def test_moving_a_section_takes_all_addresses_along_kb_04(
    help_centre: SectionPage, mail: SectionPage, sign_in: SignIn
) -> None:
    inner = make_section(mail, "Inner", slug="inner")
    make_article(inner, "One", slug="one")
    target = make_section(SectionPage.objects.get(pk=help_centre.pk), "New", slug="new")
    MovePageAction(Page.objects.get(pk=inner.pk), target, pos="last-child").execute()
    assert leads_to(sign_in(), "/help/mail/inner/one/") == (301, "/help/new/inner/one/")
    assert leads_to(sign_in(), "/help/mail/inner/") == (301, "/help/new/inner/")


def test_each_language_has_its_own_old_addresses_kb_04(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn, rename: Rename
) -> None:
    article = make_article(mail, "One", slug="one")
    polski = make_article(polish, "Raz", slug="raz", translation_key=article.translation_key)
    rename(polski, slug="dwa")
    rename(article, slug="two")
    client = sign_in()
    assert leads_to(client, "/pl/help/raz/") == (301, "/pl/help/dwa/")
    assert leads_to(client, "/help/mail/one/") == (301, "/help/mail/two/")
    # An English article read below another prefix: there first, then on to its translation.
    status, place = leads_to(client, "/de/help/mail/one/")
    assert (status, place) == (302, "/de/help/mail/two/")


def test_an_old_address_does_not_name_a_closed_article(
    mail: SectionPage, cast: Cast, sign_in: SignIn, rename: Rename
) -> None:
    article = make_article(mail, "One", slug="one")
    rename(article, slug="merger-with-birch", visibility="staff")
    assert sign_in().get("/help/mail/one/").status_code == 404
    assert sign_in().get("/de/help/mail/one/").status_code == 404
    assert sign_in(cast.bob).get("/help/mail/one/").status_code == 404
    assert leads_to(sign_in(cast.ed), "/help/mail/one/") == (301, "/help/mail/merger-with-birch/")


def test_redirects_made_by_hand_work_too(mail: SectionPage, sign_in: SignIn) -> None:
    Redirect.add_redirect("/old-manual", "/help/mail/", is_permanent=False)
    assert leads_to(sign_in(), "/old-manual/") == (302, "/help/mail/")
