from __future__ import annotations

from django.apps import AppConfig

from common import plugs


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        plugs.discover("notices")
