"""Reading an article in a real browser: pictures, contents, "Was this helpful?", axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from wagtail.models import Locale

from accounts.roles import ensure_groups
from common.blocks import ArticleBlocks
from home.setup import ensure_site
from kb.models import ArticlePage, HelpfulVote
from kb.tree import help_root
from tests.kb.factories import make_article, make_image, make_section, republish

LONG = "\n\n".join(f"## Part {number}\n\n" + "Words. " * 200 for number in range(5))


@pytest.fixture
def article(site: str) -> ArticlePage:
    ensure_groups()
    ensure_site()
    mail = make_section(help_root(Locale.objects.get(language_code="en")), "Mail")
    page = make_article(mail, "Set up mail", slug="set-up-mail")
    body = [
        {"type": "text", "value": LONG, "id": "11111111-0000-4000-8000-000000000001"},
        {"type": "callout", "value": {"kind": "warning", "text": "Hot."}, "id": "2" * 32},
        {
            "type": "text",
            "value": "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```",
            "id": "3" * 32,
        },
        {
            "type": "picture",
            "value": {"image": make_image().pk, "alt": "The save button", "caption": "Press it."},
            "id": "4" * 32,
        },
    ]
    return republish(page, body=ArticleBlocks().to_python(body))


def test_a_picture_opens_large_and_closes_with_the_focus_back(
    page: Page, article: ArticlePage
) -> None:
    page.goto(article.url)
    link = page.locator(".picture a")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog.kb-zoom")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_attribute("aria-label", "The save button")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_contents_follow_what_is_read(page: Page, article: ArticlePage) -> None:
    page.goto(article.url)
    page.locator(".kb-contents a", has_text="Part 3").last.click()
    current = page.locator(".kb-contents a[aria-current]")
    expect(current).to_have_text("Part 3")


def test_saying_no_with_scripts_s_43(page: Page, article: ArticlePage) -> None:
    page.goto(article.url)
    page.locator("#helpful").get_by_text("No", exact=True).click()
    expect(page.locator("#helpful-form [data-focus]").first).to_be_focused()
    page.get_by_label("Something else").check()
    page.locator("#helpful").get_by_role("button", name="Send").click()
    expect(page.locator(".form-errors")).to_be_focused()
    page.locator("#helpful textarea").fill("Part 3 is unclear.")
    page.locator("#helpful").get_by_role("button", name="Send").click()
    expect(page.locator("#helpful").get_by_text("Contact support")).to_be_visible()
    assert HelpfulVote.objects.get().text == "Part 3 is unclear."


def test_the_form_on_a_page_of_its_own_takes_the_focus_along(
    page: Page, article: ArticlePage
) -> None:
    page.goto(reverse("kb:helpful", args=[article.pk]) + "?answer=no")
    page.get_by_label("Something else").check()
    page.get_by_role("main").get_by_role("button", name="Send").click()
    expect(page.locator(".form-errors")).to_be_focused()


def test_saying_yes_without_scripts_s_43(browser: Browser, site: str, article: ArticlePage) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto(article.url)
    page.locator("#helpful").get_by_text("Yes", exact=True).click()
    page.get_by_label("It solved my problem").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("h1")).to_have_text("Thank you")
    context.close()
    assert HelpfulVote.objects.get().reason == "solved"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_violation_of_axe(
    browser: Browser, site: str, article: ArticlePage, scheme: str, width: int
) -> None:
    viewport = {"width": width, "height": 900}
    context = browser.new_context(base_url=site, color_scheme=scheme, viewport=viewport)  # type: ignore[arg-type]
    page = context.new_page()
    section = article.url.removesuffix("set-up-mail/")
    for path in (
        "/help/",
        section,
        article.url,
        f"/de{article.url}",
        f"/help/-/helpful/{article.pk}/",
    ):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
