"""Names of the decisions in the admin's history report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: Any) -> None:
    actions.register_action("moderation.hide", _("Hide"), _("Hidden by a moderator"))
    actions.register_action("moderation.restore", _("Show again"), _("Shown again by a moderator"))
    actions.register_action("moderation.reject", _("Keep"), _("Reports looked at and rejected"))
