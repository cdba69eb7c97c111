"""From blocks to what readers get: headings, anchors, callouts, pictures."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from common.blocks import ArticleBlocks, MarkdownBlock, PictureBlock
from kb.markdown_blocks import to_blocks
from kb.models import ArticlePage, SectionPage
from kb.rendering import passages, reading_minutes, render_article
from tests.kb.factories import make_article, make_image, republish

pytestmark = pytest.mark.django_db


def stream(*blocks: tuple[str, object, str]) -> object:
    raw = [{"type": kind, "value": value, "id": name} for kind, value, name in blocks]
    return ArticleBlocks().to_python(raw)


def test_headings_get_anchors_of_block_and_ordinal_kb_14() -> None:
    done = render_article(stream(("text", "## A\n\nx\n\n### B\n\ny", "0123456789ab")), "en")
    assert [(entry["anchor"], entry["text"], entry["level"]) for entry in done.contents] == [
        ("s-01234567-1", "A", 2),
        ("s-01234567-2", "B", 3),
    ]
    assert '<h2 id="s-01234567-1">A<a class="anchor" href="#s-01234567-1"' in done.html


def test_anchors_of_a_translation_are_the_same_kb_14() -> None:
    english = render_article(ArticleBlocks().to_python(to_blocks("## One\n\nx", key="k")), "en")
    polish = render_article(ArticleBlocks().to_python(to_blocks("## Raz\n\nx", key="k")), "pl")
    assert english.contents[0]["anchor"] == polish.contents[0]["anchor"]
    assert polish.contents[0]["text"] == "Raz"


def test_anchor_signs_are_not_part_of_the_text() -> None:
    done = render_article(stream(("text", "## A\n\nWords.", "0123456789ab")), "en")
    assert "#" not in done.text


def test_alerts_become_callouts_outside_of_code() -> None:
    blocks = to_blocks("Text.\n\n> [!TIP]\n> Do it.\n\n```\n> [!NOTE]\n```", key="k")
    assert [block["type"] for block in blocks] == ["text", "callout", "text"]
    assert blocks[1]["value"] == {"kind": "tip", "text": "Do it."}


def test_a_callout_says_its_kind_in_words() -> None:
    value = {"kind": "warning", "text": "Hot."}
    html = render_article(stream(("callout", value, "c" * 36)), "en").html
    assert 'class="callout callout--warning"' in html
    assert '<strong class="callout__word">Careful</strong>' in html


def test_tables_scroll_and_can_be_reached_by_keyboard() -> None:
    html = render_article(stream(("text", "| a | b |\n|---|---|\n| 1 | 2 |", "t" * 36)), "en").html
    assert '<div class="table" tabindex="0"><table>' in html
    assert html.count("<div") == html.count("</div>")


def test_typed_markup_stays_text_s_xss() -> None:
    text = "<script>alert(1)</script> <table> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"
    html = render_article(stream(("text", text, "x" * 36)), "en").html
    assert "<script" not in html
    assert "<table" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


@pytest.mark.parametrize("part", ["kind", "text"])
def test_a_hostile_callout_stays_text(part: str) -> None:
    value = {"kind": "note", "text": "x"} | {part: '"><script>alert(1)</script>'}
    assert "<script" not in render_article(stream(("callout", value, "x" * 36)), "en").html


def test_a_picture_links_to_its_large_file_and_has_words_kb_16() -> None:
    image = make_image()
    value = {"image": image.pk, "alt": 'The "save" button', "caption": ""}
    html = render_article(stream(("picture", value, "p" * 36)), "en").html
    assert 'alt="The &quot;save&quot; button"' in html
    assert 'width="40" height="30"' in html
    assert '<figure class="picture"><a href="/media/' in html


def test_a_picture_without_words_is_refused_kb_16() -> None:
    image = make_image()
    block = PictureBlock()
    with pytest.raises(ValidationError):
        block.clean(block.to_python({"image": image.pk, "alt": "", "caption": ""}))


def test_markdown_pictures_need_words_too_kb_16() -> None:
    with pytest.raises(ValidationError):
        MarkdownBlock().clean("![ ](/uploads/1.png)")


def test_a_lost_image_file_does_not_take_the_article_with_it() -> None:
    image = make_image()
    image.file.delete(save=False)
    value = {"image": image.pk, "alt": "x", "caption": ""}
    done = render_article(stream(("picture", value, "p" * 36), ("text", "After.", "t" * 36)), "en")
    assert "After." in done.text


def test_reading_time_counts_characters_where_there_are_no_blanks() -> None:
    assert reading_minutes("word " * 440) == 2
    assert reading_minutes("設" * 1000) == 2
    assert reading_minutes("") == 1


def test_new_blocks_get_their_ids_before_anchors_are_made_kb_14(mail: SectionPage) -> None:
    page = make_article(mail)
    page.body = [("text", "## New\n\nx")]
    page = republish(page, body=page.body)
    again = ArticlePage.objects.get(pk=page.pk)
    again.draw("en")
    assert again.contents == page.contents
    assert "None" not in page.contents[0]["anchor"]


def test_passages_name_heading_and_text_apart(mail: SectionPage) -> None:
    page = make_article(mail)
    parts = [(heading, text.strip()) for _anchor, heading, text in passages(page)]
    assert parts == [("", "Intro."), ("First", "One."), ("Second", "Two.")]


def test_saving_unchanged_text_changes_no_line() -> None:
    """A browser sends \\r\\n; compared with the text before, every line would count as new."""
    block = MarkdownBlock()
    sent = block.value_from_datadict({"body": "One\r\n\r\n- two\r\n"}, {}, "body")
    assert sent == "One\n\n- two\n"
