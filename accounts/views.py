"""Profiles, a person's settings, organisations and invitations."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import Role, agent, has_role, is_staff, member, public, roles_of
from accounts.actions.organisations import add_domain, may_manage
from accounts.forms import DomainForm, InviteForm, MemberForm, OrganisationForm, SettingsForm
from accounts.models import Invitation, Membership, Organisation, OrganisationDomain, User
from common.errors import Refused


@require_safe
@public
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody may know of a person: name, role, and what they wrote about themselves."""
    person = get_object_or_404(User.objects.filter(is_active=True, anonymised_at=None), pk=pk)
    viewer: Any = request.user
    own = viewer.is_authenticated and viewer.pk == person.pk
    context = {"person": person, "is_own": own, "is_staff": is_staff(person), "roles": roles_of(person)}
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def settings_page(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = SettingsForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        user.save(update_fields=list(form.cleaned_data))
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/settings.html", {"form": form}, status=status)


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    """The organisation, for its members and for agents; for anyone else there is none."""
    found = get_object_or_404(Organisation.objects.select_related("plan"), slug=slug)
    user: Any = request.user
    mine = found.memberships.filter(user_id=user.pk, is_active=True).exists()
    if not mine and not may_manage(found, user):
        raise Http404
    return found


@require_safe
@agent
def organisations(request: HttpRequest) -> HttpResponse:
    rows = Organisation.objects.select_related("plan").order_by("name")
    return render(request, "accounts/organisations.html", {"organisations": rows[:500]})


@require_http_methods(["GET", "HEAD", "POST"])
@agent
def organisation_new(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _create(request, form)
        if made is not None:
            return redirect("accounts:organisation", made.slug)
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/organisation_new.html", {"form": form}, status=status)


def _create(request: HttpRequest, form: OrganisationForm) -> Organisation | None:
    data = form.cleaned_data
    try:
        with transaction.atomic():
            made = actions.create_organisation(
                data["name"],
                by=request.user,
                plan=data["plan"],
                language=data["language"],
                domains=data["domains"],
            )
            if data["admin_email"]:
                actions.invite(made, data["admin_email"], role="admin", by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return made


@require_safe
@member
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    return _organisation_page(request, _organisation(request, slug))


def _organisation_page(
    request: HttpRequest, found: Organisation, *, status: int = 200, **forms: Any
) -> HttpResponse:
    managed = may_manage(found, request.user)
    context = {
        "organisation": found,
        "members": found.memberships.filter(is_active=True).select_related("user").order_by("user__display_name"),
        "may_manage": managed,
        "is_agent": has_role(request.user, Role.AGENT),
        "invitations": _open_invitations(found) if managed else [],
        "domains": found.domains.all(),
        "roles": Membership.OrganisationRole.choices,
        "invite_form": InviteForm(),
        "domain_form": DomainForm(),
        **forms,
    }
    return render(request, "accounts/organisation.html", context, status=status)


def _open_invitations(found: Organisation) -> Any:
    return found.invitations.filter(accepted_at=None, cancelled_at=None).order_by("-created_at")


def _managed(request: HttpRequest, slug: str) -> Organisation:
    found = _organisation(request, slug)
    if not may_manage(found, request.user):
        raise Http404
    return found


@require_POST
@member
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    found = _managed(request, slug)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            actions.invite(found, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("accounts:organisation", slug)
    return _organisation_page(request, found, status=422, invite_form=form)


@require_POST
@agent
def domain_add(request: HttpRequest, slug: str) -> HttpResponse:
    found = _managed(request, slug)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            add_domain(found, form.cleaned_data["domain"], by=request.user)
        except Refused as refusal:
            form.add_error("domain", str(refusal))
        else:
            return redirect("accounts:organisation", slug)
    return _organisation_page(request, found, status=422, domain_form=form)


@require_POST
@agent
def domain_prove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    domain = get_object_or_404(OrganisationDomain, organisation__slug=slug, pk=pk)
    actions.prove_domain(domain, by=request.user)
    return redirect("accounts:organisation", slug)


@require_POST
@member
def member_change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _managed(request, slug)
    membership = get_object_or_404(found.memberships.filter(is_active=True), pk=pk)
    form = MemberForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        if form.cleaned_data["role"] == "remove":
            actions.remove_member(membership, by=request.user)
        else:
            actions.set_member_role(membership, form.cleaned_data["role"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:organisation", slug)


@require_POST
@member
def invitation_cancel(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _managed(request, slug)
    actions.cancel_invitation(get_object_or_404(Invitation, organisation=found, pk=pk), by=request.user)
    return redirect("accounts:organisation", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what joining means; POST joins. A dead link says so and leads on."""
    found = actions.open_invitation(token)
    context: dict[str, Any] = {"invitation": found, "token": token}
    if found is None:
        return render(request, "accounts/invitation.html", context, status=404)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = actions.accept_invitation(token, user=request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            context["error"] = str(refusal)
            return render(request, "accounts/invitation.html", context, status=409)
        return redirect("accounts:organisation", membership.organisation.slug)
    return render(request, "accounts/invitation.html", context)
