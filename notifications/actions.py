"""Follow, and tell those who follow."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.urls import translate_url
from django.utils import timezone

from accounts.models import User
from notifications import notices, tasks
from notifications.access import is_out, references, require_rule, still_visible
from notifications.models import Notification, Subscription

OWN_CHOICE = "follow"
# Told within the request; everybody beyond is told by jobs of CHUNK people each.
AT_ONCE = 200
CHUNK = 500
MANY = 99
# The newest of a person about one kind; an inbox is not read further back.
REVIEWED = 1000


def subscribe(
    user: User,
    target: Model,
    *,
    reason: str = OWN_CHOICE,
    level: str = Subscription.Level.ALL,
) -> Subscription:
    """Follows TARGET. A reason other than "follow" is automatic and never undoes a person's choice."""
    row, created = Subscription.objects.get_or_create(
        user=user, **_key(target), defaults={"reason": reason, "level": level}
    )
    if not created and reason == OWN_CHOICE and row.level != level:
        row.level = level
        row.save(update_fields=["level"])
    return row


def unsubscribe(user: User, target: Model) -> None:
    """Stops everything about TARGET, and keeps it stopped when the person takes part again."""
    silence(user, **_key(target))


def silence(user: User, *, target_type: ContentType, target_id: int) -> None:
    Subscription.objects.update_or_create(
        user=user,
        target_type=target_type,
        target_id=target_id,
        defaults={"level": Subscription.Level.NONE},
        create_defaults={"level": Subscription.Level.NONE, "reason": OWN_CHOICE},
    )


def is_subscribed(user: Any, target: Model) -> bool:
    if not user.is_authenticated:
        return False
    rows = Subscription.objects.filter(user=user, **_key(target))
    return rows.exclude(level=Subscription.Level.NONE).exists()


def subscribers_of(target: Model) -> QuerySet[User]:
    """Everybody who hears about TARGET at any level."""
    rows = Subscription.objects.filter(**_key(target)).exclude(level=Subscription.Level.NONE)
    return User.objects.filter(pk__in=rows.values("user"))


@transaction.atomic
def notify(
    target: Model,
    verb: str,
    *,
    actor: User | None,
    title: str,
    url: str,
    recipients: Iterable[User] | None = None,
    exclude: Iterable[User] = (),
    data: dict[str, Any] | None = None,
    about: Model | None = None,
) -> int:
    """Tells RECIPIENTS (default: who follows TARGET at a fitting level), never the actor.

    ABOUT is the post the event is about (an answer): who may not see it is not told.
    Returns how many are told.
    """
    notice = notices.get(verb)
    for thing in filter(None, (target, about)):
        require_rule(type(thing))
    left_out = {user.pk for user in exclude} | ({actor.pk} if actor else set())
    people = [pk for pk in _people(target, notice, recipients) if pk not in left_out]
    event = {
        "event": str(uuid.uuid4()),
        "verb": verb,
        "target_type_id": _key(target)["target_type"].pk,
        "target_id": target.pk,
        "about_type_id": ContentType.objects.get_for_model(about).pk if about else None,
        "about_id": about.pk if about else None,
        "title": title[:300],
        # Kept in the unprefixed form; shown and mailed in the reader's language.
        "url": translate_url(url, settings.LANGUAGE_CODE)[:500],
        "actor_id": actor.pk if actor else None,
        # The title and the words are the target's, whoever reads the sentence around them.
        "data": {"language": getattr(target, "language", ""), **(data or {})},
        "needs_you": notice.needs_you,
    }
    tasks.tell(event, people[:AT_ONCE])
    for start in range(AT_ONCE, len(people), CHUNK):
        tasks.fan_out.enqueue(event, people[start : start + CHUNK])
    return len(people)


def _people(target: Model, notice: notices.Notice, recipients: Iterable[User] | None) -> list[int]:
    rows = Subscription.objects.filter(**_key(target))
    if recipients is None:
        rows = rows.filter(level__in=notice.levels, user__is_active=True)
        return list(rows.order_by("user_id").values_list("user_id", flat=True))
    wanted = dict.fromkeys(user.pk for user in recipients if user.is_active)
    silent = rows.filter(level=Subscription.Level.NONE, user_id__in=wanted)
    for pk in silent.values_list("user_id", flat=True):
        del wanted[pk]
    return list(wanted)


def unread_count(user: Any) -> int:
    """Up to MANY + 1, which pages show as "99+"; a partial index makes it cheap."""
    if not user.is_authenticated:
        return 0
    return Notification.objects.of(user).unread()[: MANY + 1].count()


def mark_read(user: User, *, pk: int | None = None) -> int:
    """Marks one notification, or all of the person's, as read."""
    rows = Notification.objects.filter(user=user, read_at=None)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(read_at=timezone.now())


def mark_target_read(user: User, target: Model) -> int:
    """For actions of the person on TARGET (a reply): what led there needs no more reading."""
    rows = Notification.objects.filter(user=user, read_at=None, **_key(target))
    return rows.update(read_at=timezone.now())


def withdraw(thing: Model) -> int:
    """Takes what was told about a hidden thing out of every inbox, and stops its mails."""
    return _about(thing).filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def forget_words(thing: Model) -> int:
    """Takes the first words of a post out of what was told of it, also where no mail has left yet."""
    kind = ContentType.objects.get_for_model(thing)
    rows = Notification.objects.filter(about_type=kind, about_id=thing.pk)
    return rows.exclude(data={}).update(data={})


def reinstate(thing: Model) -> int:
    """Brings back what was told of a thing that is shown again, where its other end is shown too."""
    if is_out(thing):
        return 0
    rows = _about(thing).exclude(withdrawn_at=None)
    for type_id, pks in references(rows).items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        found = model._base_manager.in_bulk(pks) if model else {}
        gone = {pk for pk in pks if pk not in found or is_out(found[pk])}
        if gone:
            rows = rows.exclude(target_type=type_id, target_id__in=gone)
            rows = rows.exclude(about_type=type_id, about_id__in=gone)
    return rows.update(withdrawn_at=None)


def review(user: User, model: type[Model]) -> int:
    """After a change of the person's rights: keeps of what they were told of MODEL what they see.

    The number on the bell counts rows and asks nobody, so that each page stays cheap.
    """
    rows = Notification.objects.filter(
        user=user, target_type=ContentType.objects.get_for_model(model)
    ).order_by("-pk")[:REVIEWED]
    told = list(rows)
    seen = {row.pk for row in still_visible(told, user)} if told else set()
    lost = [row.pk for row in told if row.pk not in seen and row.withdrawn_at is None]
    back = [row.pk for row in told if row.pk in seen and row.withdrawn_at is not None]
    Notification.objects.filter(pk__in=lost).update(withdrawn_at=timezone.now())
    Notification.objects.filter(pk__in=back).update(withdrawn_at=None)
    return len(lost)


def _about(thing: Model) -> QuerySet[Notification]:
    kind = ContentType.objects.get_for_model(thing)
    return Notification.objects.filter(
        Q(target_type=kind, target_id=thing.pk) | Q(about_type=kind, about_id=thing.pk)
    )


def _key(target: Model) -> dict[str, Any]:
    return {"target_type": ContentType.objects.get_for_model(target), "target_id": target.pk}
