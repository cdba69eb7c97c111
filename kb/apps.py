from __future__ import annotations

from django.apps import AppConfig


class KbConfig(AppConfig):
    name = "kb"

    def ready(self) -> None:
        # It needs models, so it comes after the app registry is filled.
        from kb import signals

        signals.connect()
