"""Where the interface is not translated it is English, wholly; content keeps its language (ML-01)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation
from wagtail.models import Locale

from common.languages import direction, spoken
from home.setup import ensure_site
from kb.tree import help_root
from tests.kb.factories import make_article, make_section

UNSPOKEN = [code for code, _name in settings.LANGUAGES if code not in settings.INTERFACE_LANGUAGES]


def test_the_list_of_them_is_what_the_test_takes_it_for() -> None:
    assert {"de", "ar", "pt-br", "zh-hans"} <= set(UNSPOKEN)
    assert not {"en", "pl"} & set(UNSPOKEN)


@pytest.mark.parametrize("code", UNSPOKEN)
def test_words_dates_and_numbers_of_django_are_english_too(code: str) -> None:
    """ML-08"""
    day = date(2026, 11, 30)
    with translation.override("en"):
        english = formats.date_format(day), formats.date_format(day, "YEAR_MONTH_FORMAT")
        number = formats.number_format(1234.5)
    with translation.override(code):
        # Addresses, content and search go by this one.
        assert translation.get_language() == code
        assert spoken() == "en"
        assert translation.gettext("This field is required.") == "This field is required."
        with pytest.raises(ValidationError, match=r"at most 3 characters \(it has 4\)"):
            forms.CharField(max_length=3).clean("four")
        shown = formats.date_format(day), formats.date_format(day, "YEAR_MONTH_FORMAT")
        assert (shown, formats.number_format(1234.5)) == (english, number)
        said = [translation.ngettext("%(num)d minute", "%(num)d minutes", n) for n in (1, 0, 3)]
        assert said == ["%(num)d minute", "%(num)d minutes", "%(num)d minutes"]
        assert reverse("kb:index") == f"/{code}/help/"


def test_polish_stays_polish() -> None:
    with translation.override("pl"):
        assert spoken() == "pl"
        assert translation.gettext("This field is required.") == "To pole jest wymagane."
        assert formats.date_format(date(2026, 11, 30)) == "30 listopada 2026"


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["de", "ar"])
def test_a_form_with_errors_is_english_and_says_so(
    site_tree: None, client: Client, code: str
) -> None:
    page = client.post(f"/{code}/accounts/login/", {"login": "", "password": ""}).text
    assert re.search(rf'<html lang="en"\s+dir="{direction(code)}"', page)
    assert "This field is required." in page
    assert f'href="/{code}/help/"' in page


@pytest.mark.django_db
def test_the_header_names_the_language_of_what_is_delivered(
    site_tree: None, client: Client
) -> None:
    """ML-01: that of the content where there is some, else that of the interface."""
    ensure_site()
    german = make_section(help_root(Locale.objects.get(language_code="de")), "Post", slug="post")
    own = make_article(german, "Postfach einrichten", "Text")
    english = make_section(help_root(Locale.objects.get(language_code="en")), "Mail", slug="mail")
    only = make_article(english, "Set up mail", "Text")
    help_root(Locale.objects.get(language_code="pl"))
    for url, language in {
        own.url: "de",
        german.url: "de",
        "/de/help/": "de",
        only.url: "en",
        # There is no German version: what comes is English all over.
        f"/de{only.url}": "en",
        "/de/accounts/login/": "en",
        "/de/search/?q=post": "en",
        "/de/nothing/": "en",
        "/pl/accounts/login/": "pl",
        "/pl/help/": "pl",
        # A Polish frame around an English article.
        f"/pl{only.url}": "en",
    }.items():
        response = client.get(url)
        assert response.headers["Content-Language"] == language, url
        spoken_here = "pl" if url.startswith("/pl/") else "en"
        assert re.search(rf'<html lang="{spoken_here}"', response.text), url


@pytest.mark.django_db
def test_arabic_content_and_the_frame_run_from_right_to_left(
    site_tree: None, client: Client
) -> None:
    """ML-06"""
    ensure_site()
    section = make_section(help_root(Locale.objects.get(language_code="ar")), "البريد", slug="mail")
    text = "مقدمة\n\n## الأول\n\nنص\n\n## الثاني\n\nنص"
    article = make_article(section, "إعداد البريد", text)
    for url in (article.url, section.url, "/ar/help/"):
        assert url.startswith("/ar/")
        page = client.get(url).text
        # The frame is mirrored, as who reads Arabic is used to.
        assert re.search(r'<html lang="en"\s+dir="rtl"', page)
        shown = BeautifulSoup(page, "html.parser").body.find_all(string=re.compile("البريد"))
        assert shown
        for words in shown:
            assert _around(words) == ("ar", True), (url, words.parent)
    page = client.get(article.url).text
    assert '<div class="prose" lang="ar" dir="rtl"' in page
    assert "minute to read" in page
    assert "Only in" not in page


def _around(words: Any) -> tuple[str, bool]:
    """The `lang` that holds for these words, and whether they may run from right to left."""
    above = list(words.parents)
    languages = [each["lang"] for each in above if each.has_attr("lang")]
    runs = any(each.get("dir") in {"rtl", "auto"} or each.name == "bdi" for each in above)
    return languages[0], runs
