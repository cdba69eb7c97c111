from __future__ import annotations

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        from common.interface import speak_english_where_nothing_is_translated

        speak_english_where_nothing_is_translated()
