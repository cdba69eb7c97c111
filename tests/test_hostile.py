"""Bad input at every public form and parameter: never a fault of ours, and nothing typed is lost (R12)."""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.models import Message
from tests.access_table import get
from tests.factories import World
from tests.naughty import NAUGHTY, RAW
from tests.site import client_of
from tests.versions import save, seen_on

pytestmark = pytest.mark.django_db

# Each form meets every eighth text, others than its neighbour: together they meet all of them.
STEP = 8


@dataclass(frozen=True)
class Form:
    """A form that somebody may send: its text fields get the bad text, the rest is in order."""

    person: str
    name: str
    args: str
    texts: str
    rest: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.person} {self.name} {self.args}".strip()


def form(person: str, name: str, args: str, texts: str, /, **rest: str) -> Form:
    return Form(person, name, args, texts, tuple(rest.items()))


FORMS = [
    form("mia", "forum:ask", "", "title body tags", language="en"),
    form("anonymous", "forum:ask", "", "title body tags product language from"),
    form("mia", "forum:ask", "", "title product language key from check", body="A body."),
    form("bob", "forum:answer", "question.pk", "body key"),
    form("bob", "forum:comment_question", "question.pk", "body"),
    form("bob", "forum:comment_answer", "answer.pk", "body"),
    form("mia", "forum:edit", "question.pk", "title body tags reason", language="en"),
    form("erin", "forum:edit_answer", "answer.pk", "body reason"),
    form("erin", "forum:duplicate", "question.pk", "original"),
    form("pam", "forum:move", "question.pk", "title body", existing="0"),
    form("bob", "forum:me_too", "question.pk", "state next"),
    form("bob", "ideas:new", "", "title body tags", language="en"),
    form("bob", "ideas:new", "", "product language key check", title="A new kestrel", body="So."),
    form("bob", "ideas:edit", "open_idea.pk", "title body tags", language="en"),
    form("bob", "ideas:comment", "open_idea.pk", "body kind"),
    form("bob", "ideas:vote", "open_idea.pk", "state next"),
    form("pam", "ideas:stage", "open_idea.pk", "stage-stage stage-reason"),
    form("pam", "ideas:answer", "open_idea.pk", "official-text"),
    form("alice", "support:new", "", "subject body workaround", affected="one", usable="no",
         has_workaround="yes", priority="3"),
    form("alice", "support:new", "", "organisation affected usable priority product from q",
         subject="Kestrels are late", body="Since today."),
    form("della", "support:answer", "case.number", "body key"),
    form("della", "support:withdraw", "case.number", "text"),
    form("della", "support:decide", "offered_case.number", "answer show_name"),
    form("dana", "support:message", "other_case.number", "body", kind="note"),
    form("dana", "support:message", "other_case.number", "kind effect view", body="Hello."),
    form("dana", "support:set_priority", "other_case.number", "reason priority"),
    form("dana", "support:escalate", "other_case.number", "to text"),
    form("dana", "support:close", "other_case.number", "text", resolution="r4"),
    form("dana", "support:offer", "other_case.number", "title body existing"),
    form("dana", "support:link", "other_case.number", "kind object_id"),
    form("dana", "support:assign", "other_case.number", "to"),
    form("dana", "support:on_behalf", "", "email channel subject body"),
    form("anonymous", "kb:helpful", "article.pk", "text reason", answer="no"),
    form("anonymous", "kb:helpful", "article.pk", "revision answer"),
    form("erin", "moderation:hide", "'forum.question' solved.pk", "reason next"),
    form("bob", "moderation:flag", "'forum.question' solved.pk", "note", reason="other"),
    form("bob", "moderation:flag", "'forum.question' solved.pk", "reason next"),
    form("bob", "posting:preview", "", "text"),
    form("bob", "posting:draft", "'forum.ask'", "title body"),
    form("bob", "accounts:settings", "", "display_name title about", language="en",
         time_zone="UTC"),
    form("bob", "accounts:settings", "", "language time_zone", display_name="Bob"),
    form("alice", "accounts:invite", "'acme'", "email role"),
    form("dana", "accounts:organisation_new", "", "name domains admin_email", language="en"),
    form("dana", "accounts:domain_add", "'acme'", "domain"),
    form("anonymous", "home:demo_sign_in", "", "person next"),
    form("anonymous", "account_login", "", "login password"),
    form("anonymous", "account_signup", "", "email display_name password1"),
    form("anonymous", "account_request_login_code", "", "email"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "asked"), list(enumerate(FORMS)), ids=str)
def test_a_form_survives_every_text(world: World, number: int, asked: Form) -> None:
    client = client_of(world.people[asked.person])
    args = get(asked.name, asked.args, "200").arguments(world, asked.person)
    address = reverse(asked.name, args=args)
    for text in NAUGHTY[number % STEP :: STEP]:
        sent = {**dict(asked.rest), **dict.fromkeys(asked.texts.split(), text)}
        if asked.name in VERSIONED:
            sent["seen"] = seen_on(client, address)
        response = client.post(address, sent)
        assert response.status_code < 500, (asked, text[:80])
        if response.status_code == 422 and response.headers["Content-Type"].startswith("text/html"):
            shown = html.unescape(response.text)
            assert is_kept(text, shown), (asked, text[:80])
        assert "<script>alert(1)</script>" not in getattr(response, "text", "")


def is_kept(text: str, shown: str) -> bool:
    """What a person typed stands in the form again; what nobody can see or type may be gone."""
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn"} for letter in text):
        return True
    start = text.strip()[:80]
    return start in shown


# They take a change only from who has seen what stands there.
VERSIONED = {"forum:edit", "forum:edit_answer", "ideas:edit", "accounts:settings"}

PARAMETERS = [
    ("anonymous", "search:results", "q kind product lang solved state since sort cursor exact"),
    ("bob", "search:results", "q kind"),
    ("anonymous", "search:suggest", "q"),
    ("anonymous", "api-v1:search", "q kind lang product state cursor"),
    ("anonymous", "api-v1:search", "q since"),
    ("anonymous", "api-v1:search", "limit"),
    ("anonymous", "forum:list", "tab product state tag language lang after before q"),
    ("anonymous", "forum:feed", "product tag language"),
    ("anonymous", "forum:ask", "title product from"),
    ("anonymous", "forum:similar", "title"),
    ("anonymous", "forum:ask_solved", "by"),
    ("anonymous", "ideas:list", "tab stage product after before language"),
    ("bob", "ideas:list", "tab stage product after before"),
    ("anonymous", "ideas:similar", "title"),
    ("bob", "ideas:new", "title product"),
    ("anonymous", "support:contact", "from q"),
    ("alice", "support:new", "from q subject"),
    ("alice", "support:priority", "affected usable has_workaround"),
    ("alice", "support:suggest", "subject"),
    ("alice", "support:cases", "of state after before"),
    ("dana", "support:desk", "view after before"),
    ("dana", "accounts:organisations", "after before"),
    ("bob", "notifications:inbox", "show after before"),
    ("erin", "moderation:index", "show after before"),
    ("anonymous", "kb:index", "after"),
    ("anonymous", "home:demo", "next"),
    ("anonymous", "account_login", "next"),
]


@pytest.mark.parametrize(("number", "asked"), list(enumerate(PARAMETERS)), ids=str)
def test_a_parameter_survives_every_text(
    world: World, number: int, asked: tuple[str, str, str]
) -> None:
    person, name, parameters = asked
    client = client_of(world.people[person])
    address = reverse(name)
    for text in NAUGHTY[number % STEP :: STEP]:
        response = client.get(address, dict.fromkeys(parameters.split(), text))
        assert response.status_code < 500, (asked, text[:80])
        assert "<script>alert(1)</script>" not in response.text
    for raw in RAW:
        query = "&".join(f"{parameter}={raw}" for parameter in parameters.split())
        assert client.get(f"{address}?{query}").status_code < 500, (asked, raw)


@pytest.mark.parametrize("raw", [*RAW, "9" * 40, "-1", "0", "..", "a" * 2000], ids=ascii)
def test_a_path_survives_every_text(world: World, raw: str) -> None:
    client = client_of(world.cast.root)
    for path in (
        "/{}", "/help/{}/", "/pl/help/{}/x/", "/community/q/{}", "/community/q/1/{}", "/ideas/{}/",
        "/ideas/1/{}", "/support/cases/{}/", "/support/files/{}", "/people/{}/", "/organisations/{}/",
        "/invitations/{}/", "/inbox/unsubscribe/{}/", "/moderation/{}/1/", "/uploads/i/{}",
        "/api/v1/{}", "/support/desk/{}/", "/xx/{}",
    ):  # fmt: skip
        response = client.get(path.format(raw))
        assert response.status_code < 500, (path, raw)


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1, 2**63, 10**30])
def test_a_number_too_large_is_just_not_there(world: World, number: int) -> None:
    """SQLite and PostgreSQL both take at most 64 bits."""
    for name, person in (
        ("forum:short", "bob"), ("ideas:short", "bob"), ("support:case", "alice"),
        ("support:desk_case", "dana"), ("accounts:profile", "bob"), ("kb:helpful", "bob"),
        ("forum:history", "bob"), ("forum:edit_answer", "bob"), ("ideas:edit_comment", "bob"),
        ("support:set_priority", "dana"),
    ):  # fmt: skip
        client = client_of(world.people[person])
        assert client.get(reverse(name, args=[number])).status_code == 404, name
        assert client.post(reverse("notifications:open", args=[number])).status_code in {404, 302}


FILES = [
    ("empty.txt", b""), ("script.html", b"<script>alert(1)</script>"), ("x.svg", b"<svg onload=1>"),
    ("x.png", b"not a picture"), ("x.exe", b"MZ\x00"), ("../../x.txt", b"up"), ("a" * 300 + ".txt", b"x"),
    ("\u202egnp.txt", b"x"), ("x.txt.exe", b"x"), ("no-ending", b"x"), (".htaccess", b"x"),
    ("x.zip", b"PK\x03\x04" + b"\x00" * 20), ("nul\x00.txt", b"x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content"), FILES, ids=ascii)
def test_a_bad_file_is_refused_in_words(world: World, name: str, content: bytes) -> None:
    """Never stored under its own name, never shown inline, and the reply is kept."""
    client = client_of(world.cast.della)
    address = reverse("support:answer", args=[world.case.number])
    before = Message.objects.filter(case=world.case).count()
    file = SimpleUploadedFile(name, content)
    sent: dict[str, Any] = {"body": "Kept words.", "attachments": file}
    response = client.post(address, sent)
    assert response.status_code in {302, 422}
    if response.status_code == 422:
        assert "Kept words." in response.text
        assert Message.objects.filter(case=world.case).count() == before
    picture = client.post(reverse("posting:upload"), {"file": SimpleUploadedFile(name, content)})
    assert picture.status_code == 422
    assert picture.json()["error"]


def test_a_body_that_is_too_large_or_broken_is_refused(world: World) -> None:
    client = client_of(world.cast.bob)
    address = reverse("forum:answer", args=[world.question.pk])
    large = client.post(address, {"body": "a" * (6 * 1024 * 1024)})
    assert large.status_code in {400, 413, 422}
    for kind in (
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain",
        "multipart/x",
    ):
        assert client.post(address, b"\xff\x00{", content_type=kind).status_code < 500
    many = "&".join(f"f{number}=1" for number in range(11_000))
    kind = "application/x-www-form-urlencoded"
    assert client.post(address, many, content_type=kind).status_code == 400


def test_what_was_added_to_a_form_changes_nothing(world: World) -> None:
    """Class 11: every field of the model is sent; only the form's own count."""
    client = client_of(world.cast.bob)
    sent = {
        "display_name": "Bob", "language": "en", "time_zone": "UTC", "is_superuser": "on",
        "is_expert": "on", "groups": "1", "email": "x@y.example", "is_demo": "on", "password": "x",
    }  # fmt: skip
    assert save(client, reverse("accounts:settings"), sent).status_code == 302
    person = type(world.cast.bob).objects.get(pk=world.cast.bob.pk)
    assert not (person.is_superuser)
    assert not (person.is_expert)
    assert not (person.is_demo)
    assert not (person.groups.exists())
    assert person.email == "zqbobmail@people.example"
    sent = {
        "title": "A kestrel with more", "body": "So.", "language": "en", "vote_count": "99",
        "stage": str(world.planned.pk), "author": str(world.cast.mia.pk), "base_votes": "50",
    }  # fmt: skip
    onward = client.post(reverse("ideas:new"), sent)
    made = type(world.idea).objects.order_by("-pk")[0]
    assert onward.headers["Location"] == made.get_absolute_url()
    assert (made.author, made.vote_count, made.base_votes) == (world.cast.bob, 1, 0)
    assert made.stage != world.planned
