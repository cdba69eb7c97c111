"""A door for class-based views of the admin, beside Wagtail's own permissions."""

from __future__ import annotations

from typing import Any

from django.views.decorators.http import require_http_methods

from accounts.access import editor


class ForEditors:
    """First of a view's bases: who is no editor finds nothing here."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)  # type: ignore[misc]
        return require_http_methods(["GET", "HEAD", "POST"])(editor(view))
