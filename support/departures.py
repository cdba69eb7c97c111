"""Who loses sight of a case loses what they were told of it: people lie below cases."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import m2m_changed, post_delete, post_save

from accounts.models import Membership, Organisation, User
from jobs import job
from notifications.actions import review
from notifications.models import Notification
from support.models import Case


def connect() -> None:
    post_save.connect(_membership_changed, sender=Membership, dispatch_uid="support.membership")
    post_delete.connect(_membership_changed, sender=Membership, dispatch_uid="support.left")
    post_save.connect(_organisation_changed, sender=Organisation, dispatch_uid="support.company")
    m2m_changed.connect(_roles_changed, sender=User.groups.through, dispatch_uid="support.roles")


def _membership_changed(sender: Any, instance: Membership, **kwargs: Any) -> None:
    _review({instance.user_id})


def _organisation_changed(
    sender: Any, instance: Organisation, created: bool, **kwargs: Any
) -> None:
    """Its plan or its being active: all its people may see more or less."""
    if not created and _told_of_cases(instance.pk):
        review_members.enqueue(instance.pk)


@job(queue="default")
def review_members(organisation: int) -> None:
    _review(_told_of_cases(organisation))


def _told_of_cases(organisation: int) -> set[int]:
    members = Membership.objects.filter(organisation=organisation).values("user")
    told = Notification.objects.filter(
        user__in=members, target_type=ContentType.objects.get_for_model(Case)
    )
    return set(told.order_by().values_list("user", flat=True).distinct())


def _roles_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **kwargs: Any
) -> None:
    if action.startswith("post_"):
        _review(set(pk_set or ()) if reverse else {instance.pk})


def _review(people: set[int]) -> None:
    # Read anew: what a person may see is kept on the object that asked first.
    for person in User.objects.filter(pk__in=people):
        review(person, Case)
