"""Hide, restore, flag: the decisions that take a thing off the site and bring it back."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.access import Role, has_role
from accounts.models import User
from common.errors import Refused
from common.text import clean_line
from moderation.models import Flag, HiddenItem, Moderated
from notifications import actions as notifications

COLUMNS = ["hidden_at", "hidden_by", "hidden_reason"]


@transaction.atomic
def hide(obj: Moderated, *, by: User, reason: str, entitled: bool = False) -> Moderated:
    """Takes OBJ off every page, list, count, search result, feed and mail at once.

    ENTITLED: the caller vouches for a person who is no moderator (an undone move).
    """
    _require_moderator(by, entitled=entitled)
    reason = clean_line(reason)[:200]
    if not reason:
        raise Refused(_("Say why it is hidden: the author and the next moderator will ask."))
    obj = _locked(obj)
    if obj.is_hidden:
        return obj
    obj.hidden_at, obj.hidden_by, obj.hidden_reason = timezone.now(), by, reason
    obj.save(update_fields=COLUMNS)
    author = getattr(obj, "author", None)
    item, _made = HiddenItem.objects.update_or_create(
        **_key(obj),
        defaults={"reason": reason, "by": by, "author": author, "hidden_at": obj.hidden_at},
    )
    notifications.withdraw(obj)
    if not entitled:
        _tell_author(obj, "hidden", item, url="/inbox/", by=by, reason=reason)
    _decide(obj, Flag.State.ACCEPTED, by)
    log(obj, "moderation.hide", user=by, data={"reason": reason})
    obj.moderation_changed()
    return obj


@transaction.atomic
def restore(obj: Moderated, *, by: User, entitled: bool = False) -> Moderated:
    """Brings OBJ back to everywhere it stood."""
    _require_moderator(by, entitled=entitled)
    obj = _locked(obj)
    if not obj.is_hidden:
        return obj
    reason = obj.hidden_reason
    obj.hidden_at, obj.hidden_by, obj.hidden_reason = None, None, ""
    obj.save(update_fields=COLUMNS)
    for item in HiddenItem.objects.filter(**_key(obj)):
        notifications.withdraw(item)
        item.delete()
    notifications.reinstate(obj)
    log(obj, "moderation.restore", user=by, data={"reason": reason})
    obj.moderation_changed()
    if not entitled:
        place: Any = obj
        _tell_author(obj, "restored", obj, url=place.get_absolute_url(), by=by, reason=reason)
    return obj


def _tell_author(
    obj: Moderated, what: str, target: Any, *, url: str, by: User, reason: str
) -> None:
    """Their own words, and why; who decided is the moderators' business."""
    author = getattr(obj, "author", None)
    if author is None:
        return
    notifications.notify(
        target,
        f"moderation.{what}",
        actor=None,
        title=obj.moderation_title,
        url=url,
        recipients=[author],
        exclude=[by],
        data={"reason": reason, "language": getattr(obj, "language", "")},
    )


@transaction.atomic
def flag(obj: Moderated, *, by: User, reason: str, note: str = "") -> Flag:
    """Reports OBJ to the moderators; once a person and thing (MO-01)."""
    if reason not in Flag.Reason.values:
        raise Refused(_("Choose a reason."))
    if obj.is_hidden:
        raise Refused(_("This is hidden already."))
    try:
        with transaction.atomic():
            return Flag.objects.create(
                **_key(obj), by=by, reason=reason, note=clean_line(note)[:500]
            )
    except IntegrityError as error:
        raise Refused(_("You have reported this already.")) from error


@transaction.atomic
def reject_flags(obj: Moderated, *, by: User) -> int:
    """The reports were looked at and the thing stays."""
    _require_moderator(by, entitled=False)
    told = _decide(obj, Flag.State.REJECTED, by)
    log(obj, "moderation.reject", user=by)
    return told


def flags_of(obj: Any) -> QuerySet[Flag]:
    return Flag.objects.filter(**_key(obj))


def _decide(obj: Moderated, state: Flag.State, by: User) -> int:
    """Closes the pending reports and tells those who sent them."""
    pending = list(
        flags_of(obj)
        .filter(state=Flag.State.PENDING)
        .select_for_update(of=("self",))
        .select_related("by")
    )
    Flag.objects.filter(pk__in=[row.pk for row in pending]).update(
        state=state, decided_at=timezone.now(), decided_by=by
    )
    for row in pending:
        notifications.notify(
            row,
            f"moderation.{state.value}",
            actor=None,
            title=obj.moderation_title,
            url="/inbox/",
            recipients=[row.by],
        )
    return len(pending)


def _locked(obj: Moderated) -> Moderated:
    rows: Any = type(obj)._base_manager
    fresh: Moderated = rows.select_for_update(of=("self",)).get(pk=obj.pk)
    return fresh


def _require_moderator(by: User, *, entitled: bool) -> None:
    if not entitled and not has_role(by, Role.MODERATOR):
        raise Refused(_("Only moderators may do this."))


def _key(obj: Any) -> dict[str, Any]:
    return {"target_type": ContentType.objects.get_for_model(obj), "target_id": obj.pk}
