"""Pictures and documents go to who may read an article that shows them (reliability class 23)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection

from accounts.models import User
from jobs.testing import drain
from kb.integrity import checks
from kb.models import ArticleFile, ArticlePage, SectionPage
from tests.cast import Cast
from tests.kb.factories import file_of, make_article, make_image, make_section, republish
from tests.posting.pictures import picture

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def showing(image: Any) -> list[Any]:
    return [("picture", {"image": image, "alt": "A kestrel", "caption": ""})]


def article_with(section: SectionPage, image: Any, **fields: Any) -> ArticlePage:
    article = make_article(section, "With a picture", **fields)
    article.body = showing(image)
    article.save()
    return article


def url(image: Any) -> str:
    return f"/media/{file_of(image)}"


def seen(client: Client, address: str) -> bool:
    """Whether it comes; missing and forbidden are the same answer."""
    status = client.get(address).status_code
    assert status in {200, 404}
    return status == 200


def test_a_picture_is_as_open_as_its_article(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    image = make_image()
    article = article_with(mail, image, visibility="customers")
    assert f'src="{url(image)}"' in article.body_html
    assert not seen(Client(), url(image))
    assert not seen(sign_in(cast.mia), url(image))
    assert seen(sign_in(cast.bob), url(image))
    answer = sign_in(cast.bob).get(url(image))
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Content-Type"] == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_closing_an_article_closes_its_pictures_at_once(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    """Class 8: nobody has to remember the pictures."""
    image = make_image()
    article = article_with(mail, image)
    assert seen(Client(), url(image))
    article = republish(article, visibility="staff")
    assert not seen(Client(), url(image))
    assert seen(sign_in(cast.dana), url(image))
    article = republish(article, visibility="public")
    assert seen(Client(), url(image))
    inner = make_section(mail, "For staff", visibility="staff")
    article.move(inner, pos="last-child")
    assert not seen(Client(), url(image))
    ArticlePage.objects.get(pk=article.pk).unpublish()
    assert not seen(sign_in(cast.dana), url(image))


def test_a_picture_in_two_articles_is_as_open_as_the_more_open(mail: SectionPage) -> None:
    image = make_image()
    article_with(mail, image, visibility="staff")
    other = article_with(mail, image)
    assert seen(Client(), url(image))
    republish(other, body=[("text", "Without it.")])
    assert not seen(Client(), url(image))


def test_a_draft_opens_nothing_and_editors_see_the_library(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    image = make_image()
    article = make_article(mail, "Later with a picture")
    article.body = showing(image)
    article.save_revision()
    assert not seen(Client(), url(image))
    assert not seen(sign_in(cast.dana), url(image))
    assert seen(sign_in(cast.ed), url(image))
    assert seen(sign_in(cast.ed), f"/media/{image.file.name}")
    # Only what an article shows is open, not the larger original of the same picture.
    republish(article, body=showing(image))
    assert seen(Client(), url(image))
    assert not seen(Client(), f"/media/{image.file.name}")


def test_a_picture_in_markdown_follows_the_same_rule(mail: SectionPage) -> None:
    image = make_image()
    file_of(image)
    article = make_article(mail, "Typed", body=f"![A kestrel]({url(image)})")
    assert seen(Client(), url(image))
    republish(article, visibility="staff")
    assert not seen(Client(), url(image))


def test_a_new_file_for_a_picture_is_shown_by_every_article(
    mail: SectionPage, cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    """Wagtail removes the old file and its sizes; the stored texts must not point there."""
    image = make_image()
    articles = [article_with(mail, image), article_with(mail, image)]
    old = url(image)
    address = reverse("wagtailimages:edit", args=[image.pk])
    file = SimpleUploadedFile("new.png", picture(), "image/png")
    data = {"title": "Kestrel", "description": "", "tags": "", "file": file}
    data["collection"] = image.collection_id
    # As the migrations leave it: the editors' group is not what this is about.
    User.objects.filter(pk=cast.root.pk).update(is_superuser=True)
    client = sign_in(cast.root)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, data)
    drain()
    image.refresh_from_db()
    new = url(image)
    assert new != old
    for article in articles:
        article.refresh_from_db()
        assert old not in article.body_html
        assert f'src="{new}"' in article.body_html
    assert seen(Client(), new)
    assert not seen(Client(), old)
    assert not [problems for _name, problems in checks() if problems]


@pytest.mark.parametrize(
    "path", ["images/none.webp", "../db.sqlite3", "documents/a.pdf", "images/a.svg", "a.html", "x"]
)
def test_nothing_else_comes_out_of_the_store(
    path: str, mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    for client in (Client(), sign_in(cast.ed)):
        assert client.get(f"/media/{path}").status_code == 404


def test_a_visitors_picture_is_kept_by_caches_and_revalidated(mail: SectionPage) -> None:
    image = make_image()
    article = article_with(mail, image)
    first = Client().get(url(image))
    assert first.headers["Cache-Control"].startswith("public")
    tag = {"if-none-match": first.headers["ETag"]}
    assert Client().get(url(image), headers=tag).status_code == 304
    republish(article, visibility="staff")
    assert Client().get(url(image), headers=tag).status_code == 404


def test_a_document_goes_to_readers_of_an_article_that_links_it(
    mail: SectionPage, cast: Cast, sign_in: SignIn
) -> None:
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    sent = ContentFile(b"%PDF-1.4 kestrel", name="plan.pdf")
    document = get_document_model().objects.create(title="Plan", file=sent, collection=collection)
    assert document.url == f"/documents/{document.pk}/{document.filename}"
    assert not seen(Client(), document.url)
    assert seen(sign_in(cast.ed), document.url)
    make_article(mail, "Links it", body=f"[Plan]({document.url})", visibility="customers")
    assert not seen(Client(), document.url)
    assert not seen(sign_in(cast.mia), document.url)
    answer = sign_in(cast.alice).get(document.url)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(cast.alice).get(f"/documents/{document.pk}/other.pdf").status_code == 404


def test_the_check_finds_what_is_not_as_in_the_text(mail: SectionPage) -> None:
    article_with(mail, make_image())
    assert dict(checks())["pictures and documents of articles"] == []
    ArticleFile.objects.all()[0].delete()
    assert len(dict(checks())["pictures and documents of articles"]) == 1
