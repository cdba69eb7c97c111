"""Words kept in the database in several languages."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def local(words: Mapping[str, str] | None, language: str | None = None) -> str:
    """The words in LANGUAGE (default: the active one), else English, else any."""
    if not words:
        return ""
    code = (language or get_language() or "en").lower()
    for candidate in (code, code.split("-")[0], "en"):
        if words.get(candidate):
            return words[candidate]
    return next(iter(words.values()))


def interface_code(language: str) -> str:
    """The nearest of the site's LANGUAGES for a BCP-47 tag; English if there is none."""
    codes = dict(settings.LANGUAGES)
    code = language.lower()
    if code in codes:
        return code
    base = code.split("-")[0]
    return base if base in codes else "en"


def spoken(language: str | None = None) -> str:
    """What the site's own words are in on pages of LANGUAGE (default: the active one)."""
    code = (language or get_language() or "en").lower()
    return code if code in settings.INTERFACE_LANGUAGES else settings.LANGUAGE_CODE


def direction(language: str) -> str:
    return "rtl" if language.lower().split("-")[0] in RIGHT_TO_LEFT else "ltr"
