"""The site's own words where they are not translated: all of them English, not half of them.

Django, allauth and Wagtail bring words for most of LANGUAGES. With ours in English beside them
a German page said "Dieses Feld ist zwingend erforderlich" under an English label.
"""

from __future__ import annotations

from copy import copy

from django.conf import settings
from django.utils import formats
from django.utils.translation import trans_real


class _English(trans_real.DjangoTranslation):
    """English words under another language's code: addresses, content and search keep to that."""

    code = settings.LANGUAGE_CODE

    def __init__(self) -> None:
        super().__init__(settings.LANGUAGE_CODE)

    def to_language(self) -> str:
        return self.code


def speak_english_where_nothing_is_translated() -> None:
    """Fills Django's two caches, of words and of formats; it has no setting for either."""
    words = _English()
    modules = formats.get_format_modules(settings.LANGUAGE_CODE)
    for code, _name in settings.LANGUAGES:
        if code in settings.INTERFACE_LANGUAGES:
            continue
        own = copy(words)
        own.code = code
        trans_real._translations[code] = own  # type: ignore[attr-defined]
        formats._format_modules_cache[code] = modules  # type: ignore[attr-defined]
