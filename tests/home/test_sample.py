"""The sample content loads once, whole, and leaves nothing to repair."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import Organisation, User
from forum.models import Question
from home import setup
from ideas.models import Idea, Stage
from kb.models import ArticlePage
from kb.tree import family
from search.models_editing import Pin, SynonymGroup
from search.query import find
from support.models import Case, Resolution, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(site_tree: None) -> None:
    setup.ensure_site()
    setup.load_sample(lambda _text: None)


def _counts() -> dict[str, int]:
    models = (User, Organisation, ArticlePage, Question, Idea, Case, SynonymGroup, Pin)
    return {model.__name__: model.objects.count() for model in models}


def test_the_sample_is_large_enough_and_in_two_languages(sample: None) -> None:
    articles = ArticlePage.objects.values_list("locale__language_code", flat=True)
    assert min(list(articles).count(code) for code in ("en", "pl")) >= 60
    assert Question.objects.count() >= 40
    assert Idea.objects.count() >= 30
    assert Organisation.objects.count() == 5
    assert set(Stage.objects.values_list("pk", flat=True)) == set(
        Idea.objects.values_list("stage", flat=True)
    )
    assert set(Case.objects.values_list("state", flat=True)) == set(State.values)
    used = set(Case.objects.exclude(resolution="").values_list("resolution", flat=True))
    assert used == set(Resolution.values) - {Resolution.INCIDENT}


def test_a_second_load_adds_nothing_and_nothing_needs_repair(sample: None) -> None:
    before = _counts()
    setup.load_sample(lambda _text: None)
    assert _counts() == before
    said = StringIO()
    call_command("check_integrity", stdout=said)
    assert "No findings." in said.getvalue()


def test_the_article_for_a_pasted_error_message_is_found(sample: None) -> None:
    hits = find("550 5.7.26", viewer=None, kinds=["article"], language="en").hits
    assert "550 5.7.26" in hits[0].title
    polish = find("odrzucona 550 5.7.26", viewer=None, kinds=["article"], language="pl").hits
    assert polish[0].language == "pl"


def test_no_sample_person_has_a_password(sample: None) -> None:
    assert not any(user.has_usable_password() for user in User.objects.filter(is_demo=True))


def test_what_the_editor_pinned_stands_first_and_synonyms_lead_on(sample: None) -> None:
    """One load of the sample: it takes longer than all questions to it."""
    for text, language, key in (
        ("2FA", "en", "enforce-second-factor"),
        ("two-step", "en", "enforce-second-factor"),
        ("locked out", "en", "locked-out-administrator"),
        ("nie mogę się zalogować", "pl", "locked-out-administrator"),
        ("weryfikacja dwuetapowa", "pl", "enforce-second-factor"),
    ):
        first = find(text, viewer=None, language=language).hits[0]
        page = ArticlePage.objects.get(pk=first.object_id)
        wanted = family(f"sample/article/{key}")
        assert (page.translation_key, page.language) == (wanted, language), text
    for typed, found, language in (
        ("mailbox", "skrzynk", "pl"),
        ("zaloguj", "logowani", "pl"),
        ("log in", "sign", "en"),
    ):
        hits = find(typed, viewer=None, kinds=["article"], language=language).hits
        titles = [hit.title.lower() for hit in hits if hit.language == language]
        assert any(found in title for title in titles), typed
