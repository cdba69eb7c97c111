from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        # It needs models, so it comes after the app registry is filled.
        from home import checks  # noqa: F401
