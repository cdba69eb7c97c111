"""Who is told, in the inbox and by mail (NO-01, NO-02, NO-03, NO-10, NO-11; class 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accounts.models import OutgoingMail, User
from ideas.models import Idea, IdeaComment, Stage
from jobs.testing import drain, failures
from notifications import actions, mails, notices, tasks
from notifications.models import Notification, Subscription
from notifications.notices import Notice
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def surroundings(settings: Any) -> Iterator[None]:
    settings.EMAIL_BACKEND = "accounts.mail.QueuedBackend"
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.BASE_URL = "https://help.example"
    mail.outbox = []
    before = dict(notices.registry)
    notices.register(
        Notice("tests.said", "Said", "%(actor)s said something on “%(title)s”", kind="idea"),
        Notice(
            "tests.state", "State", "“%(title)s” changed", levels=("all", "status"), needs_you=True
        ),
        Notice("tests.quiet", "Quiet", "“%(title)s” is quiet", mail=False),
        Notice("tests.detail", "Detail", "%(count)s × “%(title)s”"),
    )
    yield
    notices.registry.clear()
    notices.registry.update(before)


@pytest.fixture
def idea(cast: Cast) -> Idea:
    stage = Stage.objects.create(code="open", names={"en": "Open"}, category="open")
    return Idea.objects.create(
        title="Dark mode", slug="dark-mode", author=cast.mia, stage=stage, body_source="Please."
    )


def tell(idea: Idea, by: User | None = None, verb: str = "tests.said", **options: Any) -> int:
    return actions.notify(
        idea, verb, actor=by, title=idea.title, url=idea.get_absolute_url(), **options
    )


def inbox(user: User) -> list[str]:
    return [notices.sentence(row) for row in Notification.objects.of(user)]


def test_followers_are_told_and_the_one_who_did_it_is_not(cast: Cast, idea: Idea) -> None:
    for user in (cast.mia, cast.bob):
        actions.subscribe(user, idea)
    assert tell(idea, by=cast.bob) == 1
    assert inbox(cast.mia) == ["Bob said something on “Dark mode”"]
    assert inbox(cast.bob) == []
    assert actions.unread_count(cast.mia) == 1


def test_the_mail_has_text_and_html_the_link_and_the_reason(cast: Cast, idea: Idea) -> None:
    """NO-11."""
    actions.subscribe(cast.mia, idea, reason="author")
    tell(idea, by=cast.bob, data={"excerpt": "Yes, <b>please</b>"})
    drain()
    assert failures() == []
    message = mail.outbox[0].message()
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert str(message["Subject"]) == "Bob said something on “Dark mode”"
    for part in (text, html):
        assert f"https://help.example{idea.get_absolute_url()}" in part
        assert "You get this mail because you wrote this." in part
        assert "/inbox/unsubscribe/" in part
    assert "Yes, <b>please</b>" in text
    assert "Yes, &lt;b&gt;please&lt;/b&gt;" in html
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_mail_can_be_stopped_with_one_click(cast: Cast, idea: Idea) -> None:
    """NO-04, RFC 8058."""
    actions.subscribe(cast.mia, idea)
    tell(idea)
    drain()
    message = mail.outbox[0].message()
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = mail.outbox[0].message().as_bytes().partition(b"List-Unsubscribe: ")[2].decode()
    header = re.split(r"\n(?! )", header)[0].replace("\n ", "").strip()
    url = re.fullmatch(r"<https://help\.example(/inbox/unsubscribe/.+)>", header)
    assert url
    provider = Client(enforce_csrf_checks=True)
    before = list(Subscription.objects.values())
    assert provider.get(url[1]).status_code == 200
    assert list(Subscription.objects.values()) == before
    answer = provider.post(url[1], {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not actions.is_subscribed(cast.mia, idea)
    assert tell(idea) == 0


def test_a_forged_unsubscribe_link_is_not_found(client: Client, cast: Cast) -> None:
    assert client.get("/inbox/unsubscribe/nonsense/").status_code == 404
    assert client.post("/inbox/unsubscribe/nonsense/").status_code == 404


def test_a_notification_is_read_in_its_readers_language(
    cast: Cast, idea: Idea, monkeypatch: Any
) -> None:
    cast.mia.language, cast.mia.time_zone = "pl", "Europe/Warsaw"
    cast.mia.save()
    seen = {}

    def note(template: str, context: dict[str, Any]) -> str:
        seen[template] = (translation.get_language(), timezone.get_current_timezone_name())
        return "words"

    monkeypatch.setattr(mails, "render_to_string", note)
    actions.subscribe(cast.mia, idea)
    with translation.override("de"):
        # The actor's page was German: the address is kept without prefix.
        tell(idea)
    row = Notification.objects.get()
    assert row.url == f"/ideas/{idea.pk}/dark-mode"
    message = mails.build(row)
    assert set(seen.values()) == {("pl", "Europe/Warsaw")}
    assert "https://help.example/pl/inbox/unsubscribe/" in message.extra_headers["List-Unsubscribe"]


def test_nobody_who_lost_sight_of_it_gets_the_mail(cast: Cast, idea: Idea) -> None:
    """Reliability class 6: asked when sending, not when queueing."""
    actions.subscribe(cast.mia, idea)
    tell(idea)
    Idea.objects.filter(pk=idea.pk).update(deleted_at=timezone.now())
    drain()
    assert mail.outbox == []
    assert Notification.objects.get().mail_state == "skipped"


def revoke_account(user: User, idea: Idea) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def revoke_mail(user: User, idea: Idea) -> None:
    User.objects.filter(pk=user.pk).update(mail_enabled=False)


def revoke_address(user: User, idea: Idea) -> None:
    User.objects.filter(pk=user.pk).update(email=None)


def revoke_subscription(user: User, idea: Idea) -> None:
    actions.unsubscribe(user, idea)


def revoke_by_reading(user: User, idea: Idea) -> None:
    actions.mark_read(user)


def revoke_by_hiding(user: User, idea: Idea) -> None:
    actions.withdraw(idea)


@pytest.mark.parametrize(
    "revoke",
    [
        revoke_account,
        revoke_mail,
        revoke_address,
        revoke_subscription,
        revoke_by_reading,
        revoke_by_hiding,
    ],
)
def test_what_changes_between_event_and_mail_stops_the_mail(
    cast: Cast, idea: Idea, revoke: Any
) -> None:
    """NO-03 and class 6."""
    actions.subscribe(cast.mia, idea)
    tell(idea)
    revoke(cast.mia, idea)
    drain()
    assert mail.outbox == []


def test_a_staff_note_is_never_told_to_customers(cast: Cast, idea: Idea) -> None:
    for user in (cast.mia, cast.dana):
        actions.subscribe(user, idea)
    note = IdeaComment.objects.create(
        idea=idea, author=cast.pam, body_source="CANARY", is_staff_note=True
    )
    tell(idea, by=cast.pam, about=note, data={"excerpt": "CANARY"})
    drain()
    assert [message.to for message in mail.outbox] == [[cast.dana.email]]


def test_a_thing_without_rule_cannot_be_told_about(cast: Cast) -> None:
    with pytest.raises(TypeError, match="visible_to"):
        actions.notify(cast.acme, "tests.said", actor=None, title="x", url="/")


def test_a_verb_nobody_registered_is_an_error(cast: Cast, idea: Idea) -> None:
    with pytest.raises(LookupError):
        tell(idea, verb="tests.unknown")


def test_levels_choose_what_is_told(cast: Cast, idea: Idea) -> None:
    """NO-02."""
    actions.subscribe(cast.mia, idea, level="status")
    assert tell(idea, verb="tests.said") == 0
    assert tell(idea, verb="tests.state") == 1


def test_taking_part_never_undoes_a_choice_to_hear_nothing(cast: Cast, idea: Idea) -> None:
    actions.unsubscribe(cast.mia, idea)
    actions.subscribe(cast.mia, idea, reason="commented")
    assert not actions.is_subscribed(cast.mia, idea)
    actions.subscribe(cast.mia, idea)
    assert actions.is_subscribed(cast.mia, idea)
    assert Subscription.objects.count() == 1


def test_named_recipients_are_told_without_following_but_not_against_their_wish(
    cast: Cast, idea: Idea
) -> None:
    actions.unsubscribe(cast.bob, idea)
    cast.carol.is_active = False
    told = tell(
        idea, by=cast.dana, recipients=[cast.mia, cast.bob, cast.carol, cast.dana, cast.mia]
    )
    assert told == 1
    assert inbox(cast.mia) != []


def test_left_out_people_are_not_told(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    assert tell(idea, exclude=[cast.mia]) == 0


def test_an_event_of_a_rolled_back_transaction_never_happened(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    with transaction.atomic():
        tell(idea)
        transaction.set_rollback(True)
    drain()
    assert (Notification.objects.count(), mail.outbox) == (0, [])


def many(count: int, idea: Idea) -> None:
    people = User.objects.bulk_create(
        User(email=f"p{number}@people.example", display_name=f"P{number}")
        for number in range(count)
    )
    kind = ContentType.objects.get_for_model(idea)
    Subscription.objects.bulk_create(
        Subscription(user=user, target_type=kind, target_id=idea.pk) for user in people
    )


def test_telling_many_costs_as_many_queries_as_telling_few(
    idea: Idea, django_assert_max_num_queries: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 50)
    many(400, idea)
    with django_assert_max_num_queries(12):
        assert tell(idea) == 400


def test_many_are_told_in_chunks_that_may_run_twice(idea: Idea, monkeypatch: Any) -> None:
    """NO-10."""
    monkeypatch.setattr(actions, "AT_ONCE", 10)
    monkeypatch.setattr(actions, "CHUNK", 15)
    many(40, idea)
    assert tell(idea) == 40
    assert Notification.objects.count() == 10
    chunk = DBTaskResult.objects.filter(task_path__contains="fan_out").first()
    assert chunk
    tasks.fan_out(*chunk.args_kwargs["args"])
    drain()
    assert failures() == []
    assert Notification.objects.count() == 40
    assert len(mail.outbox) == 40
    assert OutgoingMail.objects.count() == 40


def test_a_mail_job_that_runs_again_mails_nobody_twice(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    tell(idea)
    drain()
    row = Notification.objects.get()
    assert tasks.send_mails(str(row.event), [cast.mia.pk]) == 0
    assert len(mail.outbox) == 1


def test_an_unknown_zone_stops_no_mail(cast: Cast, idea: Idea) -> None:
    """An import, or a zone that the server's table lacks."""
    User.objects.filter(pk=cast.mia.pk).update(time_zone="Nowhere/City")
    actions.subscribe(cast.mia, idea)
    tell(idea, by=cast.bob)
    drain()
    assert failures() == []
    assert len(mail.outbox) == 1


def test_a_quiet_verb_stands_in_the_inbox_only(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    tell(idea, verb="tests.quiet")
    assert drain() == 0
    assert len(inbox(cast.mia)) == 1


@pytest.mark.parametrize(
    "name", ["Eve\r\nBcc: x@evil.example", "Eve\u2028Bcc: x", "<b>Eve</b>", "%(x)s"]
)
def test_names_cannot_break_the_mail(cast: Cast, idea: Idea, name: str) -> None:
    """Reliability classes 4 and 12."""
    cast.bob.display_name = name
    cast.bob.save()
    actions.subscribe(cast.mia, idea)
    tell(idea, by=cast.bob)
    drain()
    assert failures() == []
    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "<b>Eve" not in message.get_body(("html",)).get_content()


def test_a_sentence_with_missing_data_falls_back_to_the_title(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    tell(idea, verb="tests.detail")
    assert inbox(cast.mia) == ["Dark mode"]
    tell(idea, verb="tests.detail", data={"count": 3})
    assert "3 × “Dark mode”" in inbox(cast.mia)


def test_support_can_speak_for_a_customer(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    tell(idea, by=cast.dana, data={"actor_name": "Support, for a customer"})
    assert inbox(cast.mia) == ["Support, for a customer said something on “Dark mode”"]


def test_hidden_things_leave_inboxes_and_come_back(cast: Cast, idea: Idea) -> None:
    actions.subscribe(cast.mia, idea)
    tell(idea)
    actions.withdraw(idea)
    assert (inbox(cast.mia), actions.unread_count(cast.mia)) == ([], 0)
    actions.reinstate(idea)
    assert actions.unread_count(cast.mia) == 1


def test_a_hidden_post_takes_the_news_of_it_along(cast: Cast, idea: Idea) -> None:
    comment = IdeaComment.objects.create(idea=idea, author=cast.bob, body_source="spam")
    actions.subscribe(cast.mia, idea)
    tell(idea, by=cast.bob, about=comment)
    actions.withdraw(comment)
    assert inbox(cast.mia) == []
