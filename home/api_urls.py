"""The public API at /api/v1/."""

from __future__ import annotations

from django.urls import path

from home.api import api

urlpatterns = [path("", api.urls)]
