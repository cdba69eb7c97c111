"""Importing threads of another forum: whole or not at all, and twice does no harm (IM-03, IM-04)."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from forum import integrity
from forum.importing import EMPTY_NOTE, language_of
from forum.models import Answer, Question, State
from links.models import ImportedKey
from search.query import find

pytestmark = pytest.mark.django_db
RECENT = (timezone.now() - timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S +0000")


def thread(key: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "id": key,
        "locale": "en-US",
        "product": "thunderbird",
        "topic": "other",
        "tags": ["imap", "Sent folder"],
        "created": RECENT,
        "title": "Replies are not saved",
        "body_md": "The **sent** folder stays empty.",
        "author": "user1",
        "votes": 4,
        "solved": True,
        "answers": [
            {
                "id": f"{key}1",
                "author": "user2",
                "created": RECENT,
                "body_md": "Tick the zanzibar box.",
                "helpful": 3,
                "unhelpful": 1,
                "solution": True,
            }
        ],
        **changes,
    }


def answer(**changes: Any) -> dict[str, Any]:
    return {**thread()["answers"][0], **changes}


def run(path: Path, records: list[Any], *options: str) -> tuple[str, str]:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    file = path / "threads.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    out, err = StringIO(), StringIO()
    call_command("import_threads", str(file), "--system", "old", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_a_thread_comes_with_authors_dates_votes_and_solution(tmp_path: Path) -> None:
    out, err = run(tmp_path, [thread()])
    assert "1 questions with 1 answers imported, 2 people added" in out
    assert err == ""
    question = Question.objects.get()
    post = Answer.objects.get()
    assert (question.language, question.product.code) == ("en", "thunderbird")
    assert (question.me_too_count, question.base_me_too) == (4, 4)
    assert (post.helpful_count, post.unhelpful_count, post.score) == (3, 1, 2)
    assert (question.state, question.accepted_answer, question.solved_at) == (
        State.SOLVED,
        post,
        post.created_at,
    )
    assert sorted(question.tags.values_list("name", flat=True)) == ["imap", "sent folder"]
    assert "<strong>sent</strong>" in question.body_html
    author = question.author
    assert (author.display_name, author.is_active, author.email) == ("user1", False, None)
    assert not author.has_usable_password()
    assert [hit.title for hit in find("zanzibar", viewer=AnonymousUser()).hits] == [question.title]
    assert [fault for _name, some in integrity.checks() for fault in some] == []


def test_the_second_run_adds_only_what_is_new(tmp_path: Path) -> None:
    run(tmp_path, [thread("1")])
    out, _err = run(tmp_path, [thread("1"), thread("2")])
    assert "1 questions with 1 answers imported, 0 people added; 1 known already" in out
    assert (Question.objects.count(), User.objects.count()) == (2, 2)
    assert ImportedKey.objects.filter(kind="question").count() == 2


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    out, err = run(tmp_path, [thread(), "{broken"], "--dry-run")
    assert "1 questions with 1 answers would be imported" in out
    assert "line 2" in err
    assert not Question.objects.exists()
    assert not User.objects.exists()
    assert not ImportedKey.objects.exists()


def test_the_limit_and_packed_files(tmp_path: Path) -> None:
    file = tmp_path / "threads.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as packed:
        packed.write("\n".join(json.dumps(thread(str(n))) for n in range(5)))
    call_command("import_threads", str(file), "--limit", "3", "--no-search", stdout=StringIO())
    assert Question.objects.count() == 3
    assert find("zanzibar", viewer=AnonymousUser()).hits == []
    with pytest.raises(CommandError):
        call_command("import_threads", str(tmp_path / "nothing.jsonl"))


BAD: list[tuple[Any, str]] = [
    ("{broken", "no JSON"),
    ("[1]", "not an object"),
    ("[" * 100_000, "nested|JSON"),
    (thread(title=" \x00 "), "title is empty"),
    (thread(title=7), "title is missing"),
    (thread(created="yesterday"), "created is no date"),
    (thread(votes=-1), "votes is no count"),
    (thread(votes=True), "votes is no count"),
    (thread(author=""), "no author"),
    (thread(id=""), "id is missing"),
    (thread(answers={}), "answers is not a list"),
    (thread(answers=["x"]), "an answer is not an object"),
    (thread(tags="imap"), "tags is not a list"),
    (thread(body_md="x" * 200_001), "longer than"),
    (thread(answers=[answer(), answer()]), "same id"),
    (thread(answers=[answer(), answer(id="2")]), "more than one"),
]


@pytest.mark.parametrize(("record", "reason"), BAD, ids=[reason for _record, reason in BAD])
def test_a_bad_record_is_reported_and_leaves_nothing(
    tmp_path: Path, record: Any, reason: str
) -> None:
    out, err = run(tmp_path, [thread("good"), record, thread("better")], "--no-search")
    assert "2 questions" in out
    assert "1 bad records" in out
    assert "skipped: line 2: " in err
    assert any(word in err for word in reason.split("|"))
    assert Question.objects.count() == 2
    assert Answer.objects.count() == 2


def test_a_thread_the_database_refuses_does_not_take_the_batch_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DataError

    from forum.bulk import Importer

    write = Importer._write

    def picky(self: Importer, threads: list[Any]) -> None:
        write(self, threads)
        if any(one.key == "2" for one in threads):
            raise DataError("too odd")

    monkeypatch.setattr(Importer, "_write", picky)
    out, err = run(tmp_path, [thread(str(n)) for n in range(1, 5)], "--no-search")
    assert "3 questions with 3 answers" in out
    assert "line 2: the database refused it (too odd)" in err
    assert sorted(ImportedKey.objects.filter(kind="question").values_list("key", flat=True)) == [
        *("1", "3", "4")
    ]
    assert User.objects.count() == 2


def test_an_empty_post_comes_with_a_note(tmp_path: Path) -> None:
    out, _err = run(tmp_path, [thread(answers=[answer(body_md="", solution=False)])], "--no-search")
    assert "note: line 1" in out
    assert Answer.objects.get().body_source == EMPTY_NOTE


def test_an_old_thread_is_archived_and_stays_solved(tmp_path: Path) -> None:
    old = "2023-01-01 09:26:18 +0000"
    run(tmp_path, [thread(created=old, answers=[answer(created=old)])], "--no-search")
    question = Question.objects.get()
    assert (question.state, question.is_solved) == (State.ARCHIVED, True)
    assert question.created_at == datetime(2023, 1, 1, 9, 26, 18, tzinfo=UTC)


def test_the_same_id_twice_in_one_file_counts_once(tmp_path: Path) -> None:
    _out, err = run(tmp_path, [thread("1"), thread("1")], "--no-search")
    assert "stands twice" in err
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en-US", "en"), ("pt-BR", "pt-br"), ("cs", "cs"), ("zh_Hans", "zh-hans"), ("", "en")],
)
def test_the_language_is_the_sites_own_where_it_has_it(locale: str, language: str) -> None:
    assert language_of(locale) == language
