"""Search over everything: one projection, one ranked list. Other apps call refresh() and rebuild().

Names are resolved on first use, because models cannot be imported before the apps are ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search.projection import rebuild, refresh, suspended

__all__ = ["rebuild", "refresh", "suspended"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(name)
    # The cycle: this package is imported by the app registry that projection needs.
    from search import projection

    return getattr(projection, name)
