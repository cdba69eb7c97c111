"""Making a solved case public: the same redaction screen as for ideas, and two ways out (S-30)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import Role, agent, has_role
from common.errors import Refused
from common.htmx import render_page
from common.languages import direction
from common.limits import check_limit
from kb import drafts
from posting.idempotency import once
from support.actions import publishing
from support.forms.desk import PublishForm
from support.models import Case
from support.views import desk
from support.views.handling import back
from support.views.offers import changes_of


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, number: int) -> HttpResponseBase:
    """Title, question and answer beside the words they come from; nothing is public before."""
    found = desk.get_case(request, number)
    draft = publishing.draft_of(found)
    if request.method != "POST":
        if not publishing.may_publish(found, request.user):
            return redirect(found.desk_url)
        initial = {name: getattr(draft, name).text for name in ("title", "body", "answer")}
        return _page(request, found, PublishForm(initial=initial), draft)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, draft, status=422)
    try:
        if "article" in request.POST:
            return redirect(_article(request, found, form))
        _ask(request, found, form)
    except Refused as refusal:
        form.add_error(refusal.code if refusal.code in form.fields else None, str(refusal.message))
        left = refusal.code == "left_over"
        return _page(request, found, form, draft, must_check=left, status=422)
    messages.success(
        request, _("Question and answer stand in the forum now, without the customer.")
    )
    return back(request, found)


def _ask(request: HttpRequest, found: Case, form: PublishForm) -> None:
    with once(request, form.cleaned_data["key"], f"support.publish:{found.pk}") as attempt:
        if not attempt.is_repeat:
            check_limit(request, "post")
            publishing.ask_publicly(found, **_words(form), by=request.user)  # type: ignore[arg-type]
            attempt.done(found.desk_url)


def _article(request: HttpRequest, found: Case, form: PublishForm) -> str:
    """To the form of a new article with these words in it; it stays a draft until published."""
    words, by = _words(form), request.user
    texts, checked = [words[name] for name in ("title", "body", "answer")], words["checked"]
    publishing.require_clean(found, *texts, checked=checked, by=by)  # type: ignore[arg-type]
    text = drafts.keep(request, "\n\n".join(texts[1:]))
    url = drafts.address(by, words["title"], found.language, text=text)
    if not url:
        raise Refused(_("Only editors write articles."), code="forbidden")
    return url


def _words(form: PublishForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("title", "body", "answer", "checked")}


def _page(
    request: HttpRequest,
    found: Case,
    form: PublishForm,
    draft: publishing.Draft,
    *,
    must_check: bool = False,
    status: int = 200,
) -> HttpResponse:
    rows = [(form[name], getattr(draft, name)) for name in ("title", "body", "answer")]
    context = desk.frame(request, found) | {
        "step": "publish",
        "form": form,
        "rows": rows,
        "must_check": must_check,
        "direction": direction(found.language),
        "changes": changes_of(draft.title, draft.body, draft.answer),
        "signature": publishing.signature(found.language),
        "may_ask": not publishing.is_published(found),
        "may_write": has_role(request.user, Role.EDITOR),
    }
    return render_page(request, "support/desk_step.html", context, status=status)
