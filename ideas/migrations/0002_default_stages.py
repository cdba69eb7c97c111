"""Gives a new site its first stages; the site's own words stay as they are."""

from __future__ import annotations

from typing import Any

from django.db import migrations

STAGES = (
    ("new", "open", "New", "Nowy"),
    ("under-review", "open", "Under review", "W ocenie"),
    ("planned", "planned", "Planned", "Zaplanowany"),
    ("being-built", "started", "Being built", "W budowie"),
    ("shipped", "shipped", "Shipped", "Wdrożony"),
    ("declined", "declined", "Declined", "Odrzucony"),
)
DESCRIPTIONS = {
    "new": (
        "Just posted. Collecting votes and details.",
        "Świeżo dodany. Zbiera głosy i szczegóły.",
    ),
    "under-review": (
        "A product manager is looking at it and may ask questions.",
        "Menedżer produktu analizuje pomysł i może zadawać pytania.",
    ),
    "planned": (
        "Decided. Work has not started yet.",
        "Decyzja zapadła, prace jeszcze się nie zaczęły.",
    ),
    "being-built": ("Someone is working on it now.", "Ktoś nad tym teraz pracuje."),
    "shipped": (
        "Available to everyone it was meant for.",
        "Dostępny dla wszystkich, dla których powstał.",
    ),
    "declined": (
        "Will not be done. The reason is given.",
        "Nie zostanie zrobiony. Powód jest podany.",
    ),
}


def add_stages(apps: Any, schema_editor: Any) -> None:
    Stage = apps.get_model("ideas", "Stage")
    if Stage.objects.exists():
        return
    for position, (code, category, english, polish) in enumerate(STAGES, start=1):
        about = DESCRIPTIONS[code]
        Stage.objects.create(
            code=code,
            category=category,
            position=position,
            is_default=position == 1,
            names={"en": english, "pl": polish},
            descriptions={"en": about[0], "pl": about[1]},
        )


class Migration(migrations.Migration):
    dependencies = [("ideas", "0001_initial")]
    operations = [migrations.RunPython(add_stages, migrations.RunPython.noop)]
