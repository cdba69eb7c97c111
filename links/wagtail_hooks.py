"""Names the moves in the admin's history report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    for name, label, done in (
        ("propose", _("Propose a move"), _("Move proposed")),
        ("confirm", _("Confirm a move"), _("Move confirmed")),
        ("decline", _("Decline a move"), _("Move declined")),
        ("expire", _("End a move"), _("Move ended without an answer")),
        ("undo", _("Undo a move"), _("Move undone")),
    ):
        actions.register_action(f"links.move.{name}", label, done)
