from __future__ import annotations

from typing import Any

from django.urls import path

app_name = "accounts"
urlpatterns: list[Any] = []
