"""What `check --database default`, and each migrate, say of a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from home.setup import refuse_demo_people_in_production


@register(Tags.database)
def no_demo_people_in_production(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    if "default" not in (databases or ()):
        return []
    try:
        refuse_demo_people_in_production()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="peerdesk.E001")]
    except DatabaseError:
        # Not migrated yet: nobody is in it.
        return []
    return []
