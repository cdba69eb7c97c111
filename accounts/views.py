"""Profiles, a person's settings, organisations and invitations."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, translate_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import actions
from accounts.access import Role, agent, has_role, is_staff, member, memberships_of, public
from accounts.actions.claims import is_claimable
from accounts.actions.organisations import add_domain, may_manage
from accounts.forms import DomainForm, InviteForm, MemberForm, OrganisationForm, SettingsForm
from accounts.models import Invitation, Membership, Organisation, OrganisationDomain, User
from common.errors import Refused
from common.limits import limit
from common.pagination import keyset
from common.plugs import discover


@require_safe
@public
def profile(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody may know of a person: name, role, and what they wrote about themselves."""
    viewer: Any = request.user
    people = User.objects.filter(anonymised_at=None)
    if not has_role(viewer, Role.AGENT):
        people = people.filter(is_active=True)
    person = get_object_or_404(people, pk=pk)
    own = viewer.is_authenticated and viewer.pk == person.pk
    plugs = discover("facts")
    context = {
        "person": person,
        "is_own": own,
        "is_staff": is_staff(person),
        "may_hand_over": is_claimable(person) and has_role(viewer, Role.AGENT),
        "facts": [fact for plug in plugs for fact in plug.facts(person)],
        "lists": [rows for plug in plugs for rows in plug.lists(person) if rows[1]],
    }
    is_known = own or bool(context["facts"]) or _knows(viewer, person)
    if not is_known and not any(plug.has_public(person) for plug in plugs):
        raise Http404
    return render(request, "accounts/profile.html", context)


def _knows(viewer: Any, person: User) -> bool:
    """Who never wrote in public is there for colleagues and staff: others could count customers."""
    if is_staff(viewer):
        return True
    common = {m.organisation_id for m in memberships_of(viewer)}
    return any(m.organisation_id in common for m in memberships_of(person)) if common else False


@require_http_methods(["GET", "HEAD", "POST"])
@member
def settings_page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _settings_sent(request)
    return render(
        request, "accounts/settings.html", {"form": SettingsForm(instance=_self(request))}
    )


def _self(request: HttpRequest, *, locked: bool = False) -> User:
    """A copy: a refused form must not change what the header says of the person."""
    rows: Any = User.objects.select_for_update() if locked else User.objects
    return cast(User, rows.get(pk=request.user.pk))


@transaction.atomic
def _settings_sent(request: HttpRequest) -> HttpResponse:
    person = _self(request, locked=True)
    form, status = SettingsForm(request.POST, instance=person), 422
    if form.is_valid():
        try:
            form.keep()
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            messages.success(request, _("Your settings are saved."))
            return redirect(translate_url(reverse("accounts:settings"), person.interface_language))
    return render(request, "accounts/settings.html", {"form": form}, status=status)


@require_safe
@never_cache
@public
def totp_picture(request: HttpRequest) -> HttpResponse:
    """The QR code of the key that is being set up; open before the second factor is."""
    secret = request.session.get(SECRET_SESSION_KEY)
    if not request.user.is_authenticated or not secret:
        raise Http404
    adapter = get_mfa_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(picture, content_type="image/svg+xml")


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    """The organisation, for its members and for agents; for anyone else there is none."""
    found = get_object_or_404(Organisation.objects.select_related("plan"), slug=slug)
    mine = any(m.organisation_id == found.pk for m in memberships_of(request.user))
    if not mine and not may_manage(found, request.user):
        raise Http404
    return found


@require_safe
@agent
def organisations(request: HttpRequest) -> HttpResponse:
    rows = Organisation.objects.select_related("plan")
    page = keyset(rows, request, order=("name", "pk"), size=50)
    return render(request, "accounts/organisations.html", {"page": page})


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
                are_proved=data["are_proved"],
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
        "page": keyset(
            found.memberships.filter(is_active=True).select_related("user"),
            request,
            order=("user__display_name", "pk"),
            size=50,
        ),
        "may_manage": managed,
        "is_member": any(m.organisation_id == found.pk for m in memberships_of(request.user)),
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
    return found.invitations.open().order_by("-created_at")


def _managed(request: HttpRequest, slug: str) -> Organisation:
    found = _organisation(request, slug)
    if not may_manage(found, request.user):
        raise Http404
    return found


@require_POST
@member
@limit("invite")
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
    actions.cancel_invitation(
        get_object_or_404(Invitation, organisation=found, pk=pk), by=request.user
    )
    return redirect("accounts:organisation", slug)


@require_POST
@member
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """A member's own way out."""
    found = _organisation(request, slug)
    membership = get_object_or_404(
        found.memberships.filter(is_active=True), user_id=request.user.pk
    )
    try:
        actions.remove_member(membership, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:organisation", slug)
    messages.success(request, _("You have left %(name)s.") % {"name": found.name})
    return redirect("home:index")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what joining means; POST joins. A dead link says so and leads on."""
    found = actions.open_invitation(token)
    if found is None:
        return render(request, "accounts/invitation.html", {"invitation": None}, status=404)
    user: Any = request.user
    context: dict[str, Any] = {"invitation": found, "error": ""}
    context["is_for_viewer"] = user.is_authenticated and user.email == found.email
    if request.method != "POST":
        return render(request, "accounts/invitation.html", context)
    if not user.is_authenticated:
        return redirect_to_login(request.path)
    try:
        membership = actions.accept_invitation(token, user=user)
    except Refused as refusal:
        return render(
            request, "accounts/invitation.html", {**context, "error": str(refusal)}, status=409
        )
    messages.success(request, _("Welcome to %(name)s.") % {"name": membership.organisation.name})
    return redirect("accounts:organisation", membership.organisation.slug)
