from __future__ import annotations

from django.apps import AppConfig


class SupportConfig(AppConfig):
    name = "support"

    def ready(self) -> None:
        # It needs models, so it comes after the app registry is filled.
        from support import departures

        departures.connect()
