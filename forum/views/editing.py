"""Editing, deleting, and the history that everybody may read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import member, public
from common.errors import Refused
from common.htmx import render_page
from forum.actions import answers, comments, questions
from forum.actions.questions import may_edit
from forum.actions.states import is_moderator
from forum.forms import EditAnswerForm, EditCommentForm, EditForm
from forum.models import Answer, Comment, Question, Revision
from products.words import fields_of

_FORM = ("GET", "HEAD", "POST")


def _own_or_404(model: type[Any], request: HttpRequest, pk: int) -> Any:
    """The post if this person may change it; somebody else's is not there."""
    rows = model.objects.visible_to(request.user)
    if model is not Question:
        rows = rows.select_related("question")
    post = get_object_or_404(rows, pk=pk)
    if not may_edit(post, request.user):
        raise Http404
    return post


@require_http_methods(_FORM)
@member
def edit_question(request: HttpRequest, pk: int) -> HttpResponseBase:
    question = _own_or_404(Question, request, pk)
    own = question.author_id == request.user.pk
    initial = fields_of(question)
    form = EditForm(request.POST or None, initial=initial, is_own=own)
    status = 422
    if request.method == "POST" and form.is_valid():
        try:
            edited = questions.edit(question, form.words(), by=request.user, **form.grounds())
            return _done(request, edited)
        except Refused as refusal:
            status = form.refuse(refusal)
    return _edit_page(request, question, form, _("Edit the question"), status)


@require_http_methods(_FORM)
@member
def edit_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _edit_post(
        request, _own_or_404(Answer, request, pk), EditAnswerForm, _("Edit the answer")
    )


@require_http_methods(_FORM)
@member
def edit_comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    post = _own_or_404(Comment, request, pk)
    return _edit_post(request, post, EditCommentForm, _("Edit the comment"))


def _edit_post(
    request: HttpRequest, post: Any, form_class: type[Any], heading: str
) -> HttpResponseBase:
    own = post.author_id == request.user.pk
    form = form_class(request.POST or None, initial={"body": post.body_source}, is_own=own)
    status = 422
    if request.method == "POST" and form.is_valid():
        act = answers.edit_answer if isinstance(post, Answer) else comments.edit_comment
        body = form.cleaned_data["body"]
        try:
            return _done(request, act(post, body, by=request.user, **form.grounds()))
        except Refused as refusal:
            status = form.refuse(refusal)
    return _edit_page(request, post, form, heading, status)


def _done(request: HttpRequest, post: Any) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect(post.get_absolute_url())


def _edit_page(
    request: HttpRequest, post: Any, form: Any, heading: str, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "post": post,
        "heading": heading,
        "is_own": post.author_id == request.user.pk,
        "crumbs": _crumbs(post, heading),
        "draft_key": f"{post._meta.model_name}-{post.pk}",
    }
    return render_page(request, "forum/edit.html", context, status=status if form.is_bound else 200)


def _crumbs(post: Any, label: str) -> list[tuple[str, str | None]]:
    question = post if isinstance(post, Question) else post.question
    return [
        (_("Questions"), reverse("forum:list")),
        (_("Question %(number)s") % {"number": question.pk}, post.get_absolute_url()),
        (label, None),
    ]


@require_http_methods(_FORM)
@member
def delete_question(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _delete(request, _author_or_404(Question, request, pk), questions.delete_own)


@require_http_methods(_FORM)
@member
def delete_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _delete(request, _author_or_404(Answer, request, pk), answers.delete_answer)


@require_http_methods(_FORM)
@member
def delete_comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _delete(request, _author_or_404(Comment, request, pk), comments.delete_comment)


def _author_or_404(model: type[Any], request: HttpRequest, pk: int) -> Any:
    post = _own_or_404(model, request, pk)
    if post.author_id != request.user.pk:
        raise Http404
    return post


def _delete(request: HttpRequest, post: Any, act: Any) -> HttpResponseBase:
    """A page that asks first, which is also what the menu leads to without scripts."""
    refused = ""
    if request.method == "POST":
        try:
            act(post, by=request.user)
        except Refused as refusal:
            refused = str(refusal.message)
        else:
            messages.success(request, _("Deleted."))
            is_question = isinstance(post, Question)
            return redirect(reverse("forum:list") if is_question else post.question)
    context = {"post": post, "refused": refused, "crumbs": _crumbs(post, _("Delete"))}
    status = 409 if refused else 200
    return render_page(request, "forum/delete.html", context, status=status)


@require_safe
@public
def question_history(request: HttpRequest, pk: int) -> HttpResponse:
    question = get_object_or_404(Question.objects.visible_to(request.user), pk=pk)
    return _history(request, question, Revision.objects.filter(question=question, answer=None))


@require_safe
@public
def answer_history(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Answer.objects.visible_to(request.user).select_related("question")
    answer = get_object_or_404(rows, pk=pk)
    return _history(request, answer, Revision.objects.filter(answer=answer))


_MAX_REVISIONS = 100


def _history(request: HttpRequest, post: Any, revisions: Any) -> HttpResponse:
    moderates = is_moderator(request.user)
    context = {
        "post": post,
        "revisions": revisions.select_related("editor")[:_MAX_REVISIONS],
        "sees_withheld": moderates,
        "crumbs": _crumbs(post, _("History")),
    }
    return render_page(request, "forum/history.html", context)
