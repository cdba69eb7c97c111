"""Questions with answers, comments and votes, a thousand questions a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from django.db import transaction

from forum.actions.states import ARCHIVE_AFTER
from forum.actions.tallies import recount
from forum.models import TITLE_LENGTH, Answer, AnswerVote, Comment, MeToo, Question, State, slug_of
from home.loading.scale.rows import Table
from home.loading.scale.site import Site, batches

_SOLVED = 0.55
_COMMENTS = 0.15
_MOST_ME_TOO = 40
Row = dict[str, Any]


def load(site: Site, count: int, answers: int, votes: int, tick: Callable[[int], None]) -> None:
    """COUNT questions that share ANSWERS and about VOTES."""
    writer = Threads(site, votes / count if count else 0)
    done = 0
    for size in batches(count):
        share = answers * (done + size) // count - answers * done // count
        with transaction.atomic():
            writer.write(size, share)
        done += size
        tick(size)
    writer.finish()
    recount()


class Threads:
    """Makes the rows of a batch in memory, all keys included, and inserts them table by table."""

    def __init__(self, site: Site, votes: float) -> None:
        self.site, self.votes = site, votes
        self.questions, self.answers, self.comments = Table(Question), Table(Answer), Table(Comment)
        self.answer_votes, self.me_toos = Table(AnswerVote), Table(MeToo)
        self.tags = Table(Question.tags.through)

    def write(self, size: int, answers: int) -> None:
        spread = self._spread(size, answers)
        questions = [self._question(number) for number in spread]
        # Three quarters of the votes are for answers.
        votes = self.votes * size * 0.75 / answers if answers else 0
        rows: list[Row] = []
        for question, number in zip(questions, spread, strict=True):
            own = [self._answer(question, position, votes) for position in range(number)]
            if question["solved_at"]:
                best = max(own, key=lambda answer: answer["score"])
                question["accepted_answer_id"] = best["id"]
            rows += own
        self.questions.insert(questions)
        self.answers.insert(rows)
        self.comments.insert(self._comments(questions, rows))
        self.tags.insert(
            {"question_id": question["id"], "tag_id": tag}
            for question in questions
            for tag in sorted(self.site.some_tags())
        )
        self.answer_votes.insert(self._answer_votes(rows))
        self.me_toos.insert(
            {"target_id": q["id"], "user_id": person, "created_at": q["created_at"]}
            for q in questions
            for person in self.site.voters(q["me_too_count"])
        )

    def finish(self) -> None:
        for table in vars(self).values():
            if isinstance(table, Table):
                table.finish()

    def _spread(self, size: int, answers: int) -> list[int]:
        """How many answers each question gets: many few, few many, all in all ANSWERS."""
        weights = [self.site.writer.random.random() ** 2 for _ in range(size)]
        total = sum(weights) or 1
        bounds = [0, *(round(answers * part / total) for part in accumulate(weights))]
        return [after - before for before, after in pairwise(bounds)]

    def _question(self, answers: int) -> Row:
        site, writer = self.site, self.site.writer
        asked, language = site.moment(), writer.language()
        text = writer.text("question", language, 2 + writer.few(6, skew=1.5))
        title = writer.title("title", language, TITLE_LENGTH)
        first = site.after(asked, 48) if answers else None
        last = site.after(first, 24 * 90) if first and answers > 1 else first or asked
        solved = answers > 0 and writer.random.random() < _SOLVED
        return {
            "id": self.questions.key(),
            "author_id": site.person(),
            "title": title,
            "slug": slug_of(title),
            "body_source": text.source,
            "body_html": text.html,
            "language": language,
            "product_id": site.product(),
            "state": self._state(answers, last, solved=solved),
            "me_too_count": min(int(self.votes), writer.few(_MOST_ME_TOO, skew=6)),
            "answer_count": answers,
            "first_answer_at": first,
            "created_at": asked,
            "last_activity_at": last,
            "accepted_at": last if solved else None,
            "solved_at": last if solved else None,
        }

    def _state(self, answers: int, last: datetime, *, solved: bool) -> str:
        if last < self.site.now - ARCHIVE_AFTER:
            return State.ARCHIVED.value
        if solved:
            return State.SOLVED.value
        return State.ANSWERED.value if answers else State.UNANSWERED.value

    def _answer(self, question: Row, position: int, votes: float) -> Row:
        writer = self.site.writer
        text = writer.text("answer", question["language"], 1 + writer.few(6, skew=1.5))
        at = question["first_answer_at"] + timedelta(hours=position)
        cast = int(writer.random.expovariate(1 / votes)) if votes else 0
        cast = min(cast, len(self.site.people) // 2)
        against = writer.few(cast // 3)
        return {
            "id": self.answers.key(),
            "question_id": question["id"],
            "author_id": self.site.person(),
            "body_source": text.source,
            "body_html": text.html,
            "created_at": min(question["last_activity_at"], at),
            "helpful_count": cast - against,
            "unhelpful_count": against,
            "score": cast - 2 * against,
        }

    def _comments(self, questions: list[Row], answers: list[Row]) -> Iterator[Row]:
        languages = {question["id"]: question["language"] for question in questions}
        for answer in answers:
            if self.site.writer.random.random() > _COMMENTS:
                continue
            text = self.site.writer.text("comment", languages[answer["question_id"]], 1)
            yield {
                "question_id": answer["question_id"],
                "answer_id": answer["id"],
                "author_id": self.site.person(),
                "body_source": text.source,
                "body_html": text.html,
                "created_at": answer["created_at"],
            }

    def _answer_votes(self, answers: list[Row]) -> Iterator[Row]:
        for answer in answers:
            helpful = answer["helpful_count"]
            people = self.site.voters(helpful + answer["unhelpful_count"])
            for place, person in enumerate(people):
                yield {
                    "target_id": answer["id"],
                    "user_id": person,
                    "value": 1 if place < helpful else -1,
                    "created_at": answer["created_at"],
                }
