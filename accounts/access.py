"""Who a person is to the site: staff roles, organisations, search tokens, and the doors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Organisation

View = Callable[..., HttpResponseBase]


class Role(models.TextChoices):
    """Staff roles; each is a Django group made by a data migration."""

    MODERATOR = "moderator", _("Moderator")
    AGENT = "agent", _("Agent")
    SPECIALIST = "specialist", _("Specialist")
    EDITOR = "editor", _("Editor")
    PRODUCT_MANAGER = "product_manager", _("Product manager")
    ADMINISTRATOR = "administrator", _("Administrator")


ALL_ROLES = frozenset(Role)
# Recovery codes alone are no second factor: they are what is left when one is lost.
SECOND_FACTORS = ("totp", "webauthn")


def _cached(name: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Keeps the answer on the user object: one request, one query."""

    def wrap(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        @functools.wraps(function)
        def inner(user: Any) -> Any:
            key = f"_access_{name}"
            if key not in user.__dict__:
                user.__dict__[key] = function(user)
            return user.__dict__[key]

        return inner

    return wrap


def forget(user: Any) -> None:
    """Drops what is remembered of a person after their rights changed."""
    for key in [key for key in user.__dict__ if key.startswith("_access_")]:
        del user.__dict__[key]


@_cached("roles")
def roles_of(user: Any) -> frozenset[Role]:
    """The staff roles; a superuser and an administrator hold all of them."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return ALL_ROLES
    names = set(user.groups.values_list("name", flat=True))
    roles = frozenset(role for role in Role if role.value in names)
    return ALL_ROLES if Role.ADMINISTRATOR in roles else roles


def has_role(user: Any, *roles: Role) -> bool:
    return bool(roles_of(user) & set(roles))


def is_staff(user: Any) -> bool:
    """Whether the person works for the vendor in any role."""
    return bool(roles_of(user))


@_cached("memberships")
def memberships_of(user: Any) -> list[Membership]:
    """Active memberships in active organisations, with organisation and plan."""
    if not user.is_authenticated or not user.is_active:
        return []
    return list(
        Membership.objects.filter(user=user, is_active=True, organisation__is_active=True)
        .select_related("organisation__plan")
        .order_by("organisation__name")
    )


def admin_organisations(user: Any) -> list[Organisation]:
    return [m.organisation for m in memberships_of(user) if m.role == "admin"]


def case_organisations(user: Any) -> list[Organisation]:
    """Organisations for which the person may open cases (S-01)."""
    return [
        m.organisation
        for m in memberships_of(user)
        if m.may_open_cases and m.organisation.plan and m.organisation.plan.has_support
    ]


def is_customer(user: Any) -> bool:
    """An active member of an organisation with a plan."""
    return any(m.organisation.plan_id for m in memberships_of(user))


@_cached("tokens")
def viewer_tokens(user: Any) -> frozenset[str]:
    """What this viewer may find: the set of access tokens that search filters by."""
    tokens = {"public"}
    if not user.is_authenticated or not user.is_active:
        return frozenset(tokens)
    tokens.add(f"user:{user.pk}")
    # What somebody may find by their place on a desk or in an organisation ends with the place.
    tokens |= {f"user:{user.pk}@{m.organisation_id}" for m in memberships_of(user)}
    roles = roles_of(user)
    if roles:
        tokens |= {"staff", "customers"} | {f"role:{role.value}" for role in roles}
        if Role.AGENT in roles:
            tokens.add("agents")
        if Role.SPECIALIST in roles:
            tokens.add(f"specialist:{user.pk}")
    if is_customer(user):
        tokens.add("customers")
    tokens |= {f"org-admins:{organisation.pk}" for organisation in admin_organisations(user)}
    return frozenset(tokens)


@_cached("factor")
def owns_second_factor(user: Any) -> bool:
    return bool(get_adapter().is_mfa_enabled(user, SECOND_FACTORS))


def has_second_factor(request: HttpRequest) -> bool:
    """Staff need TOTP or a passkey; a demo session counts as having it.

    Owning one is enough: allauth lets no session through that has not shown it.
    """
    if settings.IS_DEMO and request.session.get("demo"):
        return True
    return bool(owns_second_factor(request.user))


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this is a staff session that may only set up its second factor yet."""
    user: Any = request.user
    return user.is_authenticated and is_staff(user) and not has_second_factor(request)


def _door(name: str, admits: Callable[[Any], bool] | None) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if admits is not None:
                refused = _turned_away(request, admits)
                if refused is not None:
                    return refused
            return view(request, *args, **kwargs)

        inner.door = name  # type: ignore[attr-defined]
        return inner

    return decorate


def _turned_away(request: HttpRequest, admits: Callable[[Any], bool]) -> HttpResponseBase | None:
    user: Any = request.user
    if not user.is_authenticated:
        return redirect_to_login(_way_back(request))
    if not admits(user):
        # Missing and forbidden look the same.
        raise Http404
    if needs_second_factor(request):
        return redirect("mfa_index")
    return None


def _way_back(request: HttpRequest) -> str:
    """Where sign-in leads: a form's own address takes forms alone, so the page it stood on."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return reverse("home:index")
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


public = _door("public", None)
member = _door("member", lambda user: True)
requester = _door("requester", lambda user: True)
staff = _door("staff", is_staff)
agent = _door("agent", lambda user: has_role(user, Role.AGENT))
desk = _door("desk", lambda user: has_role(user, Role.AGENT, Role.SPECIALIST))
moderator = _door("moderator", lambda user: has_role(user, Role.MODERATOR))
editor = _door("editor", lambda user: has_role(user, Role.EDITOR))
product_manager = _door("product_manager", lambda user: has_role(user, Role.PRODUCT_MANAGER))
administrator = _door("administrator", lambda user: has_role(user, Role.ADMINISTRATOR))
