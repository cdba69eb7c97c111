"""Addresses without a language: health, robots, the browser's manifest."""

from __future__ import annotations

from django.urls import path

from home import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", health.robots, name="robots"),
]
