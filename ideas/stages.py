"""The stages a new site starts with; product managers rename and add their own."""

from __future__ import annotations

from typing import Any

from ideas.models import Stage

DEFAULTS: list[dict[str, Any]] = [
    {
        "code": "new",
        "category": "open",
        "is_default": True,
        "names": {"en": "New", "pl": "Nowy"},
        "descriptions": {
            "en": "Just posted. Collecting votes and details.",
            "pl": "Świeżo dodany. Zbiera głosy i szczegóły.",
        },
    },
    {
        "code": "under-review",
        "category": "open",
        "names": {"en": "Under review", "pl": "W ocenie"},
        "descriptions": {
            "en": "A product manager is looking at it and may ask questions.",
            "pl": "Menedżer produktu analizuje pomysł i może zadawać pytania.",
        },
    },
    {
        "code": "planned",
        "category": "planned",
        "names": {"en": "Planned", "pl": "Zaplanowany"},
        "descriptions": {
            "en": "Decided. Work has not started yet.",
            "pl": "Decyzja zapadła, prace jeszcze się nie zaczęły.",
        },
    },
    {
        "code": "being-built",
        "category": "started",
        "names": {"en": "Being built", "pl": "W budowie"},
        "descriptions": {
            "en": "Someone is working on it now.",
            "pl": "Ktoś nad tym teraz pracuje.",
        },
    },
    {
        "code": "shipped",
        "category": "shipped",
        "names": {"en": "Shipped", "pl": "Wdrożony"},
        "descriptions": {
            "en": "Available to everyone it was meant for.",
            "pl": "Dostępny dla wszystkich, dla których powstał.",
        },
    },
    {
        "code": "declined",
        "category": "declined",
        "names": {"en": "Declined", "pl": "Odrzucony"},
        "descriptions": {
            "en": "Will not be done. The reason is given.",
            "pl": "Nie zostanie zrobiony. Powód jest podany.",
        },
    },
]


def ensure_defaults() -> list[Stage]:
    """Makes the default stages where there are none at all; leaves a site's own alone."""
    if not Stage.objects.exists():
        Stage.objects.bulk_create(
            [Stage(position=place, **words) for place, words in enumerate(DEFAULTS, start=1)]
        )
    return list(Stage.objects.all())


def default_stage() -> Stage:
    """Where new ideas start: the marked stage, else the first open one."""
    stage = (
        Stage.objects.filter(category=Stage.Category.OPEN)
        .order_by("-is_default", "position", "code")
        .first()
    )
    return stage or ensure_defaults()[0]
