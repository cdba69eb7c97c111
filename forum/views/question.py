"""One question with its answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_safe

from accounts.access import public
from common.durations import span
from common.htmx import render_page
from forum import moves, similar, sources, thread
from forum.actions.answers import may_accept
from forum.actions.states import is_moderator
from forum.forms import AnswerForm, CommentForm
from forum.lists import shown_state
from forum.models import Question
from links.trail import trail_for
from moderation.models import Flag
from posting.actions import draft_for

_RELATED = ("author", "product", "accepted_by", "accepted_answer__author", "duplicate_of")


@require_safe
@public
def question(request: HttpRequest, pk: int, slug: str) -> HttpResponseBase:
    found = get_question(request, pk)
    if slug != found.slug:
        return _canonical(request, found)
    return show(request, found)


@require_safe
@public
def short(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _canonical(request, get_question(request, pk))


def get_question(request: HttpRequest, pk: int) -> Question:
    """As its page shows it: moderators also open what is hidden."""
    rows = Question.objects.visible_to(request.user).select_related(*_RELATED)
    found: Question = get_object_or_404(rows.prefetch_related("tags"), pk=pk)
    if found.accepted_answer is not None:
        found.accepted_answer.question = found
    return found


def _canonical(request: HttpRequest, found: Question) -> HttpResponseBase:
    query = request.META.get("QUERY_STRING", "")
    url = found.get_absolute_url()
    return redirect(f"{url}?{query}" if query else url, permanent=True)


def show(
    request: HttpRequest,
    found: Question,
    *,
    answer_form: AnswerForm | None = None,
    comment_form: CommentForm | None = None,
    commented: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; a form with errors comes back in it, with what was typed (422)."""
    viewer: Any = request.user
    built = thread.assemble(found, request)
    writable = viewer.is_authenticated and found.is_public and not found.is_archived
    state, label = _state(found)
    remark = comment_form or CommentForm(auto_id=False)
    context = {
        "question": found,
        "thread": built,
        "state": state,
        "state_label": label,
        "crumbs": _crumbs(found),
        "stations": _stations(found, viewer),
        "near": similar.close_to(found, viewer),
        "facts": _facts(found),
        "worked": similar.others(built.solution.post.helpful_count) if built.solution else "",
        "is_open": found.is_public and not found.is_archived,
        "can_write": writable,
        "can_accept": writable and may_accept(found, viewer),
        "is_moderator": is_moderator(viewer),
        "flag_reasons": format_html_join("", '<option value="{}">{}</option>', Flag.Reason.choices),
        **moves.offers(found, viewer),
        "can_ask_info": writable
        and not built.is_mine
        and found.state in {"unanswered", "answered"},
        "stuck_url": f"{reverse('support:new')}?from=question:{found.pk}",
        "answer_form": answer_form or _answer_form(request, found, keeps=writable),
        "comment_form": remark,
        # One field in the form of each post: drawn once.
        "comment_key": str(remark["key"]),
        "commented": commented,
        "draft_key": draft_key(found),
        "canonical": canonical_url(found),
        "signin_url": "" if viewer.is_authenticated else signin_url(request),
    }
    return render_page(request, "forum/question.html", context, status=status)


def canonical_url(found: Question) -> str:
    """What people wrote has one address, without a language prefix."""
    with override(settings.LANGUAGE_CODE):
        return f"{settings.BASE_URL}{found.get_absolute_url()}"


def signin_url(request: HttpRequest) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"


def draft_key(found: Question) -> str:
    return f"answer-{found.pk}"


def _answer_form(request: HttpRequest, found: Question, *, keeps: bool) -> AnswerForm:
    """Begun before, or with the words that are quoted beneath it."""
    draft = (draft_for(request.user, draft_key(found)) if keeps else None) or {}
    parts = [draft.get("body", ""), sources.quoted(found, request.GET.get("quote", ""))]
    return AnswerForm(initial={"body": "\n\n".join(part for part in parts if part)})


def _crumbs(found: Question) -> list[tuple[str, str | None]]:
    items: list[tuple[str, str | None]] = [(_("Questions"), reverse("forum:list"))]
    if found.product:
        url = f"{reverse('forum:list')}?product={found.product.code}"
        items.append((found.product.name, url))
    return [*items, (_("Question %(number)s") % {"number": found.pk}, None)]


def _stations(found: Question, viewer: Any) -> list[Any]:
    """The trail; an article read before asking comes first on it."""
    stations: list[Any] = list(trail_for(found, viewer))
    for station in stations:
        if station.get("state") == "here":
            station.update(label=_("This question"), title=_stand(found))
    before = sources.read_before(found, viewer)
    if not before:
        return stations
    here = {"kind": "question", "label": _("This question"), "title": _stand(found), "url": ""}
    return [*before, *(stations or [{**here, "state": "here"}])]


def _stand(found: Question) -> str:
    if found.is_solved and found.solved_at:
        return _("Solved in %(time)s") % {"time": span(found.solved_at - found.created_at)}
    return _state(found)[1]


def _state(found: Question) -> tuple[str, str]:
    duplicate = found.duplicate_of_id is not None
    return shown_state(found.state, is_solved=found.is_solved, is_duplicate=duplicate)


def _facts(found: Question) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if found.product:
        rows.append((_("Product"), found.product.name))
    if found.first_answer_at:
        rows.append((_("First answer"), _after(found.first_answer_at - found.created_at)))
    if found.solved_at:
        rows.append((_("Solved"), _after(found.solved_at - found.created_at)))
    # The figure of the button beside it: the one who asked is not "too".
    if found.me_too_count:
        people = ngettext("%(count)d person", "%(count)d people", found.me_too_count)
        rows.append((_("Have this too"), people % {"count": found.me_too_count}))
    return rows


def _after(time: timedelta) -> str:
    return _("after %(time)s") % {"time": span(time)}
