"""Names what the desk does in the admin's history report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    for name, label, done in (
        ("close", _("Close a case"), _("Case closed")),
        ("priority", _("Change a priority"), _("Priority changed")),
        ("unsend", _("Take a reply back"), _("Reply taken back, now a note")),
        ("escalate", _("Escalate a case"), _("Case escalated")),
    ):
        actions.register_action(f"support.case.{name}", label, done)
