"""Everything one question's page shows, loaded in a fixed list of steps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from common.pagination import Page, keyset
from forum.actions.questions import may_edit
from forum.models import Answer, AnswerVote, Comment, Event, MeToo, Question
from forum.people import Speaker, speakers
from notifications.actions import is_subscribed

ANSWERS_PER_PAGE = 25
ORDER = ("-score", "created_at", "pk")
_MAX_EVENTS = 20


@dataclass
class Entry:
    """One post with what stands around it."""

    post: Any
    speaker: Speaker
    my_vote: int = 0
    is_own: bool = False
    can_edit: bool = False
    comments: list[Entry] = field(default_factory=list)

    @property
    def helped_me(self) -> bool:
        return self.my_vote > 0

    @property
    def failed_me(self) -> bool:
        return self.my_vote < 0

    @property
    def place(self) -> str:
        """Names the comment form beneath this post."""
        return f"answer-{self.post.pk}"


@dataclass
class Thread:
    question: Question
    asked: Entry
    solution: Entry | None
    answers: list[Entry]
    page: Page
    events: list[Event]
    is_mine: bool
    has_this: bool
    follows: bool
    speakers: dict[int, Speaker]


def assemble(question: Question, request: HttpRequest) -> Thread:
    """A constant number of queries, whatever the question holds."""
    viewer: Any = request.user
    page = _page(question, request)
    solution = question.accepted_answer if question.is_solved else None
    answers: list[Answer] = list(page.items)
    _with_wanted(question, request, answers, solution)
    shown = ([solution] if solution else []) + answers
    comments = _comments(question, [answer.pk for answer in shown], viewer)
    events = list(question.events.select_related("by")[:_MAX_EVENTS])
    votes = _votes(shown, viewer)
    who = speakers(
        {question.author_id}
        | {answer.author_id for answer in shown}
        | {comment.author_id for comment in comments}
    )
    if not viewer.is_authenticated:
        # Who works where is for members: search engines need not list the vendor's customers.
        who = {pk: replace(speaker, organisation="") for pk, speaker in who.items()}
    entries = _Entries(viewer, who, votes)
    by_place: dict[int | None, list[Entry]] = defaultdict(list)
    for comment in comments:
        by_place[comment.answer_id].append(entries.make(comment))
    member = viewer.is_authenticated
    return Thread(
        question=question,
        asked=entries.make(question, by_place[None]),
        solution=entries.make(solution, by_place[solution.pk]) if solution else None,
        answers=[entries.make(answer, by_place[answer.pk]) for answer in answers],
        page=page,
        events=events,
        is_mine=member and question.author_id == viewer.pk,
        has_this=member and MeToo.objects.filter(target=question, user=viewer).exists(),
        follows=member and is_subscribed(viewer, question),
        speakers=who,
    )


@dataclass
class _Entries:
    viewer: Any
    who: dict[int, Speaker]
    votes: dict[int, int]

    def make(self, post: Any, comments: list[Entry] | None = None) -> Entry:
        return Entry(
            post=post,
            speaker=self.who.get(post.author_id, Speaker()),
            my_vote=self.votes.get(post.pk, 0) if isinstance(post, Answer) else 0,
            is_own=self.viewer.is_authenticated and post.author_id == self.viewer.pk,
            can_edit=may_edit(post, self.viewer),
            comments=comments or [],
        )


def _page(question: Question, request: HttpRequest) -> Page:
    """The answers but the solution, which stands on every page of them."""
    viewer: Any = request.user
    answers = question.answers.visible_to(viewer)
    if question.is_solved:
        answers = answers.exclude(pk=question.accepted_answer_id)
    page = keyset(answers.select_related("author"), request, order=ORDER, size=ANSWERS_PER_PAGE)
    for answer in page.items:
        answer.question = question
    return page


def _with_wanted(
    question: Question, request: HttpRequest, answers: list[Answer], solution: Answer | None
) -> None:
    """A link to one answer shows it, on whatever page it would stand."""
    text = request.GET.get("answer", "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return
    shown = {answer.pk for answer in answers} | ({solution.pk} if solution else set())
    if int(text) in shown:
        return
    wanted = question.answers.public().select_related("author").filter(pk=int(text)).first()
    if wanted is not None:
        wanted.question = question
        answers.insert(0, wanted)


def _comments(question: Question, answers: list[int], viewer: Any) -> list[Comment]:
    rows = question.comments.visible_to(viewer)
    here = Q(answer__isnull=True) | Q(answer__in=answers)
    comments = list(rows.filter(here).select_related("author").order_by("created_at", "pk"))
    for comment in comments:
        comment.question = question
    return comments


def _votes(answers: list[Answer], viewer: Any) -> dict[int, int]:
    if not viewer.is_authenticated or not answers:
        return {}
    rows = AnswerVote.objects.filter(user=viewer, target__in=answers)
    return dict(rows.values_list("target_id", "value"))
