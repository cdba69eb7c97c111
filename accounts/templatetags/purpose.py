"""What a person was about to do when they were asked to sign in (S-45)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django import template
from django.http import HttpRequest
from django.template import Context
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import needs_second_factor

register = template.Library()

# By name of the page they come back to; apps above this one are plain words here.
PURPOSES = {
    "forum:ask": gettext_lazy("Sign in to post your question. It is kept."),
    "forum:question": gettext_lazy(
        "Sign in to take part in this question. What you wrote is kept."
    ),
    "ideas:new": gettext_lazy("Sign in to post your idea. It is kept."),
    "ideas:idea": gettext_lazy("Sign in to vote and comment. You come back to this idea."),
    "support:new": gettext_lazy("Sign in to open a case. What you wrote is kept."),
    "support:cases": gettext_lazy("Sign in to see your cases."),
    "support:case": gettext_lazy("Sign in to see this case."),
    "support:desk": gettext_lazy("Sign in to go on to the case desk."),
    "support:desk_case": gettext_lazy("Sign in to see this case."),
    "notifications:inbox": gettext_lazy("Sign in to see what is new for you."),
    "accounts:settings": gettext_lazy("Sign in to change your settings."),
    "accounts:organisation": gettext_lazy("Sign in to see your organisation."),
    "accounts:invitation": gettext_lazy("Sign in with the address that was invited, then join."),
    "wagtailadmin_home": gettext_lazy("Sign in to edit."),
}


def next_path(request: HttpRequest | None) -> str:
    """The page to come back to, if it is one of this site."""
    if request is None:
        return ""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else ""


@register.simple_tag(takes_context=True)
def purpose(context: Context) -> str:
    path = next_path(context.get("request")).partition("?")[0]
    if not path:
        return ""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ""
    fallback = _("Sign in to go on. You come back to where you were.")
    return str(PURPOSES.get(name, "" if name == "home:index" else fallback))


@register.simple_tag(takes_context=True)
def come_back(context: Context) -> str:
    """The safe `next`, for a hidden field."""
    return next_path(context.get("request"))


@register.simple_tag(takes_context=True)
def must_set_up_factor(context: Context) -> bool:
    """Whether staff are held on this page until they have a second factor."""
    return needs_second_factor(context["request"])


@register.simple_tag(takes_context=True)
def second_steps(context: Context) -> set[str]:
    """What the person who is signing in has set up: nobody is offered a key they never made."""
    person = context["request"]._login_stage.login.user
    return set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
