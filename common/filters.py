"""The choices beside a list: each is a link to the same page with one thing changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


class Linker:
    """This page's address with one choice changed."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def __call__(self, name: str, value: str) -> str:
        query = self.request.GET.copy()
        for key in ("after", "before", name):
            query.pop(key, None)
        if value:
            query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path


def option(
    link: Linker, name: str, value: str, label: str, is_on: bool, count: int | None
) -> dict[str, Any]:
    """As components/filters.html takes it; chosen again, it is taken back."""
    url = link(name, "" if is_on else value)
    return {"label": label, "url": url, "is_on": is_on, "count": count}
