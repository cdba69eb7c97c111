"""What readers get: article, section, index, languages, caching."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import ArticlePage, RelatedArticle, SectionPage
from products.models import Product
from tests.cast import Cast
from tests.kb.factories import make_article, make_section, republish

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    writes = [q["sql"] for q in seen if not q["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert writes == []
    return len(seen)


def test_an_article_is_complete_without_scripts(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail, "Set up mail", checked_at="2026-11-02")
    page = body(sign_in(), article.url)
    assert "<h1" in page
    assert page.count("<h1") == 1
    assert '<h2 id="s-' in page
    assert "On this page" in page
    assert "Was this helpful?" in page
    assert f'href="{reverse("forum:ask")}?from=article:{article.pk}"' in page
    assert f'href="{reverse("support:contact")}?from=article:{article.pk}"' in page


def test_the_article_goes_along_into_the_question_s_44(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail, "Set up mail")
    page = body(sign_in(), article.url)
    # A script adds what was searched for: the page itself is the same for all visitors.
    assert re.findall(r'data-carry="(\w+)"', page) == ["title", "q"]
    asked = body(sign_in(), f"{reverse('forum:ask')}?from=article:{article.pk}&title=mail+stuck")
    assert "You have read this" in asked
    assert f'href="{article.url}"' in asked
    assert 'value="mail stuck"' in asked


def test_who_may_open_a_case_is_one_step_from_it(
    cast: Cast, mail: SectionPage, sign_in: SignIn
) -> None:
    """S-44: past the ways that an article's reader has come already; others are told of them."""
    article = make_article(mail, "Set up mail")
    token = f"?from=article:{article.pk}"
    for person, name in ((cast.alice, "new"), (None, "contact"), (cast.mia, "contact")):
        page = sign_in(person).get(article.url).content.decode()
        assert (f"{reverse('support:new')}{token}" in page) == (name == "new")
        assert (f"{reverse('support:contact')}{token}" in page) == (name == "contact")


def test_canonical_and_hreflang_are_absolute_ml_06(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra")
    make_article(polish, "Zebra", slug="zebra-pl", translation_key=article.translation_key)
    page = body(sign_in(), article.url)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/help/mail/zebra/">' in page
    assert (
        '<link rel="alternate" hreflang="pl" href="http://127.0.0.1:8000/pl/help/zebra-pl/">'
        in page
    )
    assert 'hreflang="x-default" href="http://127.0.0.1:8000/help/mail/zebra/"' in page


def test_structured_crumbs_say_what_the_page_shows(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail, 'A "quoted" </script> title', slug="quoted")
    page = body(sign_in(), article.url)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    names = [item["name"] for item in json.loads(found[1])["itemListElement"]]
    assert names == ["Help centre", "Mail", 'A "quoted" </script> title']


def test_closed_pages_are_not_for_search_engines(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    article = make_article(mail, visibility="customers")
    page = body(sign_in(cast.bob), article.url)
    assert '<meta name="robots" content="noindex">' in page
    assert "application/ld+json" not in page
    assert "For customers" in page


def test_another_languages_prefix_shows_english_with_a_mark_ml_02(
    mail: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra")
    page = body(sign_in(), f"/de{article.url}")
    assert "Only in English." in page
    assert 'class="prose" lang="en" dir="ltr"' in page
    assert '<html lang="en"' in page


def test_a_foreign_article_leads_on_in_the_readers_language(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    """S-42: where the related article has a live version in it."""
    article = make_article(mail, "Zebra")
    lion, tiger = make_article(mail, "Lion"), make_article(mail, "Tiger")
    for other in (lion, tiger):
        RelatedArticle.objects.create(page=article, article=other)
    own = make_article(polish, "Lew", slug="lew", translation_key=lion.translation_key)
    hidden = make_article(polish, "Tygrys", slug="tygrys", translation_key=tiger.translation_key)
    hidden.unpublish()
    shown = body(sign_in(), f"/pl{article.url}").split("related-title")[2].split("</section>")[0]
    assert f'href="{own.url}"' in shown
    assert f'href="{lion.url}"' not in shown
    assert "Tiger" in shown
    assert "Tygrys" not in shown
    shown = body(sign_in(), article.url).split("related-title")[2].split("</section>")[0]
    assert f'href="{lion.url}"' in shown


def test_the_address_of_one_language_leads_to_the_version_of_another_ml_02(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra")
    own = make_article(polish, "Zebra", slug="zebra-pl", translation_key=article.translation_key)
    client = sign_in()
    assert client.get(f"/pl{article.url}")["Location"] == "/pl/help/zebra-pl/"
    assert client.get("/help/zebra-pl/")["Location"] == article.url
    lone = make_article(polish, "Tylko u nas", slug="tylko")
    assert client.get("/help/tylko/")["Location"] == lone.url
    own.unpublish()
    assert client.get(f"/pl{article.url}").status_code == 200


def test_a_hidden_translation_is_nowhere_named(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra")
    make_article(
        polish, "Tajne", slug="tajne", translation_key=article.translation_key, visibility="staff"
    )
    assert "tajne" not in body(sign_in(), article.url)
    assert sign_in().get(f"/pl{article.url}").status_code == 200


@pytest.mark.parametrize(
    "path", ["%00", "x%00y", "a" * 5000, "../../etc", "%E2%80%AE", "-", "-/x", "'"]
)
def test_odd_addresses_are_missing_pages(
    help_centre: SectionPage, sign_in: SignIn, path: str
) -> None:
    assert sign_in().get(f"/help/{path}/").status_code == 404


def test_an_address_without_slash_is_put_right(mail: SectionPage, sign_in: SignIn) -> None:
    answer = sign_in().get("/help/mail")
    assert (answer.status_code, answer["Location"]) == (301, "/help/mail/")


def test_the_index_shows_sections_in_the_readers_language(
    mail: SectionPage, polish: SectionPage, sign_in: SignIn
) -> None:
    make_section(polish, "Poczta")
    assert "Mail" in body(sign_in(), "/help/")
    assert "Poczta" in body(sign_in(), "/pl/help/")
    german = body(sign_in(), "/de/help/")
    assert "Mail" in german
    assert 'lang="en"' in german


def test_an_empty_help_centre_says_so(site_tree: None, sign_in: SignIn) -> None:
    assert "No articles yet" in body(sign_in(), "/help/")


def test_a_section_of_many_articles_is_paged(mail: SectionPage, sign_in: SignIn) -> None:
    for number in range(45):
        make_article(mail, f"Article {number:02}", "x")
    page = body(sign_in(), mail.url)
    assert page.count('class="row"') == 30
    following = re.search(r'href="([^"]*\?after=[^"]+)"', page)
    assert following
    second = body(sign_in(), following[1].replace("&amp;", "&"))
    assert second.count('class="row"') == 15
    assert "Article 44" in second
    last = ArticlePage.objects.get(title="Article 44")
    tree = body(sign_in(), last.url)
    assert tree.count("Article 44") >= 2
    assert tree.count("/help/mail/article-") < 100


def test_pages_cost_the_same_with_one_and_with_twenty_rows(
    mail: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail, "Zebra 0")
    client = sign_in()
    urls = ["/help/", mail.url, article.url]
    for url in urls:
        client.get(url)
    before = [queries(client, url) for url in urls]
    for number in range(20):
        make_article(mail, f"Zebra {number + 1}")
        make_section(SectionPage.objects.get(pk=mail.get_parent().pk), f"Section {number}")
    for url in urls:
        client.get(url)
    after = [queries(client, url) for url in urls]
    assert after == before
    assert after[2] <= 8, after
    assert max(after) <= 10, after


def test_a_visitor_gets_no_cookie_and_an_etag_that_changes_with_the_text(
    mail: SectionPage, sign_in: SignIn
) -> None:
    article = make_article(mail)
    client = sign_in()
    first = client.get(article.url)
    assert not first.cookies
    assert "public" in first["Cache-Control"]
    tag = first["ETag"]
    again = client.get(article.url, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    republish(article, title="Another title")
    fresh = client.get(article.url, headers={"if-none-match": tag})
    assert (fresh.status_code, "Another title" in fresh.content.decode()) == (200, True)


def test_an_etag_never_keeps_a_closed_article_open(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail)
    client = sign_in()
    tag = client.get(article.url)["ETag"]
    republish(mail, visibility="staff")
    assert client.get(article.url, headers={"if-none-match": tag}).status_code == 404


def test_members_pages_are_private_and_have_no_etag(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    answer = sign_in(cast.bob).get(make_article(mail).url)
    assert "ETag" not in answer
    assert answer["Cache-Control"] == "private, no-store"


def test_a_section_names_questions_about_its_product(mail: SectionPage, sign_in: SignIn) -> None:
    product = Product.objects.create(code="mail", names={"en": "Mail"}, descriptions={})
    republish(mail, product=product)
    assert sign_in().get(mail.url).status_code == 200


def test_archived_articles_say_so_and_leave_the_lists(mail: SectionPage, sign_in: SignIn) -> None:
    article = make_article(mail, "Old ways", is_archived=True)
    assert "no longer checked" in body(sign_in(), article.url)
    assert "Old ways" not in body(sign_in(), mail.url)
