"""SE-09: the list of the search box, by keyboard, on a phone, and what this browser remembers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.factories import World

# Letter by letter, faster than any pause, however slow the machine.
TYPE = """(field, words) => { for (const letter of words) {
    field.value += letter;
    field.dispatchEvent(new InputEvent("input", {bubbles: true, data: letter}));
} }"""


def chosen(page: Page, field: Locator) -> Locator:
    """The option that a screen reader reads."""
    return page.locator(f"#{field.get_attribute('aria-activedescendant')}")


def test_the_list_by_keyboard_and_by_ear(page: Page, town: World) -> None:
    page.goto(reverse("ideas:list"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("/")
    field = page.get_by_role("dialog", name="Search").get_by_role("combobox")
    expect(field).to_be_focused()
    field.evaluate(TYPE, "kestrel")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.last).to_contain_text("Search everything for “kestrel”")
    assert len([url for url in asked if "suggest" in url]) == 1, (
        "one request for a pause, not one for a letter"
    )
    expect(field).to_have_attribute("aria-expanded", "true")
    status = page.get_by_role("status").filter(has_text="suggestion")
    expect(status).to_have_text(re.compile(rf"^{options.count() - 1} suggestions?\. "))
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    expect(chosen(page, field)).to_contain_text("Search everything")
    page.keyboard.press("Home")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(chosen(page, field)).to_have_attribute("id", str(options.first.get_attribute("id")))
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_the_list_closes_when_the_focus_goes_on(page: Page, town: World) -> None:
    """On the results page it lies over what the next key would reach."""
    page.goto(reverse("search:results"))
    field = page.get_by_role("combobox", name="Search everything")
    field.click()
    field.evaluate(TYPE, "kestrel")
    box = page.get_by_role("listbox", name="Suggestions")
    expect(box).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_focused()
    expect(box).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")


def test_who_types_on_waits_for_nothing_older(page: Page, town: World) -> None:
    page.goto(reverse("ideas:list"))
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    # Never answered.
    page.route("**/suggest/?q=kes", lambda _route: None)
    page.keyboard.press("/")
    field = page.get_by_role("dialog", name="Search").get_by_role("combobox")
    with page.expect_request("**/suggest/?q=kes"):
        field.evaluate(TYPE, "kes")
    field.evaluate(TYPE, "trel")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.last).to_contain_text("Search everything for “kestrel”")
    assert [url for url in given_up if url.endswith("q=kes")]


def test_what_was_searched_is_remembered_here_only(page: Page, town: World) -> None:
    page.goto(reverse("ideas:list"))
    field = page.get_by_role("banner").get_by_role("combobox")
    field.fill("kestrel")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("results for “kestrel”")
    page.goto(reverse("ideas:list"))
    field.focus()
    recent = page.get_by_role("listbox", name="Recent searches").get_by_role("option")
    expect(recent).to_have_text(["kestrel"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=kestrel$"))
    page.goto(reverse("ideas:list"))
    field.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear")).to_be_focused()
    page.keyboard.press("Enter")
    expect(recent).to_have_count(0)
    expect(field).to_be_focused()
    page.reload()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_another_person_at_the_browser_sees_nothing_of_it(
    page: Page, town: World, enter: Callable[[BrowserContext, Any], None]
) -> None:
    """Also where no signed-out page lies between, as with the demo's people."""
    recent = page.get_by_role("listbox", name="Recent searches").get_by_role("option")
    field = page.get_by_role("banner").get_by_role("combobox")
    for person, words in ((town.cast.bob, ["kestrel"]), (town.cast.mia, [])):
        enter(page.context, person)
        if words:
            page.goto(f"{reverse('search:results')}?q=kestrel")
            page.locator(".row--result a").first.click()
        page.goto(reverse("ideas:list"))
        field.focus()
        expect(recent).to_have_text(words)


def test_the_words_go_along_from_an_article(page: Page, town: World) -> None:
    """S-44: by a script, so that the page can be the same for all visitors."""
    page.goto("/search/?q=kestrel+article")
    page.get_by_role("main").get_by_role("link", name="zqarticle").first.click()
    page.get_by_role("main").get_by_role("link", name="Ask other admins").click()
    expect(page.locator("input[name=title]")).to_have_value("kestrel article")
    expect(page.get_by_role("main")).to_contain_text("You have read this")


def test_on_a_phone_it_is_the_whole_screen(browser: Browser, site: str, town: World) -> None:
    context = browser.new_context(
        base_url=site, locale="en-GB", viewport={"width": 390, "height": 800}, has_touch=True
    )
    page = context.new_page()
    page.goto("/search/?q=kestrel")
    page.locator("#results-q").tap()
    over = page.get_by_role("dialog", name="Search")
    expect(over.get_by_role("combobox")).to_have_value("kestrel")
    expect(over.get_by_role("option").last).to_be_visible()
    box: Any = over.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 800)
    over.get_by_role("button", name="Close").tap()
    expect(over).to_be_hidden()
    expect(page.locator("#results-q")).to_be_focused()
    page.goto(reverse("ideas:list"))
    page.get_by_role("banner").get_by_role("link", name="Search").tap()
    expect(over.get_by_role("combobox")).to_be_focused()
    context.close()
