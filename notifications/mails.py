"""One notification as a mail: checked, worded and addressed at the moment of sending."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.utils import timezone, translation
from django.utils.translation import gettext

from common.languages import direction
from common.tokens import sign
from common.zones import zone
from notifications import notices
from notifications.access import still_visible
from notifications.models import Notification, Subscription

PURPOSE = "unsubscribe"


def send(pk: int) -> int:
    """Sends the mail of one notification unless there is a reason not to; 1 if it was sent."""
    with transaction.atomic():
        row = (
            Notification.objects.select_for_update(of=("self",))
            .filter(pk=pk, mail_state=Notification.Mail.PENDING)
            .select_related("user", "actor")
            .first()
        )
        if row is None:
            return 0
        is_wanted = _is_wanted(row)
        if is_wanted:
            build(row).send()
        row.mail_state = Notification.Mail.SENT if is_wanted else Notification.Mail.SKIPPED
        row.save(update_fields=["mail_state"])
    return int(is_wanted)


def _is_wanted(row: Notification) -> bool:
    """Asked now and not when it was queued: rights and wishes change in between."""
    user = row.user
    if not (user.is_active and user.email and user.mail_enabled):
        return False
    if row.read_at or row.withdrawn_at or row.verb not in notices.registry:
        return False
    subscription = _subscription(row)
    if subscription and subscription.level == Subscription.Level.NONE:
        return False
    return bool(still_visible([row], user))


def _subscription(row: Notification) -> Subscription | None:
    return Subscription.objects.filter(
        user=row.user_id, target_type=row.target_type_id, target_id=row.target_id
    ).first()


def build(row: Notification) -> EmailMultiAlternatives:
    user = row.user
    with translation.override(user.language), timezone.override(zone(user.time_zone)):
        notice = notices.get(row.verb)
        unsubscribe_url = absolute(reverse("notifications:unsubscribe", args=[_token(row)]))
        context = {
            "sentence": notices.sentence(row),
            "title": row.title,
            "excerpt": row.data.get("excerpt", ""),
            "hint": notice.hint,
            "words_language": row.data.get("language", ""),
            "parts": notices.around_title(row),
            "url": absolute(reader_url(row.url)),
            "kind": notice.kind,
            "kind_label": notice.label,
            "number": row.data.get("number", ""),
            "reason": _reason(row, notice),
            "unsubscribe_url": unsubscribe_url,
            "settings_url": absolute(reverse("notifications:inbox")),
            **surroundings(user),
        }
        message = EmailMultiAlternatives(
            subject=_subject(row),
            body=render_to_string("email/notification.txt", context),
            to=[user.email or ""],
            headers={
                "List-Unsubscribe": f"<{unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        message.attach_alternative(
            render_to_string("email/notification.html", context), "text/html"
        )
    return message


def surroundings(user: Any) -> dict[str, Any]:
    """What email/base.html and base.txt need around the content."""
    return {
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "user": user,
        "language": user.language,
        "direction": direction(user.language),
    }


def _subject(row: Notification) -> str:
    """With the number that people say on the phone, where the thing has one: they file by it."""
    sentence, number = notices.sentence(row), str(row.data.get("number", ""))
    return sentence if not number or number in sentence else f"{number}: {sentence}"


def _reason(row: Notification, notice: notices.Notice) -> str:
    subscription = _subscription(row)
    words = notices.REASONS.get(subscription.reason) if subscription else None
    return gettext("You get this mail because %(reason)s.") % {"reason": words or notice.reason}


def _token(row: Notification) -> str:
    return sign(PURPOSE, [row.user_id, row.target_type_id, row.target_id])


def reader_url(url: str) -> str:
    """A stored (unprefixed) address in the active language."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(settings.LANGUAGE_CODE):
        return translate_url(url, language)


def absolute(url: str) -> str:
    """On the configured site, never on the host of a request (reliability class 24)."""
    return url if url.startswith(("http://", "https://")) else f"{settings.BASE_URL}{url}"
