from __future__ import annotations

from django.apps import AppConfig

from common import plugs


class LinksConfig(AppConfig):
    name = "links"

    def ready(self) -> None:
        plugs.discover("moves")
