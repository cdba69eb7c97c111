"""Names the forum's actions in the admin's history report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    for name, label, done in (
        ("edit", _("Edit a post"), _("Post edited")),
        ("delete", _("Delete a post"), _("Post deleted")),
        ("accept", _("Accept an answer"), _("Answer accepted")),
        ("unaccept", _("Take a solution back"), _("Solution taken back")),
        ("duplicate", _("Mark as asked before"), _("Marked as asked before")),
        ("not_duplicate", _("Unmark as asked before"), _("No longer marked as asked before")),
    ):
        actions.register_action(f"forum.{name}", label, done)
