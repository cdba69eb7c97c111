"""What Wagtail shows to whoever may enter the editing area, and here is not for all of them."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest
from wagtail.permissions import policy_registry

_CHOOSERS = "wagtailsnippetchoosers_"
# By application and model, in the address.
_SNIPPETS = frozenset({"snippets_api_listing", "snippets_api_detail", "submit_snippet_translation"})
# Their names stand on public pages, and forms of the editing area choose among them.
_OPEN = frozenset({"products.product", "ideas.stage", "accounts.plan"})
# A page that only fails, for whoever wants to see that.
_NOT_HERE = frozenset({"wagtailadmin_error_test"})


def check_door(request: HttpRequest) -> None:
    """A chooser asks for no right on what it lists: all customers' names, everybody's people."""
    match = request.resolver_match
    if match is None:
        return
    if match.url_name in _NOT_HERE:
        raise Http404
    label = ""
    if match.namespace.startswith(_CHOOSERS):
        label = match.namespace.removeprefix(_CHOOSERS).replace("_", ".", 1)
    elif match.url_name in _SNIPPETS:
        label = f"{match.kwargs.get('app_label')}.{match.kwargs.get('model_name')}"
    if label and label not in _OPEN and not _may_look(request.user, label):
        raise Http404


def _may_look(user: Any, label: str) -> bool:
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return False
    policy = policy_registry.get_by_type(model)
    return bool(
        policy and policy.user_has_any_permission(user, {"add", "change", "delete", "view"})
    )
