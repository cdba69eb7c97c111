"""Who loses sight of a case loses what they were told of it: people lie below cases."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import m2m_changed, post_save

from accounts.models import Membership, User
from notifications.actions import review
from support.models import Case


def connect() -> None:
    post_save.connect(_membership_changed, sender=Membership, dispatch_uid="support.membership")
    m2m_changed.connect(_roles_changed, sender=User.groups.through, dispatch_uid="support.roles")


def _membership_changed(sender: Any, instance: Membership, created: bool, **kwargs: Any) -> None:
    _review({instance.user_id})


def _roles_changed(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: Any, **kwargs: Any
) -> None:
    if action.startswith("post_"):
        _review(set(pk_set or ()) if reverse else {instance.pk})


def _review(people: set[int]) -> None:
    # Read anew: what a person may see is kept on the object that asked first.
    for person in User.objects.filter(pk__in=people):
        review(person, Case)
