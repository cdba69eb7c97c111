"""The inbox, and the way out of a mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import member, public
from accounts.models import User
from common.htmx import render_page
from common.pagination import keyset
from common.tokens import unsign
from notifications import actions, notices
from notifications.access import still_visible, visible_ids
from notifications.mails import PURPOSE, reader_url
from notifications.models import Notification

# A mail is answered long after it came; the token can do nothing but stop mails.
UNSUBSCRIBE_AGE = timedelta(days=730)
PAGE = 30


@require_GET
@member
def inbox(request: HttpRequest) -> HttpResponse:
    """What happened, newest first; nothing is marked read by looking."""
    user: Any = request.user
    needs_you = request.GET.get("show") == "needs-you"
    waiting = Notification.objects.of(user).unread().filter(needs_you=True)
    rows = waiting if needs_you else Notification.objects.of(user)
    page = keyset(rows.select_related("actor"), request, order=("-created_at", "-pk"), size=PAGE)
    context = {
        "page": page,
        "rows": [_row(item) for item in still_visible(page.items, user)],
        "tabs": _tabs(needs_you=needs_you, waiting=waiting[:100].count()),
        "needs_you": needs_you,
        "has_unread": Notification.objects.of(user).unread().exists(),
    }
    return render_page(request, "notifications/inbox.html", context, fragment="list")


def _tabs(*, needs_you: bool, waiting: int) -> list[dict[str, Any]]:
    url = reverse("notifications:inbox")
    return [
        {"label": _("All"), "url": url, "is_current": not needs_you, "count": None},
        {
            "label": _("Needs you"),
            "url": f"{url}?show=needs-you",
            "is_current": needs_you,
            "count": waiting or None,
        },
    ]


def _row(item: Notification) -> dict[str, Any]:
    notice = notices.registry.get(item.verb)
    return {
        "pk": item.pk,
        "kind": notice.kind if notice else "",
        "sentence": notices.around_title(item),
        "language": item.data.get("language", ""),
        "excerpt": item.data.get("excerpt", ""),
        "url": reader_url(item.url),
        "is_new": item.read_at is None,
        "needs_you": item.needs_you,
        "when": item.created_at,
    }


@require_POST
@member
def open(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks one notification read and leads to what it tells of."""
    user: Any = request.user
    item = get_object_or_404(Notification.objects.of(user), pk=pk)
    actions.mark_read(user, pk=item.pk)
    return redirect(reader_url(item.url))


@require_POST
@member
def read_all(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    actions.mark_read(user)
    return redirect("notifications:inbox")


# Mail providers post here without a cookie (RFC 8058); the signed token is the credential.
@csrf_exempt
@require_http_methods(["GET", "POST"])
@never_cache
@public
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stops the mails about one thing. Acts on POST only: scanners follow every link (NO-04)."""
    value = unsign(PURPOSE, token, max_age=UNSUBSCRIBE_AGE)
    if value is None:
        raise Http404
    user_id, type_id, target_id = value
    user = get_object_or_404(User, pk=user_id)
    kind = ContentType.objects.get_for_id(type_id)
    if request.method == "POST":
        actions.silence(user, target_type=kind, target_id=target_id)
    context = {"title": _title(user, kind, target_id), "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


def _title(user: User, kind: ContentType, target_id: int) -> str:
    """What the thing was called in the mail, unless the person has lost sight of it."""
    if not visible_ids(kind.model_class(), [target_id], user):
        return ""
    told = Notification.objects.of(user).filter(target_type=kind, target_id=target_id)
    return told.order_by("-pk").values_list("title", flat=True).first() or ""
