from __future__ import annotations

from django.apps import AppConfig

from common.plugs import discover


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        # Both need models, so they come after the app registry is filled.
        from search import pages
        from search.editing import live

        discover("searchable")
        pages.connect()
        live.connect()
