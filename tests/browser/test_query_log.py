"""SE-11: the page's script tells what was searched for and opened, without a cookie."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Request, expect

from search.models_editing import Pin, QueryClick, QueryCount
from tests.factories import World


def wait_for(holds: Callable[[], bool]) -> None:
    """The count arrives after the page."""
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it was not counted"
        time.sleep(0.1)


def test_a_search_a_click_and_a_yes(
    page: Page, context: BrowserContext, town: World, enter: Callable[[BrowserContext, Any], None]
) -> None:
    enter(context, town.cast.bob)
    told: list[Request] = []
    page.on("request", lambda request: told.append(request) if "/seen/" in request.url else None)
    title = town.article.title
    page.goto(f"{reverse('search:results')}?q={title}")
    wait_for(lambda: QueryCount.objects.filter(searches=1).exists())
    count = QueryCount.objects.get()
    assert (count.text, count.answered) == (title.lower(), 0)
    page.locator(f'[data-hit="article {town.article.pk}"]').first.click()
    wait_for(lambda: QueryClick.objects.filter(clicks=1).exists())
    helpful = page.locator("#helpful")
    helpful.get_by_role("link", name="Yes").click()
    helpful.get_by_role("button", name="Send").click()
    expect(helpful).to_contain_text("Good to hear")
    wait_for(lambda: QueryClick.objects.filter(helpful=1).exists())
    count.refresh_from_db()
    assert (count.searches, count.answered) == (1, 1)
    assert len(told) == 3
    assert not any("cookie" in request.all_headers() for request in told)


def test_a_chosen_suggestion_counts_and_a_pinned_one_stands_first(page: Page, town: World) -> None:
    Pin.objects.create(queries="kestrel", kind="article", object_id=str(town.article.pk))
    page.goto(reverse("search:results"))
    field = page.get_by_role("main").get_by_role("combobox")
    field.press_sequentially("kestr", delay=10)
    first = page.get_by_role("listbox", name="Suggestions").get_by_role("option").first
    expect(first).to_contain_text("Recommended")
    assert not QueryCount.objects.exists(), "letters are not counted"
    field.press("ArrowDown")
    field.press("Enter")
    wait_for(lambda: QueryClick.objects.filter(clicks=1).exists())
    assert QueryCount.objects.get().text == "kestr"
    assert QueryClick.objects.get().object_id == str(town.article.pk)


def test_without_scripts_nothing_is_counted(plain_page: Page, town: World) -> None:
    Pin.objects.create(queries="kestrel", kind="article", object_id=str(town.article.pk))
    plain_page.goto(f"{reverse('search:results')}?q=kestrel")
    expect(plain_page.locator(".row--result").first).to_contain_text("Recommended")
    plain_page.locator(".row--result .row__title").first.click()
    assert not QueryCount.objects.exists()
