"""The home page, the demo's door, health, and the pages about the site."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from forum.actions import answers
from home.setup import refuse_demo_people_in_production
from tests.cast import Cast
from tests.forum.factories import make_answer, make_question

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def test_a_visitor_finds_the_search_box_and_the_ways_on(site_tree: None) -> None:
    page = Client().get("/").content.decode()
    assert "What are you stuck on?" in page
    assert 'role="search"' in page
    for name in ("forum:list", "ideas:list", "kb:index", "support:contact"):
        assert reverse(name) in page


def test_an_empty_site_says_what_to_do_first(site_tree: None) -> None:
    page = Client().get("/").content.decode()
    assert "Nothing is solved yet" in page
    assert "No ideas yet" in page


def test_solved_questions_in_the_readers_language_come_first(cast: Cast, site_tree: None) -> None:
    """ML-06: of the newest; an admin who reads no English is helped by none of it."""
    for title, language in (("Alte Frage", "de"), ("Stare pytanie", "pl"), ("New question", "en")):
        question = make_question(cast.mia, title, language=language)
        answers.accept(make_answer(question, cast.bob), by=cast.mia)
    polish = Client().get("/pl/").content.decode()
    assert polish.index("Stare pytanie") < polish.index("New question") < polish.index("Alte Frage")
    english = Client().get("/").content.decode()
    assert english.index("New question") < english.index("Stare pytanie")


def test_navigation_shows_only_what_exists(site_tree: None) -> None:
    page = Client().get("/").content.decode()
    assert "/status/" not in page
    assert "/updates/" not in page


def test_a_member_sees_what_waits_for_them(cast: Cast, sign_in: SignIn, site_tree: None) -> None:
    question = make_question(cast.mia)
    make_answer(question, cast.bob)
    make_answer(question, cast.xena)
    page = sign_in(cast.mia).get("/").content.decode()
    assert "One thing needs you" in page
    assert "2 answers, none accepted yet" in page
    assert question.title in page


def test_the_demo_signs_in_as_a_sample_person_by_post_only(
    cast: Cast, sign_in: SignIn, site_tree: None
) -> None:
    User.objects.filter(pk=cast.dana.pk).update(is_demo=True, demo_label={"en": "Agent"})
    client = Client()
    assert "Agent" in client.get(reverse("home:demo")).content.decode()
    address = reverse("home:demo_sign_in")
    assert client.get(address).status_code == 405
    response = client.post(address, {"person": cast.dana.pk, "next": reverse("support:desk")})
    assert response.headers["Location"] == reverse("support:desk")
    assert client.session["demo"] is True
    assert client.get(reverse("support:desk")).status_code == 200


@pytest.mark.parametrize("person", ["", "x", "999999999999999999999", "-1", "²"])
def test_the_demo_knows_only_sample_people(person: str, cast: Cast) -> None:
    assert Client().post(reverse("home:demo_sign_in"), {"person": person}).status_code == 404
    real = Client().post(reverse("home:demo_sign_in"), {"person": cast.root.pk})
    assert real.status_code == 404


def test_the_demo_never_leads_off_the_site(cast: Cast) -> None:
    User.objects.filter(pk=cast.mia.pk).update(is_demo=True)
    data = {"person": cast.mia.pk, "next": "https://elsewhere.example/"}
    response = Client().post(reverse("home:demo_sign_in"), data)
    assert response.headers["Location"] == reverse("home:index")


def test_production_has_no_demo_and_no_design_page(
    cast: Cast, settings: pytest.FixtureRequest
) -> None:
    settings.IS_DEMO = False  # type: ignore[attr-defined]
    User.objects.filter(pk=cast.mia.pk).update(is_demo=True)
    client = Client()
    assert client.get(reverse("home:demo")).status_code == 404
    assert client.get(reverse("home:design")).status_code == 404
    assert client.post(reverse("home:demo_sign_in"), {"person": cast.mia.pk}).status_code == 404


def test_the_design_page_shows_the_components(site_tree: None) -> None:
    assert Client().get(reverse("home:design")).status_code == 200


def test_health_says_the_process_lives_and_what_it_needs() -> None:
    assert Client().get("/healthz").content == b"ok"
    report = Client().get("/readyz").json()
    assert report["ok"] is True
    assert set(report["parts"]) >= {"database", "cache", "jobs", "mail"}


@pytest.mark.parametrize("name", ["home:accessibility", "home:privacy", "home:api"])
@pytest.mark.parametrize("prefix", ["", "/pl"])
def test_the_pages_about_the_site_open(name: str, prefix: str, site_tree: None) -> None:
    assert Client().get(f"{prefix}{reverse(name)}").status_code == 200


def test_a_missing_page_offers_the_words_of_its_address(site_tree: None) -> None:
    response = Client().get("/help/mail/set-up-dkim-keys/")
    assert response.status_code == 404
    assert 'value="mail set dkim keys"' in response.content.decode()


def test_production_refuses_to_start_while_a_sample_person_exists(
    cast: Cast, settings: pytest.FixtureRequest
) -> None:
    refuse_demo_people_in_production()
    User.objects.filter(pk=cast.mia.pk).update(is_demo=True)
    refuse_demo_people_in_production()
    settings.IS_PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured):
        refuse_demo_people_in_production()


@pytest.mark.parametrize(
    ("path", "other"),
    [("/privacy/?a=1", "/pl/privacy/?a=1"), ("/pl/privacy/", "/privacy/"), ("/pl//x/", "/x/")],
)
def test_the_footer_leads_to_the_same_page_in_another_language(
    path: str, other: str, site_tree: None
) -> None:
    page = Client().get(path).content.decode()
    links = page[page.index("footer__languages") :]
    assert f'href="{other}"' in links


def test_the_account_menu_leads_to_the_own_profile(
    cast: Cast, sign_in: SignIn, site_tree: None
) -> None:
    page = sign_in(cast.mia).get("/").content.decode()
    assert f'href="/people/{cast.mia.pk}/"' in page


def test_without_its_database_the_site_says_so_and_stays_alive(
    site_tree: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object) -> str:
        raise OperationalError("no such host")

    monkeypatch.setattr("home.caching._etag", gone)
    client = Client(raise_request_exception=False)
    page = client.get("/pl/community/")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "It is back in a few minutes" in page.text
    assert "<script" not in page.text
    assert client.get("/healthz").status_code == 200
