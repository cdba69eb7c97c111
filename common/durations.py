"""How long something takes, in words short enough for a row."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_DAY = 24 * 60
# From here on nobody counts hours.
_MANY_DAYS = 7


def span(time: timedelta) -> str:
    """38 min, 2 h 10 min, 3 d 4 h, 12 days: at most two units."""
    minutes = max(1, int(time.total_seconds()) // 60)
    days, rest = divmod(minutes, _DAY)
    hours, minutes = divmod(rest, 60)
    if days and (not hours or days >= _MANY_DAYS):
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours and minutes:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if hours:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(minutes)d min") % {"minutes": minutes}
