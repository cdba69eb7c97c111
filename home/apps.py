from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        # They need models, so they come after the app registry is filled.
        from home import checks, publishing  # noqa: F401

        publishing.connect()
