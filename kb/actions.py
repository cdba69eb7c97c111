"""What readers change: whether an article helped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.errors import Refused
from kb.models import ArticlePage, HelpfulVote


@dataclass(frozen=True)
class Reader:
    """A member, or a visitor known by a random cookie."""

    user: Any = None
    visitor: str = ""

    def key(self) -> dict[str, Any]:
        return {"user": self.user} if self.user else {"visitor": self.visitor, "user": None}


def require_current(article: ArticlePage, revision: int) -> None:
    if article.live_revision_id != revision:
        raise Refused(_("The article has just changed. Look at the new text first."), code="stale")


@transaction.atomic
def say_helpful(
    article: ArticlePage,
    *,
    by: Reader,
    revision: int,
    is_helpful: bool,
    reason: str = "",
    text: str = "",
) -> HelpfulVote:
    """Stores or changes one reader's word on the published revision.

    Raises Refused when the article was published anew since the reader opened it.
    """
    article = ArticlePage.objects.select_for_update().get(pk=article.pk)
    require_current(article, revision)
    vote = HelpfulVote.objects.filter(revision_id=revision, **by.key()).first()
    if vote is None:
        vote = HelpfulVote(
            page=article,
            revision_id=revision,
            language=article.language,
            user=by.user,
            visitor=by.visitor,
            is_helpful=is_helpful,
        )
        _count(article, is_helpful, +1)
    elif vote.is_helpful != is_helpful:
        _count(article, vote.is_helpful, -1)
        _count(article, is_helpful, +1)
        vote.is_helpful = is_helpful
    vote.reason, vote.text = reason, text
    vote.save()
    return vote


def _count(article: ArticlePage, is_helpful: bool, by: int) -> None:
    column = "helpful_count" if is_helpful else "unhelpful_count"
    # One UPDATE on the child's table; the page's own row stays untouched.
    ArticlePage.objects.filter(pk=article.pk).update(
        **{column: F(column) + by, "helpful_revision": article.live_revision_id}
    )
