"""Writing in the Wagtail admin, as an editor's browser does it (KB-01, KB-16)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupApprovalTask, Workflow

from common.markdown import VERSION
from jobs.testing import drain, failures
from kb.models import ArticlePage, SectionPage
from kb.rights import WAGTAILS_REVIEW, ensure_review
from kb.tasks import renew_html
from tests.cast import Cast
from tests.kb.factories import make_article, make_image, republish

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def editor(cast: Cast, help_centre: SectionPage, sign_in: SignIn) -> Client:
    from home.setup import ensure_site

    ensure_site()
    return sign_in(cast.ed)


def stream(*blocks: tuple[str, dict[str, str]]) -> dict[str, str]:
    """The fields of a stream as the admin's form sends them."""
    data = {"body-count": str(len(blocks))}
    for number, (kind, fields) in enumerate(blocks):
        prefix = f"body-{number}"
        data |= {
            f"{prefix}-deleted": "",
            f"{prefix}-order": str(number),
            f"{prefix}-type": kind,
            f"{prefix}-id": "",
        }
        data |= {f"{prefix}-{name}".rstrip("-"): value for name, value in fields.items()}
    return data


def form(*blocks: tuple[str, dict[str, str]], **fields: str) -> dict[str, str]:
    return {
        "title": "Set up mail",
        "slug": "set-up-mail",
        "summary": "",
        "product": "",
        "visibility": "public",
        "checked_at": "",
        "seo_title": "",
        "search_description": "",
        "related_links-TOTAL_FORMS": "0",
        "related_links-INITIAL_FORMS": "0",
        "related_links-MIN_NUM_FORMS": "0",
        "related_links-MAX_NUM_FORMS": "5",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **stream(*(blocks or (("text", {"value": "## One\n\nWords."}),))),
        **fields,
    }


def create(client: Client, parent: SectionPage, data: dict[str, str]) -> Any:
    url = reverse("wagtailadmin_pages:add", args=["kb", "articlepage", parent.pk])
    return client.post(url, data)


def test_an_editor_writes_a_draft_and_publishes_it_kb_01(editor: Client, mail: SectionPage) -> None:
    add = reverse("wagtailadmin_pages:add", args=["kb", "articlepage", mail.pk])
    assert editor.get(add).status_code == 200
    assert create(editor, mail, form()).status_code == 302
    article = ArticlePage.objects.get(title="Set up mail")
    assert not article.live
    assert Client().get(article.url).status_code == 404
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert editor.get(edit).status_code == 200
    published = form(checked_at="2026-11-20") | {"action-publish": "1"}
    assert editor.post(edit, published).status_code == 302
    article = ArticlePage.objects.get(pk=article.pk)
    assert article.live
    assert article.contents[0]["text"] == "One"
    assert article.renderer_version == VERSION
    assert article.checked_by.display_name == "Ed"
    assert Client().get(article.url).status_code == 200


def test_history_compare_and_old_revisions_open_kb_01(editor: Client, mail: SectionPage) -> None:
    article = make_article(mail, "First title")
    old = article.latest_revision_id
    article = republish(article, title="Second title")
    new = article.latest_revision_id
    for name, args in (
        ("history", [article.pk]),
        ("revisions_compare", [article.pk, old, new]),
        ("revisions_view", [article.pk, old]),
        ("revisions_revert", [article.pk, old]),
        ("view_draft", [article.pk]),
    ):
        page = editor.get(reverse(f"wagtailadmin_pages:{name}", args=args))
        assert page.status_code == 200, name
    shown = editor.get(reverse("wagtailadmin_pages:revisions_view", args=[article.pk, old]))
    assert "First title" in shown.content.decode()


def test_a_preview_shows_the_draft_in_a_frame(editor: Client, mail: SectionPage) -> None:
    article = make_article(mail, "Title", "Published words.")
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.body = [("text", "Drafted words.")]
    draft.save_revision()
    answer = editor.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    page = answer.content.decode()
    assert "Drafted words." in page
    assert "Published words." not in page
    assert "Was this helpful?" not in page
    assert "Content-Security-Policy" not in answer
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Published words." in Client().get(article.url).content.decode()


@pytest.mark.parametrize("kind", ["articlepage", "sectionpage"])
def test_a_new_page_can_be_previewed(editor: Client, mail: SectionPage, kind: str) -> None:
    data = form(lead="", icon="")
    url = reverse("wagtailadmin_pages:preview_on_add", args=["kb", kind, mail.pk])
    answer = editor.post(url, data)
    assert json.loads(answer.content)["is_valid"], answer.content
    assert "Set up mail" in editor.get(url).content.decode()


def test_revisions_hold_no_derived_columns(mail: SectionPage) -> None:
    content = make_article(mail).latest_revision.content
    for name in ("body_html", "body_text", "contents", "helpful_count", "effective_visibility"):
        assert name not in content


def test_a_picture_without_words_cannot_be_published_kb_16(
    editor: Client, mail: SectionPage
) -> None:
    image = str(make_image().pk)
    fields = {"value-image": image, "value-alt": "", "value-caption": ""}
    answer = create(editor, mail, form(("picture", fields)) | {"action-publish": "1"})
    assert answer.status_code == 200
    assert not ArticlePage.objects.filter(title="Set up mail", live=True).exists()
    fields["value-alt"] = "The save button"
    answer = create(editor, mail, form(("picture", fields)) | {"action-publish": "1"})
    assert answer.status_code == 302
    assert 'alt="The save button"' in ArticlePage.objects.get(title="Set up mail").body_html


def test_a_list_of_pages_shows_visibility_check_and_helpful_share(
    editor: Client, mail: SectionPage
) -> None:
    article = make_article(mail, visibility="customers", checked_at="2026-11-02")
    ArticlePage.objects.filter(pk=article.pk).update(helpful_count=3, unhelpful_count=1)
    page = editor.get(reverse("wagtailadmin_explore", args=[mail.pk])).content.decode()
    assert "Customers and staff" in page
    assert "75 % (4)" in page
    assert "Nov. 2, 2026" in page or "2026-11-02" in page
    root = mail.get_parent()
    assert "Mail" in editor.get(reverse("wagtailadmin_explore", args=[root.pk])).content.decode()


def test_editors_stay_within_the_help_centre(
    cast: Cast, help_centre: SectionPage, sign_in: SignIn, mail: SectionPage
) -> None:
    article = make_article(mail)
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    for person in (cast.bob, cast.dana, cast.erin, cast.sam):
        assert sign_in(person).get(edit).status_code != 200, person


def test_a_language_has_one_help_centre(help_centre: SectionPage, mail: SectionPage) -> None:
    home = help_centre.get_parent()
    assert not SectionPage.can_create_at(home)
    assert SectionPage.can_create_at(mail)
    assert not mail.can_move_to(home)


def test_the_admin_is_outside_of_the_public_content_policy(editor: Client) -> None:
    assert "Content-Security-Policy" not in editor.get(reverse("wagtailadmin_home"))
    assert "Content-Security-Policy" in Client().get("/help/")


def test_an_older_renderers_text_is_renewed_by_a_job_not_on_read(mail: SectionPage) -> None:
    article = make_article(mail)
    ArticlePage.objects.filter(pk=article.pk).update(renderer_version=0, body_html="<p>Old</p>")
    assert "<p>Old</p>" in Client().get(article.url).content.decode()
    renew_html.enqueue()
    drain()
    assert failures() == []
    fresh = ArticlePage.objects.get(pk=article.pk)
    assert (fresh.renderer_version, fresh.body_html) == (VERSION, article.body_html)
    assert "<p>Old</p>" not in Client().get(article.url).content.decode()


def test_tags_are_one_line_of_words_and_come_back(editor: Client, mail: SectionPage) -> None:
    create(editor, mail, form(tags="DNS, mail routing, dns"))
    page = ArticlePage.objects.get(title="Set up mail")
    assert sorted(tag.name for tag in page.tags.all()) == ["dns", "mail routing"]
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert 'value="dns, mail routing"' in editor.get(address).text
    shown = editor.post(address, form(tags="a, b, c, d, e, f"))
    assert "Five tags are enough" in shown.text
    assert 'value="a, b, c, d, e, f"' in shown.text


def test_icons_are_chosen_and_fields_that_nothing_reads_are_gone(
    editor: Client, mail: SectionPage
) -> None:
    page = editor.get(reverse("wagtailadmin_pages:edit", args=[mail.pk])).text
    assert '<option value="envelope-simple"' in page
    for name in ("seo_title", "search_description", "show_in_menus"):
        assert f'name="{name}"' not in page


def test_review_asks_the_roles_that_there_are_kb_01(cast: Cast, help_centre: SectionPage) -> None:
    stale = Group.objects.create(name="Moderators")
    task = GroupApprovalTask.objects.create(name=WAGTAILS_REVIEW)
    task.groups.add(stale)
    Workflow.objects.create(name=WAGTAILS_REVIEW)
    ensure_review()
    ensure_review()
    task.refresh_from_db()
    assert {group.name for group in task.groups.all()} == {"editor", "administrator"}
    assert Workflow.objects.get().name == "Review by another editor"
    assert not Group.objects.filter(name="Moderators").exists()
