"""Comments on an idea, and notes that only staff read (ID-12)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

import search
from accounts.access import is_staff
from common import markdown
from common.errors import Refused
from common.versions import require_seen
from ideas.actions.posts import lock, require_public
from ideas.models import Idea, IdeaComment
from notifications.actions import notify, subscribe, withdraw


@transaction.atomic
def comment(
    idea: Idea, text: str, *, by: Any, language: str = "en", note: bool = False
) -> IdeaComment:
    """Followers hear of a comment; nobody hears of a note, and it counts nowhere."""
    idea = lock(idea)
    require_public(idea)
    if note and not is_staff(by):
        raise Refused(_("Only staff write notes."), code="forbidden")
    now = timezone.now()
    row = IdeaComment.objects.create(
        idea=idea,
        author=by,
        body_source=text,
        body_html=markdown.render(text),
        language=language,
        is_staff_note=note,
        created_at=now,
    )
    if note:
        return row
    Idea.objects.filter(pk=idea.pk).update(
        comment_count=F("comment_count") + 1, last_activity_at=now
    )
    subscribe(by, idea, reason="commented")
    notify(
        idea,
        "ideas.comment",
        actor=by,
        title=idea.title,
        url=row.get_absolute_url(),
        about=row,
        data={"excerpt": markdown.excerpt(row.body_html)},
    )
    search.refresh(idea)
    return row


@transaction.atomic
def edit_comment(row: IdeaComment, text: str, *, by: Any, seen: str | None = None) -> IdeaComment:
    row = _locked(row)
    require_public(row.idea)
    if not row.may_edit(by):
        raise Refused(_("This comment can no longer be edited."), code="edit")
    require_seen(seen, {"body": row.body_source}, {"body": text})
    if text != row.body_source:
        row.body_source, row.body_html = text, markdown.render(text)
        row.renderer_version, row.edited_at = markdown.VERSION, timezone.now()
        row.save(update_fields=["body_source", "body_html", "renderer_version", "edited_at"])
        search.refresh(row.idea)
    return row


@transaction.atomic
def delete_comment(row: IdeaComment, *, by: Any) -> IdeaComment:
    """Whoever wrote it takes it away, at any time."""
    row = _locked(row)
    if row.deleted_at is not None:
        return row
    if row.author_id != by.pk or row.hidden_at is not None:
        raise Refused(_("This is not your comment."), code="forbidden")
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at"])
    withdraw(row)
    log(row.idea, "ideas.comment.delete", user=by)
    if not row.is_staff_note:
        Idea.objects.filter(pk=row.idea_id).update(comment_count=F("comment_count") - 1)
        search.refresh(row.idea)
    return row


def _locked(row: IdeaComment) -> IdeaComment:
    rows = IdeaComment.objects.select_for_update(of=("self",)).select_related("idea__stage")
    return rows.get(pk=row.pk)
