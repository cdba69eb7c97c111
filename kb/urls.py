from __future__ import annotations

from typing import Any

from django.urls import path

app_name = "kb"
urlpatterns: list[Any] = []
