"""Time zones: those to choose from, and what a stored name stands for."""

from __future__ import annotations

import functools
import zoneinfo


@functools.cache
def choices() -> list[tuple[str, str]]:
    """UTC first: what a menu falls back to when a stored name is none of these."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of this name, or UTC: a wrong name must stop neither a page nor a mail."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return zoneinfo.ZoneInfo("UTC")
