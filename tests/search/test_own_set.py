"""search_eval --own: the site's own clicks and helpful votes as a judged set (AA-02, SE-08)."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search.editing.own_set import own_sets
from search.models_editing import QueryClick, QueryCount
from tests.search.library import Library


def opened(
    text: str, pk: str, clicks: int, helpful: int = 0, days_ago: int = 0, language: str = "en"
) -> None:
    day = timezone.now().date() - timedelta(days=days_ago)
    count, _new = QueryCount.objects.get_or_create(day=day, language=language, text=text)
    QueryClick.objects.create(
        count=count, kind="note", object_id=pk, clicks=clicks, helpful=helpful
    )


def evaluated(*options: str) -> list[dict[str, object]]:
    out = StringIO()
    call_command("search_eval", "--own", "--json", *options, stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_was_opened_often_is_an_answer(db: None) -> None:
    opened("vpn", "1", 2)
    opened("vpn", "1", 2, days_ago=1)
    opened("vpn", "2", 2, helpful=1)
    opened("vpn", "3", 1)
    opened("[…] vpn", "1", 9)
    opened("old", "1", 9, days_ago=91)
    [own] = own_sets()
    assert own.language == "en"
    assert own.judged == {"vpn": {"note 1": 2, "note 2": 2}}


def test_the_command_prints_the_usual_figures(library: Library) -> None:
    mailbox = library.add("Mailbox full")
    calendar = library.add("Calendar shared")
    library.add("Skrzynka", language="pl")
    opened("mailbox", mailbox, 3)
    opened("shared calendar", calendar, 3)
    opened("xylophone", calendar, 3)
    opened("skrzynka", "999", 3, language="pl")
    english, polish = evaluated("--typos")
    assert english["set"] == "own-en"
    assert english["queries"] == 3
    assert english["success@5"] == round(2 / 3, 4)
    assert english["empty"] == round(1 / 3, 4)
    assert {"ndcg@10", "mrr@10", "recall@100", "p50_ms", "typo_ndcg@10", "typo_loss"} <= set(
        english
    )
    assert polish["ndcg@10"] == 0


def test_private_things_are_not_found_by_it(library: Library) -> None:
    secret = library.add("Mailbox of somebody", tokens=frozenset({"user:5"}))
    opened("mailbox", secret, 3)
    [english] = evaluated()
    assert english["empty"] == 1


def test_a_young_log_says_so(db: None) -> None:
    errors = StringIO()
    call_command("search_eval", "--own", stdout=StringIO(), stderr=errors)
    assert "often enough" in errors.getvalue()


def test_an_engine_that_does_not_exist_is_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"invalid choice: 'bogus'.*'sql'"):
        call_command("search_eval", str(tmp_path), "--engine", "bogus")


def test_something_must_be_asked(db: None) -> None:
    with pytest.raises(CommandError, match="--own"):
        call_command("search_eval")
