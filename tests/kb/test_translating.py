"""Translating articles with wagtail-localize (KB-14, ML-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import (
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)

from common.blocks import ArticleBlocks
from common.translating import markdown_restored, markdown_segments, paragraphs
from kb.models import ArticlePage, SectionPage
from tests.cast import Cast
from tests.kb.factories import make_article, republish

Publish = Callable[[Translation], None]
pytestmark = pytest.mark.django_db
MARKDOWN = """Intro with **bold** & <angle> “quotes”.
Second line.

## First heading

1. One
   continued

   ```
   code   with    blanks

   ## not a heading
   ```

2. Two

| a | b |
|---|---|
| 1 | 2 |


## First heading

~~~~ python
x = "~~~"
~~~
~~~~
Same words.

Same words."""


@pytest.fixture(autouse=True)
def no_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """It notes the newest migration, whose table PostgreSQL misses where none were run."""
    monkeypatch.setattr("wagtail_localize.models.get_schema_version", lambda app_label: "")


@pytest.fixture
def article(mail: SectionPage) -> ArticlePage:
    page = make_article(mail, "Set up mail", slug="set-up-mail")
    raw = [
        {"type": "text", "value": MARKDOWN, "id": "11111111-0000-4000-8000-000000000001"},
        {
            "type": "callout",
            "value": {"kind": "tip", "text": "A **tip**."},
            "id": "22222222-0000-4000-8000-000000000002",
        },
        {
            "type": "steps",
            "value": [
                {
                    "type": "item",
                    "value": {"text": "Press.", "image": None, "alt": ""},
                    "id": "33333333-0000-4000-8000-000000000003",
                }
            ],
            "id": "44444444-0000-4000-8000-000000000004",
        },
        {
            "type": "table",
            "value": {
                "columns": [
                    {"type": "text", "heading": "Port"},
                    {"type": "number", "heading": "No"},
                ],
                "rows": [{"values": ["Mail", 25]}],
                "caption": "Ports",
            },
            "id": "55555555-0000-4000-8000-000000000005",
        },
    ]
    return republish(page, body=ArticleBlocks().to_python(raw))


def submit(article: ArticlePage) -> Translation:
    source, _new = TranslationSource.update_or_create_from_instance(article)
    return Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="pl")
    )


@pytest.fixture
def publish(django_capture_on_commit_callbacks: Any) -> Callable[[Translation], None]:
    """wagtail-localize publishes when its transaction is committed."""

    def make(translation: Translation) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(publish=True)

    return make


def translate(translation: Translation, prefix: str = "PL ") -> None:
    for segment in StringSegment.objects.filter(source=translation.source):
        words = segment.string.data
        heading = words.startswith("## ")
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=translation.target_locale,
            context=segment.context,
            defaults={"data": f"## {prefix}{words[3:]}" if heading else f"{prefix}{words}"},
        )


def test_paragraphs_joined_are_the_text() -> None:
    for text in (
        MARKDOWN,
        "",
        "\n\n",
        "a",
        "a\n",
        "```\nopen",
        "a\r\n\r\nb",
        "    code\n\n    more",
    ):
        assert "".join(piece for piece, _words in paragraphs(text)) == text


def test_markdown_survives_the_way_through_segments() -> None:
    assert markdown_restored(MARKDOWN, markdown_segments(MARKDOWN)) == MARKDOWN
    words = [segment.render_text() for segment in markdown_segments(MARKDOWN)]
    assert "## First heading" in words
    assert not any("not a heading" in text or '"~~~"' in text for text in words)


def test_a_new_paragraph_leaves_the_names_of_the_others() -> None:
    before = {segment.path for segment in markdown_segments("One.\n\nTwo.")}
    assert before < {segment.path for segment in markdown_segments("New.\n\nOne.\n\nTwo.")}


def test_a_published_translation_keeps_block_ids_and_anchors_kb_14(
    article: ArticlePage, polish: SectionPage, publish: Publish
) -> None:
    translation = submit(article)
    translate(translation)
    publish(translation)
    own = ArticlePage.objects.get(translation_key=article.translation_key, locale=polish.locale)
    assert own.live
    assert own.title == "PL Set up mail"
    assert [block.id for block in own.body] == [block.id for block in article.body]
    assert [entry["anchor"] for entry in own.contents] == [
        entry["anchor"] for entry in article.contents
    ]
    assert [entry["text"] for entry in own.contents] == ["PL First heading"] * 2
    assert "code   with    blanks" in own.body_html
    assert "PL A <strong>tip</strong>." in own.body_html
    assert "PL Press." in own.body_html
    assert "PL Ports" in own.body_html
    assert '<th scope="col">PL Port</th>' in own.body_html
    assert "<td>25</td>" in own.body_html


def test_a_link_to_a_step_survives_translation_kb_14(
    article: ArticlePage, polish: SectionPage, publish: Publish
) -> None:
    anchor = article.contents[0]["anchor"]
    translation = submit(article)
    translate(translation)
    publish(translation)
    page = Client().get(f"/pl{article.url}", follow=True)
    assert page.redirect_chain
    assert f'id="{anchor}"' in page.content.decode()
    assert '<html lang="pl"' in page.content.decode()


def test_visibility_goes_along_and_is_kept_in_step(
    article: ArticlePage, polish: SectionPage, publish: Publish
) -> None:
    translation = submit(article)
    translate(translation)
    publish(translation)
    own = ArticlePage.objects.get(translation_key=article.translation_key, locale=polish.locale)
    assert own.effective_visibility == "public"
    republish(article, visibility="staff")
    translation.source.update_from_db()
    publish(translation)
    assert ArticlePage.objects.get(pk=own.pk).effective_visibility == "staff"


def test_an_editor_translates_in_the_admin(
    article: ArticlePage, polish: SectionPage, cast: Cast, sign_in: Callable[..., Client]
) -> None:
    from home.setup import ensure_site

    ensure_site()
    client = sign_in(cast.ed)
    translation = submit(article)
    translate(translation)
    translation.save_target(publish=False)
    own = ArticlePage.objects.get(translation_key=article.translation_key, locale=polish.locale)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[own.pk]))
    assert page.status_code == 200
    assert "PL Press." in page.content.decode()
    form = client.get(reverse("wagtail_localize:submit_page_translation", args=[article.pk]))
    assert form.status_code in {200, 302}


def test_a_translation_begins_as_a_draft(
    mail: SectionPage, polish: SectionPage, cast: Cast, sign_in: Callable[..., Client]
) -> None:
    """A Polish reader must not get English words as a Polish article."""
    article = make_article(mail, "Set up mail")
    mail.copy_for_translation(polish.locale)
    # Wagtail-localize makes its permission in a migration, which these tests leave out.
    cast.root.is_superuser = True
    cast.root.save()
    editor = sign_in(cast.root)
    submit_page = reverse("wagtail_localize:submit_page_translation", args=[article.pk])
    answer = editor.post(submit_page, {"locales": [polish.locale.pk]})
    assert answer.status_code == 302, answer.text
    made = ArticlePage.objects.get(translation_key=article.translation_key, locale=polish.locale)
    assert article.live
    assert not made.live
