"""Comments and staff notes: posting, changing, deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import is_staff, member
from common.errors import Refused
from common.htmx import render_page
from common.languages import interface_code
from common.limits import check_limit
from ideas.actions import comments
from ideas.forms import CommentForm, EditCommentForm
from ideas.models import IdeaComment
from ideas.views.ideas import show
from ideas.views.votes import find
from posting.idempotency import once


@require_POST
@member
def comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    idea = find(request, pk)
    form = CommentForm(request.POST)
    note = request.POST.get("kind") == "note" and is_staff(user)
    if form.is_valid():
        try:
            with once(request, form.cleaned_data["key"], f"ideas.comment:{pk}") as attempt:
                if not attempt.is_repeat:
                    check_limit(request, "post")
                    row = comments.comment(
                        idea,
                        form.cleaned_data["body"],
                        by=user,
                        language=interface_code(get_language() or "en"),
                        note=note,
                    )
                    attempt.done(row.get_absolute_url())
            return redirect(attempt.url)
        except Refused as refusal:
            form.add_error(None, str(refusal.message))
    return show(request, idea, comment_form=form, open_form="note" if note else "", status=422)


def _own(request: HttpRequest, pk: int) -> IdeaComment:
    rows = IdeaComment.objects.visible_to(request.user).select_related("idea__stage")
    row: IdeaComment = get_object_or_404(rows, pk=pk, author=request.user)
    return row


@member
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    row = _own(request, pk)
    if not row.may_edit(user):
        raise Refused(_("This comment can no longer be edited."), code="edit")
    form = EditCommentForm(request.POST or None, initial={"body": row.body_source})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            comments.edit_comment(
                row, form.cleaned_data["body"], by=user, seen=form.cleaned_data["seen"]
            )
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            return redirect(row.get_absolute_url())
    context = {"form": form, "comment": row, "idea": row.idea}
    return render_page(request, "ideas/edit_comment.html", context, fragment="form", status=status)


@require_POST
@member
def delete(request: HttpRequest, pk: int) -> HttpResponseBase:
    user: Any = request.user
    row = _own(request, pk)
    comments.delete_comment(row, by=user)
    messages.success(request, _("Your comment is deleted."))
    return redirect(row.idea.get_absolute_url())
