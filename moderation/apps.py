from __future__ import annotations

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        # It needs models, so it comes after the app registry is filled.
        from moderation import pictures

        pictures.connect()
