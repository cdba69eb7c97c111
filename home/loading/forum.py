"""Loads the sample questions with answers, comments and votes, without telling anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.markdown import render
from forum.actions.tallies import recount
from forum.models import Answer, AnswerVote, Comment, Event, MeToo, Question, State
from home.loading.base import Book, read
from links.models import type_of
from notifications.models import Subscription
from products.models import tags_from


def load(book: Book) -> None:
    for row in read("questions"):
        if not book.has("question", row["key"]):
            _load_question(book, row)
    recount()


def _load_question(book: Book, row: dict[str, Any]) -> None:
    asked = book.clock.ago(row["days_ago"])
    question = Question.objects.create(
        author=book.person(row["author"]),
        title=row["title"],
        body_source=row["body"],
        body_html=render(row["body"]),
        language=row["language"],
        product=book.product(row["product"]),
        created_at=asked,
        last_activity_at=asked,
        me_too_count=len(row.get("me_too") or []),
    )
    question.tags.set(tags_from(row["tags"]))
    MeToo.objects.bulk_create(
        MeToo(target=question, user=book.person(key)) for key in row.get("me_too") or []
    )
    moments = [asked]
    for answer in row.get("answers") or []:
        moments += _load_answer(book, question, answer, asked)
    moments += [
        _load_comment(book, question, None, comment, asked) for comment in row.get("comments") or []
    ]
    _settle(question, row, max(moments))
    _follow(book, question, {row["author"]: "author"})
    _follow(book, question, dict.fromkeys(row.get("me_too") or [], "me_too"))
    book.keep("question", row["key"], question)


def _load_answer(
    book: Book, question: Question, row: dict[str, Any], asked: datetime
) -> list[datetime]:
    at = book.clock.after(asked, row["hours_after"])
    helpful, unhelpful = row.get("helpful") or [], row.get("unhelpful") or []
    answer = Answer.objects.create(
        question=question,
        author=book.person(row["author"]),
        body_source=row["body"],
        body_html=render(row["body"]),
        created_at=at,
        helpful_count=len(helpful),
        unhelpful_count=len(unhelpful),
        score=len(helpful) - len(unhelpful),
    )
    AnswerVote.objects.bulk_create(
        AnswerVote(target=answer, user=book.person(key), value=value)
        for keys, value in ((helpful, 1), (unhelpful, -1))
        for key in keys
    )
    question.answer_count += 1
    question.first_answer_at = min(question.first_answer_at or at, at)
    moments = [at]
    moments += [
        _load_comment(book, question, answer, comment, at) for comment in row.get("comments") or []
    ]
    if row.get("accepted"):
        moments.append(_accept(book, question, answer, row, max(moments)))
    return moments


def _accept(
    book: Book, question: Question, answer: Answer, row: dict[str, Any], after: datetime
) -> datetime:
    by = book.person(row.get("accepted_by") or "") if row.get("accepted_by") else question.author
    at = book.clock.after(after, 0.1)
    question.accepted_answer, question.accepted_by = answer, by
    question.accepted_at = question.solved_at = at
    Event.objects.create(question=question, verb=Event.Verb.ACCEPTED, by=by, created_at=at)
    return at


def _load_comment(
    book: Book, question: Question, answer: Answer | None, row: dict[str, Any], begin: datetime
) -> datetime:
    at = book.clock.after(begin, row["hours_after"])
    Comment.objects.create(
        question=question,
        answer=answer,
        author=book.person(row["author"]),
        body_source=row["body"],
        body_html=render(row["body"]),
        created_at=at,
    )
    return at


def _settle(question: Question, row: dict[str, Any], last: datetime) -> None:
    if question.solved_at:
        question.state = State.SOLVED
    elif row.get("needs_info"):
        question.state = State.NEEDS_INFO
    elif question.answer_count:
        question.state = State.ANSWERED
    question.last_activity_at = last
    question.save()


def _follow(book: Book, question: Question, reasons: dict[str, str]) -> None:
    kind = type_of(Question)
    Subscription.objects.bulk_create(
        [
            Subscription(
                user=book.person(key), target_type=kind, target_id=question.pk, reason=reason
            )
            for key, reason in reasons.items()
        ],
        ignore_conflicts=True,
    )
