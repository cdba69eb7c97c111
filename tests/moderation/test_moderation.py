"""Hide, restore, flag, and the one screen (MO-01, AD-07): hidden means gone, and back when restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from common.errors import Refused
from ideas.models import Idea, IdeaComment, Stage
from jobs.testing import drain, failures
from moderation import actions
from moderation.integrity import checks, kinds, repair
from moderation.models import Flag, HiddenItem, Moderated
from notifications import actions as notifications
from notifications import notices
from notifications.notices import Notice
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def surroundings(settings: Any, monkeypatch: Any) -> Iterator[list[Moderated]]:
    """The apps' own reactions are their tests' business; here they are only noted."""
    settings.EMAIL_BACKEND = "accounts.mail.QueuedBackend"
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    changed: list[Moderated] = []
    for model in kinds():
        monkeypatch.setattr(model, "moderation_changed", lambda thing: changed.append(thing))
    before = dict(notices.registry)
    notices.register(Notice("tests.said", "Said", "%(actor)s said “%(title)s”"))
    yield changed
    notices.registry.clear()
    notices.registry.update(before)


@pytest.fixture
def idea(cast: Cast) -> Idea:
    stage = Stage.objects.create(code="open", names={"en": "Open"}, category="open")
    return make_idea(cast.mia, stage)


def make_idea(author: User, stage: Stage, title: str = "Dark mode") -> Idea:
    return Idea.objects.create(
        title=title, slug="x", author=author, stage=stage, body_source="CANARY words"
    )


def url(idea: Idea, what: str) -> str:
    return f"/moderation/ideas.idea/{idea.pk}/{what}/"


def test_every_kind_that_can_be_hidden_is_found() -> None:
    assert {Idea, IdeaComment} <= set(kinds())


def test_a_hidden_thing_is_marked_logged_listed_and_its_app_is_told(
    cast: Cast, idea: Idea, surroundings: list[Moderated]
) -> None:
    hidden = actions.hide(idea, by=cast.erin, reason="  Advertising \n for shoes ")
    idea.refresh_from_db()
    assert (idea.hidden_by, idea.hidden_reason) == (cast.erin, "Advertising for shoes")
    assert idea.hidden_at
    assert surroundings == [hidden]
    assert idea not in Idea.objects.visible_to(cast.bob)
    assert HiddenItem.objects.get().reason == "Advertising for shoes"
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user, entry.data["reason"]) == (
        "moderation.hide",
        cast.erin,
        "Advertising for shoes",
    )


def test_a_restored_thing_is_as_it_was(
    cast: Cast, idea: Idea, surroundings: list[Moderated]
) -> None:
    """AD-07."""
    before = Idea.objects.filter(pk=idea.pk).values().get()
    actions.hide(idea, by=cast.erin, reason="A mistake")
    actions.restore(idea, by=cast.erin)
    assert Idea.objects.filter(pk=idea.pk).values().get() == before
    assert not HiddenItem.objects.exists()
    assert len(surroundings) == 2
    assert set(ModelLogEntry.objects.values_list("action", flat=True)) == {
        "moderation.hide",
        "moderation.restore",
    }


def test_hiding_twice_keeps_the_first_reason(cast: Cast, idea: Idea) -> None:
    actions.hide(idea, by=cast.erin, reason="First")
    actions.hide(idea, by=cast.root, reason="Second")
    idea.refresh_from_db()
    assert (idea.hidden_by, idea.hidden_reason) == (cast.erin, "First")
    assert ModelLogEntry.objects.count() == 1


def test_a_stale_copy_never_overwrites_what_happened_since(cast: Cast, idea: Idea) -> None:
    stale = Idea.objects.get(pk=idea.pk)
    Idea.objects.filter(pk=idea.pk).update(vote_count=7, title="New title")
    actions.hide(stale, by=cast.erin, reason="Spam")
    idea.refresh_from_db()
    assert (idea.vote_count, idea.title) == (7, "New title")


@pytest.mark.parametrize("name", ["mia", "bob", "alice", "dana", "sam", "ed", "pam"])
def test_only_moderators_hide(cast: Cast, idea: Idea, name: str) -> None:
    with pytest.raises(Refused):
        actions.hide(idea, by=getattr(cast, name), reason="Spam")
    with pytest.raises(Refused):
        actions.restore(idea, by=getattr(cast, name))


def test_another_action_may_vouch_for_a_person(cast: Cast, idea: Idea) -> None:
    """An agent who undoes a move takes the idea back."""
    assert actions.hide(idea, by=cast.dana, reason="Move undone", entitled=True).is_hidden


def test_hiding_needs_a_reason(cast: Cast, idea: Idea) -> None:
    with pytest.raises(Refused, match="Say why"):
        actions.hide(idea, by=cast.erin, reason="   ")


def test_hidden_words_leave_inboxes_and_are_not_mailed(cast: Cast, idea: Idea) -> None:
    notifications.subscribe(cast.bob, idea)
    notifications.notify(
        idea,
        "tests.said",
        actor=cast.mia,
        title=idea.title,
        url="/ideas/",
        data={"excerpt": "CANARY words"},
    )
    actions.hide(idea, by=cast.erin, reason="Spam")
    drain()
    assert failures() == []
    assert mail.outbox == []
    assert notifications.unread_count(cast.bob) == 0
    actions.restore(idea, by=cast.erin)
    assert notifications.unread_count(cast.bob) == 1


# Reports


def test_a_report_is_made_once_a_person(cast: Cast, idea: Idea) -> None:
    """MO-01."""
    actions.flag(idea, by=cast.bob, reason="spam", note="Shoes\r\nagain")
    actions.flag(idea, by=cast.carol, reason="private")
    with pytest.raises(Refused, match="already"):
        actions.flag(idea, by=cast.bob, reason="abuse")
    assert list(Flag.objects.order_by("pk").values_list("reason", "note")) == [
        ("spam", "Shoes again"),
        ("private", ""),
    ]


def test_a_report_needs_a_known_reason_and_a_thing_that_shows(cast: Cast, idea: Idea) -> None:
    with pytest.raises(Refused):
        actions.flag(idea, by=cast.bob, reason="boring")
    hidden = actions.hide(idea, by=cast.erin, reason="Spam")
    with pytest.raises(Refused):
        actions.flag(hidden, by=cast.bob, reason="spam")


def test_hiding_accepts_the_reports_and_tells_who_sent_them(cast: Cast, idea: Idea) -> None:
    actions.flag(idea, by=cast.bob, reason="spam")
    actions.hide(idea, by=cast.erin, reason="Spam")
    report = Flag.objects.get()
    assert (report.state, report.decided_by) == ("accepted", cast.erin)
    drain()
    assert failures() == []
    assert [message.to for message in mail.outbox] == [[cast.bob.email]]
    assert "has been hidden" in mail.outbox[0].subject


def test_a_rejected_report_is_answered_too(cast: Cast, idea: Idea) -> None:
    actions.flag(idea, by=cast.bob, reason="off-topic")
    assert actions.reject_flags(idea, by=cast.erin) == 1
    assert Flag.objects.get().state == "rejected"
    assert notifications.unread_count(cast.bob) == 1
    idea.refresh_from_db()
    assert not idea.is_hidden


def test_reports_are_seen_by_moderators_and_by_who_sent_them(cast: Cast, idea: Idea) -> None:
    actions.flag(idea, by=cast.bob, reason="spam")
    seen = {name for name, user in cast.everyone.items() if Flag.objects.visible_to(user).exists()}
    assert seen == {"bob", "erin", "root"}


# The pages


def test_the_buttons_hide_and_restore_and_lead_back(
    cast: Cast, idea: Idea, sign_in: SignIn
) -> None:
    client = sign_in(cast.erin)
    answer = client.post(url(idea, "hide"), {"reason": "Spam", "next": "/ideas/?sort=new"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/ideas/?sort=new")
    idea.refresh_from_db()
    assert idea.is_hidden
    client.post(url(idea, "restore"), {"next": "https://evil.example/"})
    idea.refresh_from_db()
    assert not idea.is_hidden


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", ""]
)
def test_the_way_back_stays_on_the_site(
    cast: Cast, idea: Idea, sign_in: SignIn, target: str
) -> None:
    """Reliability class 16."""
    answer = sign_in(cast.erin).post(url(idea, "hide"), {"reason": "Spam", "next": target})
    assert answer.headers["Location"] == "/moderation/"


@pytest.mark.parametrize("what", ["hide", "restore", "reject"])
def test_the_buttons_are_not_there_for_others(
    cast: Cast, idea: Idea, sign_in: SignIn, what: str
) -> None:
    for user in (cast.mia, cast.alice, cast.dana, cast.pam):
        assert sign_in(user).post(url(idea, what), {"reason": "x"}).status_code == 404
    assert sign_in().post(url(idea, what), {"reason": "x"}).status_code == 302
    assert sign_in(cast.erin).get(url(idea, what)).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "accounts.user/1/hide/",
        "support.case/1/hide/",
        "wagtailcore.page/1/hide/",
        "nonsense/1/hide/",
        "ideas.idea/999999/hide/",
    ],
)
def test_only_posts_can_be_hidden(cast: Cast, sign_in: SignIn, path: str) -> None:
    answer = sign_in(cast.erin).post(f"/moderation/{path}", {"reason": "x"})
    assert answer.status_code == 404


def test_a_member_reports_what_they_can_see(cast: Cast, idea: Idea, sign_in: SignIn) -> None:
    client = sign_in(cast.bob)
    assert client.post(url(idea, "flag"), {"reason": "spam", "next": "/"}).status_code == 302
    assert Flag.objects.get().by == cast.bob
    note = IdeaComment.objects.create(
        idea=idea, author=cast.pam, body_source="staff only", is_staff_note=True
    )
    answer = client.post(f"/moderation/ideas.ideacomment/{note.pk}/flag/", {"reason": "spam"})
    assert answer.status_code == 404


def test_reporting_works_without_script(cast: Cast, idea: Idea, sign_in: SignIn) -> None:
    client = sign_in(cast.bob)
    page = client.get(url(idea, "flag") + "?next=/ideas/")
    assert 'value="private"' in page.content.decode()
    assert not Flag.objects.exists()
    answer = client.post(url(idea, "flag"), {"reason": "private", "next": page.context["next"]})
    assert answer.headers["Location"] == "/ideas/"
    answer = client.post(url(idea, "flag"), {"reason": "private"})
    assert answer.status_code == 409
    assert "reported this already" in answer.content.decode()


def test_integrity_finds_what_was_hidden_behind_the_list(cast: Cast, idea: Idea) -> None:
    other = make_idea(cast.mia, idea.stage)
    actions.hide(other, by=cast.erin, reason="x")
    assert not any(faults for _name, faults in checks())
    Idea.objects.filter(pk=idea.pk).update(hidden_at=timezone.now(), hidden_reason="by hand")
    Idea.objects.filter(pk=other.pk).update(hidden_at=None)
    assert [len(faults) for _name, faults in checks()] == [2]
    assert repair() == 2
    assert not any(faults for _name, faults in checks())
    assert HiddenItem.objects.get().reason == "by hand"


def test_the_screen_lists_reports_and_hidden_things(
    cast: Cast, idea: Idea, sign_in: SignIn
) -> None:
    actions.flag(idea, by=cast.bob, reason="spam", note="Look <here>")
    client = sign_in(cast.erin)
    page = client.get("/moderation/").content.decode()
    assert "Dark mode" in page
    assert "Look &lt;here&gt;" in page
    assert "by Bob" in page
    actions.hide(idea, by=cast.erin, reason="Advertising")
    assert "Dark mode" not in client.get("/moderation/").content.decode()
    page = client.get("/moderation/?show=hidden").content.decode()
    assert "Advertising" in page
    assert url(idea, "restore") in page


def test_a_comment_is_shown_by_its_first_words(cast: Cast, idea: Idea, sign_in: SignIn) -> None:
    comment = IdeaComment.objects.create(idea=idea, author=cast.bob, body_source="Buy my shoes")
    actions.flag(comment, by=cast.mia, reason="spam")
    client = sign_in(cast.erin)
    assert "Buy my shoes" in client.get("/moderation/").content.decode()
    answer = client.get(f"/moderation/ideas.ideacomment/{comment.pk}/")
    assert answer.headers["Location"].endswith(f"#comment-{comment.pk}")


@pytest.mark.parametrize("name", ["mia", "alice", "dana", "sam", "ed", "pam"])
def test_the_screen_is_for_moderators(cast: Cast, sign_in: SignIn, name: str) -> None:
    assert sign_in(getattr(cast, name)).get("/moderation/").status_code == 404


def test_the_screen_costs_the_same_for_one_and_twenty(
    cast: Cast, idea: Idea, sign_in: SignIn
) -> None:
    client = sign_in(cast.erin)
    for show in ("", "?show=hidden"):
        Flag.objects.all().delete()
        make = (
            (lambda thing: actions.hide(thing, by=cast.erin, reason="x"))
            if show
            else (lambda thing: actions.flag(thing, by=cast.bob, reason="spam"))
        )
        make(make_idea(cast.mia, idea.stage))
        client.get(f"/moderation/{show}")
        with CaptureQueriesContext(connection) as one:
            client.get(f"/moderation/{show}")
        for number in range(25):
            make(make_idea(cast.mia, idea.stage, f"Idea {number}"))
        with CaptureQueriesContext(connection) as many:
            page = client.get(f"/moderation/{show}")
        assert len(one) == len(many) <= 16
        assert len(page.context["rows"]) == 20
        assert page.context["page"].next_url
