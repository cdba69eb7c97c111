"""What every loader of sample content shares: files, dates, and the key of each thing."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import models
from django.utils import timezone

from accounts.models import User
from links.models import ImportedKey, type_of
from products.models import Product

FOLDER = Path(__file__).resolve().parent.parent / "sample"
SYSTEM = "sample"


def read(name: str) -> Any:
    """The content of home/sample/NAME.yaml."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        # libyaml is ten times faster than the pure Python loader.
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


class Clock:
    """Sample dates are relative to the day of loading."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def after(self, begin: datetime, hours: float) -> datetime:
        """HOURS after BEGIN, but never in the future."""
        return min(begin + timedelta(hours=hours), self.now - timedelta(minutes=1))


class Book:
    """Which object each sample key became; a second load adds only what is new."""

    def __init__(self) -> None:
        self.clock = Clock()
        self._known: dict[tuple[str, str], int] = {
            (kind, key): pk
            for kind, key, pk in ImportedKey.objects.filter(system=SYSTEM).values_list(
                "kind", "key", "object_id"
            )
        }

    def has(self, kind: str, key: str) -> bool:
        return (kind, key) in self._known

    def pk(self, kind: str, key: str) -> int:
        return self._known[(kind, key)]

    def keep(self, kind: str, key: str, thing: models.Model) -> None:
        ImportedKey.objects.create(
            system=SYSTEM, kind=kind, key=key, content_type=type_of(thing), object_id=thing.pk
        )
        self._known[(kind, key)] = thing.pk

    @cache  # noqa: B019  one book a load
    def person(self, key: str) -> User:
        return User.objects.get(pk=self.pk("person", key))

    @cache  # noqa: B019
    def product(self, code: str | None) -> Product | None:
        return Product.objects.filter(code=code).first() if code else None
