"""What a thumb needs: the whole row leads on, targets are large, nothing lies on anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect

from forum.actions import answers
from ideas.models import IdeaVote
from tests.browser.conftest import PATIENCE
from tests.factories import World
from tests.forum.factories import make_answer, make_question

Enter = Callable[[BrowserContext, Any], None]
CODE = (
    "```\n" + "a line of code much longer than a phone is wide, so that it scrolls " * 3 + "\n```"
)
# Links within a sentence may be as small as its letters (WCAG 2.5.8).
TOO_SMALL = """() => [...document.querySelectorAll("a[href], button, summary, select, input")]
    .filter(e => e.type !== "hidden" && e.checkVisibility({visibilityProperty: true}))
    .filter(e => !e.closest(".sr-only, .skip, .prose p, .comment, p, .person"))
    .map(e => {
        const box = (e.closest("label") ?? e).getBoundingClientRect();
        const after = getComputedStyle(e, "::after");
        const grown = after.position === "absolute" && after.content !== "none"
            ? Math.max(0, parseFloat(after.height) || 0) : 0;
        return [e.className || e.outerHTML.slice(0, 80), Math.max(box.height, grown), box.width];
    })
    .filter(([, height, width]) => width > 1 && height < LEAST)
    .map(found => found.join(" "))"""


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    made = browser.new_context(
        base_url=site, locale="en-GB", viewport={"width": 390, "height": 844}, has_touch=True
    )
    made.set_default_timeout(PATIENCE)
    yield made.new_page()
    made.close()


def test_the_whole_row_leads_to_the_question(phone: Page, town: World) -> None:
    phone.goto(reverse("forum:list"))
    row = phone.locator(".row").first
    title = row.locator(".row__title").inner_text()
    box = row.bounding_box()
    assert box
    phone.touchscreen.tap(box["x"] + box["width"] - 20, box["y"] + box["height"] - 8)
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)


def test_a_vote_in_a_row_stays_a_vote(phone: Page, town: World, enter: Enter) -> None:
    enter(phone.context, town.cast.mia)
    phone.goto(reverse("ideas:list"))
    address = phone.url
    box = phone.get_by_role("button", name=town.open_idea.title)
    before = box.get_attribute("aria-pressed")
    with phone.expect_response("**/-/vote/"):
        box.tap()
    expect(box).not_to_have_attribute("aria-pressed", str(before))
    assert phone.url == address
    voted = IdeaVote.objects.filter(user=town.cast.mia, target=town.open_idea).exists()
    assert voted == (before == "false")


def test_code_is_never_under_its_button(phone: Page, town: World) -> None:
    question = make_question(town.cast.mia, "How do I run this?", body=CODE)
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.goto(question.get_absolute_url())
    code, button = phone.locator(".prose pre"), phone.get_by_role("button", name="Copy", exact=True)
    around, beside = code.bounding_box(), button.bounding_box()
    assert around
    assert beside
    assert around["x"] + around["width"] <= beside["x"]


def test_the_solution_is_one_touch_away(phone: Page, town: World) -> None:
    """FO-01: on a phone it stands some screens below the question."""
    question = make_question(town.cast.mia, "Where is it?", body="Long ago. " * 400)
    answer = answers.accept(make_answer(question, town.cast.bob), by=town.cast.mia)
    assert answer
    phone.goto(question.get_absolute_url())
    phone.get_by_role("link", name="See the solution").tap()
    expect(phone.locator(".post--solution")).to_be_in_viewport()


def test_what_is_searched_fits_however_long_it_is(phone: Page, town: World) -> None:
    """A word that nothing has is named in full; filter, order and what is chosen stay together."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    results = reverse("search:results")
    phone.goto(f"{results}?q=kestrel+{'Unterbeamtengesellschaft' * 8}")
    assert not phone.evaluate(wide)
    phone.goto(f"{results}?q=kestrel&sort=newest&since=year")
    assert not phone.evaluate(wide)
    boxes = [
        phone.locator(name).first.bounding_box()
        for name in (
            ".filters > summary",
            ".results__bar .tabs",
            ".results__chips",
            ".results .row",
        )
    ]
    tops = [box["y"] for box in boxes if box]
    assert len(tops) == 4
    assert abs(tops[0] - tops[1]) < 20
    assert tops[1] < tops[2] < tops[3]


def test_without_scripts_messages_come_before_the_facts(
    plain_page: Page, town: World, enter: Enter
) -> None:
    """Nothing folds the facts then, and they fill a screen."""
    enter(plain_page.context, town.cast.dana)
    plain_page.set_viewport_size({"width": 390, "height": 844})
    plain_page.goto(town.case.desk_url)
    tops = [
        box["y"]
        for name in (".timeline", ".desk__composer", ".desk__facts")
        if (box := plain_page.locator(name).first.bounding_box())
    ]
    assert len(tops) == 3
    assert tops[0] < tops[2]
    assert tops[0] < 844
    # Wide, they stand beside each other.
    plain_page.set_viewport_size({"width": 1280, "height": 900})
    facts, messages = (plain_page.locator(name) for name in (".desk__facts", ".timeline"))
    assert facts.bounding_box()["x"] > messages.bounding_box()["x"]  # type: ignore[index]


@pytest.mark.parametrize("person", ["anonymous", "mia", "erin"])
def test_targets_are_large_enough(phone: Page, town: World, enter: Enter, person: str) -> None:
    if town.people[person] is not None:
        enter(phone.context, town.people[person])
    small = []
    for address in (
        reverse("home:index"),
        reverse("forum:list"),
        reverse("ideas:list"),
        reverse("kb:index"),
        f"{reverse('search:results')}?q=kestrel",
        town.article.get_url(),
        town.question.get_absolute_url(),
        town.idea.get_absolute_url(),
        reverse("forum:ask"),
    ):
        phone.goto(address)
        small += [
            f"{address} {found}" for found in phone.evaluate(TOO_SMALL.replace("LEAST", "24"))
        ]
        # The frame of every page, and what one comes for.
        few = phone.evaluate(TOO_SMALL.replace("LEAST", "43.5"))
        small += [f"{address} {found}" for found in few if "btn" in found or "footer" in found]
    assert not small, "\n".join(sorted(set(small)))
