"""Language codes of locales, remembered: every row of a list needs the one of its page."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale

_codes: dict[int, str] = {}


def language_of(locale_id: int) -> str:
    code = _codes.get(locale_id)
    if code is None:
        forget()
        _codes.update(Locale.objects.values_list("pk", "language_code"))
        code = _codes[locale_id]
    return code


def forget(**_kwargs: Any) -> None:
    """Signal handler: a locale was added, changed or deleted."""
    _codes.clear()
