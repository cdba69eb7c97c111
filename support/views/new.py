"""A new case: what might help first, then three questions that propose the priority."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agent, requester
from common.errors import Refused
from common.htmx import only_asked, render_page
from common.limits import check_limit, limited
from posting.idempotency import once
from support import policy, priorities, sources, times
from support.actions.opening import open_case
from support.forms.cases import CallerForm, CaseForm
from support.models import SUBJECT_LENGTH, Case, Priority
from support.people import standing
from support.views.contact import contact_page


@requester
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    viewer: Any = request.user
    if not standing(viewer).may_open:
        # What a reader sees of this page they may see; what they may not do is said (S-01).
        return contact_page(request, status=403 if request.method == "POST" else 200)
    source = _source(request)
    if request.method != "POST":
        asked = request.GET.get("subject", "") or source[1]
        initial = {"subject": asked.replace("\x00", "")[:SUBJECT_LENGTH]}
        return _page(request, CaseForm(person=viewer, initial=initial), source)
    form = CaseForm(request.POST, request.FILES, person=viewer)
    valid = form.is_valid()
    form.store(by=viewer)
    if not valid or form.errors:
        return _page(request, form, source, status=422)
    if form.cleaned_data["priority"] is None or "change" in request.POST:
        # Without scripts the proposal is a step of its own; everything typed is kept.
        return _page(request, form, source, proposes=True)
    try:
        return _open(request, form, source)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _page(request, form, source, status=422)


def _source(request: HttpRequest) -> tuple[str, str]:
    """Where the person comes from: an article or question, and what they searched for."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get("from", "")[:60], given.get("q", "")[:120].replace("\x00", "")


def _open(request: HttpRequest, form: CaseForm, source: tuple[str, str]) -> HttpResponseBase:
    viewer: Any = request.user
    with once(request, form.cleaned_data["key"], "support.new") as attempt:
        if not attempt.is_repeat:
            check_limit(request, "post")
            words = form.words(read_before=sources.read_before(*source, viewer))
            case = open_case(words, requester=viewer, by=viewer, uploads=form.uploads)
            attempt.done(case.get_absolute_url())
    if not attempt.is_repeat:
        messages.success(request, _("Your case is open. You hear from us within a business day."))
    return redirect(attempt.url or reverse("support:cases"))


def _page(
    request: HttpRequest,
    form: CaseForm,
    source: tuple[str, str],
    *,
    proposes: bool = False,
    status: int = 200,
) -> HttpResponse:
    viewer: Any = request.user
    context = {
        "form": form,
        "source": source[0],
        "q": source[1],
        "read_before": sources.read_before(*source, viewer),
        "hits": _hits(request, *(str(form[name].value() or "") for name in ("subject", "body"))),
        "solved_url": reverse("support:solved"),
        "proposal": _proposal(form.proposed(), form["priority"].value()) if proposes else None,
        "crumbs": [(_("Cases"), reverse("support:cases")), (_("Open a case"), None)],
    }
    return render_page(request, "support/new.html", context, status=status)


def _hits(request: HttpRequest, subject: str, body: str) -> list[Any]:
    """They are a help: who searches very often goes without and keeps the form."""
    if not subject or limited(request, "search") is not None:
        return []
    return sources.while_typing(subject, request.user, body)


def _proposal(proposed: Priority, chosen: Any = None) -> dict[str, Any]:
    """A priority with the policy's example, and when we reply, in the reader's zone."""
    checked = int(chosen) if str(chosen) in {"1", "2", "3", "4"} else int(proposed)
    return {
        "level": priorities.level(proposed),
        "choices": [(found, found.priority == checked) for found in priorities.LEVELS.values()],
        "due": times.exact(policy.first_reply_due(timezone.now())),
        "zone": times.zone_name(),
    }


@requester
@require_safe
def priority(request: HttpRequest) -> HttpResponse:
    """The proposal beneath the three questions, as they are answered."""
    answers = [request.GET.get(name, "") for name in ("affected", "usable", "has_workaround")]
    if not all(answers):
        return render(request, "support/new.html#proposal", {"proposal": None})
    proposed = priorities.propose(answers[0], answers[1], answers[2] == "yes")
    return render(request, "support/new.html#proposal", {"proposal": _proposal(proposed)})


@requester
@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest) -> HttpResponse:
    """Beneath the subject while it is typed; a POST, because a text is too long for an address."""
    check_limit(request, "search")
    given = request.POST if request.method == "POST" else request.GET
    hits = sources.while_typing(given.get("subject", ""), request.user, given.get("body", ""))
    context = {"hits": hits, "solved_url": reverse("support:solved")}
    return only_asked(render(request, "support/new.html#similar", context))


@requester
@require_safe
def solved(request: HttpRequest) -> HttpResponse:
    """ "This solved it": the kind end of a case that need not be opened."""
    by = request.GET.get("by", "")
    is_ours = by.startswith("/") and url_has_allowed_host_and_scheme(by, allowed_hosts=None)
    return render_page(request, "support/solved.html", {"by": by if is_ours else ""})


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def on_behalf(request: HttpRequest) -> HttpResponseBase:
    """An agent writes down what came by phone, chat or mail (S-05)."""
    if request.method != "POST":
        return _caller_page(request, CallerForm(initial={"email": request.GET.get("email", "")}))
    caller = CallerForm(request.POST)
    if not caller.is_valid():
        return _caller_page(request, caller, status=422)
    form = CaseForm(request.POST, request.FILES, person=caller.cleaned_data["email"])
    if "subject" not in request.POST:
        organisations = [organisation.pk for organisation in form.organisations[:1]]
        form = CaseForm(
            person=caller.cleaned_data["email"], initial={"organisation": organisations[0]}
        )
        return _caller_page(request, caller, form)
    valid = form.is_valid()
    form.store(by=request.user)  # type: ignore[arg-type]
    if not valid or form.errors:
        return _caller_page(request, caller, form, status=422)
    if form.cleaned_data["priority"] is None:
        return _caller_page(request, caller, form, proposes=True)
    try:
        return _write_down(request, caller, form)
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return _caller_page(request, caller, form, status=422)


def _write_down(request: HttpRequest, caller: CallerForm, form: CaseForm) -> HttpResponseBase:
    by: Any = request.user
    with once(request, form.cleaned_data["key"], "support.on_behalf") as attempt:
        if not attempt.is_repeat:
            words = form.words(read_before=[], channel=caller.cleaned_data["channel"])
            case: Case = open_case(
                words, requester=caller.cleaned_data["email"], by=by, uploads=form.uploads
            )
            attempt.done(case.desk_url)
    return redirect(attempt.url or reverse("support:desk"))


def _caller_page(
    request: HttpRequest,
    caller: CallerForm,
    form: CaseForm | None = None,
    *,
    proposes: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "caller": caller,
        "person": caller.cleaned_data.get("email") if form is not None else None,
        "form": form,
        "proposal": _proposal(form.proposed()) if form is not None and proposes else None,
        "crumbs": [(_("Case desk"), reverse("support:desk")), (_("Write down a case"), None)],
    }
    return render_page(request, "support/on_behalf.html", context, status=status)
