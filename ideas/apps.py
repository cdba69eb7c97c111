from __future__ import annotations

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "ideas"
