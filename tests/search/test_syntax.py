"""SE-05: what a query means, in English and in the reader's language; bad syntax is plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from ideas.models import Stage
from products.models import Product
from search.query import find, suggest
from search.syntax import Parsed, parse
from tests.search.conftest import every_engine
from tests.search.library import Library

pytestmark = pytest.mark.django_db


def meant(text: str) -> tuple[str, list[tuple[str, Any]]]:
    parsed = parse(text)
    return parsed.text, [(piece.name, piece.value) for piece in parsed.pieces]


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("mail -spam", "mail", [("without", "spam")]),
        ("title:quota mail", "quota mail", [("title", "quota")]),
        ('title:"shared mailbox"', "shared mailbox", [("title", "shared mailbox")]),
        ("tag:dns", "", [("tag", "dns")]),
        ("is:solved mail", "mail", [("solved", True)]),
        ("mail is:unsolved", "mail", [("solved", False)]),
        ("in:ideas kind:articles x", "x", [("kind", "idea"), ("kind", "article")]),
        ("lang:pl x", "x", [("language", "pl")]),
        ("language:Polski lang:zh x", "x", [("language", "pl"), ("language", "zh-hans")]),
        ("sort:newest x", "x", [("sort", "newest")]),
        ("status:planned x", "x", [("state", ("planned",))]),
        ('status:"being built" x', "x", [("state", ("started",))]),
        ("state:waits-for-you x", "x", [("state", ("waits_for_you",))]),
        ("is:answered x", "x", [("state", ("answered", "solved"))]),
        ("is:archived x", "x", [("state", ("archived",))]),
        ("-title:spam mail", "mail", [("without_title", "spam")]),
        ("-is:solved mail", "mail", [("without_filter", ("solved", True))]),
        ('-"old stuff" mail', "mail", [("without_phrase", "old stuff")]),
    ],
)
def test_fields(text: str, words: str, pieces: list[tuple[str, Any]]) -> None:
    """SE-05."""
    assert meant(text) == (words, pieces)


def test_open_means_open_for_every_kind() -> None:
    """SE-05: `is:open` is not one code: an idea being built and a case with us are open."""
    codes = set(parse("is:open").states)
    assert {"unanswered", "answered", "open", "planned", "started", "new", "with_us"} <= codes
    assert not {"solved", "shipped", "declined", "closed", "archived"} & codes


def test_a_product_by_code_and_by_name() -> None:
    """SE-05."""
    Product.objects.create(code="mail", names={"en": "Alder Mail", "pl": "Poczta"})
    for text in ("product:mail", "product:Poczta", 'product:"alder mail"'):
        assert parse(text).values("product") == ["mail"], text
    assert parse("product:nothing").text == "product:nothing"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("after:2026-01-31", "2026-01-31"),
        ("since:2026-02", "2026-02-01"),
        ("after:2026", "2026-01"),
    ],
)
def test_after_a_day_a_month_or_a_year(text: str, start: str) -> None:
    """SE-05."""
    assert parse(text).last("since").isoformat().startswith(start)


def test_after_a_while() -> None:
    assert abs(parse("after:week").last("since") - timezone.now() + timedelta(7)) < timedelta(0, 9)


@pytest.mark.parametrize(
    "text",
    [
        "after:2026-02-31", "after:99999", "after:yesterday", "lang:klingon", "status:purple",
        "sort:", "sort:oldest", "in:nowhere", "is:nothing", "tag:", "error: disk full", "C:\\temp",
        "5:30", "http://example.com", "title:***", "before:2026-01-01",
    ],
)  # fmt: skip
def test_what_no_field_takes_is_plain_words(text: str) -> None:
    """SE-05."""
    assert meant(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "words", "without"),
    [
        ("mail AND calendar", "mail calendar", []),
        ("mail OR calendar", "mail calendar", []),
        ("mail NOT calendar", "mail", ["calendar"]),
        ("mail AND NOT calendar", "mail", ["calendar"]),
        ('mail NOT "shared calendar"', "mail", ["shared calendar"]),
        # Stress, not logic.
        ("Outlook does NOT sync", "Outlook does NOT sync", []),
        ("page says NOT FOUND", "page says NOT FOUND", []),
        ("DO NOT REPLY AND STOP", "DO NOT REPLY AND STOP", []),
        ("NOT mail", "NOT mail", []),
        ("mail AND", "mail AND", []),
        ("OR mail", "OR mail", []),
        ("salt and pepper or not", "salt and pepper or not", []),
    ],
)
def test_and_or_not(text: str, words: str, without: list[str]) -> None:
    """SE-05: they say what they mean where they can, and do no harm where they cannot."""
    parsed = parse(text)
    excluded = [*parsed.excluded, *parsed.values("without_phrase")]
    assert (parsed.text, excluded) == (words, without)


@pytest.mark.parametrize(
    ("text", "words", "phrases"),
    [
        ('{"code":"X-1","message":"too long"}', "{ code : X-1 , message : too long }", []),
        ('{"code": "X-1", "message": "too long"}', "{ code : X-1 , message : too long }", []),
        ('<error code="X-1">too long', "<error code= X-1 >too long", []),
        ('user "j.reid" not found', "user j.reid not found", ["j.reid"]),
        ('("audit log")', "( audit log )", ["audit log"]),
        ('共有"予定表"', "共有 予定表", ["予定表"]),
        ('title:"reset it" "audit log"', "reset it audit log", ["audit log"]),
    ],
)
def test_quotes_of_pasted_code_are_not_meant(text: str, words: str, phrases: list[str]) -> None:
    """SE-05: as phrases they would find nothing."""
    assert (parse(text).text, parse(text).phrases) == (words, phrases)


@pytest.mark.parametrize("text", ["error -2147024891", "git push --force", "a - b", "-50"])
def test_codes_and_options_are_not_left_out(text: str) -> None:
    assert parse(text).excluded == []
    assert parse(text).text == text


def test_words_of_the_readers_language() -> None:
    """SE-05: kinds and states by their own names; fields as the catalogue says."""
    catalogue = {"title": "tytuł", "in": "w", "lang": "język"}
    with translation.override("pl"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.syntax._FIELDS", {"status": "stan", "is": "jest", **catalogue})
        assert meant("tytuł:hasło w:pytania jezyk:polski")[1] == [
            ("title", "hasło"), ("kind", "question"), ("language", "pl"),
        ]  # fmt: skip
        assert parse(f"stan:{Stage.Category.PLANNED.label} x").states == ["planned"]
        assert parse("in:questions x").kinds == ["question"]


def test_a_piece_can_be_taken_out_again() -> None:
    parsed: Parsed = parse('mail in:ideas -"old stuff" NOT calendar quota')
    assert parsed.without(parsed.pieces[0]) == 'mail -"old stuff" NOT calendar quota'
    assert parsed.without(*parsed.pieces) == "mail quota"


@every_engine
def test_fields_filter_and_order(library: Library) -> None:
    """SE-05: page, API and suggestions understand the same."""
    now = timezone.now()
    library.add("Mailbox old", "x", state="archived", updated_at=now - timedelta(90), language="pl")
    library.add("Mailbox new", "x", updated_at=now - timedelta(2))
    library.add("Mailbox mailbox middle", "mailbox", updated_at=now - timedelta(20))

    def titles(text: str) -> list[str]:
        return [hit.title.split()[-1] for hit in find(text, viewer=None).hits]

    assert titles("mailbox sort:newest") == ["new", "middle", "old"]
    assert titles("mailbox after:month sort:newest") == ["new", "middle"]
    assert titles("mailbox lang:pl") == ["old"]
    assert titles("mailbox status:archived") == ["old"]
    assert titles("in:notes") == ["new", "middle", "old"], "without words: the newest first"
    assert [h.title for h in suggest("mailb after:week", viewer=None)] == ["Mailbox new"]
