"""What changes people and organisations."""

from __future__ import annotations

from accounts.actions.invitations import (
    accept_invitation,
    cancel_invitation,
    invite,
    open_invitation,
)
from accounts.actions.organisations import (
    create_organisation,
    prove_domain,
    remove_member,
    set_member_role,
)
from accounts.actions.people import deactivate, end_sessions

__all__ = [
    "accept_invitation",
    "cancel_invitation",
    "create_organisation",
    "deactivate",
    "end_sessions",
    "invite",
    "open_invitation",
    "prove_domain",
    "remove_member",
    "set_member_role",
]
