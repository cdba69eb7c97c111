"""Every address × every role: what it answers, what it shows, and that looking changes nothing.

One pass over the site is recorded for the module; the tests look at the record (R13).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts import access
from forum.models import AnswerQuerySet
from forum.models import CommentQuerySet as ForumCommentQuerySet
from ideas.models import CommentQuerySet, IdeaQuerySet
from kb.models import HelpQuerySet
from moderation.posts import PostQuerySet
from search import query
from support.models import CaseQuerySet, MessageQuerySet
from tests.access_inside import EXTRA_INSIDE, INSIDE
from tests.access_table import ELSEWHERE, Row
from tests.access_table import EXTRA as EXTRA_OUTSIDE
from tests.access_table import TABLE as OUTSIDE
from tests.factories import CANARY, World
from tests.site import client_of
from tests.test_architecture import views

TABLE = [*OUTSIDE, *INSIDE]
EXTRA = [*EXTRA_OUTSIDE, *EXTRA_INSIDE]
# What reading may write: the session of somebody who just signed in, and nothing of ours.
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_ALLOWED_TABLES = ("django_session", "home_siteversion", "peerdesk_cache", "account_usersession",
                   "usersessions_usersession")  # fmt: skip
pytestmark = pytest.mark.django_db


@dataclass
class Record:
    """What came back: statuses, canaries and writes."""

    wrong: list[str] = field(default_factory=list)
    seen: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def look(self, person: str, where: str, response: Any) -> None:
        if response.status_code >= 500:
            self.errors.append(f"{person} {where} → {response.status_code}")
        for canary in canaries_in(response):
            self.seen.setdefault(canary, set()).add((person, where))


def canaries_in(response: Any) -> set[str]:
    body = b"".join(response) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    # Beneath what is known are tokens that happen to hold the same two letters.
    return set(CANARY.findall(body.decode("utf-8", "replace") + headers))


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {name: client_of(person) for name, person in world.people.items()}


@pytest.fixture(scope="module")
def reading(world: World, clients: dict[str, Client]) -> Record:
    """Every GET of the table and of EXTRA, by everybody."""
    record = Record()
    for name, client in clients.items():
        with _watched(record, name):
            for row in TABLE:
                if row.method == "GET":
                    response = _fetch(client, row, world, name)
                    _compare(record, row, name, response)
                    record.look(name, str(row), response)
                    onward = response.get("Location", "")
                    if response.status_code == 301 or onward.startswith("/support/files/"):
                        record.look(name, f"{row} →", client.get(onward))
            for address in EXTRA:
                record.look(name, address, client.get(address))
    return record


@contextmanager
def _watched(record: Record, person: str) -> Iterator[None]:
    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(sql) and not any(table in sql for table in _ALLOWED_TABLES):
            record.writes.append(f"{person}: {sql[:120]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield


def _fetch(client: Client, row: Row, world: World, person: str) -> Any:
    address = reverse(row.name, args=row.arguments(world, person))
    return client.get(address, row.body(world, person))


def _compare(record: Record, row: Row, person: str, response: HttpResponse) -> None:
    wanted = row.status(person)
    if response.status_code != wanted:
        record.wrong.append(f"{row}: {person} got {response.status_code}, not {wanted}")


@pytest.fixture(scope="module")
def writing(world: World, clients: dict[str, Client]) -> Record:
    """Every POST of the table, by everybody; each is taken back."""
    record = Record()
    for row in TABLE:
        if row.method != "POST":
            continue
        for name, client in clients.items():
            with transaction.atomic():
                address = reverse(row.name, args=row.arguments(world, name))
                response = client.post(address, row.body(world, name))
                _compare(record, row, name, response)
                record.look(name, str(row), response)
                transaction.set_rollback(True)
    return record


def lines(found: Iterable[str]) -> str:
    """A failure people can read."""
    return "\n" + "\n".join(found)


def names() -> set[str]:
    """URL names that the table has to know."""
    found = set()
    for name, pattern, _view in views():
        foreign = pattern.startswith(("admin/", "documents/")) or name.startswith(ELSEWHERE)
        if not foreign and not name.endswith("None"):
            found.add(name)
    return found


def test_every_url_is_in_the_table() -> None:
    known = {row.name for row in TABLE}
    assert names() - known == set(), "add these to tests/access_table.py"
    assert known - {name for name, _pattern, _view in views()} == set()


def test_reading_answers_as_the_table_says(reading: Record) -> None:
    assert not reading.errors, lines(reading.errors)
    assert not reading.wrong, lines(reading.wrong)


def test_writing_answers_as_the_table_says(writing: Record) -> None:
    assert not writing.errors, lines(writing.errors)
    assert not writing.wrong, lines(writing.wrong)


def test_looking_changes_no_row(reading: Record) -> None:
    """Class 17."""
    assert not reading.writes, lines(sorted(set(reading.writes)))


def leaks(world: World, record: Record) -> list[str]:
    found = []
    for canary, allowed in world.sees.items():
        places = record.seen.get(canary, set())
        found += [f"{canary}: {person} at {at}" for person, at in places if person not in allowed]
    return sorted(found)


def test_nobody_is_shown_what_they_may_not_see(world: World, reading: Record) -> None:
    """Bodies and headers of every page, list, suggestion, feed and answer of the API."""
    assert not leaks(world, reading), lines(leaks(world, reading))


def test_no_answer_to_a_form_shows_it_either(world: World, writing: Record) -> None:
    assert not leaks(world, writing), lines(leaks(world, writing))


def test_those_who_may_see_do_see(world: World, reading: Record) -> None:
    """Else the canaries would prove nothing."""
    seen = {canary: {person for person, _at in places} for canary, places in reading.seen.items()}
    hidden = {
        # Nobody's: deleted, unpublished, or written for later.
        "zqdeleted", "zqdeletedidea", "zqunpublished", "zqlaterwords",
        # Seen elsewhere than on pages: in the draft's own editor, in mails, in the admin.
        "zqdraft", "zqhidingreason", "zqoffertext",
    }  # fmt: skip
    missing = {}
    for canary, allowed in world.sees.items():
        if canary in hidden or canary.endswith("mail"):
            continue
        absent = allowed - seen.get(canary, set()) - {"newcomer"}
        if absent:
            missing[canary] = sorted(absent)
    assert not missing, lines(f"{canary} {names}" for canary, names in missing.items())


def test_a_post_without_token_is_refused_everywhere(world: World) -> None:
    """Only the way out of a mail takes none: its signed address is the credential.

    What answers reading alone says so before it asks for a token.
    """
    client = client_of(world.cast.root, enforce_csrf_checks=True)
    taken = []
    for row in TABLE:
        address = reverse(row.name, args=row.arguments(world, "root"))
        if client.post(address).status_code != 403:
            taken.append(row.name)
    assert set(taken) <= {"notifications:unsubscribe", "api-v1:search", "api-v1:openapi-json",
                          "api-v1:articles", "api-v1:questions", "api-v1:ideas", "api-v1:cases",
                          "api-v1:api-root", "wagtail_localize:snippets_api_listing",
                          "wagtail_localize:snippets_api_detail"}  # fmt: skip


def test_what_is_not_in_the_table_is_not_allowed(world: World, clients: dict[str, Client]) -> None:
    """GET where the table knows only POST, and the other methods everywhere: never done."""
    readable = {row.name for row in TABLE if row.method == "GET"}
    done = []
    # In the editing area, forms of Django take PUT for POST, with the same token and right.
    for row in OUTSIDE:
        address = reverse(row.name, args=row.arguments(world, "root"))
        methods = ["put", "patch", "delete"] + ([] if row.name in readable else ["get"])
        for method in methods:
            status = getattr(clients["root"], method)(address).status_code
            if status not in {302, 404, 405}:
                done.append(f"{method} {row.name} {status}")
    # ninja describes its API, and allauth leads on, whatever the method.
    assert [line for line in done if " account_" not in line and " api-v1:" not in line] == []


def test_missing_and_forbidden_look_the_same(world: World, clients: dict[str, Client]) -> None:
    """Class 7: status, headers and length tell nothing."""
    pairs = [
        ("support:case", [world.birch_case.number], [99999]),
        ("support:answer", [world.birch_case.number], [99999]),
        ("support:file", [world.case.number, world.note_upload.pk], [world.case.number, "x" * 22]),
        ("forum:question", [world.hidden_question.pk, "x"], [99999, "x"]),
        ("forum:edit_answer", [world.hidden_answer.pk], [99999]),
        ("ideas:idea", [world.hidden_idea.pk, "x"], [99999, "x"]),
        ("kb:helpful", [world.staff_article.pk], [99999]),
        ("kb:page", ["calendar/staff-one/"], ["calendar/other-one/"]),
        ("accounts:organisation", ["birch"], ["other"]),
        ("notifications:open", [world.notice.pk], [99999]),
        (
            "moderation:flag",
            ["forum.question", world.hidden_question.pk],
            ["forum.question", 99999],
        ),
    ]
    for name, forbidden, missing in pairs:
        for method in ("get", "post"):
            answers = [
                getattr(clients["bob"], method)(reverse(name, args=args))
                for args in (forbidden, missing)
            ]
            assert answers[0].status_code == answers[1].status_code, (name, method)
            assert _shape(answers[0]) == _shape(answers[1]), (name, method)


def _shape(response: HttpResponse) -> tuple[int, set[str]]:
    """Length without what repeats the address or is a token, and which headers there are."""
    text = response.content.decode()
    for part in (re.escape(response.wsgi_request.get_full_path()), r'value="[^"]*"'):  # type: ignore[attr-defined]
        text = re.sub(part, "", text)
    return len(text), set(response.headers)


def test_the_editing_area_is_closed(world: World, clients: dict[str, Client]) -> None:
    """Visitors are sent to sign in; who has no business there finds nothing."""
    open_doors = []
    for name, pattern, _view in views():
        if not pattern.startswith("admin/") or "<" in pattern or "(?P" in pattern:
            continue
        address = "/" + pattern.replace("^", "").replace("$", "").replace("\\", "")
        answers = [clients[name].get(address).status_code for name in ("anonymous", "alice", "sam")]
        if answers[0] not in {302, 404} or answers[1:] != [404, 404]:
            # Translations for the editor's scripts, and the way out, hold nothing of ours.
            open_doors.append((name, answers))
    allowed = {"wagtailadmin_javascript_catalog", "wagtailadmin_logout"}
    assert [door for door in open_doors if door[0] not in allowed] == []


def everything(rows: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
    return rows.all()


def test_the_canaries_would_notice(
    world: World, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the one visibility rule switched off, everything leaks."""
    rules: list[tuple[type[Any], str]] = [
        (PostQuerySet, "visible_to"), (AnswerQuerySet, "visible_to"),
        (ForumCommentQuerySet, "visible_to"), (IdeaQuerySet, "visible_to"),
        (CommentQuerySet, "visible_to"),
        (CaseQuerySet, "visible_to"), (CaseQuerySet, "of_customer"),
        (MessageQuerySet, "visible_to"), (HelpQuerySet, "visible_to"),
    ]  # fmt: skip
    for queryset, rule in rules:
        monkeypatch.setattr(queryset, rule, everything)
    tokens = access.viewer_tokens(world.cast.root) | {"org-admins:1", "org-admins:2"}
    monkeypatch.setattr(query, "viewer_tokens", lambda viewer: tokens)
    record = Record()
    # Authors see what was hidden of theirs, customers what is for customers: so two people look.
    for name in ("mia", "bob"):
        for row in TABLE:
            if row.method == "GET":
                record.look(name, str(row), _fetch(clients[name], row, world, name))
        for address in EXTRA:
            record.look(name, address, clients[name].get(address))
    found = {leak.partition(":")[0] for leak in leaks(world, record)}
    assert found >= {
        "zqcasesubject", "zqcasebody", "zqothercase", "zqbirchcase", "zqhiddentitle",
        "zqhiddenanswer", "zqhiddenidea", "zqstaffarticle", "zqcustomersarticle", "zqstaffnote",
        "zqcasenote", "zqfilename",
    }  # fmt: skip
