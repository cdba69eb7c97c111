"""What people come for, from the first click to the last, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from forum.models import Question
from ideas.models import Idea, IdeaVote
from kb.models import HelpfulVote
from support.models import Case, State
from tests.factories import World

Enter = Callable[[BrowserContext, Any], None]


def test_from_search_to_helpful_without_scripts(plain_page: Page, town: World) -> None:
    """S-43: signed out, no script, and the answer is bound to what was read."""
    page = plain_page
    page.goto("/")
    page.get_by_role("searchbox").first.fill("kestrel article")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("main").get_by_role("link", name="zqarticle").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("zqarticle")
    page.get_by_role("link", name="Yes").first.click()
    page.get_by_role("main").get_by_role("button", name="Send").click()
    expect(page.get_by_role("main")).to_contain_text("Thank")
    vote = HelpfulVote.objects.get()
    assert vote.is_helpful
    assert vote.revision_id == town.article.live_revision_id


def test_asking_with_suggestions(page: Page, town: World, enter: Enter) -> None:
    """FO-04: what is there already appears while the title is typed; then it is asked."""
    enter(page.context, town.cast.mia)
    page.goto(reverse("forum:ask"))
    page.locator("input[name=title]").press_sequentially("The solved kestrel question", delay=5)
    similar = page.locator("#similar")
    expect(similar.get_by_role("link", name="The solved kestrel question is this")).to_be_visible()
    page.locator("input[name=title]").fill("A kestrel that nobody knows")
    page.locator("textarea[name=body]").fill("It **flies** away.")
    page.get_by_role("button", name="Post question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("A kestrel that nobody knows")
    assert Question.objects.get(title="A kestrel that nobody knows").author == town.cast.mia


def test_answering_and_accepting(page: Page, town: World, enter: Enter) -> None:
    """FO-01."""
    enter(page.context, town.cast.bob)
    address = town.open_question.get_absolute_url()
    page.goto(address)
    page.get_by_label("Your answer").fill("Turn the **kestrel** round.")
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator("article.post", has_text="Turn the kestrel round.")).to_be_visible()
    enter(page.context, town.cast.mia)
    page.goto(address)
    page.locator("form[action$='/accept'] button").click()
    expect(page.locator(".post--solution")).to_contain_text("Turn the kestrel round.")
    assert Question.objects.get(pk=town.open_question.pk).is_solved


def test_voting_with_scripts(page: Page, town: World, enter: Enter) -> None:
    """ID-01: at once on the page, and taken back any time."""
    enter(page.context, town.cast.mia)
    page.goto(town.open_idea.get_absolute_url())
    for on in (True, False):
        box = page.locator("form[data-vote] .vote-box").first
        expect(box).to_have_attribute("aria-pressed", str(not on).lower())
        with page.expect_response("**/vote/"):
            box.click()
        pressed = page.locator(".vote-box").first
        expect(pressed).to_have_attribute("aria-pressed", str(on).lower())
        found = IdeaVote.objects.filter(target=town.open_idea, user=town.cast.mia).exists()
        assert found is on


def test_a_vote_too_many_says_how_long_to_wait(
    page: Page, town: World, enter: Enter, settings: Any
) -> None:
    """FO-02: "try again" would be no help for the next minute."""
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "vote": "1/h/user"}
    enter(page.context, town.cast.mia)
    page.goto(town.open_idea.get_absolute_url())
    form = page.locator("form[data-vote]:has(.vote-box)").first
    for pressed in ("true", "false"):
        with page.expect_response("**/vote/"):
            form.locator("button").click()
        expect(form.locator("button")).to_have_attribute("aria-pressed", pressed)
    with page.expect_response("**/vote/"):
        form.locator("button").click()
    expect(page.locator(".toast--error")).to_contain_text("Try again in 60 minutes.")
    expect(form.locator("button")).to_have_attribute("aria-pressed", "false")


def test_voting_without_scripts(plain_page: Page, town: World, enter: Enter) -> None:
    enter(plain_page.context, town.cast.mia)
    plain_page.goto(town.open_idea.get_absolute_url())
    plain_page.locator("form[data-vote] .vote-box").first.click()
    expect(plain_page.locator(".vote-box").first).to_have_attribute("aria-pressed", "true")
    assert Idea.objects.get(pk=town.open_idea.pk).vote_count == 2


def test_an_admin_opens_a_case_and_replies(page: Page, town: World, enter: Enter) -> None:
    """S-18 to S-23: three questions propose a priority."""
    enter(page.context, town.cast.alice)
    page.goto(reverse("support:new"))
    page.get_by_label("What is broken?").fill("Kestrels arrive an hour late")
    page.get_by_label("What happens").fill("Since this morning, in all mailboxes.")
    page.get_by_label("Everyone").check()
    page.get_by_label("It works badly or in part").check()
    page.get_by_label("No", exact=False).last.check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kestrels arrive an hour late")
    page.get_by_label("Your reply").fill("It is worse now.")
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_role("main")).to_contain_text("It is worse now.")


def test_from_case_to_idea(page: Page, town: World, enter: Enter) -> None:
    """S-31: the agent answers and closes, the customer says yes, and the idea is there."""
    case = town.other_case
    enter(page.context, town.cast.dana)
    page.goto(case.desk_url)
    page.locator("#composer").get_by_text("Reply to").click()
    page.locator("#composer textarea").fill("We looked: the product cannot do that.")
    page.get_by_role("button", name="Send, keep with us").click()
    expect(page.get_by_role("main")).to_contain_text("the product cannot do that")
    page.goto(reverse("support:close", args=[case.number]))
    page.get_by_role("radio", name="Not a supported feature").check()
    page.get_by_role("button", name="Go on to the ideas").click()
    page.get_by_role("radio", name="A new idea").check()
    page.locator("input[name=title]").fill("Let kestrels arrive in time")
    page.locator("textarea[name=body]").fill("They should never be late.")
    page.get_by_role("button", name="Ask Alice").click()
    expect(page.get_by_role("main")).to_contain_text("has been asked about an idea")
    enter(page.context, town.cast.alice)
    page.goto(case.get_absolute_url())
    page.get_by_role("button", name="Yes, publish this").click()
    expect(page.get_by_role("main")).to_contain_text("Let kestrels arrive in time")
    idea = Idea.objects.get(title="Let kestrels arrive in time")
    assert IdeaVote.objects.filter(target=idea, user=town.cast.alice).exists()
    assert Case.objects.get(pk=case.pk).state == State.CLOSED


def test_a_moderator_hides(page: Page, town: World, enter: Enter) -> None:
    """MO-01: gone for everybody else at once."""
    enter(page.context, town.cast.erin)
    page.goto(town.solved.get_absolute_url())
    page.get_by_title("More").first.click()
    page.locator(f"#hide-forum\\.question-{town.solved.pk}").fill("Spam")
    with page.expect_navigation():
        page.get_by_role("button", name="Hide").first.click()
    assert Question.objects.get(pk=town.solved.pk).hidden_at is not None
    page.context.clear_cookies(name="sessionid")
    answer = page.goto(town.solved.get_absolute_url())
    assert answer is not None
    assert answer.status == 404


def test_demo_sign_in(page: Page, town: World) -> None:
    person = town.cast.mia
    person.is_demo, person.demo_label = True, {"en": "Member"}
    person.save()
    page.goto("/demo/")
    page.get_by_role("button", name="Sign in as Member").click()
    expect(page.get_by_role("banner")).not_to_contain_text("Sign in")


def test_suggestions_by_keyboard_alone(page: Page, town: World) -> None:
    """Slash, type, arrow, enter."""
    page.goto(reverse("ideas:list"))
    page.keyboard.press("/")
    page.keyboard.type("first kestrel que", delay=20)
    option = page.get_by_role("option").first
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The first kestrel question")


def test_words_survive_a_session_that_ended(page: Page, town: World, enter: Enter) -> None:
    """The form leads to sign-in, back to its page, and the draft is there once, not for ever."""
    enter(page.context, town.cast.bob)
    address = town.open_question.get_absolute_url()
    page.goto(address)
    page.get_by_label("Your answer").fill("Typed while the session ended.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Post answer").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=.*/community/q/"))
    enter(page.context, town.cast.bob)
    page.goto(address)
    expect(page.get_by_label("Your answer")).to_have_value("Typed while the session ended.")
    page.get_by_role("button", name="Post answer").click()
    expect(page.locator("article.post", has_text="Typed while the session")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Your answer")).to_have_value("")


def test_a_draft_is_not_for_the_next_person_at_the_browser(
    page: Page, town: World, enter: Enter
) -> None:
    address = town.open_question.get_absolute_url()
    for person, found in ((town.cast.bob, ""), (town.cast.mia, ""), (town.cast.bob, "Mine.")):
        enter(page.context, person)
        page.goto(address)
        area = page.get_by_label("Your answer")
        expect(area).to_have_value(found)
        if person == town.cast.bob and not found:
            area.fill("Mine.")
            expect(page.locator("[data-status]").first).to_contain_text("Draft kept")


def test_a_note_comes_back_as_a_note(page: Page, town: World, enter: Enter) -> None:
    """A draft for colleagues must never stand in the reply to the customer."""
    enter(page.context, town.cast.dana)
    page.goto(town.case.desk_url)
    composer = page.locator("#composer")
    composer.get_by_text("Internal note").click()
    composer.locator("textarea").fill("Between us.")
    expect(composer.locator("[data-status]")).to_contain_text("Draft kept")
    page.context.clear_cookies(name="sessionid")
    composer.get_by_role("button", name="Add note").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    enter(page.context, town.cast.dana)
    page.goto(town.case.desk_url)
    expect(composer.locator("textarea")).to_have_value("Between us.")
    expect(composer.locator("[value=note]")).to_be_checked()
