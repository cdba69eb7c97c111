"""Writes checked threads in batches: a batch is a commit, a thread is whole or not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from common import markdown
from common.text import slugify
from forum.actions import tallies
from forum.actions.states import ARCHIVE_AFTER
from forum.importing import BadRecord, Post, Report, Thread, thread_of
from forum.models import Answer, Question, State, slug_of
from links.actions import known_keys
from links.models import ImportedKey, type_of
from products.models import Product, Tag, tags_from

BATCH = 200
_MAX_TAGS_A_BATCH = 10_000


class Importer:
    """Imports threads of one SYSTEM; what it has imported before it leaves alone."""

    def __init__(self, *, system: str, dry_run: bool = False) -> None:
        self.system, self.dry_run = system, dry_run
        self.report = Report()
        self._forget()

    def _forget(self) -> None:
        """After a rollback, what was remembered of it is not there."""
        self.people: dict[str, int] = {}
        self.products: dict[str, Product] = {p.code: p for p in Product.objects.all()}

    def run(self, lines: Iterable[tuple[int, str]], tick: Callable[[int], None]) -> Report:
        rows = iter(lines)
        while batch := list(islice(rows, BATCH)):
            self._batch(list(self._checked(batch)))
            tick(len(batch))
        if not self.dry_run:
            tallies.recount()
        return self.report

    def _checked(self, batch: list[tuple[int, str]]) -> Iterator[Thread]:
        keys: set[str] = set()
        for number, line in batch:
            try:
                thread = thread_of(number, line)
            except BadRecord as reason:
                self.report.skip(number, reason)
                continue
            if thread.key in keys:
                self.report.skip(number, f"id {thread.key} stands twice")
                continue
            keys.add(thread.key)
            yield thread

    def _batch(self, threads: list[Thread]) -> None:
        known = known_keys(self.system, "question", [thread.key for thread in threads])
        self.report.known += len(known)
        new = [thread for thread in threads if thread.key not in known]
        if self.dry_run:
            self._count(new)
            return
        try:
            with transaction.atomic():
                self._write(new)
            self._count(new)
        except DatabaseError:
            # One of them does not fit: find it, and let the others in.
            self._forget()
            for thread in new:
                self._single(thread)

    def _single(self, thread: Thread) -> None:
        try:
            with transaction.atomic():
                self._write([thread])
        except DatabaseError as error:
            self._forget()
            self.report.skip(thread.line, f"the database refused it ({error})")
        else:
            self._count([thread])

    def _count(self, threads: list[Thread]) -> None:
        self.report.questions += len(threads)
        for thread in threads:
            self.report.answers += len(thread.answers)
            if thread.empty_posts:
                self.report.notes.append(f"line {thread.line}: an empty post got a note")

    def _write(self, threads: list[Thread]) -> None:
        if not threads:
            return
        self._ensure_people(threads)
        self._ensure_products(threads)
        questions = Question.objects.bulk_create(self._question(thread) for thread in threads)
        pairs = list(zip(threads, questions, strict=True))
        self._remember("question", [(thread.key, q.pk) for thread, q in pairs], Question)
        posts = [(post, question) for thread, question in pairs for post in thread.answers]
        answers = Answer.objects.bulk_create(self._answer(post, q) for post, q in posts)
        self._remember(
            "answer",
            [(post.key, a.pk) for (post, _q), a in zip(posts, answers, strict=True)],
            Answer,
        )
        self._accept(posts, answers)
        self._tag(pairs)

    def _question(self, thread: Thread) -> Question:
        post, dates = thread.post, [answer.created_at for answer in thread.answers]
        last = max([post.created_at, *dates])
        solution = next((answer for answer in thread.answers if answer.is_solution), None)
        return Question(
            **self._words(post),
            title=thread.title,
            slug=slug_of(thread.title),
            language=thread.language,
            product=self.products.get(_code(thread.product)),
            state=_state(thread, last),
            me_too_count=thread.votes,
            base_me_too=thread.votes,
            answer_count=len(dates),
            first_answer_at=min(dates, default=None),
            last_activity_at=last,
            accepted_at=solution.created_at if solution else None,
            solved_at=solution.created_at if solution else None,
        )

    def _answer(self, post: Post, question: Question) -> Answer:
        return Answer(
            **self._words(post),
            question=question,
            helpful_count=post.helpful,
            base_helpful=post.helpful,
            unhelpful_count=post.unhelpful,
            base_unhelpful=post.unhelpful,
            score=post.helpful - post.unhelpful,
        )

    def _words(self, post: Post) -> dict[str, Any]:
        return {
            "author_id": self.people[post.author],
            "body_source": post.body,
            "body_html": markdown.render(post.body),
            "created_at": post.created_at,
            "is_imported": True,
        }

    def _accept(self, posts: list[tuple[Post, Question]], answers: list[Answer]) -> None:
        solved = []
        for (post, question), answer in zip(posts, answers, strict=True):
            if post.is_solution:
                question.accepted_answer = answer
                solved.append(question)
        Question.objects.bulk_update(solved, ["accepted_answer"])

    def _tag(self, pairs: list[tuple[Thread, Question]]) -> None:
        names = [name for thread, _question in pairs for name in thread.tags]
        tags: dict[str, Tag] = {tag.slug: tag for tag in tags_from(names, limit=_MAX_TAGS_A_BATCH)}
        through = Question.tags.through
        rows = {
            (question.pk, tags[slug].pk)
            for thread, question in pairs
            for slug in (slugify(name.lower(), "")[:60] for name in thread.tags)
            if slug in tags
        }
        through.objects.bulk_create(through(question_id=q, tag_id=t) for q, t in sorted(rows))

    def _ensure_people(self, threads: list[Thread]) -> None:
        """Authors become inactive people without an address, whom staff may invite to claim."""
        names = {post.author for thread in threads for post in [thread.post, *thread.answers]}
        missing = sorted(names - self.people.keys())
        self.people |= known_keys(self.system, "person", missing)
        new = [name for name in missing if name not in self.people]
        users = User.objects.bulk_create(
            User(display_name=name, is_active=False, password=make_password(None)) for name in new
        )
        found = [(name, user.pk) for name, user in zip(new, users, strict=True)]
        self._remember("person", found, User)
        self.people |= dict(found)
        self.report.people += len(found)

    def _ensure_products(self, threads: list[Thread]) -> None:
        for name in {thread.product for thread in threads if thread.product}:
            code = _code(name)
            if code and code not in self.products:
                product, _new = Product.objects.get_or_create(
                    code=code, defaults={"names": {"en": name.capitalize()}, "position": 100}
                )
                self.products[code] = product

    def _remember(self, kind: str, found: list[tuple[str, int]], model: Any) -> None:
        ImportedKey.objects.bulk_create(
            ImportedKey(
                system=self.system, kind=kind, key=key, content_type=type_of(model), object_id=pk
            )
            for key, pk in found
        )


def _code(name: str) -> str:
    return slugify(name, "")[:40]


def _state(thread: Thread, last: Any) -> str:
    if last < timezone.now() - ARCHIVE_AFTER:
        return State.ARCHIVED
    if any(answer.is_solution for answer in thread.answers):
        return State.SOLVED
    return State.ANSWERED if thread.answers else State.UNANSWERED
